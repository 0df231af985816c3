/** A long day is gone through while this page stands: it shows how far that is, and can stop it. The answer replaces this page. */

import { get, send } from "../ui/http.js";

const LOOKS_EVERY = 500;

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-trial]"))) {
  const { go = "", at = "" } = place.dataset;
  const bar = /** @type {HTMLProgressElement} */ (place.querySelector("progress"));
  const share = /** @type {HTMLElement} */ (place.querySelector("[data-share]"));
  const stop = /** @type {HTMLButtonElement} */ (place.querySelector("[data-stop]"));

  const look = async () => {
    const found = await get(at).catch(() => null);
    if (!found) return;
    bar.value = found.share;
    share.textContent = `${Math.round(100 * found.share)} %`;
  };
  stop.addEventListener("click", () => {
    stop.disabled = true;
    send(at, {}).catch(() => (stop.disabled = false));
  });
  setInterval(look, LOOKS_EVERY);
  location.replace(go);
}
