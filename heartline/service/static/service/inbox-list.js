/** The list: four tabs with honest counts, and rows that stay where they are until a hand moves them. */

import { button, fillWith, h, icon, keyed, mark } from "./dom.js";
import { InboxViews } from "./inbox-views.js";
import { now } from "../ui/time.js";
import { count, isInIt, passes, rows, TABS } from "./selectors.js";
import { called, dayTime, dueTime, langOf, langTag, minutesSince, nthContact, secondsSince, t, timeMark } from "./text.js";
import { VirtualList } from "./virtual-list.js";

/** @typedef {Record<string, any>} State */
/** @typedef {import("./store.js").DeskStore} DeskStore */

const CHANNEL_SIGNS = { webchat: "chat", webform: "mail", callback: "callback" };

export class InboxList extends HTMLElement {
  /** @type {string} */
  tab = "reply";
  /** Ids in the order in which they are shown. @type {number[]} */
  shown = [];
  /** Rows that somebody else's hand has taken away, and what became of them. @type {Map<number, State>} */
  gone = new Map();
  /** Rows as last drawn, for those that go. @type {Map<number, State>} */
  known = new Map();

  /** @param {DeskStore} store @param {{open: (caseId: number) => void, next: () => void}} acts @param {State[]} views */
  connect(store, acts, views) {
    this.store = store;
    this.acts = acts;
    this.views = new InboxViews(store, views);
    this.tabs = h("nav", { class: "tabs tabs-s", "aria-label": t("inbox_views") });
    this.order = h("p", { class: "why" });
    this.fresh = h("button", { class: "fresh", type: "button", hidden: true, on: { click: () => this.settle() } });
    this.list = h("div", { class: "cases", tabindex: "0", role: "region", "aria-label": t("tab_reply") });
    this.rows = new VirtualList(this.list, { key: (row) => String(row.contact_id), look: (row) => this.lookOf(row), make: (row) => this.row(row) });
    this.bar = h("div", { class: "inbox-bar" }, this.views.details, button(t("next_item"), { class: "btn btn-s push", icon: "arrow-right", key: "N", act: () => this.acts?.next() }));
    this.append(this.tabs, this.bar, this.views.chips, this.order, this.fresh, this.list);
    this.views.addEventListener("changed", () => this.settle());
    this.addEventListener("pointerleave", () => this.clearGone());
    this.addEventListener("focusout", () => setTimeout(() => this.clearGone(), 0));
    this.list.addEventListener("keydown", (event) => this.onArrow(event));
    for (const name of ["desk", "tick"]) store.addEventListener(name, (event) => this.draw(/** @type {CustomEvent} */ (event).detail));
    for (const name of ["talk", "opening"]) store.addEventListener(name, () => this.draw());
    this.settle();
  }

  /** Show the tab as it is now: asked for by hand. */
  settle() {
    this.gone.clear();
    this.shown = this.now().map((row) => row.contact_id);
    this.draw();
  }

  /** @param {string} tab */
  choose(tab) {
    this.tab = tab;
    this.settle();
    this.list?.scrollTo({ top: 0 });
  }

  /** @returns {State[]} */
  now() {
    return this.store ? rows(this.store.desk, this.tab, this.wanted()) : [];
  }

  /** What the view lets through. @returns {(row: State) => boolean} */
  wanted() {
    const { views, store } = this;
    if (!views?.isOn || !store) return () => true;
    const known = { now: now(), tags: views.tags };
    return (row) => passes(store.desk, views.filters, row, known);
  }

  /** @param {any} [event] what happened, when something did */
  draw(event) {
    if (!this.store || !this.list) return;
    const rowsNow = this.now();
    const hidden = this.arrange(rowsNow, event);
    this.drawTabs();
    this.drawFresh(hidden);
    const byId = new Map(rowsNow.map((row) => [row.contact_id, row]));
    const items = this.shown.map((id) => byId.get(id) ?? { ...this.known.get(id), went: this.gone.get(id) });
    this.known = new Map(items.map((row) => [row.contact_id, row]));
    if (items.length) this.rows?.show(items);
    else fillWith(this.list, this.empty());
    this.list.setAttribute("aria-label", t(`tab_${this.tab}`));
  }

