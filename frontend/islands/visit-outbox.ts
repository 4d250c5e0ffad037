// <renkei-outbox>: 「未送信 n 件」 on every staff page of a device that holds unsent entries.
import { h, icon, until } from "./visit-dom";
import { counts, lease, outbox, placeOf } from "./visit-store";
import { keepSyncing, lastContact, type Contact } from "./visit-sync";

const WHY: Record<Contact, string> = {
  offline: "つながりません。この端末に保存しました",
  "sign-in": "サインインすると送ります。",
  open: "送っています。",
  none: "確かめています。",
};

class RenkeiOutbox extends HTMLElement {
  private drawn = "";

  connectedCallback(): void {
    addEventListener("renkei-visit-changed", () => void this.draw());
    void this.draw();
    keepSyncing();
  }

  private async draw(): Promise<void> {
    const found = await counts();
    const held = await lease();
    const readable = held === null ? "" : `（${until(held.expiresAt)}まで読めます）`;
    const opened = held === null ? [] : await outbox(held);
    const place = (state: string): string => {
      const first = opened.find(({ row }) => row.state === state);
      return first ? placeOf(first.waiting) : "";
    };
    const words: [what: string, why: string, where: string][] = [];
    if (found.waiting > 0) {
      const why = WHY[lastContact()];
      words.push([`未送信 ${found.waiting}件`, lastContact() === "offline" ? why + readable : why, place("waiting")]);
    }
    if (found.locked > 0) {
      words.push([`未送信 ${found.locked}件`, "鍵の期限が切れています。書いた人がサインインすると送ります。", ""]);
    }
    if (found.refused > 0) words.push([`送れなかった書き込み ${found.refused}件`, "理由と、することを見てください。", place("refused")]);
    const text = JSON.stringify(words);
    // A live region speaks when it changes; the same words again are not a change.
    if (text === this.drawn) return;
    this.drawn = text;
    this.hidden = words.length === 0;
    this.replaceChildren(
      ...words.map(([what, why, where]) =>
        h(
          "div",
          { class: "offline" },
          h(
            "div",
            { class: "wrap" },
            icon("offline"),
            h("span", {}, h("b", {}, what), `　${why}`),
            where !== "" && h("a", { href: where }, "見る"),
          ),
        ),
      ),
    );
  }
}

customElements.define("renkei-outbox", RenkeiOutbox);
