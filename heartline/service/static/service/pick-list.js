/** A list that opens while one types in a text field, above it: arrows choose, Enter or Tab takes, Escape closes. */

import { say } from "../ui/toast.js";
import { fillWith, h } from "./dom.js";

/**
 * @template Item
 * @typedef {{
 *   opens: RegExp,
 *   label: string,
 *   find: (query: string) => Item[] | Promise<Item[]>,
 *   draw: (item: Item) => (Node | string | null)[],
 *   choose: (item: Item) => string,
 *   none: (query: string) => (Node | string)[],
 *   count: (n: number) => string,
 * }} Picking `opens` has a group `sign` and a group `query`; `choose` returns what stands in their place
 */

let counter = 0;

/** @template Item */
export class PickList {
  /** @param {HTMLTextAreaElement} field @param {Picking<Item>} picking */
  constructor(field, picking) {
    this.field = field;
    this.picking = picking;
    this.id = `picks-${++counter}`;
    this.list = h("ul", { role: "listbox", id: this.id, "aria-label": picking.label });
    // Arrows in the field move the list; who looks for a part that scrolls finds it can be reached as well.
    this.element = h("div", { class: "picks", hidden: true, tabindex: "0" }, this.list);
    /** @type {Item[]} */
    this.items = [];
    this.at = 0;
    this.round = 0;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.id);
    for (const name of ["input", "compositionend", "click"]) field.addEventListener(name, () => void this.look());
    // Before the field’s own keys: Enter takes an entry here.
    field.addEventListener("keydown", (event) => this.onKey(event), { capture: true });
    field.addEventListener("blur", () => setTimeout(() => document.activeElement === field || this.close(), 150));
    // A press on an entry must not take the focus out of the field.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get open() {
    return !this.element.hidden;
  }

  /** What stands before the caret and asks for the list. */
  asked() {
    const { field } = this;
    if (field.selectionStart !== field.selectionEnd) return null;
    const before = field.value.slice(0, field.selectionStart);
    const groups = this.picking.opens.exec(before)?.groups;
    return groups ? { query: groups.query, start: before.length - groups.query.length - groups.sign.length } : null;
  }

  async look() {
    const asked = this.asked();
    if (!asked || asked.start === this.closedAt) return this.close();
    this.closedAt = undefined;
    const round = ++this.round;
    const items = await this.picking.find(asked.query);
    if (round !== this.round || !this.asked()) return;
    this.show(items, asked.query);
  }

  /** @param {Item[]} items @param {string} query */
  show(items, query) {
    const before = this.open ? this.items.length : -1;
    this.items = items;
    this.at = 0;
    this.list.hidden = !items.length;
    fillWith(this.list, ...items.map((item, at) => h("li", { role: "option", id: `${this.id}-${at}`, on: { click: () => this.take(at) } }, ...this.picking.draw(item))));
    fillWith(this.element, this.list, items.length ? null : h("p", { class: "picks-none" }, ...this.picking.none(query)));
    this.element.hidden = false;
    this.mark();
    if (items.length !== before) say(this.picking.count(items.length));
  }

  mark() {
    for (const [at, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", String(at === this.at));
    if (this.items.length) this.field.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
    else this.field.removeAttribute("aria-activedescendant");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.round += 1;
    this.element.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (!this.open || event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.items.length) {
      this.at = (this.at + step + this.items.length) % this.items.length;
      this.mark();
    } else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && this.items.length) this.take(this.at);
    else if (event.key === "Escape") {
      this.closedAt = this.asked()?.start;
      this.close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} at */
  take(at) {
    const asked = this.asked();
    const item = this.items[at];
    this.close();
    if (!asked || item === undefined) return;
    put(this.field, this.picking.choose(item), asked.start, this.field.selectionStart);
  }

  /** Open the list from a button: write its sign where the caret is. @param {string} sign */
  ask(sign) {
    const { field } = this;
    field.focus();
    const before = field.value.slice(0, field.selectionStart);
    put(field, before && !/\s$/.test(before) ? ` ${sign}` : sign, field.selectionStart, field.selectionEnd);
  }
}

/** Put words into a field as if they were typed, so that undoing takes only them back. @param {HTMLTextAreaElement} field @param {string} words @param {number} start @param {number} end */
export function put(field, words, start, end) {
  field.focus();
  field.setSelectionRange(start, end);
  const typed = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
  if (typed) return;
  field.setRangeText(words, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
