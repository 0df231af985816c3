/** What is done with a case as a whole: each act asks what it must, does it, and can be taken back. */

import { toast } from "../ui/toast.js";
import { ask } from "./dialogs.js";
import { h } from "./dom.js";
import { choices, dayTime, langOf, t } from "./text.js";

/** @typedef {Record<string, any>} State */
/** @typedef {import("./store.js").DeskStore} DeskStore */

/**
 * The acts on the open case, by name.
 * @param {DeskStore} store
 * @param {(act: () => Promise<unknown>) => Promise<unknown>} attempt does something and says what went wrong
 * @returns {Record<string, () => void>}
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
    snooze: whenOpen((matter) => askSnooze(store, matter)),
    takeUp: whenOpen((matter) => takeUp(store, matter)),
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
  const options = choices("snooze_times").filter(([name]) => name in times).map(([name, words]) => [times[name], t("time_of", { name: words, when: times[name].slice(5).replace("T", " ").replace("-", "/") })]);
  /** @param {HTMLFormElement} form */
  const shape = (form) => {
    const choice = /** @type {HTMLSelectElement} */ (form.elements.namedItem("choice"));
    const own = /** @type {HTMLInputElement} */ (form.elements.namedItem("own"));
    own.type = "datetime-local";
    own.value = times.tomorrow;
    const row = /** @type {HTMLElement} */ (own.closest(".field"));
    const follow = () => (row.hidden = choice.value !== "");
    choice.addEventListener("change", follow);
    follow();
  };
  let answer = { before: "" };
  let until = "";
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
      until = values.choice || values.own;
      answer = await store.post(`cases/${matter.id}/snooze`, { until });
    },
  });
  if (!sent) return;
  const mine = () => store.desk.snoozes[matter.id]?.until;
  toast(t("snoozed_toast", { when: mine() ? dayTime(mine()) : until.replace("T", " ") }), { key: "z", undo: () => (answer.before ? store.post(`cases/${matter.id}/snooze`, { until: answer.before }) : store.post(`cases/${matter.id}/take-up`)) });
}

/** @param {DeskStore} store @param {State} matter */
async function takeUp(store, matter) {
  const { until } = await store.post(`cases/${matter.id}/take-up`);
  const again = new Date(until) > new Date();
  toast(t("taken_up"), again ? { key: "z", undo: () => store.post(`cases/${matter.id}/snooze`, { until }) } : {});
}
