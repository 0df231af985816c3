/**
 * The one register of keyboard shortcuts. Letters never fire inside text fields, while an input method composes, or
 * while a dialog is open, and can be turned off (WCAG 2.1.4). "?" lists what is registered, nothing else.
 */

import { dialogOpen, openDialog } from "./dialog.js";
import { choose, chosen } from "./theme.js";
import { word } from "./words.js";

/** @typedef {{keys: string, words: string, act: (event: KeyboardEvent) => void, group: string}} Shortcut */

/** @type {Set<Shortcut>} */
const register = new Set();
const PATIENCE = 1200;
/** What was typed of a sequence such as "g d". */
let begun = "";
let begunAt = 0;

/**
 * Register a shortcut: one letter ("r"), two in a row ("g d"), or one with a modifier ("mod+k", "mod+enter": Ctrl or ⌘).
 * Modifiers also work inside text fields. Returns a function that removes it.
 * @param {string} keys
 * @param {string} words what it does, for the list
 * @param {(event: KeyboardEvent) => void} act
 * @param {{group?: string}} [options]
 * @returns {() => void}
 */
export function key(keys, words, act, { group = "" } = {}) {
  const shortcut = { keys: keys.toLowerCase(), words, act, group };
  register.add(shortcut);
  return () => register.delete(shortcut);
}

/**
 * Return what is registered, for the list and for tests.
 * @returns {Shortcut[]}
 */
export function shortcuts() {
  return [...register];
}

/** @param {EventTarget | null} target */
function inField(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));
}

/**
 * @param {string} keys
 * @returns {Shortcut | undefined}
 */
function find(keys) {
  return [...register].reverse().find((shortcut) => shortcut.keys === keys);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.altKey) return;
  const name = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    run(find(`mod+${name}`), event);
    return;
  }
  if (inField(event.target) || dialogOpen() || event.repeat) return;
  if (name.length === 1 && chosen("keys") === "off") return;
  const sequence = begun && event.timeStamp - begunAt < PATIENCE ? `${begun} ${name}` : "";
  begun = "";
  const found = (sequence && find(sequence)) || find(name);
  if (found) {
    run(found, event);
  } else if ([...register].some((shortcut) => shortcut.keys.startsWith(`${name} `))) {
    begun = name;
    begunAt = event.timeStamp;
  }
}

/**
 * @param {Shortcut | undefined} shortcut
 * @param {KeyboardEvent} event
 */
function run(shortcut, event) {
  if (!shortcut) return;
  event.preventDefault();
  shortcut.act(event);
}

/** Register every link and button marked data-key="n"; what it says is what the list says. */
export function connectKeys() {
  document.addEventListener("keydown", onKey);
  for (const element of document.querySelectorAll("[data-key]")) {
    const stop = /** @type {HTMLElement} */ (element);
    const label = stop.querySelector(".word") ?? stop;
    const words = [...label.childNodes].filter((node) => !(node instanceof Element && node.matches("kbd"))).map((node) => node.textContent).join("").trim();
    key(stop.dataset.key ?? "", stop.getAttribute("aria-label") ?? words, () => stop.click(), { group: stop.closest("nav")?.getAttribute("aria-label") ?? "" });
  }
  key("?", word("shortcuts"), () => void showList(), { group: document.querySelector("nav.rail")?.getAttribute("aria-label") ?? "" });
  for (const button of document.querySelectorAll("[data-keys-list]")) button.addEventListener("click", () => void showList());
}

/** Show the list of what is registered now, with the switch that turns letters off. */
export function showList() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys-dialog"));
  const list = dialog?.querySelector(".keys-list");
  if (!dialog || !list) return Promise.resolve("");
  list.replaceChildren(...groups().map(([name, members]) => section(name, members)));
  const off = /** @type {HTMLInputElement | null} */ (dialog.querySelector("input[data-look=keys]"));
  if (off) {
    off.checked = chosen("keys") !== "off";
    off.onchange = () => choose("keys", off.checked ? "" : "off");
  }
  return openDialog(dialog);
}

/** @returns {[string, Shortcut[]][]} */
function groups() {
  /** @type {Map<string, Shortcut[]>} */
  const byGroup = new Map();
  for (const shortcut of register) byGroup.set(shortcut.group, [...(byGroup.get(shortcut.group) ?? []), shortcut]);
  return [...byGroup];
}

/**
 * @param {string} name
 * @param {Shortcut[]} members
 */
function section(name, members) {
  const part = document.createElement("section");
  const list = document.createElement("ul");
  if (name) part.append(Object.assign(document.createElement("h3"), { textContent: name }));
  for (const shortcut of members) {
    const row = document.createElement("li");
    const marks = document.createElement("span");
    for (const one of shortcut.keys.split(/[ +]/)) marks.append(Object.assign(document.createElement("kbd"), { textContent: shown(one) }), " ");
    row.append(Object.assign(document.createElement("span"), { textContent: shortcut.words }), marks);
    list.append(row);
  }
  part.append(list);
  return part;
}

/** @param {string} name */
function shown(name) {
  const mac = /mac|iphone|ipad/i.test(navigator.platform);
  /** @type {Record<string, string>} */
  const names = { mod: mac ? "⌘" : "Ctrl", enter: "↵", escape: "Esc", arrowdown: "↓", arrowup: "↑" };
  return names[name] ?? name.toUpperCase();
}
