/** What is done with a case as a whole: each act asks what it must, does it, and can be taken back. */

import { toast } from "../ui/toast.js";
import { askCaseFields } from "./case-fields.js";
import { ask } from "./dialogs.js";
import { fillWith, h, icon } from "./dom.js";
import { called, choices, dayTime, langOf, t } from "./text.js";

/** @typedef {Record<string, any>} State */
/** @typedef {import("./store.js").DeskStore} DeskStore */

/**
 * The acts on the open case, by name.
 * @param {DeskStore} store
 * @param {(act: () => Promise<unknown>) => Promise<unknown>} attempt does something and says what went wrong
 * @returns {Record<string, (...values: any[]) => void>}
 */
export function caseActs(store, attempt) {
  const may = () => store.talk && store.desk.me.rights.includes("contact.serve");
  /** @param {(matter: State) => Promise<unknown>} act */
  const whenOpen = (act) => () => {
    const matter = store.talk?.case;
    if (matter && may()) void attempt(() => act(matter));
  };
  return {
    tags: whenOpen((matter) => askTags(store, matter)),
    fields: whenOpen(() => askCaseFields(store)),
    snooze: whenOpen((matter) => askSnooze(store, matter)),
    takeUp: whenOpen((matter) => takeUp(store, matter)),
    merge: whenOpen((matter) => askMerge(store, matter)),
    move: whenOpen((matter) => askMove(store, matter)),
    link: whenOpen((matter) => askLink(store, matter)),
    unlink: (/** @type {number} */ other) => whenOpen((matter) => unlink(store, matter.id, other))(),
    macro: whenOpen((matter) => askMacro(store, matter)),
    task: () => store.talk && void attempt(() => askTask(store, /** @type {State} */ (store.talk).case)),
    closeTask: (/** @type {State} */ one) => void attempt(() => closeTask(store, one)),
    takeTask: (/** @type {State} */ one) => void attempt(() => store.post(`tasks/${one.id}`, { act: "take" })),
    watch: () => store.talk && void attempt(() => watch(store, /** @type {State} */ (store.talk).case)),
    undoDeed: (/** @type {number} */ deedId) => whenOpen(() => undoDeed(store, deedId))(),
  };
}

/** Choose the case's tags; what is typed is suggested from the tags in use. @param {DeskStore} store @param {State} matter */
async function askTags(store, matter) {
  const there = /** @type {State[]} */ (store.talk?.matter.tags ?? []);
  const { tags: known } = await store.fetch("tags");
  const names = new Set(there.map((tag) => tag.name));
  /** @param {HTMLFormElement} form */
  const shape = (form) => {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("add"));
    field.setAttribute("list", "tags-in-use");
    field.autocomplete = "off";
    const list = h("datalist", { id: "tags-in-use" });
    // A list suggests whole values: what was typed before the last comma stays in front.
    const suggest = () => {
      const before = field.value.replace(/[^,，、]*$/, "");
      list.replaceChildren(...known.filter((/** @type {string} */ name) => !names.has(name)).slice(0, 50).map((/** @type {string} */ name) => h("option", { value: before + name })));
    };
    field.addEventListener("input", suggest);
    suggest();
    field.after(list);
    if (!there.length) return;
    const boxes = there.map((tag) => h("label", { class: "check" }, h("input", { type: "checkbox", name: `keep-${tag.id}`, checked: true }), h("span", { lang: langOf(tag.name), text: tag.name })));
    form.querySelector(".stack-l")?.prepend(h("fieldset", { class: "checks" }, h("legend", { class: "label", text: t("tags") }), ...boxes));
  };
  let change = { add: /** @type {string[]} */ ([]), remove: /** @type {string[]} */ ([]) };
  const sent = await ask({
    heading: t("tags"),
    act: t("save"),
    shape,
    fields: [{ name: "add", label: t("add_tags"), hint: t("add_tags_hint") }],
    send: async (values) => {
      const add = values.add.split(/[,，、]/).map((name) => name.trim()).filter(Boolean);
      change = { add: add.filter((name) => !names.has(name)), remove: there.filter((tag) => !(`keep-${tag.id}` in values)).map((tag) => tag.name) };
      await store.post(`cases/${matter.id}/tags`, change);
    },
  });
  if (sent && change.add.length + change.remove.length) toast(t("tags_changed"), { key: "z", undo: () => store.post(`cases/${matter.id}/tags`, { add: change.remove, remove: change.add }) });
}

