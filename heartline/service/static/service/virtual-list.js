/**
 * A long list of which only what is in sight stands in the page. Rows have their own heights: those seen are measured,
 * the rest are taken to be like them. Each row says which of how many it is, so that a screen reader counts right.
 */

import { fillWith, h, keyed } from "./dom.js";

/** Short lists stand in the page whole: searching in the page and printing find everything. */
const WHOLE = 60;
/** How much above and below the sight is drawn, in pixels. */
const AROUND = 600;
const GUESS = 84;

/** @typedef {Record<string, any>} State */

export class VirtualList {
  /** @type {State[]} */
  items = [];
  /** @type {Map<string, number>} */
  heights = new Map();
  first = 0;
  width = 0;
  /** Where each row begins, until something changes. @type {Float64Array | null} */
  at = null;
  pending = false;

  /** @param {HTMLElement} box what scrolls @param {{key: (item: State) => string, look: (item: State) => string, make: (item: State) => HTMLElement}} rows */
  constructor(box, rows) {
    this.box = box;
    this.rows = rows;
    this.above = h("div", { class: "list-space", "aria-hidden": "true" });
    this.inSight = h("div", { role: "list" });
    this.below = h("div", { class: "list-space", "aria-hidden": "true" });
    box.addEventListener("scroll", () => this.later(), { passive: true });
    new ResizeObserver(() => this.resized()).observe(box);
  }

  /** Rows of another width have other heights. */
  resized() {
    if (this.width !== this.box.clientWidth) {
      this.heights.clear();
      this.at = null;
    }
    this.width = this.box.clientWidth;
    this.later();
  }

  /** @param {State[]} items */
  show(items) {
    if (items.length !== this.items.length || items.some((item, index) => this.rows.key(item) !== this.rows.key(this.items[index]))) this.at = null;
    this.items = items;
    if (this.inSight.parentNode !== this.box) fillWith(this.box, this.above, this.inSight, this.below);
    this.draw();
  }

  later() {
    if (this.pending || this.items.length <= WHOLE) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      if (this.items.length > WHOLE) this.draw();
    });
  }

  /** Where each row begins; the last number is where the list ends. @returns {Float64Array} */
  offsets() {
    if (this.at) return this.at;
    const known = [...this.heights.values()];
    const usual = known.length ? known.reduce((sum, one) => sum + one, 0) / known.length : GUESS;
    const at = new Float64Array(this.items.length + 1);
    for (const [index, item] of this.items.entries()) at[index + 1] = at[index] + (this.heights.get(this.rows.key(item)) ?? usual);
    this.at = at;
    return at;
  }

  draw() {
    const count = this.items.length;
    const at = this.offsets();
    const whole = count <= WHOLE;
    const top = this.box.scrollTop - AROUND;
    const bottom = this.box.scrollTop + this.box.clientHeight + AROUND;
    const first = whole ? 0 : Math.max(0, before(at, top));
    const last = whole ? count : Math.min(count, before(at, bottom) + 1);
    this.first = first;
    this.space(this.above, at[first]);
    this.space(this.below, at[count] - at[last]);
    const slice = this.items.slice(first, last).map((item, index) => ({ item, place: first + index + 1 }));
    const look = (/** @type {State} */ one) => `${one.place} ${count} ${this.rows.look(one.item)}`;
    keyed(this.inSight, slice, (one) => this.rows.key(one.item), look, (one) => h("div", { class: "case-row", role: "listitem", "aria-setsize": count, "aria-posinset": one.place }, this.rows.make(one.item)));
    if (!whole) this.measure(slice);
  }

  /** @param {State[]} slice */
  measure(slice) {
    for (const [index, child] of [...this.inSight.children].entries()) {
      const height = /** @type {HTMLElement} */ (child).offsetHeight;
      const key = this.rows.key(slice[index].item);
      if (!height || this.heights.get(key) === height) continue;
      this.heights.set(key, height);
      this.at = null;
    }
  }

  /** @param {HTMLElement} space @param {number} height */
  space(space, height) {
    space.style.setProperty("--space", `${Math.max(0, Math.round(height))}px`);
  }

  /** Which row has the focus; -1 when none has. */
  focused() {
    const row = [...this.inSight.children].findIndex((child) => child.contains(document.activeElement));
    return row < 0 ? -1 : this.first + row;
  }

  /** Bring a row into sight and give it the focus. @param {number} index */
  focus(index) {
    this.reveal(index);
    const row = /** @type {HTMLElement | undefined} */ (this.inSight.children[index - this.first]);
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector("a, button"))?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  /** Bring a row into sight. @param {number} index */
  reveal(index) {
    if (index >= this.first && index < this.first + this.inSight.children.length) return;
    this.box.scrollTop = Math.max(0, this.offsets()[index] - this.box.clientHeight / 3);
    this.draw();
  }
}

/** The last row that begins at or before a height. @param {Float64Array} at @param {number} height */
function before(at, height) {
  let low = 0;
  let high = at.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at[middle] <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}
