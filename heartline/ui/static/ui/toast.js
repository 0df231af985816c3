/** What was done, said in passing and taken back with one key; and what a screen reader should hear. Errors stand where they happened instead. */

import { key } from "./keys.js";
import { word } from "./words.js";

/**
 * Say something politely: new messages, what was undone.
 * @param {string} text
 */
export function say(text) {
  speak("said-politely", text);
}

/**
 * Say something at once: only for a lost connection.
 * @param {string} text
 */
export function sayAtOnce(text) {
  speak("said-at-once", text);
}

/**
 * @param {string} id
 * @param {string} text
 */
function speak(id, text) {
  const region = document.getElementById(id);
  if (!region) return;
  region.textContent = "";
  // A changed text node is announced even when the words are the same.
  requestAnimationFrame(() => region.append(text));
}

/**
 * Show a toast; with `undo` it has a button, and returns when it is gone.
 * Counting stops while hand or keyboard rests on it (WCAG 2.2.1).
 * @param {string} text
 * @param {{undo?: () => void | Promise<void>, seconds?: number, key?: string, count?: (secondsLeft: number) => string}} [options]
 * @returns {{close: () => void}}
 */
export function toast(text, options = {}) {
  const { undo, seconds = undo ? 10 : 6, count } = options;
  const box = document.createElement("div");
  box.className = "toast";
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = count ? count(seconds) : text;
  box.append(words);
  let left = seconds;
  let held = false;
  const close = () => {
    clearInterval(timer);
    forget?.();
    box.remove();
  };
  const takeBack = async () => {
    close();
    await undo?.();
  };
  const forget = undo && options.key ? key(options.key, word("undo"), takeBack, { group: "toast" }) : undefined;
  if (undo) box.append(undoButton(takeBack, options.key));
  const timer = setInterval(() => {
    if (held && !count) return;
    left -= 1;
    if (count) words.textContent = count(Math.max(0, left));
    if (left <= 0) close();
  }, 1000);
  for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, () => (held = true));
  for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, () => (held = false));
  document.getElementById("toasts")?.append(box);
  say(undo ? `${text} ${word("undo")}${options.key ? ` ${options.key.toUpperCase()}` : ""}` : text);
  return { close };
}

/**
 * @param {() => void} act
 * @param {string} [letter]
 */
function undoButton(act, letter) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-s";
  button.textContent = word("undo");
  if (letter) {
    const hint = document.createElement("kbd");
    hint.className = "letter";
    hint.textContent = letter.toUpperCase();
    button.append(" ", hint);
  }
  button.addEventListener("click", act);
  return button;
}