/** Put the case out of sight until a time. @param {DeskStore} store @param {State} matter */
async function askSnooze(store, matter) {
  const { times } = await store.fetch("snooze-times");
  /** @type {[string, string][]} */
  const options = choices("snooze_times").filter(([name]) => name in times).map(([name, words]) => [times[name], t("time_of", { name: words, when: times[name].slice(5, 16).replace("T", " ").replace("-", "/") })]);
  /** @param {HTMLFormElement} form */
  const shape = (form) => {
    const choice = /** @type {HTMLSelectElement} */ (form.elements.namedItem("choice"));
    const own = /** @type {HTMLInputElement} */ (form.elements.namedItem("own"));
    own.type = "datetime-local";
    own.value = times.tomorrow.slice(0, 16); // such a field takes no time zone
    const row = /** @type {HTMLElement} */ (own.closest(".field"));
    const follow = () => (row.hidden = choice.value !== "");
    choice.addEventListener("change", follow);
    follow();
  };
  let answer = { before: "", until: "" };
  const sent = await ask({
    heading: t("snooze"),
    words: t("snooze_words"),
    act: t("snooze"),
    shape,
    fields: [
      { name: "choice", label: t("snooze_until"), kind: "select", options: [...options, ["", t("snooze_pick")]], value: times.tomorrow },
      { name: "own", label: t("snooze_at") },
    ],
    send: async (values) => {
      answer = await store.post(`cases/${matter.id}/snooze`, { until: values.choice || values.own });
    },
  });
  if (!sent) return;
  toast(t("snoozed_toast", { when: dayTime(answer.until) }), { key: "z", undo: () => (answer.before ? store.post(`cases/${matter.id}/snooze`, { until: answer.before }) : store.post(`cases/${matter.id}/take-up`)) });
}

/** Take back what was done in one go. @param {DeskStore} store @param {number} deedId */
export function undoDeed(store, deedId) {
  return store.post(`deeds/${deedId}/undo`);
}

/** @param {State} one a case */
const caseWords = (one) => t("case_choice", { id: one.id, subject: one.subject, state: called("case_states", one.state) });

/** Merge the open case into another of the same customer. @param {DeskStore} store @param {State} matter */
async function askMerge(store, matter) {
  const { cases } = await store.fetch(`cases/${matter.id}/neighbours`);
  if (!cases.length) return void toast(t("no_other_case"));
  let deed = { deed_id: 0, case_id: 0 };
  const sent = await ask({
    heading: t("merge_into"),
    words: t("merge_words"),
    act: t("merge"),
    fields: [{ name: "into", label: t("merge_target"), kind: "select", options: cases.map((/** @type {State} */ one) => [String(one.id), caseWords(one)]) }],
    send: async (values) => {
      deed = await store.post(`cases/${matter.id}/merge`, { into: Number(values.into) });
    },
  });
  if (sent) toast(t("merged_toast", { from: matter.id, to: deed.case_id }), { key: "z", undo: () => undoDeed(store, deed.deed_id) });
}

