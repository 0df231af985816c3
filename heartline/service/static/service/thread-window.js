/**
 * A long column of which only what is near the sight stands in the page, and in which nothing moves by itself: what is
 * put in above, or turns out higher than thought, leaves what is looked at where it was.
 */

import { h, keyed } from "./dom.js";

/** Short conversations stand in the page whole: searching in the page and printing find everything. */
const WHOLE = 80;
/** How much above and below the sight is drawn, in pixels. */
const AROUND = 800;
const GUESS = 72;

/** @typedef {{key: string, look: () => string, make: () => HTMLElement}} Item */
/** @typedef {{key: string, from: number}} Anchor `from` is how far below the top of the sight it begins */

export class ThreadWindow {
  /** @type {Item[]} */
  items = [];
  /** From where each item begins to where the next does, as last measured. @type {Map<string, number>} */
  heights = new Map();
  first = 0;
  last = 0;
  /** Where each item begins, until something changes. @type {Float64Array | null} */
  at = null;
  /** What was looked at last. @type {Anchor | null} */
  place = null;

  /** @param {HTMLElement} box what scrolls @param {HTMLElement} list what holds the items */
  constructor(box, list) {
    this.box = box;
    this.list = list;
    this.above = h("div", { class: "list-space", "aria-hidden": "true" });
    this.below = h("div", { class: "list-space", "aria-hidden": "true" });
    this.element = h("div", { class: "said-window" }, this.above, list, this.below);
  }

  /** Show these; what is looked at stays, or the end does. @param {Item[]} items @param {boolean} atEnd */
  show(items, atEnd) {
    const place = atEnd ? null : (this.seen() ?? this.place);
    this.items = items;
    this.at = null;
    this.settle(place, atEnd);
  }

  /** Forget another conversation. */
  clear() {
    this.heights.clear();
    this.place = null;
    this.items = [];
    this.at = null;
    this.first = this.last = 0;
  }

  /** A hand has scrolled. */
  scrolled() {
    this.settle(this.seen(), false);
  }

  /** Something has another size; of another width, everything has. @param {boolean} isWidth @param {boolean} atEnd */
  resized(isWidth, atEnd) {
    if (isWidth) this.heights.clear();
    this.at = null;
    this.settle(atEnd ? null : this.place, atEnd);
  }

  /** Bring an item into sight; returns its element. @param {string} key @param {number} share where in the sight, from 0 at its top to 1 */
  reveal(key, share) {
    if (!this.items.some((one) => one.key === key)) return null;
    this.settle({ key, from: this.box.clientHeight * share }, false);
    return this.elementOf(key);
  }

  /** The first item in sight. @returns {Anchor | null} */
  seen() {
    const top = this.box.getBoundingClientRect().top;
    for (const child of this.list.children) {
      const { top: begins, bottom } = child.getBoundingClientRect();
      if (bottom > top + 1) return begins < top + this.box.clientHeight ? { key: /** @type {HTMLElement} */ (child).dataset.key ?? "", from: begins - top } : null;
    }
    return null;
  }

  /** @param {string} key @returns {HTMLElement | null} */
  elementOf(key) {
    return /** @type {HTMLElement | null} */ ([...this.list.children].find((child) => /** @type {HTMLElement} */ (child).dataset.key === key) ?? null);
  }

  /** Draw what is near the sight and put it where it belongs, until what was guessed is measured. @param {Anchor | null} place @param {boolean} atEnd */
  settle(place, atEnd) {
    const index = place ? this.items.findIndex((one) => one.key === place.key) : -1;
    for (let turn = 0; turn < 4; turn++) {
      const at = this.offsets();
      const top = atEnd ? at[this.items.length] - this.box.clientHeight : index >= 0 && place ? at[index] - place.from : this.box.scrollTop - this.before();
      this.draw(top);
      if (atEnd) this.box.scrollTop = this.box.scrollHeight;
      else if (index >= 0 && place) this.putBack(place);
      if (this.at) break; // nothing was other than thought
    }
    this.place = this.seen();
  }

  /** How much of what scrolls lies before the column. */
  before() {
    return this.element.getBoundingClientRect().top - this.box.getBoundingClientRect().top + this.box.scrollTop;
  }

  /** @param {Anchor} place */
  putBack(place) {
    const element = this.elementOf(place.key);
    if (!element) return;
    const off = element.getBoundingClientRect().top - this.box.getBoundingClientRect().top - place.from;
    if (Math.abs(off) >= 1) this.box.scrollTop += off;
  }

  /** @returns {Float64Array} */
  offsets() {
    if (this.at) return this.at;
    let known = 0;
    for (const height of this.heights.values()) known += height;
    const usual = this.heights.size ? known / this.heights.size : GUESS;
    const at = new Float64Array(this.items.length + 1);
    for (const [index, item] of this.items.entries()) at[index + 1] = at[index] + (this.heights.get(item.key) ?? usual);
    this.at = at;
    return at;
  }

  /** @param {number} top where the sight begins, in the column */
  draw(top) {
    const count = this.items.length;
    const at = this.offsets();
    const isWhole = count <= WHOLE;
    this.first = isWhole ? 0 : lastBefore(at, top - AROUND, count);
    this.last = isWhole ? count : Math.min(count, lastBefore(at, top + this.box.clientHeight + AROUND, count) + 1);
    const slice = this.items.slice(this.first, this.last);
    this.keepFocus(slice);
    this.above.style.setProperty("--space", `${at[this.first]}px`);
    this.below.style.setProperty("--space", `${at[count] - at[this.last]}px`);
    keyed(this.list, slice, (one) => one.key, (one) => one.look(), (one) => one.make());
    this.measure(slice);
  }

  /** Who stands on what leaves the page stands on the conversation itself. @param {Item[]} slice */
  keepFocus(slice) {
    const active = document.activeElement;
    if (!active || !this.list.contains(active)) return;
    const item = /** @type {HTMLElement | null} */ ([...this.list.children].find((child) => child.contains(active)) ?? null);
    if (!slice.some((one) => one.key === item?.dataset.key)) this.box.focus({ preventScroll: true });
  }

  /** @param {Item[]} slice */
  measure(slice) {
    const tops = [...this.list.children].map((child) => child.getBoundingClientRect().top);
    tops.push(this.list.getBoundingClientRect().bottom + (Number.parseFloat(getComputedStyle(this.list).rowGap) || 0));
    for (const [index, { key }] of slice.entries()) {
      const height = tops[index + 1] - tops[index];
      if (height <= 0 || Math.abs((this.heights.get(key) ?? -1) - height) < 0.5) continue;
      this.heights.set(key, height);
      this.at = null;
    }
  }
}

/** The last item that begins at or before a height. @param {Float64Array} at @param {number} height @param {number} count */
function lastBefore(at, height, count) {
  let low = 0;
  let high = Math.max(0, count - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at[middle] <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}
