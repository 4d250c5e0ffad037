// Every page: the styles, and htmx under a policy without inline code.
import htmx from "htmx.org";
import "./styles/main.css";
import "./errors";
import "./print";
import "./passkey";

htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // nothing about a person stays in the browser's storage
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true }, // a refused form comes back with its errors
  { code: "[45]..", swap: false, error: true },
];

// A form that is being filled in.
if (document.querySelector("renkei-sheet")) void import("./islands/sheet");

// A device that was never taken on a visit loads nothing of it.
if (document.querySelector("renkei-outbox") && localStorage.getItem("renkei-visit")) {
  void import("./islands/visit-outbox");
}
