/** The middle of the desk: what the case is, what was said, and the way to answer or to wrap up. */

import { button, fillWith, h, icon } from "./dom.js";
import { abilities, contactInFocus } from "./selectors.js";
import { called, langOf, langTag, minutesSince, t } from "./text.js";
import "./call-bar.js";
import "./case-bar.js";
import "./composer.js";
import "./thread-find.js";
import "./thread-view.js";
import "./wrap-up-form.js";

/** @typedef {Record<string, any>} State */
/** @typedef {Record<string, () => void>} Acts */

export class ConversationPane extends HTMLElement {
  /** @param {import("./store.js").DeskStore} store @param {import("./outbox.js").Outbox} outbox @param {Acts} acts */
  connect(store, outbox, acts) {
    this.store = store;
    this.acts = acts;
    this.head = h("header", { class: "talk-head" });
    this.looking = h("span", { class: "looking" });
    this.problem = h("p", { class: "notice notice-late talk-problem", role: "alert", hidden: true });
    this.waits = h("div", { class: "notice notice-quiet talk-waits", hidden: true });
    this.nothing = h("div", { class: "empty nothing-open" }, icon("inbox"), h("h2", { text: t("nothing_open") }), h("p", { text: t("nothing_open_more") }));
    this.thread = /** @type {import("./thread-view.js").ThreadView} */ (document.createElement("thread-view"));
    this.composer = /** @type {import("./composer.js").MessageComposer} */ (document.createElement("message-composer"));
    this.wrapUp = /** @type {import("./wrap-up-form.js").WrapUpForm} */ (document.createElement("wrap-up-form"));
    this.bar = /** @type {import("./case-bar.js").CaseBar} */ (document.createElement("case-bar"));
    this.call = /** @type {import("./call-bar.js").CallBar} */ (document.createElement("call-bar"));
    this.find = /** @type {import("./thread-find.js").ThreadFind} */ (document.createElement("thread-find"));
    this.append(this.nothing, this.head, this.bar, this.problem, this.waits, this.call, this.find, this.thread, this.wrapUp, this.composer);
    this.thread.connect(store, outbox, { question: /** @type {any} */ (acts).question, retry: (key) => outbox.again(key), edit: (key) => this.composer?.edit(key), takeBack: (item) => void this.takeBack(item), attempt: (act) => this.attempt(act) });
    this.composer.connect(store, outbox, { take: acts.take, join: acts.join, takeLastBack: () => this.takeLastBack() });
    this.find.connect(store, this.thread);
    this.wrapUp.connect(store);
    this.bar.connect(store, acts);
    this.call.connect((act) => this.attempt(act));
    for (const name of ["talk", "story", "desk", "others", "opening"]) store.addEventListener(name, (event) => this.draw(/** @type {CustomEvent} */ (event)));
    this.draw();
  }

  /** @param {CustomEvent} [event] */
  draw(event) {
    const { talk, desk, story } = /** @type {import("./store.js").DeskStore} */ (this.store);
    const parts = /** @type {HTMLElement[]} */ ([this.head, this.thread, this.composer, this.wrapUp]);
    /** @type {HTMLElement} */ (this.nothing).hidden = Boolean(talk) || Boolean(this.store?.opening);
    for (const part of parts) part.hidden = !talk;
    if (!talk) return this.clear();
    if (event?.detail?.kind === "opened" || event?.type === "opening") this.say("");
    const contact = contactInFocus(talk, desk);
    const can = abilities(desk, contact, talk);
    this.drawHead(talk, contact, can);
    this.drawWaits(contact, story, can);
    this.call?.show(contact);
    /** @type {HTMLElement} */ (this.wrapUp).hidden = !(can.wrapUp && can.holds);
    /** @type {HTMLElement} */ (this.composer).hidden = can.wrapUp && can.holds && !this.wantsNote;
    this.wrapUp?.show(can.wrapUp ? contact : null);
  }

  clear() {
    /** @type {HTMLElement} */ (this.waits).hidden = true;
    this.say("");
    this.wrapUp?.show(null);
    this.call?.show(null);
  }

  /** Say what went wrong here, where it was asked for; an empty word takes it back. @param {string} words */
  say(words) {
    const problem = /** @type {HTMLElement} */ (this.problem);
    problem.hidden = !words;
    fillWith(problem, words ? icon("circle-alert") : null, h("span", { class: "grow", text: words }), words ? button("", { class: "btn btn-s btn-icon btn-plain", icon: "x", label: t("close"), act: () => this.say("") }) : null);
  }

  /** @param {State} talk @param {State | null} contact @param {ReturnType<typeof abilities>} can */
  drawHead(talk, contact, can) {
    const head = /** @type {HTMLElement} */ (this.head);
    const { case: matter } = talk;
    const look = JSON.stringify([matter, contact?.state, contact?.assignee_id, can]);
    if (head.dataset.look === look) return this.drawLooking();
    head.dataset.look = look;
    fillWith(
      head,
      h("div", { class: "row" }, h("h1", { class: "clip", tabindex: "-1", lang: langTag(langOf(matter.subject)), title: matter.subject, text: matter.subject }), h("span", { class: "row row-tight push wide talk-acts" }, ...this.actions(can), this.more(can))),
      h("p", { class: "facts" }, ...this.facts(matter, contact), this.looking),
    );
    this.drawLooking();
  }

