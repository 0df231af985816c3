/** Asks the browser for leave to notify: only a hand may ask. */

const button = /** @type {HTMLElement | null} */ (document.querySelector("[data-ask-notifications]"));
if (button && "Notification" in globalThis && Notification.permission === "default") {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await Notification.requestPermission();
    button.hidden = true;
  });
}
