// A refused form: the focus goes to the summary, so that a screen reader starts there.
function focusSummary(root: ParentNode): void {
  root.querySelector<HTMLElement>(".error-summary")?.focus();
}

document.addEventListener("DOMContentLoaded", () => focusSummary(document));
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target instanceof Element) focusSummary(event.target);
});