  /** Who else is here, who writes first: kept apart from the head, so that nothing there is made anew under a hand. */
  drawLooking() {
    const there = [...(this.store?.others.values() ?? [])].filter((one) => one.side === "person");
    const writing = new Set(there.filter((one) => one.kind === "typing").map((one) => one.name));
    const names = [...writing, ...there.map((one) => one.name).filter((name) => !writing.has(name))];
    const look = JSON.stringify([names, writing.size]);
    const box = /** @type {HTMLElement} */ (this.looking);
    if (box.dataset.look === look) return;
    box.dataset.look = look;
    const person = (/** @type {string} */ name) => h("span", { class: `state state-inline ${writing.has(name) ? "is-waiting" : ""}` }, icon(writing.has(name) ? "pencil" : "eye"), t(writing.has(name) ? "is_replying" : "is_viewing", { name }));
    fillWith(box, ...[...new Set(names)].map(person));
  }

  /** @param {ReturnType<typeof abilities>} can */
  actions(can) {
    const acts = /** @type {Acts} */ (this.acts);
    return [
      can.transfer ? button(t("hand_over"), { icon: "hand-over", key: "T", act: acts.transfer }) : null,
      can.expert ? button(t("expert"), { icon: "user-plus", key: "X", act: acts.expert }) : null,
      can.join ? button(t("join"), { icon: "user-plus", act: acts.join }) : null,
      can.leave ? button(t("leave"), { icon: "log-out", act: acts.leave }) : null,
      can.end ? button(t("end"), { icon: "circle-check", key: "E", act: acts.end }) : null,
    ];
  }

  /** @param {ReturnType<typeof abilities>} can */
  more(can) {
    const acts = /** @type {Acts} */ (this.acts);
    const entry = (/** @type {string} */ sign, /** @type {string} */ words, /** @type {() => void} */ act) => h("button", { type: "button", on: { click: () => (this.querySelector(".talk-more")?.removeAttribute("open"), act()) } }, icon(sign), words);
    return h(
      "details",
      { class: "menu-at talk-more" },
      h("summary", { class: "btn btn-s btn-icon btn-plain", "aria-label": t("more_actions") }, icon("ellipsis")),
      h("div", { class: "menu" }, can.giveBack ? entry("undo-2", t("give_back"), acts.giveBack) : null, entry("search", t("find_here"), () => this.find?.open()), entry("square-pen", t("edit_case"), acts.edit), entry("x", t("add_tried"), acts.tried), h("button", { type: "button", class: "beside-entry", on: { click: () => (this.querySelector(".talk-more")?.removeAttribute("open"), acts.beside()) } }, icon("layers"), t("beside")), entry("link", t("copy_link"), acts.copyLink)),
    );
  }

  /** @param {State} matter @param {State | null} contact */
  facts(matter, contact) {
    const names = this.store?.desk.names ?? {};
    return [
      h("span", {}, t("case"), " ", h("a", { href: `/desk/case/${matter.id}/`, text: matter.id })),
      contact ? h("span", { text: t("channel_language", { channel: called("channels", contact.channel), language: called("languages", contact.language) }) }) : null,
      h("span", { class: "wide", text: names.queues?.[contact?.queue_id ?? matter.queue_id]?.name ?? "" }),
      matter.reason_id ? h("span", { text: names.reasons?.[matter.reason_id] ?? "" }) : null,
      contact ? h("span", { text: this.stateWords(contact) }) : null,
    ];
  }

  /** @param {State} contact */
  stateWords(contact) {
    if (contact.state === "active") return contact.assignee_id === this.store?.desk.me.id ? t("yours") : t("with_name", { name: contact.assignee_name });
    return called("contact_states", contact.state);
  }

  /** Why a contact waits, in words, and the way to take it. @param {State | null} contact @param {State | null} story @param {ReturnType<typeof abilities>} can */
  drawWaits(contact, story, can) {
    const waits = /** @type {HTMLElement} */ (this.waits);
    const told = contact?.state === "waiting" ? (story?.waiting ?? { position: 1, why: [] }) : null;
    waits.hidden = !told;
    if (!told || !contact) return;
    const place = t("place_in_line", { n: told.position, wait: minutesSince(contact.asked_at) });
    fillWith(waits, icon("wait"), h("div", { class: "grow" }, h("p", { class: "medium", text: place }), ...told.why.map((/** @type {string} */ text) => h("p", { class: "s soft", text }))), can.take ? button(t("take"), { class: "btn btn-primary", key: "A", act: this.acts?.take }) : null);
  }

  /** Do something; what goes wrong is said above the conversation. @param {() => Promise<unknown>} act */
  async attempt(act) {
    this.say("");
    try {
      return await act();
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  /** Take a reply back before it goes: its words and files are in the field again. @param {State} item */
  takeBack(item) {
    return this.attempt(() => /** @type {import("./composer.js").MessageComposer} */ (this.composer).takeBack(item));
  }

  /** Take back the last reply that is still held. */
  takeLastBack() {
    const item = this.thread?.outgoing?.lastHeld();
    if (item) void this.takeBack(item);
    return Boolean(item);
  }

  /** Write a note while a wrap-up is open. */
  writeNote() {
    this.wantsNote = true;
    this.draw();
    this.composer?.setMode("note");
  }

  focusHead() {
    /** @type {HTMLElement | null} */ (this.querySelector("h1"))?.focus({ preventScroll: true });
  }
}

customElements.define("conversation-pane", ConversationPane);