/** Move some contacts to another case, or let them become one. @param {DeskStore} store @param {State} matter */
async function askMove(store, matter) {
  const { cases, contacts } = await store.fetch(`cases/${matter.id}/neighbours`);
  if (contacts.length < 2) return void toast(t("nothing_to_split"));
  /** @param {HTMLFormElement} form */
  const shape = (form) => {
    const boxes = contacts.map((/** @type {State} */ one) => h("label", { class: "check" }, h("input", { type: "checkbox", name: `contact-${one.id}` }), h("span", {}, `${dayTime(one.asked_at)} · ${called("channels", one.channel)} `, h("span", { class: "soft", lang: langOf(one.words), text: one.words }))));
    form.querySelector(".ask-pairs")?.before(h("fieldset", { class: "checks", data: { field: "contact_ids" } }, h("legend", { class: "label", text: t("what_goes") }), ...boxes));
    const to = /** @type {HTMLSelectElement} */ (form.elements.namedItem("to"));
    const row = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (form.elements.namedItem("subject")).closest(".field"));
    const follow = () => (row.hidden = to.value !== "");
    to.addEventListener("change", follow);
    follow();
  };
  let deed = { deed_id: 0, case_id: 0 };
  const sent = await ask({
    heading: t("move_contacts"),
    words: t("move_words"),
    act: t("move"),
    wide: true,
    shape,
    fields: [
      { name: "to", label: t("where_to"), kind: "select", options: [["", t("a_new_case")], ...cases.map((/** @type {State} */ one) => [String(one.id), caseWords(one)])] },
      { name: "subject", label: t("subject") },
    ],
    send: async (values) => {
      const ids = contacts.map((/** @type {State} */ one) => one.id).filter((/** @type {number} */ id) => `contact-${id}` in values);
      deed = await store.post(`cases/${matter.id}/move`, { contact_ids: ids, to: values.to ? Number(values.to) : null, subject: values.subject });
    },
  });
  if (sent) toast(t("moved_toast", { to: deed.case_id }), { key: "z", undo: () => undoDeed(store, deed.deed_id) });
}

/** Say that another case belongs to this one. @param {DeskStore} store @param {State} matter */
async function askLink(store, matter) {
  let other = 0;
  const sent = await ask({
    heading: t("link_case"),
    words: t("link_words"),
    act: t("link"),
    fields: [{ name: "other", label: t("case_number") }],
    send: async (values) => {
      other = Number(values.other.replace(/\D/g, "") || 0);
      await store.post(`cases/${matter.id}/link`, { other, linked: true });
    },
  });
  if (sent) toast(t("linked_toast", { id: other }), { key: "z", undo: () => unlink(store, matter.id, other) });
}

/** Choose a macro, see what it will do to this case, and do it. @param {DeskStore} store @param {State} matter */
async function askMacro(store, matter) {
  const { macros } = await store.fetch("macros");
  if (!macros.length) return void toast(t("no_macros"));
  let answer = { deed_id: 0, undo: false };
  let name = "";
  /** @param {HTMLFormElement} form */
  const shape = (form) => {
    const choice = /** @type {HTMLSelectElement} */ (form.elements.namedItem("macro"));
    const box = h("div", { class: "macro-lines", role: "status" });
    const run = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
    choice.closest(".field")?.after(box);
    const show = async () => {
      const id = choice.value;
      name = choice.selectedOptions[0]?.textContent ?? "";
      run.disabled = true;
      const told = await store.fetch(`cases/${matter.id}/macros/${id}`);
      if (choice.value !== id) return;
      run.disabled = Boolean(told.refusal);
      const lines = told.lines.map((/** @type {State} */ line) => h("li", { lang: langOf(line.text) }, line.text, line.undo ? null : h("span", { class: "quiet xs", text: ` ${t("no_undo")}` })));
      fillWith(box, h("p", { class: "label", text: t("macro_will") }), h("ol", {}, ...lines), told.refusal ? h("p", { class: "field-error" }, icon("circle-alert"), h("span", { text: t("macro_cannot", { why: told.refusal }) })) : null);
    };
    choice.addEventListener("change", () => void show());
    void show();
  };
  const sent = await ask({
    heading: t("macro"),
    act: t("macro_run"),
    shape,
    fields: [{ name: "macro", label: t("macro"), kind: "select", options: macros.map((/** @type {State} */ one) => [String(one.id), one.name]) }],
    send: async (values) => {
      answer = await store.post(`cases/${matter.id}/macros/${values.macro}`);
    },
  });
  if (sent) toast(t("macro_done", { name }), answer.undo ? { key: "z", undo: () => undoDeed(store, answer.deed_id) } : {});
}

