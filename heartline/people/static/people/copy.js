/** Copy buttons: <button data-copies="ID OF A FIELD" data-done="words">. The field stays selectable by hand. */

import { toast } from "../ui/toast.js";

/** @param {HTMLElement} button */
async function copy(button) {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById(button.dataset.copies ?? ""));
  if (!field) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // without https there is no clipboard; the text is selected, ready for the keys
  }
  toast(button.dataset.done ?? "");
}

for (const button of document.querySelectorAll("[data-copies]")) button.addEventListener("click", () => copy(/** @type {HTMLElement} */ (button)));
