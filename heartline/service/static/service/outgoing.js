/** Replies that have not gone yet, at the end of the conversation: how long one can take them back, when they go, and what to do about it. */

import { dress } from "../ui/markup.js";
import { now } from "../ui/time.js";
import { ask } from "./dialogs.js";
import { button, fillWith, h, icon } from "./dom.js";
import { called, dayTime, langOf, named, t } from "./text.js";
import { fieldTime, momentOf, nextMorning } from "./zone.js";

/** @typedef {Record<string, any>} State */
/** @typedef {{takeBack: (item: State) => void, attempt: (act: () => Promise<unknown>) => Promise<unknown>, files: (files: State[]) => Node | null}} Acts */

export class OutgoingReplies {
  /** @param {import("./store.js").DeskStore} store @param {Acts} acts */
  constructor(store, acts) {
    this.store = store;
    this.acts = acts;
    setInterval(() => this.count(), 500);
  }

  /** @param {State} talk @returns {State[]} */
  of(talk) {
    return Object.values(talk.outgoing ?? {}).sort((one, other) => one.id - other.id);
  }

  /** @param {State} item */
  draw(item) {
    const held = item.why === "undo" && item.state === "waiting";
    return h(
      "article",
      { class: `msg ours is-held${held ? "" : " is-planned"}`, data: { outgoing: item.id } },
      h("header", {}, h("b", {}, named(item.person_name)), held ? null : h("span", { class: "row row-tight" }, icon("calendar"), t("not_sent_yet"))),
      item.text ? h("div", { class: "body", lang: langOf(item.text) }, ...dress(item.text)) : null,
      this.acts.files(item.attachments),
      h("p", { class: "after" }, ...this.status(item, held), ...this.buttons(item, held)),
    );
  }

  /** @param {State} item @param {boolean} held */
  status(item, held) {
    const after = item.after ? `${t("comma")}${t("and_then", { state: called("case_states", item.after) })}` : "";
    if (item.state === "stopped") return [h("span", { class: "state is-waiting" }, icon("circle-alert"), t("stopped_by_answer")), " "];
    if (item.state === "failed") return [h("span", { class: "state is-late" }, icon("triangle-alert"), t("could_not_go", { why: item.problem })), " "];
    if (held) return [h("span", { class: "num", data: { goes: item.due_at } }, this.seconds(item.due_at)), after, " "];
    const unless = item.stop_if_answered ? `${t("comma")}${t("unless_answered")}` : "";
    return [t("goes_at", { time: dayTime(item.due_at) }), unless, after, " "];
  }

  /** @param {State} item @param {boolean} held */
  buttons(item, held) {
    const { me } = this.store.desk;
    const contact = this.store.talk?.contacts[item.contact_id];
    if (item.person_id !== me.id && contact?.assignee_id !== me.id && !me.rights.includes("contact.reassign")) return [];
    const press = (/** @type {string} */ words, /** @type {() => void} */ act) => h("button", { class: "btn-link", type: "button", text: words, on: { click: act } });
    const back = press(t(held ? "undo_send" : "take_back"), () => this.acts.takeBack(item));
    if (held) return [back];
    const post = (/** @type {string} */ what) => this.acts.attempt(() => this.store.post(`outgoing/${item.id}/${what}`));
    return [press(t("send_now"), () => void post("send-now")), " ", press(t("change_plan"), () => void this.change(item)), " ", back];
  }

  /** @param {string} due */
  seconds(due) {
    const left = Math.ceil((new Date(due).getTime() - now().getTime()) / 1000);
    return left > 0 ? t("goes_in", { n: left }) : t("sending");
  }

  count() {
    for (const place of document.querySelectorAll("[data-goes]")) {
      const words = this.seconds(/** @type {HTMLElement} */ (place).dataset.goes ?? "");
      if (place.textContent !== words) place.textContent = words;
    }
  }

  /** The reader's own reply that can still be taken back, the newest first. */
  lastHeld() {
    const mine = this.of(this.store.talk ?? {}).filter((item) => item.why === "undo" && item.state === "waiting" && item.person_id === this.store.desk.me.id);
    return mine.at(-1) ?? null;
  }

  /** @param {State} item */
  change(item) {
    const plan = planFields(item.due_at, item.stop_if_answered);
    return ask({
      heading: t("change_plan"),
      words: t("in_our_time"),
      act: t("save"),
      fields: [{ name: "text", label: t("reply_to_customer"), kind: "area", value: item.text, rows: 5 }, ...plan.fields],
      shape: plan.shape,
      send: (values) => this.store.post(`outgoing/${item.id}/change`, { text: values.text, version: item.version, ...plan.read(values) }),
    });
  }
}

/** Ask when a reply should go; `send` gets the moment and what an answer before it means. @param {(plan: {due_at: string, stop_if_answered: boolean}) => Promise<unknown>} send */
export function askWhen(send) {
  const plan = planFields("", true);
  return ask({ heading: t("send_later"), words: t("in_our_time"), act: t("send_later"), fields: plan.fields, shape: plan.shape, send: (values) => send(plan.read(values)) });
}

/** @param {string} due @param {boolean} stops */
function planFields(due, stops) {
  const start = due ? fieldTime(new Date(due)) : nextMorning(1);
  /** @type {import("./dialogs.js").Field[]} */
  const fields = [
    { name: "when", label: t("when_it_goes"), value: start },
    { name: "answered", label: t("if_answered"), kind: "select", value: stops ? "stop" : "go", options: [["stop", t("if_answered_stop")], ["go", t("if_answered_go")]] },
  ];
  /** @type {(form: HTMLFormElement) => void} */
  const shape = (form) => {
    const when = /** @type {HTMLInputElement} */ (form.elements.namedItem("when"));
    when.type = "datetime-local";
    when.removeAttribute("lang");
    when.min = fieldTime(now());
    when.value = start;
    const choices = [[t("in_an_hour"), fieldTime(new Date(now().getTime() + 3_600_000))], [t("tomorrow_morning"), nextMorning(1)], [t("next_monday"), nextMorning(0)]];
    const row = h("div", { class: "row wrap plan-times" }, ...choices.map(([words, value]) => button(words, { class: "btn btn-s", act: () => (when.value = value) })));
    when.closest(".field")?.append(row);
  };
  /** @param {Record<string, string>} values */
  const read = (values) => ({ due_at: momentOf(values.when), stop_if_answered: values.answered === "stop" });
  return { fields, shape, read };
}

/** The button that sends, with the ways to send and settle the case in one move. @param {HTMLButtonElement} send @param {(after: string) => void} sendAnd @param {() => void} later */
export function sendMenu(send, sendAnd, later) {
  const menu = h("div", { class: "menu menu-up" });
  const details = h("details", { class: "menu-at send-more" }, h("summary", { class: "btn btn-primary", "aria-label": t("more_ways_to_send"), title: t("more_ways_to_send") }, icon("chevron-down")), menu);
  const entry = (/** @type {string} */ sign, /** @type {string} */ words, /** @type {() => void} */ act) => h("button", { type: "button", on: { click: () => (details.removeAttribute("open"), act()) } }, icon(sign), words);
  fillWith(menu, entry("clock", t("send_and_wait"), () => sendAnd("waiting_customer")), entry("users", t("send_and_ours"), () => sendAnd("waiting_internal")), entry("circle-check", t("send_and_solve"), () => sendAnd("solved")), h("hr"), entry("calendar", t("send_later_more"), later));
  return h("span", { class: "push split to-out" }, send, details);
}