/** Give a task of the open case to somebody. @param {DeskStore} store @param {State} matter */
async function askTask(store, matter) {
  const { people, teams } = await store.fetch(`cases/${matter.id}/tasks`);
  /** @type {[string, string][]} */
  const who = [...teams.map((/** @type {State} */ one) => [`team:${one.id}`, t("team_named", { name: one.name })]), ...people.map((/** @type {State} */ one) => [`person:${one.id}`, one.name])];
  /** @param {HTMLFormElement} form */
  const shape = (form) => {
    const due = /** @type {HTMLInputElement} */ (form.elements.namedItem("due_at"));
    due.type = "datetime-local";
    const what = /** @type {HTMLInputElement} */ (form.elements.namedItem("what"));
    what.maxLength = 300;
  };
  const sent = await ask({
    heading: t("give_task"),
    words: t("give_task_words"),
    act: t("give_task"),
    shape,
    fields: [
      { name: "what", label: t("task_what") },
      { name: "who", label: t("task_who"), kind: "select", options: who, value: `person:${store.desk.me.id}` },
      { name: "due_at", label: t("task_due"), hint: t("task_due_hint") },
    ],
    send: (values) => store.post(`cases/${matter.id}/tasks`, values),
  });
  if (sent) toast(t("task_given"));
}

/** @param {DeskStore} store @param {State} one a task */
async function closeTask(store, one) {
  const sent = await ask({
    heading: t("close_task"),
    words: one.what,
    act: t("done"),
    fields: [
      { name: "act", label: t("close_task_how"), kind: "select", options: [["done", t("done")], ["dropped", t("not_needed")]] },
      { name: "outcome", label: t("what_came_of_it"), kind: "area" },
    ],
    send: (values) => store.post(`tasks/${one.id}`, values),
  });
  if (sent) toast(t("task_closed"), { key: "z", undo: () => store.post(`tasks/${one.id}`, { act: "reopen" }) });
}

/** Hear of the case, or no longer. @param {DeskStore} store @param {State} matter */
async function watch(store, matter) {
  const watching = !store.desk.watched.includes(matter.id);
  await store.post(`cases/${matter.id}/watch`, { watching });
  toast(t(watching ? "watching_toast" : "not_watching_toast"), { key: "z", undo: () => store.post(`cases/${matter.id}/watch`, { watching: !watching }) });
}

/** What happened to a case that the reader watches, as one line; nothing when it is not worth a word. @param {import("./store.js").DeskStore} store @param {any} event */
export function watchedNews(store, event) {
  const { body, by, kind } = event;
  if (!store.desk.watched.includes(body.case_id) || (by?.kind === "person" && by.id === store.desk.me.id) || store.talk?.case.id === body.case_id) return "";
  const values = { id: body.case_id, name: body.author_name || by?.name || "" };
  if (kind === "conversations.message_added" && body.author_kind === "customer") return t("news_customer", { ...values, name: body.case?.customer_name || t("the_customer") });
  if (kind === "conversations.message_added" && body.message_kind === "note") return t("news_note", values);
  if (kind === "conversations.case_changed" && body.changed.includes("state")) return t("news_state", { ...values, state: called("case_states", body.state) });
  if (kind === "conversations.task_changed" && body.how === "done") return t("news_task", values);
  return "";
}

/** @param {DeskStore} store @param {number} caseId @param {number} other */
export function unlink(store, caseId, other) {
  return store.post(`cases/${caseId}/link`, { other, linked: false });
}

/** @param {DeskStore} store @param {State} matter */
async function takeUp(store, matter) {
  const { until } = await store.post(`cases/${matter.id}/take-up`);
  const again = new Date(until) > new Date();
  toast(t("taken_up"), again ? { key: "z", undo: () => store.post(`cases/${matter.id}/snooze`, { until }) } : {});
}
