/** Plain forms: sent once however often the button is pressed, errors come into view, and what was typed is not lost by a slip. */

import { word } from "./words.js";

/** @type {WeakSet<HTMLFormElement>} */
const sent = new WeakSet();

/** @param {SubmitEvent} event */
function onSubmit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.method !== "post" || form.dataset.guard === "off" || event.defaultPrevented) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  const button = /** @type {HTMLElement | null} */ (event.submitter);
  button?.setAttribute("aria-busy", "true");
}

/** A page that comes back from the browser's memory may be sent again. */
function onReturn() {
  for (const form of document.forms) {
    sent.delete(form);
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
}

/** @param {HTMLFormElement} form */
function changed(form) {
  return [...form.elements].some((element) => {
    if (element instanceof HTMLInputElement && ["checkbox", "radio"].includes(element.type)) return element.checked !== element.defaultChecked;
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element.type !== "hidden" && element.value !== element.defaultValue;
    return element instanceof HTMLSelectElement && [...element.options].some((option) => option.selected !== option.defaultSelected);
  });
}

/** Connect every form: guard against sending twice; forms marked data-unsaved warn before typed text is left behind. */
export function connectForms() {
  document.addEventListener("submit", onSubmit);
  addEventListener("pageshow", onReturn);
  addEventListener("beforeunload", (event) => {
    const open = [...document.querySelectorAll("form[data-unsaved]")].some((form) => form instanceof HTMLFormElement && !sent.has(form) && changed(form));
    if (open) {
      event.preventDefault();
      event.returnValue = word("unsaved");
    }
  });
  const errors = /** @type {HTMLElement | null} */ (document.querySelector("[data-focus-first]"));
  errors?.focus();
  for (const button of document.querySelectorAll("[data-reveal]")) button.addEventListener("click", () => reveal(/** @type {HTMLElement} */ (button)));
}

/**
 * Show or hide a password; the button keeps its place and says which.
 * @param {HTMLElement} button
 */
function reveal(button) {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById(button.dataset.reveal ?? ""));
  if (!field) return;
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}
