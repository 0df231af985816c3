/** Takes over a text that the chat could not send (#text=…): it travels in the fragment, which no server and no log sees. */

const field = /** @type {HTMLTextAreaElement | null} */ (document.querySelector("form.form textarea[name=text]"));
const carried = new URLSearchParams(location.hash.slice(1)).get("text");
if (field && carried) {
  if (!field.value) field.value = carried;
  history.replaceState(null, "", location.pathname + location.search);
  field.focus();
}
