/** Questions to experts: asking one, what has become of it in the conversation, and the list of one's own that tells of answers. */

import { fillWith, button, h, icon, mark } from "./dom.js";
import { ask } from "./dialogs.js";
import { announceAnswer } from "./notify.js";
import { clockMark, dayTime, dueTime, isNear, langOf, named, readerCode, t } from "./text.js";
import { send } from "../ui/http.js";
import { say, toast } from "../ui/toast.js";

/** @typedef {Record<string, any>} State */
/** @typedef {import("./store.js").DeskStore} DeskStore */
/** @typedef {{withdraw: (card: State) => void, giveOn: (card: State) => void, change: (card: State) => void}} QuestionActs */

const OPEN = ["asked", "accepted"];

/** Ask an expert from the open contact. @param {DeskStore} store @param {State} contact */
export async function askExpert(store, contact) {
  const found = await store.fetch(`contacts/${contact.contact_id}/experts`);
  /** @type {[string, string][]} */
  const whom = [
    ...found.skills.map((/** @type {State} */ one) => [`skill:${one.id}`, t("whoever_knows", { skill: one.name })]),
    ...found.people.map((/** @type {State} */ one) => [`person:${one.id}`, t("person_state", { name: one.name, state: one.standing })]),
  ];
  if (!whom.length) return void toast(t("no_experts"));
  /** @param {HTMLFormElement} form */
  const shape = (form) => {
    const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
    const [who, level, due] = [field("whom"), field("level"), field("due_at")];
    due.type = "datetime-local";
    field("question").maxLength = 2000;
    const told = h("p", { class: "hint", role: "status" });
    who.closest(".field")?.append(told);
    let wasDue = "";
    const follow = () => {
      const skill = found.skills.find((/** @type {State} */ one) => `skill:${one.id}` === who.value);
      /** @type {HTMLElement} */ (level.closest(".field")).hidden = !skill;
      const free = skill?.free[Number(level.value) - 1] ?? 0;
      told.textContent = skill ? t(free ? "n_can_be_asked" : "none_can_be_asked", { n: free }) : t("asked_by_name");
      const usual = skill?.due_at ?? found.due_at;
      if (!due.value || due.value === wasDue) due.value = usual;
      wasDue = usual;
    };
    who.addEventListener("change", follow);
    level.addEventListener("change", follow);
    follow();
    const let_ = h("label", { class: "check" }, h("input", { type: "checkbox", name: "may_reply" }), h("span", { text: t("may_reply") }));
    form.querySelector(".stack-l")?.append(let_);
  };
  let name = "";
  const sent = await ask({
    heading: t("ask_expert"),
    words: t("ask_expert_words"),
    act: t("ask_expert"),
    shape,
    fields: [
      { name: "whom", label: t("ask_whom"), kind: "select", options: whom },
      { name: "level", label: t("at_level"), kind: "select", options: [1, 2, 3, 4, 5].map((one) => [String(one), t("level_of_5", { n: one })]), value: "1" },
      { name: "question", label: t("your_question"), kind: "area", rows: 4, hint: t("question_hint") },
      { name: "due_at", label: t("answer_by"), hint: t("answer_by_hint") },
    ],
    send: async (values) => {
      const [kind, id] = values.whom.split(":");
      const body = { question: values.question, level: kind === "skill" ? Number(values.level) : 1, language: found.language, due_at: values.due_at, may_reply: "may_reply" in values, [kind]: Number(id) };
      ({ name } = await store.post(`contacts/${contact.contact_id}/experts`, body));
    },
  });
  if (sent) toast(name ? t("name_is_asked", { name }) : t("nobody_free_yet"));
  return sent;
}

/** What one may do with a question that is open. @param {DeskStore} store @param {(act: () => Promise<unknown>) => Promise<unknown>} attempt @returns {QuestionActs} */
export function questionActs(store, attempt) {
  return {
    withdraw: (card) => void attempt(async () => (await steerQuestion(card, { act: "withdraw" }), toast(t("question_was_withdrawn")))),
    giveOn: (card) => void attempt(() => giveOn(store, card)),
    change: (card) => void attempt(() => changeQuestion(card)),
  };
}

/** @param {State} card @param {State} body */
function steerQuestion(card, body) {
  return send(`/experts/api/consultations/${card.id}/steer`, body);
}

