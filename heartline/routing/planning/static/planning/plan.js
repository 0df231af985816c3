/** The draft of the routing plan saves itself while it is written; what is wrong stands beside its field, another's save is told. */

import { HttpError, send } from "../ui/http.js";
import { say } from "../ui/toast.js";

const REST = 900;

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-plan]"))) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let busy = false;
  let again = false;
  const status = /** @type {HTMLElement} */ (form.querySelector("[data-saved]"));

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), REST);
  });
  form.addEventListener("submit", () => clearTimeout(timer));

  async function save() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const found = await send(form.dataset.autosave ?? "", new FormData(form));
      /** @type {HTMLInputElement} */ (form.elements.namedItem("saved")).value = String(found.saved);
      status.textContent = found.said;
      show(found.problems);
      conflict("");
    } catch (error) {
      if (error instanceof HttpError && error.status === 409) conflict(error.message);
      else status.textContent = form.dataset.lost ?? "";
    } finally {
      busy = false;
      if (again) void save();
      again = false;
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