  /**
   * Decide what is shown: rows stay; what ends comes last without moving anything; what would push in between waits.
   * @param {State[]} rowsNow
   * @param {any} event
   * @returns {number} how many wait
   */
  arrange(rowsNow, event) {
    const ids = rowsNow.map((row) => row.contact_id);
    const here = new Set(ids);
    const byMe = event?.by?.kind === "person" && event.by.id === this.store?.desk.me.id;
    for (const id of this.shown) if (!here.has(id) && !this.gone.has(id)) this.gone.set(id, event ?? {});
    if (byMe || !this.isTouched()) this.clearGone(true);
    for (const id of here) this.gone.delete(id);
    const shown = new Set(this.shown);
    const lastShown = ids.reduce((last, id, at) => (shown.has(id) ? at : last), -1);
    for (const [at, id] of ids.entries()) if (!shown.has(id) && (byMe || at > lastShown)) this.shown.push(id);
    const all = new Set(this.shown);
    if (byMe || !this.shown.length) this.shown = [...ids.filter((id) => all.has(id)), ...this.shown.filter((id) => !here.has(id))];
    return ids.filter((id) => !all.has(id)).length;
  }

  /** Whether a hand or the keyboard is in the list. */
  isTouched() {
    return this.matches(":hover") || this.contains(document.activeElement);
  }

  /** @param {boolean} [always] */
  clearGone(always = false) {
    if (!this.gone.size || (!always && this.isTouched())) return;
    this.shown = this.shown.filter((id) => !this.gone.has(id));
    this.gone.clear();
    if (!always) this.draw();
  }

  drawTabs() {
    const { desk } = /** @type {DeskStore} */ (this.store);
    const wanted = this.wanted();
    const counts = TABS.map((tab) => [tab, count(desk, tab, wanted)]);
    if (this.views?.isOn) this.views.tell(["reply", "waiting", "theirs"].reduce((sum, tab) => sum + count(desk, tab) - count(desk, tab, wanted), 0));
    keyed(/** @type {HTMLElement} */ (this.tabs), counts, ([tab]) => String(tab), ([tab, found]) => `${tab} ${found} ${tab === this.tab}`, ([tab, found]) =>
      h(
        "button",
        { type: "button", "aria-current": tab === this.tab ? "page" : null, on: { click: () => this.choose(String(tab)) } },
        t(`tab_${tab}`),
        h("span", { class: `count ${tab === "reply" && Number(found) ? "count-on" : ""}`, text: found }),
      ),
    );
    fillWith(/** @type {HTMLElement} */ (this.order), icon("info"), h("span", { text: t(`order_${this.tab}`) }));
  }

  /** @param {number} waiting */
  drawFresh(waiting) {
    const fresh = /** @type {HTMLElement} */ (this.fresh);
    fresh.hidden = waiting === 0;
    if (waiting) fillWith(fresh, icon("chevron-up"), t("fresh", { n: waiting }));
  }

  /** What a row shows, as one word: the row is made anew only when it changes. @param {State} row */
  lookOf(row) {
    const score = this.store?.desk.scores[row.contact_id];
    const open = row.case_id === this.store?.caseId;
    const owed = this.owed(row)?.due_at ?? "";
    return JSON.stringify([row, open, owed, score, this.waitOf(row)]);
  }

  /** @param {State} row */
  owed(row) {
    return Object.values(this.store?.desk.follow_ups ?? {}).find((one) => one.case_id === row.case_id);
  }

  /** How long it waits, and how that is meant. @param {State} row @returns {[string, string]} */
  waitOf(row) {
    if (row.at) return ["", ""];
    const since = this.tab === "waiting" ? row.asked_at : row.turn_since;
    if (!since || row.state === "wrap_up" || row.snooze) return ["", ""];
    const limit = this.store?.desk.names.queues[row.queue_id]?.answer_within ?? 0;
    const late = row.due_at ? secondsSince(row.due_at) > 0 : false;
    const near = row.channel === "webchat" && this.tab !== "theirs" && limit && secondsSince(since) > limit;
    return [minutesSince(since), late || (near && this.tab === "waiting") ? "late" : near ? "waiting" : ""];
  }

  /** @param {State} row */
  row(row) {
    const open = row.case_id === this.store?.caseId;
    const [wait, tone] = this.waitOf(row);
    const name = row.customer_name || t("unnamed");
    const act = (/** @type {Event} */ event) => {
      if (/** @type {MouseEvent} */ (event).metaKey || /** @type {MouseEvent} */ (event).ctrlKey) return;
      event.preventDefault();
      this.acts?.open(row.case_id);
    };
    return h(
      "a",
      { class: `case${row.went ? " is-gone" : ""}${row.unread ? " is-unread" : ""}`, href: `/desk/case/${row.case_id}/`, "aria-current": open ? "true" : null, on: { click: act } },
      icon(CHANNEL_SIGNS[/** @type {"webchat"} */ (row.channel)] ?? "inbox"),
      h("span", { class: "row row-tight" }, h("span", { class: "who clip", lang: langOf(name), text: name }), this.tier(row)),
      row.at ? timeMark(row.at, "wait xs quiet") : wait ? h("span", { class: `state wait ${tone ? `is-${tone}` : ""}` }, icon("wait"), wait) : h("span"),
      this.lastWords(row),
      h("span", { class: "marks" }, ...this.marks(row)),
    );
  }

