/** Bold, italic, lists and links in a text field: signs around what is marked, as they are kept and sent. */

import { h, icon } from "./dom.js";
import { put } from "./pick-list.js";
import { t } from "./text.js";

/** Put signs around what is marked, or take them away. @param {HTMLTextAreaElement} field @param {string} sign */
function around(field, sign) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const marked = value.slice(start, end);
  if (marked.length > 2 * sign.length && marked.startsWith(sign) && marked.endsWith(sign)) return put(field, marked.slice(sign.length, -sign.length), start, end);
  put(field, `${sign}${marked}${sign}`, start, end);
  field.setSelectionRange(start + sign.length, end + sign.length);
}

/** Make the marked lines a list, or no list any more. @param {HTMLTextAreaElement} field */
function list(field) {
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const lines = field.value.slice(start, field.selectionEnd).split("\n");
  const isList = lines.every((line) => line.startsWith("- "));
  put(field, lines.map((line) => (isList ? line.slice(2) : `- ${line}`)).join("\n"), start, field.selectionEnd);
}

/** Make what is marked the words of a link, ready for its address. @param {HTMLTextAreaElement} field */
function link(field) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const words = value.slice(start, end) || t("link_words");
  put(field, `[${words}](https://)`, start, end);
  const address = start + words.length + 3;
  field.setSelectionRange(address, address + 8);
}

/** A new line in a list begins as the one before; an empty one ends the list. @param {HTMLTextAreaElement} field */
function goOn(field) {
  const at = field.selectionStart;
  const line = field.value.slice(field.value.lastIndexOf("\n", at - 1) + 1, at);
  const [whole, bullet, number, words] = /^(?:([-•] )|(\d{1,3})[.)、] ?)(.*)$/.exec(line) ?? [];
  if (whole === undefined || at !== field.selectionEnd) return false;
  if (!words.trim()) put(field, "", at - line.length, at);
  else put(field, `\n${bullet ?? `${Number(number) + 1}${line.slice(number.length, line.length - words.length)}`}`, at, at);
  return true;
}

/** Keys for it. @param {HTMLTextAreaElement} field @param {KeyboardEvent} event */
export function onDressingKey(field, event) {
  const sign = { b: "**", i: "*" }[event.key.toLowerCase()];
  if ((event.ctrlKey || event.metaKey) && !event.altKey && sign) around(field, sign);
  else if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing || !goOn(field)) return;
  event.preventDefault();
}

/** The menu for it. @param {() => HTMLTextAreaElement} active */
export function dressingMenu(active) {
  const entry = (/** @type {string} */ words, /** @type {string} */ hint, /** @type {(field: HTMLTextAreaElement) => void} */ act) => h("button", { type: "button", on: { click: () => (details.removeAttribute("open"), act(active())) } }, words, h("kbd", { text: hint }));
  const details = h("details", { class: "menu-at dressing" }, h("summary", { class: "btn btn-s btn-plain btn-icon", "aria-label": t("dressing"), title: t("dressing") }, icon("a-large-small")));
  details.append(h("div", { class: "menu menu-start menu-up" }, entry(t("bold"), "Ctrl B", (field) => around(field, "**")), entry(t("italic"), "Ctrl I", (field) => around(field, "*")), entry(t("list"), "- ", list), entry(t("link"), "[ ]( )", link)));
  return details;
}
