/**
 * The customer's timeline over all cases and channels: narrowed by kind, searched by words, read on page by page. What
 * is said in the open case is added as it comes, so that a message asks the server for nothing.
 */

import { button, fillWith, h, icon, keyed } from "./dom.js";
import { choices, clockTime, dayOf, dayTime, langOf, named, t } from "./text.js";

/** @typedef {Record<string, any>} State */

const FILTERS = ["all", "said", "contacts", "owed", "ratings", "experts", "outside"];
const DAYS = ["", "7", "30", "90", "365"];
const PAUSE = 300;
/** Messages of a row that are shown before it is opened. */
const SHOWN = 1;

export class StoryLine extends HTMLElement {
  caseId = 0;
  filter = "all";
  words = "";
  channel = "";
  days = "";
  /** @type {State[]} */
  rows = [];
  next = "";
  /** Rows that were opened by hand. @type {Set<string>} */
  opened = new Set();
  /** What was asked last: an answer to something older is left alone. */
  asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;

  /** @param {import("./store.js").DeskStore} store @param {{openMessage: (caseId: number, messageId: number) => void, open: (caseId: number) => void}} acts */
  connect(store, acts) {
    this.store = store;
    this.acts = acts;
    this.find = /** @type {HTMLInputElement} */ (h("input", { class: "input", type: "search", "aria-label": t("find_in_story"), placeholder: t("find_in_story_short"), maxlength: "100", on: { input: () => this.onWords() } }));
    this.choice = /** @type {HTMLSelectElement} */ (h("select", { class: "input", "aria-label": t("story_shows"), on: { change: () => this.choose(this.choice?.value ?? "all") } }, ...FILTERS.map((name) => h("option", { value: name, text: t(`story_${name}`) }))));
    this.list = h("ol", { class: "line" });
    this.foot = h("p", { class: "s story-foot", role: "status" });
    this.append(h("div", { class: "story-tools" }, this.choice, this.find, this.narrow("channel", t("story_channel"), [["", t("any_channel")], ...choices("channels")]), this.narrow("days", t("story_period"), DAYS.map((days) => [days, days ? t("last_days", { n: days }) : t("any_time")]))), this.list, this.foot);
    store.addEventListener("story", () => this.begin());
    store.addEventListener("talk", (event) => this.hear(/** @type {CustomEvent} */ (event).detail));
    this.begin();
  }

  /** Start from the story as it was fetched; a narrowed timeline is asked for again. */
  begin() {
    const { talk, story } = /** @type {import("./store.js").DeskStore} */ (this.store);
    if (!talk || !story) return;
    const another = talk.case.id !== this.caseId;
    if (another) {
      this.caseId = talk.case.id;
      this.words = "";
      this.opened.clear();
      if (this.find) this.find.value = "";
    }
    if (this.isNarrowed) return void this.ask();
    // What was read on to stays: only its beginning is new.
    const known = new Set(story.timeline.map((/** @type {State} */ row) => row.id));
    const older = another ? [] : this.rows.filter((row) => !known.has(row.id) && row.at < (story.timeline.at(-1)?.at ?? ""));
    this.rows = [...story.timeline, ...older];
    if (!older.length) this.next = story.next;
    this.draw();
  }

  /** @param {string} filter */
  choose(filter) {
    this.filter = filter;
    this.words = "";
    if (this.find) this.find.value = "";
    this.again();
  }

  /** A choice that narrows the timeline. @param {"channel" | "days"} name @param {string} label @param {[string, string][]} options */
  narrow(name, label, options) {
    const choice = /** @type {HTMLSelectElement} */ (h("select", { class: "input", "aria-label": label, on: { change: () => ((this[name] = choice.value), this.again()) } }, ...options.map(([value, text]) => h("option", { value, text }))));
    return choice;
  }

  get isNarrowed() {
    return Boolean(this.words || this.filter !== "all" || this.channel || this.days);
  }

  again() {
    if (this.isNarrowed) void this.ask();
    else this.startOver();
  }

  startOver() {
    this.rows = [];
    this.begin();
  }

