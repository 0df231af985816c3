/** What was said and what happened, in one order; messages on their way at the end. */

import { dress } from "../ui/markup.js";
import { now } from "../ui/time.js";
import { say, toast } from "../ui/toast.js";
import { button, fillWith, h, icon, mark } from "./dom.js";
import { answerOf, makeArticle, questionCard } from "./experts.js";
import { OutgoingReplies } from "./outgoing.js";
import { Said } from "./said.js";
import { contactInFocus, isInIt, lastHandover, thread } from "./selectors.js";
import { clockMark, clockTime, dayOf, dayWords, langOf, named, t, timeMark } from "./text.js";
import { ThreadWindow } from "./thread-window.js";

/** @typedef {Record<string, any>} State */

/** Near enough to the end to go along with what is new. */
const NEAR = 80;
/** So near to where what is held ends, more is fetched: before a hand gets there. */
const AHEAD = 1500;
/** As much of a message is read out when it comes. */
const READ_OUT = 300;

export class ThreadView extends HTMLElement {
  caseId = 0;
  said = new Said();
  /** Whether the end is looked at, and what comes is gone along with. */
  stuck = true;
  /** The first message that came while nobody looked; 0 without. */
  unreadFrom = 0;
  isUnreadSeen = false;
  /** Whether a case that was opened has been seen from where one begins to read it. */
  isBegun = false;
  newCount = 0;
  /** Under way to the server for more: one way at a time. */
  fetching = false;

  /** @param {import("./store.js").DeskStore} store @param {import("./outbox.js").Outbox} outbox @param {{retry: (key: string) => void, edit: (key: string) => void, takeBack: (item: State) => void, attempt: (act: () => Promise<unknown>) => Promise<unknown>}} acts */
  connect(store, outbox, acts) {
    this.store = store;
    this.outbox = outbox;
    this.acts = acts;
    this.outgoing = new OutgoingReplies(store, { takeBack: acts.takeBack, attempt: acts.attempt, files: (files) => this.files(files) });
    this.className = "thread";
    this.tabIndex = 0;
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", t("conversation"));
    this.more = h("div", { class: "more-said", role: "status" });
    this.hand = h("div");
    // What comes is read out in words of its own: what is drawn while somebody scrolls must not be.
    this.all = h("div", { class: "said", role: "log", "aria-live": "off", "aria-label": t("conversation") });
    this.window = new ThreadWindow(this, this.all);
    this.typing = h("p", { class: "typing", "aria-hidden": "true" });
    this.newBelow = h("button", { class: "btn btn-s new-below", type: "button", hidden: true, on: { click: () => this.toEnd() } });
    this.append(this.hand, this.more, this.window.element, this.typing, this.newBelow);
    // Only a hand scrolls away from the end; when the field below grows, what was at the end stays there.
    this.addEventListener("scroll", () => this.onScroll(), { passive: true });
    this.addEventListener("keydown", (event) => this.onKey(event));
    for (const name of ["talk", "story"]) store.addEventListener(name, (event) => this.draw(/** @type {CustomEvent} */ (event).detail));
    store.addEventListener("others", () => this.drawTyping());
    outbox.addEventListener("outbox", () => this.draw());
    for (const name of ["focus", "visibilitychange"]) addEventListener(name, () => this.look(), { capture: true });
    const sizes = new ResizeObserver(() => this.onSize());
    sizes.observe(this);
    sizes.observe(this.all);
    this.draw();
  }

  /** What grows (a keyboard, a longer draft, a picture that has come) must neither hide the last words nor move others. */
  onSize() {
    const isWidth = this.width !== this.clientWidth;
    this.height = this.clientHeight;
    this.width = this.clientWidth;
    if (!this.store?.talk || !this.clientHeight) return;
    this.window?.resized(isWidth, this.stuck);
    this.beginAtUnread();
    this.look();
  }

