/**
 * What of a conversation this page holds: the newest messages, which events keep up, and before them, or far from them,
 * what was read back to. Pure data, no page.
 */

import { seen } from "./apply.js";

/** @typedef {Record<string, any>} State */
/** @typedef {{messages: State, lines: State[], has_older: boolean, has_newer: boolean}} Stretch */

/** As many as the server gives at first: when there are fewer, there are no others. */
const NEWEST = 200;
/** What was read back to is let go once it is this long and nobody looks at it. */
const MOST = 2000;

export class Said {
  /** What was read back to, oldest first. @type {State[]} */
  held = [];
  /** The newest messages. @type {State[]} */
  tail = [];
  /** What happened between messages, as it came with them. @type {Map<string, State>} */
  told = new Map();
  /** Whether the server has older messages than the first that is held. */
  hasOlder = false;
  /** Whether messages are missing between what is held and the newest: then only what is held is shown. */
  isApart = false;

  /** Everything that stands in the conversation here, oldest first. @returns {State[]} */
  get rows() {
    return this.isApart ? this.held : [...this.held, ...this.tail];
  }

  /** Begin with the newest messages of a case. @param {State} talk */
  begin(talk) {
    this.tail = inOrder(talk.messages);
    this.told.clear();
    this.leave();
  }

  /** Let go of what was read back to. */
  leave() {
    this.held = [];
    this.isApart = false;
    this.hasOlder = this.tail.length >= NEWEST;
  }

  /**
   * Follow the newest messages: those that events have pushed out of them stay.
   * @param {State} talk
   * @param {boolean} isReading whether somebody looks at older messages, which must stay where they are
   */
  follow(talk, isReading) {
    const before = this.tail;
    this.tail = inOrder(talk.messages);
    const first = this.tail[0]?.id ?? 0;
    const pushed = before.filter((one) => one.id < first);
    if (!pushed.length || this.isApart) return;
    const meets = pushed.length < before.length || this.tail.length < NEWEST;
    if (!isReading && (!meets || this.held.length + pushed.length > MOST)) return this.leave();
    this.held = [...this.held, ...pushed];
    this.isApart = !meets;
  }

  /** Somebody has got or read what was said. @param {State} event */
  seen(event) {
    if (!this.held.length) return;
    const talk = seen({ messages: Object.fromEntries(this.held.map((one) => [one.id, one])) }, /** @type {any} */ (event));
    this.held = inOrder(talk.messages);
  }

  /** @param {number} id */
  has(id) {
    return this.rows.some((one) => one.id === id);
  }

  /** Put older messages before those that are here. @param {Stretch} found */
  putBefore(found) {
    const first = this.rows[0]?.id ?? Infinity;
    this.held = [...inOrder(found.messages).filter((one) => one.id < first), ...this.held];
    this.hasOlder = found.has_older;
    this.tell(found.lines);
  }

  /** Put newer messages after those that are held, until they meet the newest. @param {Stretch} found */
  putAfter(found) {
    const last = this.held.at(-1)?.id ?? 0;
    this.held = [...this.held, ...inOrder(found.messages).filter((one) => one.id > last)];
    this.meet(found);
  }

  /** Hold another part of the conversation. @param {Stretch} found */
  hold(found) {
    this.held = inOrder(found.messages);
    this.hasOlder = found.has_older;
    this.isApart = true;
    this.meet(found);
  }

  /** @param {Stretch} found */
  meet(found) {
    const first = this.tail[0]?.id ?? Infinity;
    this.isApart = found.has_newer && (this.held.at(-1)?.id ?? 0) < first;
    if (!this.isApart) this.held = this.held.filter((one) => one.id < first);
    this.tell(found.lines);
  }

  /** @param {State[]} lines */
  tell(lines) {
    for (const line of lines) this.told.set(String(line.id), line);
  }

  /** What happened between the messages that are here. @param {State[]} newest as they came with the story @returns {State[]} */
  lines(newest) {
    const all = new Map([...this.told, ...newest.map((line) => /** @type {[string, State]} */ ([String(line.id), line]))]);
    return [...all.values()].filter((line) => this.spans(line.at));
  }

  /** Whether a moment lies in what is here. @param {string} at */
  spans(at) {
    const { rows } = this;
    return (!this.hasOlder || at >= (rows[0]?.at ?? "")) && (!this.isApart || at <= (rows.at(-1)?.at ?? ""));
  }
}

/** @param {State} messages @returns {State[]} */
function inOrder(messages) {
  return Object.values(messages).sort((one, other) => one.id - other.id);
}
