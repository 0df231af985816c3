/** The brand page: says whether a colour can be read while it is being chosen. The server decides when it is saved. */

import "./copy.js";
import { fill, wordsFrom } from "../ui/words.js";

const data = /** @type {any} */ (wordsFrom("contrast-data"));

/** @param {string} colour written #rrggbb */
function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((place) => {
    const channel = parseInt(colour.slice(place, place + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * @param {string} one
 * @param {string} other
 */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * @param {HTMLElement} words where to say it
 * @param {HTMLInputElement} field
 */
function measure(words, field) {
  const palette = data[field.name];
  if (!palette || !/^#[0-9a-f]{6}$/i.test(field.value)) return;
  const worst = Math.min(...Object.values(palette).map((other) => contrast(field.value, /** @type {string} */ (other))));
  const good = worst >= data.least;
  // rounded down, so that 4.47 never reads as the 4.5 that it is not
  words.textContent = fill(good ? data.good : data.faint, { ratio: (Math.floor(worst * 10) / 10).toFixed(1) });
  words.classList.toggle("is-late", !good);
  words.classList.toggle("is-kept", good);
}

for (const element of document.querySelectorAll("[data-measures]")) {
  const words = /** @type {HTMLElement} */ (element);
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById(words.dataset.measures ?? ""));
  if (!field) continue;
  field.addEventListener("input", () => measure(words, field));
  measure(words, field);
}
