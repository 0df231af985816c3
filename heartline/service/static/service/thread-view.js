/** What was said and what happened, in one order; messages on their way at the end. */

import { dress } from "../ui/markup.js";
import { now } from "../ui/time.js";
import { fillWith, h, icon, keyed, mark } from "./dom.js";
import { answerOf, makeArticle, questionCard } from "./experts.js";
import { OutgoingReplies } from "./outgoing.js";
import { lastHandover, thread } from "./selectors.js";
import { clockMark, clockTime, dayOf, dayWords, langOf, named, t, timeMark } from "./text.js";

/** @typedef {Record<string, any>} State */

/** Near enough to the end to go along with what is new. */
const NEAR = 80;
/** How many of the last things said are always laid out, so that the end is where it seems. */
const NEAR_END = 60;

/** Put other things among what was said, each at its time. @param {State[]} said @param {State[]} others */
function among(said, others) {
  const first = said[0]?.at ?? "";
  return [...said, ...others.filter((one) => one.at >= first || said.length < 200)].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

export class ThreadView extends HTMLElement {
  /** Older messages that were asked for. @type {State[]} */
  earlier = [];
  hasEarlier = false;
  caseId = 0;

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
    this.older = h("div", { class: "older" });
    this.hand = h("div");
    this.all = h("div", { class: "said" });
    this.typing = h("p", { class: "typing", "aria-hidden": "true" });
    this.newBelow = h("button", { class: "btn btn-s new-below", type: "button", hidden: true, on: { click: () => this.toEnd() } }, icon("chevron-down"), t("new_below"));
    this.append(this.hand, this.older, this.all, this.typing, this.newBelow);
    // Only a hand scrolls away from the end; when the field below grows, what was at the end stays there.
    this.addEventListener("scroll", () => this.onScroll(), { passive: true });
    for (const name of ["talk", "story"]) store.addEventListener(name, (event) => this.draw(/** @type {CustomEvent} */ (event).detail));
    store.addEventListener("others", () => this.drawTyping());
    outbox.addEventListener("outbox", () => this.draw());
    // What grows below (a keyboard, a longer draft) must not hide the last words.
    new ResizeObserver(() => {
      this.height = this.clientHeight;
      if (this.stuck) this.toEnd();
    }).observe(this);
    this.draw();
  }

  onScroll() {
    if (this.clientHeight !== this.height) return;
    if (this.isNearEnd() && this.newBelow) this.newBelow.hidden = true;
  }

  isNearEnd() {
    this.stuck = this.scrollHeight - this.scrollTop - this.clientHeight < NEAR;
    return this.stuck;
  }

  toEnd() {
    this.scrollTop = this.scrollHeight;
    this.stuck = true;
    if (this.newBelow) this.newBelow.hidden = true;
  }

  /** @param {any} [event] */
  draw(event) {
    const { talk, story } = /** @type {import("./store.js").DeskStore} */ (this.store);
    if (!talk || !this.all) return;
    const another = talk.case.id !== this.caseId;
    if (another) {
      this.caseId = talk.case.id;
      this.earlier = [];
      this.hasEarlier = Object.keys(talk.messages).length >= 200;
    }
    const near = another || this.stuck !== false;
    this.drawHand(another);
    this.drawOlder();
    this.drawAll(talk, story);
    this.drawTyping();
    const byMe = event?.by?.kind === "person" && event.by.id === this.store?.desk.me.id;
    if (near || byMe) this.toEnd();
    else if (event?.kind === "conversations.message_added" && this.newBelow) this.newBelow.hidden = false;
  }

  /** @param {State} talk @param {State | null} story */
  drawAll(talk, story) {
    const { desk } = /** @type {import("./store.js").DeskStore} */ (this.store);
    const leaving = this.outbox?.of(talk.case.id).filter((one) => !this.outbox?.isShown(one)) ?? [];
    const outgoing = this.outgoing?.of(talk) ?? [];
    const questions = Object.values(talk.consultations).map((item) => ({ type: "question", at: item.asked_at, item }));
    const parts = [...among(thread(talk, story?.lines ?? [], this.earlier), questions), ...outgoing.map((item) => ({ type: "outgoing", at: item.made_at, item })), ...leaving.map((item) => ({ type: "leaving", at: item.at, item }))];
    /** @type {{key: string, look: string, make: () => HTMLElement}[]} */
    const items = [];
    // One day needs no heading, unless it is long ago.
    let day = parts.length && dayOf(parts[0].at) === dayOf(now()) ? dayOf(now()) : "";
    let author = "";
    for (const { type, at, item } of parts) {
      if (dayOf(at) !== day) {
        day = dayOf(at);
        author = "";
        items.push({ key: `day ${day}`, look: dayWords(at), make: () => h("p", { class: "event day" }, h("span", { text: dayWords(at) })) });
      }
      const follows = type === "message" && item.kind === "reply" && author === `${item.author_kind} ${item.author_name}`;
      author = type === "message" && item.kind === "reply" ? `${item.author_kind} ${item.author_name}` : "";
      const make = () => (type === "line" ? this.line(item) : type === "question" ? questionCard(item, desk, this.acts?.question) : type === "outgoing" ? /** @type {HTMLElement} */ (this.outgoing?.draw(item)) : type === "leaving" ? this.leavingMessage(item) : this.message(item, follows));
      items.push({ key: `${type} ${item.id ?? item.key}`, look: JSON.stringify([item, follows, item.kind === "note" ? answerOf(talk, item) : null]), make });
    }
    keyed(/** @type {HTMLElement} */ (this.all), items, (one) => one.key, (one) => one.look, (one) => one.make());
    this.restFar();
  }

  /** What is far above is neither laid out nor painted until it comes near; it can still be searched and read aloud. */
  restFar() {
    const all = /** @type {HTMLElement} */ (this.all).children;
    const near = all.length - NEAR_END;
    for (let index = 0; index < all.length; index++) all[index].classList.toggle("is-far", index < near);
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

  drawOlder() {
    const older = /** @type {HTMLElement} */ (this.older);
    older.hidden = !this.hasEarlier;
    if (this.hasEarlier && !older.firstChild) older.append(h("button", { class: "btn btn-s btn-plain", type: "button", text: t("earlier_messages"), on: { click: () => void this.fetchEarlier() } }));
  }

  async fetchEarlier() {
    const first = this.earlier[0]?.id ?? Math.min(...Object.keys(this.store?.talk?.messages ?? {}).map(Number));
    const height = this.scrollHeight;
    const { messages } = await this.store?.fetch(`cases/${this.caseId}/messages-before/${first}`);
    const rows = Object.values(messages).sort((one, other) => one.id - other.id);
    this.earlier = [...rows, ...this.earlier];
    this.hasEarlier = rows.length >= 200;
    this.stuck = false;
    this.draw();
    this.scrollTop += this.scrollHeight - height;
  }

  /** Bring a message into sight, however long ago it was said. @param {number} messageId */
  async showMessage(messageId) {
    const find = () => /** @type {HTMLElement | null} */ (this.all?.querySelector(`[data-key="message ${messageId}"]`));
    while (!find() && this.hasEarlier && (this.earlier[0]?.id ?? Infinity) > messageId) await this.fetchEarlier();
    const found = find();
    if (!found) return;
    this.stuck = false;
    found.tabIndex = -1;
    found.scrollIntoView({ block: "center" });
    found.focus({ preventScroll: true });
    found.classList.add("is-found");
    setTimeout(() => found.classList.remove("is-found"), 4000);
  }

  drawTyping() {
    const typing = [...(this.store?.others.values() ?? [])].filter((one) => one.kind === "typing");
    const customer = typing.find((one) => one.side === "customer");
    const colleague = typing.find((one) => one.side === "person");
    const name = this.store?.talk?.case.customer_name || t("the_customer");
    const text = customer ? t("is_typing", { name }) : colleague ? t(colleague.what === "note" ? "writes_note" : "is_replying", { name: colleague.name }) : "";
    const line = /** @type {HTMLElement} */ (this.typing);
    if (line.textContent === text) return;
    const near = this.stuck !== false;
    fillWith(line, text ? icon("pencil") : null, text);
    if (near) this.toEnd();
  }
}

customElements.define("thread-view", ThreadView);
