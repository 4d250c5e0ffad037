// allauth's passkey script only tells the console when the browser refuses; people need a sentence.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const sentence of document.querySelectorAll<HTMLElement>("[data-passkey-error]")) {
    sentence.hidden = false;
  }
});