/** @param {DeskStore} store @param {State} card */
async function giveOn(store, card) {
  const { people } = await store.fetch(`contacts/${card.contact_id}/experts`);
  const others = people.filter((/** @type {State} */ one) => one.id !== card.person_id);
  /** @type {[string, string][]} */
  const options = [...(card.skill_en ? [/** @type {[string, string]} */ (["", t("whoever_is_next")])] : []), ...others.map((/** @type {State} */ one) => [String(one.id), t("person_state", { name: one.name, state: one.standing })])];
  let name = "";
  const sent = await ask({
    heading: t("ask_another"),
    words: card.question,
    act: t("ask_another"),
    fields: [{ name: "person", label: t("ask_whom"), kind: "select", options }],
    send: async (values) => ({ name } = await steerQuestion(card, { act: "give_on", person: values.person ? Number(values.person) : null })),
  });
  if (sent) toast(name ? t("name_is_asked", { name }) : t("nobody_free_yet"));
}

/** @param {State} card */
async function changeQuestion(card) {
  /** @param {HTMLFormElement} form */
  const shape = (form) => {
    const due = /** @type {HTMLInputElement} */ (form.elements.namedItem("due_at"));
    due.type = "datetime-local";
    form.querySelector(".stack-l")?.append(h("label", { class: "check" }, h("input", { type: "checkbox", name: "may_reply", checked: card.may_reply }), h("span", { text: t("may_reply") })));
  };
  const sent = await ask({
    heading: t("change_question"),
    words: t("due_is", { when: dayTime(card.due_at) }),
    act: t("save"),
    shape,
    fields: [{ name: "due_at", label: t("answer_by"), hint: t("empty_stays") }],
    send: (values) => steerQuestion(card, { act: "change", due_at: values.due_at, may_reply: "may_reply" in values }),
  });
  if (sent) toast(t("question_changed"));
}

/** The question whose answer a note is. @param {State} talk @param {State} message */
export function answerOf(talk, message) {
  return Object.values(talk.consultations).find((card) => card.note_id === message.id) ?? null;
}

/** One click makes a draft article of an answer, in a page of its own: what is typed here stays. @param {State} card @param {State} desk */
export function makeArticle(card, desk) {
  if (!desk.me.rights.includes("knowledge.write")) return null;
  const token = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"))?.value ?? "";
  return h("form", { class: "after", method: "post", action: `/knowledge/from-answer/${card.id}/`, target: "_blank", rel: "noopener", "data-guard": "off" }, h("input", { type: "hidden", name: "csrfmiddlewaretoken", value: token }), h("button", { class: "btn-link", type: "submit" }, icon("book-open"), " ", t("make_article")));
}

/** @param {State} card */
function skillOf(card) {
  return (readerCode() === "zh-hans" && card.skill_zh) || card.skill_en;
}

/** A question in the conversation, with how it stands. @param {State} card @param {State} desk @param {QuestionActs | undefined} acts */
export function questionCard(card, desk, acts) {
  const isOpen = OPEN.includes(card.state);
  const steers = isOpen && acts && desk.me.rights.includes("contact.serve");
  const who = card.answered_by_name || card.person_name;
  const state = card.state === "asked" ? (who ? t("question_asked_of", { name: who }) : t("question_waits")) : t(`question_${card.state}`, { name: who });
  const due = isOpen ? mark(card.is_late || isNear(card.due_at) ? "wait" : "clock", t(card.is_late ? "answer_late" : "answer_due", { when: dueTime(card.due_at) }), card.is_late ? "late" : isNear(card.due_at) ? "waiting" : "") : null;
  return h(
    "article",
    { class: "question-card", id: `question-${card.id}` },
    h("header", {}, h("span", { class: "row row-tight" }, icon("note"), icon("circle-question-mark"), h("b", {}, named(card.asked_by_name || t("a_colleague")), " ", t("asks_expert"))), h("span", { class: "push quiet" }, skillOf(card) ? [skillOf(card), " "] : null, clockMark(card.asked_at))),
    h("p", { class: "body kept-lines", lang: langOf(card.question), text: card.question }),
    h("p", { class: "s row row-base wrap" }, h("span", { class: "row row-tight" }, icon(card.state === "answered" ? "check" : isOpen ? "wait" : "info"), state), due, steers ? h("span", { class: "push row row-base" }, button(t("ask_another"), { class: "btn-link", act: () => acts.giveOn(card) }), button(t("change_plan"), { class: "btn-link", act: () => acts.change(card) }), button(t("withdraw"), { class: "btn-link", act: () => acts.withdraw(card) })) : null),
  );
}