  /** @param {State} row */
  tier(row) {
    if (!["top", "big", "medium"].includes(row.tier)) return null;
    return h("span", { class: `chip ${row.tier === "medium" ? "chip-line" : "chip-accent"}`, text: called("tiers", row.tier) });
  }

  /** @param {State} row */
  lastWords(row) {
    const text = row.at ? (this.store?.desk.names.reasons[row.reason_id] ?? "") : row.last_text || row.subject;
    return h("span", { class: "last clip", lang: row.language && !row.at ? langTag(langOf(text)) : null, title: text, text });
  }

  /** @param {State} row @returns {(Node | null)[]} */
  marks(row) {
    if (row.went) return [mark("user-check", this.wentWhere(row))];
    const desk = /** @type {DeskStore} */ (this.store).desk;
    const score = desk.scores[row.contact_id];
    if (row.at) return [mark("check", called("resolutions", row.resolution)), score ? mark("star", t("score_of_5", { score }), score <= 2 ? "late" : score >= 4 ? "kept" : "") : null];
    const owed = this.owed(row);
    return [
      row.snooze === "awake" ? mark("bell", t(row.why === "spoke" ? "is_back_spoke" : "is_back"), "waiting") : null,
      row.snooze === "asleep" ? mark("clock", t("snoozed_until", { when: dayTime(row.until) })) : null,
      row.unread ? h("span", { class: "chip chip-accent", text: t("unread", { n: row.unread }) }) : null,
      row.state === "wrap_up" ? mark("clipboard-list", t("in_wrap_up"), "waiting") : null,
      row.due_at ? mark("promise", t("due", { when: dueTime(row.due_at) }), secondsSince(row.due_at) > 0 ? "late" : "waiting") : null,
      owed ? mark("promise", t("owed_by", { what: called("follow_up_kinds", owed.kind), when: dueTime(owed.due_at) }), secondsSince(owed.due_at) > 0 ? "late" : owed.warned ? "waiting" : "") : null,
      row.preferred_id === desk.me.id ? mark("user", t("for_you")) : null,
      row.transfers ? mark("hand-over", t("handed_over_mark")) : null,
      row.contacts_count > 1 ? mark("repeat", nthContact(row.contacts_count)) : null,
      this.tab === "waiting" ? mark("inbox", desk.names.queues[row.queue_id]?.name ?? "") : null,
      this.tab !== "waiting" && isInIt(desk, row) && row.assignee_id !== desk.me.id ? mark("users", row.assignee_name ? t("with_name", { name: row.assignee_name }) : t("you_joined")) : null,
    ];
  }

  /** @param {State} row */
  wentWhere(row) {
    const body = row.went?.body ?? {};
    if (body.person_name && /contact_(answered|moved)$/.test(row.went.kind)) return t("taken_by", { name: body.person_name });
    if (/abandoned$/.test(row.went?.kind ?? "")) return t("customer_left");
    return t("moved_on");
  }

  empty() {
    const { desk } = /** @type {DeskStore} */ (this.store);
    const next = Object.values(desk.follow_ups).sort((one, other) => (one.due_at < other.due_at ? -1 : 1))[0];
    if (this.views?.isOn) return h("div", { class: "empty" }, icon("list-filter"), h("h2", { text: t("empty_view") }), h("p", { text: t("empty_view_more") }), button(t("no_filter"), { class: "btn btn-s", act: () => this.views?.choose({}) }));
    const words = this.tab === "reply" && next ? t("empty_reply_next", { due: dayTime(next.due_at), name: next.customer_name }) : t(`empty_${this.tab}_more`);
    return h("div", { class: "empty" }, icon(this.tab === "reply" ? "circle-check" : "inbox"), h("h2", { text: t(`empty_${this.tab}`) }), h("p", { text: words }));
  }

  /** Open the next or the previous row. @param {number} step */
  step(step) {
    const open = this.store?.caseId;
    const stops = this.shown.map((id) => this.known.get(id)).filter((row) => row && !row.went);
    const at = stops.findIndex((row) => row?.case_id === open);
    const next = stops[at < 0 ? (step > 0 ? 0 : stops.length - 1) : at + step];
    if (!next) return;
    this.acts?.open(next.case_id);
    this.rows?.reveal(this.shown.indexOf(next.contact_id));
  }

  /** @param {KeyboardEvent} event */
  onArrow(event) {
    const last = this.shown.length - 1;
    const at = this.rows?.focused() ?? -1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[/** @type {"Home"} */ (event.key)];
    if (to === undefined || last < 0) return;
    this.rows?.focus(Math.max(0, Math.min(last, to)));
    event.preventDefault();
  }
}

customElements.define("inbox-list", InboxList);