  onWords() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.words = this.find?.value.trim() ?? "";
      this.again();
    }, PAUSE);
  }

  /** @param {string} [before] go on after this place */
  async ask(before = "") {
    const mine = ++this.asked;
    const query = new URLSearchParams(this.words ? { words: this.words } : { show: this.filter, channel: this.channel, days: this.days, before });
    try {
      const { rows, next } = await this.store?.fetch(`cases/${this.caseId}/timeline?${query}`);
      if (mine !== this.asked) return;
      this.rows = before ? [...this.rows, ...rows] : rows;
      this.next = next;
      this.draw();
    } catch (error) {
      if (mine === this.asked && this.foot) fillWith(this.foot, error instanceof Error ? error.message : "");
    }
  }

  /** What was just said in the open case comes on top. @param {State} [event] */
  hear(event) {
    if (event?.kind !== "conversations.message_added" || this.words || !["all", "said"].includes(this.filter) || (this.channel && this.channel !== event.body.channel)) return;
    const { body } = event;
    const known = this.rows.some((row) => row.messages?.some((/** @type {State} */ one) => one.id === body.message_id));
    if (known) return;
    const message = { id: body.message_id, kind: body.message_kind, author_kind: body.author_kind, author_name: body.author_name, text: body.text, at: body.at };
    const [first] = this.rows;
    if (first?.contact_id === body.contact_id && first.messages) {
      const count = first.count + 1;
      this.rows = [{ ...first, at: body.at, count, text: t("n_messages_on", { channel: t(`on_${body.channel}`), n: count }), messages: [...first.messages, message] }, ...this.rows.slice(1)];
    } else {
      this.rows = [{ id: `m${message.id}`, at: body.at, case_id: body.case_id, contact_id: body.contact_id, icon: "chat", tone: "", channel: body.channel, count: 1, text: t("one_message_on", { channel: t(`on_${body.channel}`) }), messages: [message] }, ...this.rows];
    }
    this.draw();
  }

  draw() {
    const looks = (/** @type {State} */ row) => JSON.stringify([row, this.opened.has(row.id)]);
    keyed(/** @type {HTMLElement} */ (this.list), this.rows, (row) => row.id, looks, (row) => this.row(row));
    const none = this.words ? t("story_not_found", { query: this.words }) : t("story_nothing");
    const more = this.next ? button(t("story_more"), { class: "btn-link", act: () => void this.ask(this.next) }) : null;
    fillWith(/** @type {HTMLElement} */ (this.foot), this.rows.length ? more : none);
  }

  /** @param {State} row */
  row(row) {
    const elsewhere = row.case_id && row.case_id !== this.caseId ? h("span", { class: "quiet" }, t("comma"), t("case_n", { id: row.case_id })) : null;
    return h(
      "li",
      { class: row.tone ? `is-${row.tone}` : null },
      icon(row.icon),
      h("span", { lang: row.card ? langOf(row.text) : null, text: row.text }),
      row.quote ? h("q", { class: "told", lang: langOf(row.quote), text: row.quote }) : null,
      row.card ? this.card(row.card) : null,
      row.messages?.length ? this.talk(row) : null,
      h("p", { class: "when" }, h("time", { datetime: row.at, title: dayTime(row.at), text: dayTime(row.at) }), elsewhere),
    );
  }

  /** What another system told. @param {State} card */
  card(card) {
    const link = card.url ? h("a", { href: card.url, target: "_blank", rel: "noopener noreferrer" }, t("open_there"), icon("external-link")) : null;
    return h("div", { class: "told-card" }, h("p", { class: "row row-tight" }, h("span", { class: "chip chip-line clip", text: card.what }), card.amount ? h("b", { class: "num strong push", text: card.amount }) : null), card.text ? h("p", { class: "kept-lines", lang: langOf(card.text), text: card.text }) : null, h("p", { class: "row row-tight quiet" }, h("span", { class: "clip", text: card.source }), link));
  }

  /** The last words of a talk; the rest when it is opened. @param {State} row */
  talk(row) {
    const all = /** @type {State[]} */ (row.messages);
    const open = this.opened.has(row.id) || this.words;
    const shown = open ? all : all.slice(-SHOWN);
    const rest = all.length - shown.length;
    return h("div", { class: "told-talk" }, rest ? button(t("story_earlier", { n: rest }), { class: "btn-link", act: () => (this.opened.add(row.id), this.draw()) }) : null, ...shown.map((one) => this.message(row, one)));
  }

  /** One message; it leads to its place in the conversation. @param {State} row @param {State} one */
  message(row, one) {
    const at = dayOf(one.at) === dayOf(row.at) ? clockTime(one.at) : dayTime(one.at);
    const who = one.author_kind === "customer" ? t("the_customer") : one.author_name || "Heartline";
    const go = () => this.acts?.openMessage(row.case_id, one.id);
    return h(
      "button",
      { type: "button", class: `told-message${one.kind === "note" ? " note" : ""}`, on: { click: go } },
      h("span", { class: "quiet" }, one.kind === "note" ? [icon("note"), " "] : null, named(who), " ", at),
      h("span", { class: "told-words", lang: langOf(one.text), text: one.text || t("a_file") }),
    );
  }
}

customElements.define("story-line", StoryLine);
