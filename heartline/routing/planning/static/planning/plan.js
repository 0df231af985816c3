/** The draft of the routing plan saves itself while it is written; what is wrong stands beside its field, another's save is told. */

import { HttpError, send } from "../ui/http.js";
import { say } from "../ui/toast.js";

const REST = 900;

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-plan]"))) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let unsaved = false;
  let saving = Promise.resolve();
  const status = /** @type {HTMLElement} */ (form.querySelector("[data-saved]"));

  form.addEventListener("input", () => {
    unsaved = true;
    status.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(save, REST);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    unsaved = false;
  });
  // Whoever leaves within that rest takes along what was written: it is on its way before the next page is.
  addEventListener("pagehide", () => {
    if (unsaved) navigator.sendBeacon(form.dataset.autosave ?? "", new FormData(form));
  });
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[href]");
    if (!unsaved || !(link instanceof HTMLAnchorElement) || link.closest("[data-conflict]")) return;
    if (link.target || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    clearTimeout(timer);
    save();
    void saving.then(() => unsaved || location.assign(link.href));
  });

  /** One save after another: each says which one it was made from. */
  function save() {
    saving = saving.then(write);
  }

  async function write() {
    unsaved = false;
    try {
      const found = await send(form.dataset.autosave ?? "", new FormData(form));
      /** @type {HTMLInputElement} */ (form.elements.namedItem("saved")).value = String(found.saved);
      status.textContent = found.said;
      show(found.problems);
      conflict("");
    } catch (error) {
      if (error instanceof HttpError && error.status === 409) conflict(error.message);
      else status.textContent = form.dataset.lost ?? "";
      unsaved = true;
    }
  }

  /** @param {Record<string, string>} problems */
  function show(problems) {
    const places = Object.entries(problems);
    for (const line of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-error]"))) {
      const path = line.dataset.error ?? "";
      const why = problems[path] ?? places.find(([place]) => place.startsWith(`${path}.`))?.[1] ?? "";
      if (line.textContent !== why) line.textContent = why;
      if (why && line.hidden) say(why);
      line.hidden = !why;
      for (const field of form.querySelectorAll(`[name="${CSS.escape(path)}"]`)) {
        if (why) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      }
    }
  }

  /** @param {string} message */
  function conflict(message) {
    const notice = /** @type {HTMLElement} */ (form.querySelector("[data-conflict]"));
    notice.hidden = !message;
    /** @type {HTMLElement} */ (notice.querySelector("[data-words]")).textContent = message;
    if (message) status.textContent = "";
  }
}