/** One's own questions: a button with a count of answers, and a menu that leads to them. */
export class QuestionList extends HTMLElement {
  /** @param {DeskStore} store @param {{open: (caseId: number) => void, openMessage: (caseId: number, messageId: number) => void}} acts */
  connect(store, acts) {
    this.store = store;
    this.acts = acts;
    this.count = h("span", { class: "count count-on", "aria-hidden": "true" });
    this.summary = h("summary", { class: "btn btn-s btn-plain" }, icon("lightbulb"), this.count);
    this.menu = h("div", { class: "menu mentions" });
    this.box = h("details", { class: "menu-at" }, this.summary, this.menu);
    this.append(this.box);
    store.addEventListener("desk", (event) => this.happened(/** @type {CustomEvent} */ (event).detail));
    for (const name of ["talk", "tick"]) store.addEventListener(name, () => this.seeOpen());
    for (const name of ["focus", "visibilitychange"]) addEventListener(name, () => this.seeOpen());
    this.draw();
    this.seeOpen();
  }

  /** @param {any} event */
  happened(event) {
    this.draw();
    if (event?.kind !== "conversations.consultation_changed" || event.body.asked_by_id !== this.store?.desk.me.id) return;
    const { how, consultation: card } = event.body;
    if (card && ["answered", "late", "waits", "taken_over"].includes(how)) this.tell(card, how);
    this.seeOpen();
  }

  /** @param {State} card @param {string} how */
  tell(card, how) {
    const store = /** @type {DeskStore} */ (this.store);
    const words = t(`told_${how}`, { name: card.answered_by_name || card.person_name || t("a_colleague") });
    announceAnswer(store, words, how === "answered" ? card.answer : card.question, `question-${card.id}-${how}`, () => this.go(card));
    say(words);
    if (store.talk?.case.id !== card.case_id) toast(words);
  }

  draw() {
    const rows = Object.values(this.store?.desk.questions ?? {}).sort((one, other) => (one.due_at < other.due_at ? -1 : 1));
    const look = JSON.stringify(rows);
    if (this.dataset.look === look || !this.count || !this.summary || !this.menu) return;
    this.dataset.look = look;
    const answered = rows.filter((one) => !OPEN.includes(one.state));
    this.hidden = !rows.length;
    this.count.hidden = !answered.length;
    this.count.textContent = String(answered.length);
    const words = answered.length ? t("n_answers", { n: answered.length }) : t("n_questions", { n: rows.length });
    for (const name of ["aria-label", "title"]) this.summary.setAttribute(name, words);
    fillWith(this.menu, h("p", { class: "menu-title", text: words }), ...[...answered, ...rows.filter((one) => OPEN.includes(one.state))].map((card) => this.entry(card)), h("a", { href: "/experts/?view=asked", text: t("all_my_questions") }));
  }

  /** @param {State} card */
  entry(card) {
    const isOpen = OPEN.includes(card.state);
    const go = (/** @type {Event} */ event) => (event.preventDefault(), this.box?.removeAttribute("open"), this.go(card));
    const who = card.answered_by_name || card.person_name;
    return h("a", { href: `/desk/case/${card.case_id}/`, on: { click: go } }, h("span", { class: "grow" }, h("span", { class: "row" }, h("b", { class: "medium" }, who ? named(who) : t("question_waits")), h("span", { class: `xs push nowrap ${card.is_late && isOpen ? "is-late" : "quiet"}`, text: dueTime(isOpen ? card.due_at : card.answered_at ?? card.asked_at) })), h("span", { class: "mention-text s soft", text: card.answer || card.question })));
  }

  /** @param {State} card */
  go(card) {
    if (card.note_id) this.acts?.openMessage(card.case_id, card.note_id);
    else this.acts?.open(card.case_id);
  }

  /** An answer in the case that they look at is seen. */
  seeOpen() {
    const caseId = this.store?.talk?.case.id;
    if (document.hidden || !document.hasFocus()) return;
    for (const card of Object.values(this.store?.desk.questions ?? {})) {
      if (card.case_id === caseId && !OPEN.includes(card.state) && this.seeing !== card.id) {
        this.seeing = card.id;
        void steerQuestion(card, { act: "seen" }).catch(() => (this.seeing = undefined));
      }
    }
  }
}

customElements.define("question-list", QuestionList);
