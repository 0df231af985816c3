/** The type of a case and the fields of that type: shown under the head, filled in by a dialog, asked for at wrap-up. */

import { toast } from "../ui/toast.js";
import { ask } from "./dialogs.js";
import { button, fillWith, h, icon } from "./dom.js";
import { t } from "./text.js";

/** @typedef {Record<string, any>} State */
/** @typedef {import("./store.js").DeskStore} DeskStore */

let counter = 0;

/** The types a case can have, with the one it has even when that is used no more. @param {State} desk @param {number | null} [typeId] @returns {State[]} */
function typesOf(desk, typeId = null) {
  return (desk.names.case_types ?? []).filter((/** @type {State} */ one) => one.in_use || one.id === typeId);
}

/** What a value is called. @param {State} field @param {string} value */
function read(field, value) {
  if (field.kind === "yes_no") return t(value === "yes" ? "field_yes" : "field_no");
  return field.choices.find((/** @type {State} */ one) => one.value === value)?.name ?? value;
}

/** Type and values of a case in one line; nothing where the house has no types. @param {State} desk @param {State} matter what the case carries @param {(() => void) | null} act */
export function caseFacts(desk, matter, act) {
  const types = typesOf(desk, matter.type_id);
  if (!types.length) return null;
  const mine = types.find((one) => one.id === matter.type_id);
  const held = (mine?.fields ?? []).filter((/** @type {State} */ field) => matter.values[field.id]);
  const missing = (mine?.fields ?? []).filter((/** @type {State} */ field) => field.is_needed && field.in_use && !matter.values[field.id]).length;
  const pair = (/** @type {State} */ field) => h("div", {}, h("dt", { text: field.name }), h("dd", { text: read(field, matter.values[field.id]) }));
  const edit = act ? button(mine ? "" : t("choose_type"), { class: "btn btn-s btn-plain", icon: mine ? "pencil" : "", label: mine ? t("case_fields") : undefined, act }) : null;
  const owed = missing ? h("span", { class: "quiet", text: t("fields_missing", { n: missing }) }) : null;
  return h("div", { class: "case-facts" }, icon("list-tree"), mine ? h("span", { class: "chip", text: mine.name }) : null, held.length ? h("dl", {}, ...held.map(pair)) : null, owed, edit);
}

/** One field with its label. @param {State} field @param {string} value */
export function fieldControl(field, value) {
  const id = `case-field-${++counter}`;
  const common = { class: "input", name: `field_${field.key}`, id };
  const options = field.kind === "yes_no" ? [["yes", t("field_yes")], ["no", t("field_no")]] : field.choices.map((/** @type {State} */ one) => [one.value, one.name]);
  const lists = field.kind === "choice" || field.kind === "yes_no";
  const control = lists
    ? h("select", common, ...[["", t("not_chosen")], ...options].map(([code, words]) => h("option", { value: code, selected: code === value, text: words })))
    : h("input", { ...common, value, type: field.kind === "date" ? "date" : "text", inputmode: field.kind === "number" ? "decimal" : null, maxlength: "500", autocomplete: "off" });
  return h("div", { class: "field" }, h("label", { class: "label", for: id }, field.name, field.is_needed ? h("span", { class: "quiet s", text: ` ${t("needed_at_wrap_up")}` }) : null), control);
}

/** What was typed in a form's fields, by their keys. @param {Record<string, any>} values */
export function fieldsIn(values) {
  const named = Object.entries(values).filter(([name]) => name.startsWith("field_"));
  return Object.fromEntries(named.map(([name, value]) => [name.slice("field_".length), String(value)]));
}

/** Choose the type and fill in what it asks. @param {DeskStore} store */
export async function askCaseFields(store) {
  const { case: matter, matter: carried } = /** @type {State} */ (store.talk);
  const types = typesOf(store.desk, carried.type_id);
  const first = carried.type_id ?? (types.length === 1 ? types[0].id : "");
  const holder = h("div", { class: "stack-l" });
  /** @param {HTMLFormElement} form */
  const shape = (form) => {
    const chosen = /** @type {HTMLSelectElement} */ (form.elements.namedItem("type_id"));
    const draw = () => {
      const type = types.find((one) => String(one.id) === chosen.value);
      const asked = (type?.fields ?? []).filter((/** @type {State} */ field) => field.in_use);
      fillWith(holder, ...asked.map((/** @type {State} */ field) => fieldControl(field, carried.values[field.id] ?? "")));
    };
    chosen.addEventListener("change", draw);
    form.querySelector(".stack-l")?.after(holder);
    draw();
  };
  /** @type {[string, string][]} */
  const options = [["", t("no_type")], ...types.map((one) => /** @type {[string, string]} */ ([String(one.id), one.name]))];
  const sent = await ask({
    heading: t("case_fields"),
    act: t("save"),
    shape,
    fields: [{ name: "type_id", label: t("case_type"), kind: "select", value: String(first), options }],
    send: (values) => store.post(`cases/${matter.id}/fields`, { type_id: values.type_id ? Number(values.type_id) : null, fields: fieldsIn(values) }),
  });
  if (sent) toast(t("fields_saved"));
}