  onScroll() {
    if (this.clientHeight !== this.height || this.pending || !this.clientHeight) return;
    this.stuck = this.isNearEnd();
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      if (!this.clientHeight) return;
      this.stuck = this.isNearEnd();
      this.window?.scrolled();
      this.look();
      void this.fetchAhead();
    });
  }

  isNearEnd() {
    return !this.said.isApart && this.scrollHeight - this.scrollTop - this.clientHeight < NEAR;
  }

  toEnd() {
    const { talk, story } = this.store ?? {};
    this.stuck = true;
    if (this.said.isApart) this.said.leave();
    if (talk) this.drawAll(talk, story ?? null, true);
    this.drawNew();
    this.look();
  }

  /** Go where the conversation began. */
  async toStart() {
    if (this.said.hasOlder) {
      const found = await this.fetchStretch("after=0");
      if (!found) return;
      this.said.hold(found);
    }
    this.stuck = false;
    this.redraw();
    this.scrollTop = 0;
    this.window?.scrolled();
  }

  /** Home and End are those of the conversation, however much of it is here. @param {KeyboardEvent} event */
  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !["Home", "End"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "End") this.toEnd();
    else void this.toStart();
  }

  /** Go to the message before or after the one that has the focus, or that stands first in sight. @param {number} step */
  stepMessage(step) {
    const { window } = this;
    if (!window || !this.store?.talk) return;
    const active = [...(this.all?.children ?? [])].find((child) => child.contains(document.activeElement));
    const here = /** @type {HTMLElement | undefined} */ (active)?.dataset.key ?? window.seen()?.key;
    const stops = window.items.filter((one) => one.key.startsWith("message "));
    const at = window.items.findIndex((one) => one.key === here);
    const place = (/** @type {string} */ key) => window.items.findIndex((one) => one.key === key);
    const next = step < 0 ? stops.filter((one) => place(one.key) < at).at(-1) : stops.find((one) => place(one.key) > at || (!active && place(one.key) === at));
    if (next) this.focusOn(next.key, step < 0 ? 0.2 : 0.5);
    void this.fetchAhead();
  }

  /** @param {string} key @param {number} share @returns {HTMLElement | null} */
  focusOn(key, share) {
    const found = this.window?.elementOf(key);
    const { top, bottom } = found?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
    const box = this.getBoundingClientRect();
    this.stuck = false;
    const element = top >= box.top && bottom <= box.bottom ? found : this.window?.reveal(key, share);
    if (!element) return null;
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    this.stuck = this.isNearEnd();
    return element;
  }

  /** @param {any} [event] */
  draw(event) {
    const { talk, story } = /** @type {import("./store.js").DeskStore} */ (this.store);
    if (!this.all) return;
    if (!talk) return void (this.caseId = 0);
    const another = talk.case.id !== this.caseId;
    if (another) this.begin(talk);
    else this.said.follow(talk, !this.stuck);
    if (event?.kind === "conversations.messages_seen") this.said.seen(event);
    const byMe = event?.by?.kind === "person" && event.by.id === this.store?.desk.me.id;
    const isNew = event?.kind === "conversations.message_added";
    if (isNew) this.hear(event, byMe);
    if (byMe && this.said.isApart) this.said.leave();
    this.stuck = another || byMe || this.stuck;
    this.drawHand(another);
    this.drawAll(talk, story, this.stuck);
    this.drawTyping();
    if (this.stuck) this.scrollTop = this.scrollHeight;
    this.beginAtUnread();
    this.drawNew();
    this.look();
    if (event?.kind === "again" && this.said.held.length) void this.readAgain();
    requestAnimationFrame(() => void this.fetchAhead());
  }

  /** Begin with another case, at what nobody has read yet. @param {State} talk */
  begin(talk) {
    this.caseId = talk.case.id;
    this.said.begin(talk);
    this.window?.clear();
    this.newCount = 0;
    this.fetching = false;
    this.drawMore("");
    const contact = contactInFocus(talk, this.store?.desk ?? {});
    const isOurs = contact && isInIt(this.store?.desk ?? {}, contact);
    const unread = isOurs ? this.said.rows.filter((one) => one.contact_id === contact.contact_id && one.author_kind === "customer" && !one.read_at) : [];
    this.unreadFrom = unread[0]?.id ?? 0;
    this.isUnreadSeen = this.isBegun = false;
  }

  /** More unread than fit into the sight are read from their beginning, once there is something to see. */
  beginAtUnread() {
    if (this.isBegun || !this.clientHeight) return;
    this.isBegun = true;
    const marked = this.unreadFrom ? this.window?.elementOf("unread") : null;
    const isAbove = this.unreadFrom && (!marked || marked.getBoundingClientRect().top < this.getBoundingClientRect().top);
    if (!isAbove) return;
    this.stuck = false;
    this.window?.reveal("unread", 0.1);
    this.stuck = this.isNearEnd();
    this.newCount = this.said.rows.filter((one) => one.id >= this.unreadFrom && one.author_kind === "customer").length;
    this.drawNew();
  }

  /** Something was said while the page is open. @param {any} event @param {boolean} byMe */
  hear({ body }, byMe) {
    if (byMe) {
      this.unreadFrom = this.newCount = 0;
      return;
    }
    const isLooked = this.stuck && this.isLooked();
    if (!isLooked && body.author_kind === "customer" && (!this.unreadFrom || this.isUnreadSeen)) {
      this.unreadFrom = body.message_id;
      this.isUnreadSeen = false;
    }
    if (!this.stuck) this.newCount++;
    const name = body.author_name || this.store?.talk?.case.customer_name || t("unnamed");
    const text = (body.text ?? "").slice(0, READ_OUT);
    if (text) say(body.message_kind === "notice" ? text : t("said", { name, text }));
  }

  isLooked() {
    return !document.hidden && document.hasFocus();
  }

  /** What stands at the end has been seen: the mark stays until something else comes unseen. */
  look() {
    if (!this.stuck || !this.isLooked() || !this.clientHeight) return;
    this.isUnreadSeen = true;
    if (this.newCount) {
      this.newCount = 0;
      this.drawNew();
    }
    this.dispatchEvent(new CustomEvent("looked"));
  }

  /** How much came below while something else is looked at, and the way there. */
  drawNew() {
    const below = /** @type {HTMLElement} */ (this.newBelow);
    below.hidden = this.stuck || (!this.newCount && !this.said.isApart);
    const words = this.newCount ? t("n_new_below", { n: this.newCount }) : t("to_the_end");
    if (below.dataset.look === words) return;
    below.dataset.look = words;
    fillWith(below, icon("chevron-down"), words);
  }

  redraw() {
    const { talk, story } = /** @type {import("./store.js").DeskStore} */ (this.store);
    if (talk) this.drawAll(talk, story, this.stuck);
    this.drawNew();
  }

  /** @param {State} talk @param {State | null} story @param {boolean} atEnd */
  drawAll(talk, story, atEnd) {
    this.window?.show(this.items(talk, story), atEnd);
    this.all?.setAttribute("aria-busy", String(this.fetching));
  }

  /** Everything that stands in the conversation, each at its time. @param {State} talk @param {State | null} story */
  items(talk, story) {
    const { desk } = /** @type {import("./store.js").DeskStore} */ (this.store);
    const isTail = !this.said.isApart;
    const leaving = isTail ? (this.outbox?.of(talk.case.id).filter((one) => !this.outbox?.isShown(one)) ?? []) : [];
    const outgoing = isTail ? (this.outgoing?.of(talk) ?? []) : [];
    const questions = Object.values(talk.consultations).filter((one) => this.said.spans(one.asked_at));
    const parts = [...thread(this.said.rows, this.said.lines(story?.lines ?? []), questions), ...outgoing.map((item) => ({ type: "outgoing", at: item.made_at, item })), ...leaving.map((item) => ({ type: "leaving", at: item.at, item }))];
    /** @type {import("./thread-window.js").Item[]} */
    const items = [];
    // One day needs no heading, unless it is long ago.
    let day = parts.length && dayOf(parts[0].at) === dayOf(now()) ? dayOf(now()) : "";
    let author = "";
    for (const { type, at, item } of parts) {
      if (dayOf(at) !== day) {
        day = dayOf(at);
        author = "";
        items.push({ key: `day ${day}`, look: () => dayWords(at), make: () => h("p", { class: "event day" }, h("span", { text: dayWords(at) })) });
      }
      if (type === "message" && item.id === this.unreadFrom) {
        author = "";
        items.push({ key: "unread", look: () => "", make: () => h("p", { class: "event unread", role: "separator", "aria-label": t("unread_from_here") }, h("span", { text: t("unread_from_here") })) });
      }
      const follows = type === "message" && item.kind === "reply" && author === `${item.author_kind} ${item.author_name}`;
      author = type === "message" && item.kind === "reply" ? `${item.author_kind} ${item.author_name}` : "";
      const make = () => (type === "line" ? this.line(item) : type === "question" ? questionCard(item, desk, /** @type {any} */ (this.acts)?.question) : type === "outgoing" ? /** @type {HTMLElement} */ (this.outgoing?.draw(item)) : type === "leaving" ? this.leavingMessage(item) : this.message(item, follows));
      items.push({ key: `${type} ${item.id ?? item.key}`, look: () => JSON.stringify([item, follows, item.kind === "note" ? answerOf(talk, item) : null]), make });
    }
    return items;
  }

  // More of the conversation

  /** Fetch what comes next, before a hand gets there. */
  async fetchAhead() {
    const { said } = this;
    if (this.fetching || !this.clientHeight || !this.store?.talk) return;
    const below = this.scrollHeight - this.scrollTop - this.clientHeight;
    const way = said.hasOlder && this.scrollTop < AHEAD ? "before" : said.isApart && below < AHEAD ? "after" : "";
    const from = way === "before" ? said.rows[0]?.id : said.held.at(-1)?.id;
    if (!way || !from) return;
    const found = await this.fetchStretch(`${way}=${from}`);
    // Meanwhile somebody may have gone to another place.
    const isThere = (way === "before" ? said.rows[0] : said.isApart && said.held.at(-1))?.id === from;
    if (!found || !isThere) return;
    if (way === "before") said.putBefore(found);
    else said.putAfter(found);
    this.redraw();
    void this.fetchAhead();
  }

  /** A stretch of this case, or null when it could not be had, or when another case is open by now. @param {string} asked @returns {Promise<import("./said.js").Stretch | null>} */
  async fetchStretch(asked) {
    const { caseId } = this;
    this.fetching = true;
    this.drawMore("");
    try {
      const found = await this.store?.fetch(`cases/${caseId}/said?${asked}`);
      this.fetching = false;
      if (caseId !== this.caseId) return null;
      this.drawMore("");
      return found;
    } catch (error) {
      if (caseId === this.caseId) this.drawMore(error instanceof Error ? error.message : String(error));
      // A hand asks again; scrolling would ask without end while the connection is lost.
      return null;
    }
  }

  /** What went wrong while more was fetched, and the way to try again. @param {string} problem */
  drawMore(problem) {
    const again = () => ((this.fetching = false), this.drawMore(""), void this.fetchAhead());
    fillWith(/** @type {HTMLElement} */ (this.more), problem ? h("span", { class: "s soft", text: problem }) : null, problem ? " " : null, problem ? button(t("try_again"), { class: "btn btn-s", act: again }) : null);
  }

  /** The conversation was fetched anew: what was read back to may have changed, too. */
  async readAgain() {
    const place = this.window?.place;
    const near = place ? this.said.rows.find((one) => `message ${one.id}` === place.key) : null;
    if (this.stuck || !near) return void (this.said.leave(), this.redraw());
    const found = await this.fetchStretch(`around=${near.id}`);
    if (!found) return;
    this.said.hold(found);
    this.redraw();
  }

  /** Bring a message into sight, however long ago it was said; returns whether it is there. @param {number} messageId @param {{focus?: boolean}} [options] */
  async showMessage(messageId, { focus = true } = {}) {
    if (!this.said.has(messageId)) {
      const found = await this.fetchStretch(`around=${messageId}`);
      if (!found) return false;
      if (!(String(messageId) in found.messages)) return (toast(t("message_not_here")), false);
      this.said.hold(found);
    }
    this.stuck = false;
    this.redraw();
    const found = this.window?.reveal(`message ${messageId}`, 0.35);
    if (!found) return false;
    this.stuck = this.isNearEnd();
    this.drawNew();
    found.tabIndex = -1;
    if (focus) found.focus({ preventScroll: true });
    found.classList.add("is-found");
    setTimeout(() => found.classList.remove("is-found"), 4000);
    void this.fetchAhead();
    return true;
  }

  /** @param {State} line */
  line(line) {
    return h("p", { class: "event" }, h("span", {}, clockMark(line.at), " · ", line.text));
  }

  /** @param {State} message @param {boolean} follows the one before is by the same author */
  message(message, follows) {
    if (message.kind === "note") return this.note(message);
    if (message.kind === "notice") return h("p", { class: "event", lang: langOf(message.text) }, h("span", {}, clockMark(message.at), " · ", message.text));
    const ours = message.author_kind === "person";
    return h(
      "article",
      { class: `msg${ours ? " ours" : ""}${follows ? " follows" : ""}` },
      h("header", {}, h("b", {}, named(message.author_name || t("unnamed"))), clockMark(message.at), ours ? this.mark(message) : null),
      message.text ? h("div", { class: "body", lang: langOf(message.text) }, ...dress(message.text, !ours)) : null,
      this.files(message.attachments),
    );
  }

  /** Whether the customer has it, and has read it. @param {State} message */
  mark(message) {
    if (message.read_at) return h("span", { class: "row row-tight", title: clockTime(message.read_at) }, icon("check-check"), t("read"));
    if (message.delivered_at) return h("span", { class: "row row-tight" }, icon("check"), t("delivered"));
    return h("span", { class: "row row-tight" }, icon("check"), t("sent"));
  }

  /** @param {State} message */
  note(message) {
    const asked = answerOf(/** @type {State} */ (this.store?.talk), message);
    return h(
      "article",
      { class: `msg note${asked ? " is-answer" : ""}` },
      h("header", {}, h("span", { class: "note-mark" }, icon(asked ? "lightbulb" : "note"), h("span", {}, t(asked ? "expert_answer" : "internal_note"), h("span", { class: "wide", text: ` · ${t("customer_never_sees")}` }))), h("span", { class: "push" }, named(message.author_name), " ", clockMark(message.at))),
      asked ? h("p", { class: "asked-for s soft", lang: langOf(asked.question), text: asked.question }) : null,
      message.text ? h("div", { class: "body", lang: langOf(message.text) }, ...dress(message.text)) : null,
      this.files(message.attachments),
      asked ? makeArticle(asked, /** @type {State} */ (this.store?.desk)) : null,
    );
  }

  /** @param {State} leaving */
  leavingMessage(leaving) {
    const failed = leaving.state === "failed";
    const status = failed
      ? h("p", { class: "after is-late", role: "alert" }, icon("triangle-alert"), " ", leaving.problem || t("not_sent"), " ", h("button", { class: "btn-link", type: "button", text: t("try_again"), on: { click: () => this.acts?.retry(leaving.key) } }), " ", h("button", { class: "btn-link", type: "button", text: t("back_to_field"), on: { click: () => this.acts?.edit(leaving.key) } }))
      : h("p", { class: "after" }, leaving.state === "waiting" ? t("goes_by_itself") : t("sending"));
    const note = leaving.kind === "note";
    return h(
      "article",
      { class: `msg ${note ? "note" : "ours"} ${failed ? "is-failed" : "is-sending"}` },
      h("header", {}, note ? h("span", { class: "note-mark" }, icon("note"), t("internal_note")) : h("b", {}, named(this.store?.desk.me.name ?? "")), clockMark(leaving.at)),
      leaving.text ? h("div", { class: "body", lang: langOf(leaving.text) }, ...dress(leaving.text)) : null,
      this.files(leaving.files),
      status,
    );
  }

  /** @param {State[]} files */
  files(files) {
    if (!files?.length) return null;
    return h("div", { class: "files" }, ...files.map((file) => h("a", { class: "file", href: `/files/${file.token}`, target: "_blank", rel: "noopener" }, this.picture(file) ?? icon("file"), h("span", { class: "clip", text: file.name }))));
  }

  /** @param {State} file */
  picture(file) {
    return file.media_type.startsWith("image/") ? h("img", { src: `/files/${file.token}`, alt: "", loading: "lazy" }) : null;
  }

  /** @param {boolean} another */
  drawHand(another) {
    const { talk, desk } = /** @type {import("./store.js").DeskStore} */ (this.store);
    const cards = Object.values(talk?.handovers ?? {}).sort((one, other) => (one.at < other.at ? -1 : 1));
    const card = cards.length && talk ? (lastHandover(talk, { contact_id: cards.at(-1)?.contact_id }) ?? null) : null;
    const look = JSON.stringify(card);
    const hand = /** @type {HTMLElement} */ (this.hand);
    if (hand.dataset.look === look && !another) return;
    hand.dataset.look = look;
    if (!card) return fillWith(hand);
    const accepted = card.accepted_by_id ? (card.accepted_by_id === desk.me.id ? t("you_accepted", { time: clockTime(card.accepted_at) }) : t("name_accepted", { name: card.accepted_by_name, time: clockTime(card.accepted_at) })) : "";
    const parts = [["hand_wants", card.wants], ["hand_promised", card.promised], ["hand_tried", card.tried], ["hand_do_not_ask", card.do_not_ask]].filter(([, text]) => text);
    const details = h(
      "details",
      { class: "hand" },
      h("summary", {}, icon("hand-over"), h("b", { class: "strong" }, t("handed_over_by", { name: card.from_name })), timeMark(card.at, "xs quiet"), accepted ? h("span", { class: "push" }, mark("check", accepted, "kept")) : null),
      h("dl", {}, ...parts.map(([name, text]) => h("div", {}, h("dt", { text: t(name) }), h("dd", { class: "kept-lines", lang: langOf(text), text })))),
    );
    if (matchMedia("(min-width: 60.01rem)").matches || card.accepted_by_id === desk.me.id) details.setAttribute("open", "");
    fillWith(hand, details);
  }

  drawTyping() {
    const typing = [...(this.store?.others.values() ?? [])].filter((one) => one.kind === "typing");
    const customer = typing.find((one) => one.side === "customer");
    const colleague = typing.find((one) => one.side === "person");
    const name = this.store?.talk?.case.customer_name || t("the_customer");
    const text = customer ? t("is_typing", { name }) : colleague ? t(colleague.what === "note" ? "writes_note" : "is_replying", { name: colleague.name }) : "";
    const line = /** @type {HTMLElement} */ (this.typing);
    if (line.textContent === text) return;
    fillWith(line, text ? icon("pencil") : null, text);
    if (this.stuck) this.scrollTop = this.scrollHeight;
  }
}

customElements.define("thread-view", ThreadView);
