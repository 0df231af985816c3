/** Small forms in dialogs: each sends by itself, says beside the field what is missing, and keeps what was typed. */

import { dialogOpen, openDialog } from "../ui/dialog.js";
import { HttpError } from "../ui/http.js";
import { button, fillWith, h, icon } from "./dom.js";
import { called, langOf, t } from "./text.js";

/** @typedef {Record<string, any>} State */
/** @typedef {{name: string, label: string, kind?: "text" | "area" | "select", value?: string, options?: [string, string][], hint?: string, required?: boolean, rows?: number}} Field */

let counter = 0;

/**
 * Ask for a few fields; resolves true when they were sent, false when given up. Only one asks at a time: what a second
 * press fetched meanwhile opens nothing over the first.
 * @param {{heading: string, words?: string, fields: Field[], act: string, wide?: boolean, send: (values: Record<string, string>) => Promise<unknown>, shape?: (form: HTMLFormElement) => void}} asked
 * @returns {Promise<boolean>}
 */
export async function ask({ heading, words, fields, act, wide, send, shape }) {
  if (dialogOpen()) return false;
  const id = `ask-${++counter}`;
  const problem = h("p", { class: "field-error", role: "alert", hidden: true });
  const submit = button(act, { class: "btn btn-primary", type: "submit" });
  const form = /** @type {HTMLFormElement} */ (
    h(
      "form",
      { class: "form", "data-guard": "off", novalidate: true },
      words ? h("p", { class: "soft", text: words }) : null,
      h("div", { class: wide ? "ask-pairs" : "stack-l" }, ...fields.map((field) => row(id, field))),
      problem,
      h("div", { class: "dialog-acts" }, h("button", { class: "btn", type: "button", "data-close": true, text: t("cancel") }), submit),
    )
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    h("dialog", { class: `dialog${wide ? " dialog-wide" : ""}`, "aria-labelledby": `${id}-heading` }, h("div", { class: "dialog-head" }, h("h2", { id: `${id}-heading`, text: heading }), button("", { class: "btn btn-plain btn-icon", icon: "x", label: t("close"), act: () => dialog.close() })), form)
  );
  shape?.(form);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    try {
      await send(/** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form).entries())));
      dialog.close("sent");
    } catch (error) {
      complain(form, problem, error);
    }
    submit.disabled = false;
  });
  document.body.append(dialog);
  const left = openDialog(dialog);
  /** @type {HTMLElement | null} */ (form.querySelector("select, textarea, input"))?.focus();
  const how = await left;
  dialog.remove();
  return how === "sent";
}

/** @param {string} id @param {Field} field */
function row(id, { name, label, kind = "text", value = "", options = [], hint, rows = 2 }) {
  const common = { class: "input", name, id: `${id}-${name}`, lang: kind === "select" ? null : value ? langOf(value) : null };
  const control =
    kind === "select"
      ? h("select", common, ...options.map(([code, words]) => h("option", { value: code, selected: code === value, text: words })))
      : kind === "area"
        ? h("textarea", { ...common, rows, text: value })
        : h("input", { ...common, value });
  return h("div", { class: "field", data: { field: name } }, h("label", { class: "label", for: `${id}-${name}`, text: label }), control, hint ? h("p", { class: "hint", text: hint }) : null);
}

/** @param {HTMLFormElement} form @param {HTMLElement} problem @param {unknown} error */
function complain(form, problem, error) {
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  problem.hidden = false;
  fillWith(problem, icon("circle-alert"), error instanceof Error ? error.message : String(error));
  const names = error instanceof HttpError ? Object.keys(error.fields) : [];
  const first = names.map((name) => form.querySelector(`[name="${name}"]`)).find(Boolean);
  if (first instanceof HTMLElement) {
    first.setAttribute("aria-invalid", "true");
    first.focus();
  }
}

/** A queue with how long one waits there, where that can be said. @param {State} queue */
function queueWait({ name, wait }) {
  if (!wait) return name;
  const [low, high] = wait;
  return t(high <= 1 ? "queue_soon" : low === 0 ? "queue_within" : "queue_wait", { name, low, high });
}

/** Hand a contact over, with the card filled in as far as it is known. @param {import("./store.js").DeskStore} store @param {State} contact */
export async function askTransfer(store, contact) {
  const choices = await store.fetch(`contacts/${contact.contact_id}/transfer`);
  const queues = choices.queues.map((/** @type {State} */ queue) => [String(queue.id), queueWait(queue)]);
  /** @type {(form: HTMLFormElement) => void} */
  const shape = (form) => {
    const where = /** @type {HTMLSelectElement} */ (form.elements.namedItem("to_queue"));
    const who = /** @type {HTMLSelectElement} */ (form.elements.namedItem("to_person"));
    const fill = () => {
      const queue = choices.queues.find((/** @type {State} */ one) => String(one.id) === where.value);
      fillWith(who, h("option", { value: "", text: t("anybody_there") }), ...(queue?.people ?? []).map((/** @type {State} */ person) => h("option", { value: person.id, text: t("person_state", { name: person.name, state: called("presence", person.state) }) })));
    };
    where.addEventListener("change", fill);
    fill();
  };
  return ask({
    heading: t("hand_over"),
    words: t("hand_over_words"),
    wide: true,
    act: t("hand_over"),
    shape,
    fields: [
      { name: "to_queue", label: t("where_to"), kind: "select", options: queues, value: String(choices.here) },
      { name: "to_person", label: t("to_colleague"), kind: "select" },
      { name: "wants", label: t("hand_wants"), kind: "area", value: choices.wants },
      { name: "tried", label: t("hand_tried"), kind: "area", value: choices.tried },
      { name: "promised", label: t("hand_promised"), kind: "area", value: choices.promised },
      { name: "do_not_ask", label: t("hand_do_not_ask"), kind: "area", value: choices.do_not_ask, hint: t("do_not_ask_hint") },
    ],
    send: (values) => store.post(`contacts/${contact.contact_id}/transfer`, { ...values, to_queue: Number(values.to_queue), to_person: values.to_person ? Number(values.to_person) : null }),
  });
}

/** Change what a case is called and what the customer wants. @param {import("./store.js").DeskStore} store @param {State} matter */
export function askEdit(store, matter) {
  let seen = { seen_subject: matter.subject, seen_wants: matter.wants };
  return ask({
    heading: t("edit_case"),
    act: t("save"),
    fields: [
      { name: "subject", label: t("subject"), value: matter.subject },
      { name: "wants", label: t("hand_wants"), kind: "area", value: matter.wants, rows: 4 },
    ],
    send: async (values) => {
      try {
        await store.post(`cases/${matter.id}/edit`, { ...values, ...seen });
      } catch (error) {
        if (!(error instanceof HttpError) || error.code !== "edited_meanwhile") throw error;
        // What is there now is shown below what was typed; sending again is then a decision.
        seen = { seen_subject: error.fields.subject, seen_wants: error.fields.wants };
        throw new Error([error.message, error.fields.subject, error.fields.wants].filter(Boolean).join("\n"));
      }
    },
  });
}

/** Note something that was tried. @param {import("./store.js").DeskStore} store @param {State} matter */
export function askTried(store, matter) {
  return ask({
    heading: t("add_tried"),
    words: t("add_tried_words"),
    act: t("add"),
    fields: [
      { name: "label", label: t("what_was_tried"), value: "" },
      { name: "outcome", label: t("what_came_of_it"), value: "" },
    ],
    send: (values) => store.post(`cases/${matter.id}/tried`, values),
  });
}

/** Close a follow-up with what came of it. @param {import("./store.js").DeskStore} store @param {State} followUp */
export function askFinish(store, followUp) {
  return ask({
    heading: t("close_follow_up"),
    words: [called("follow_up_kinds", followUp.kind), followUp.what].filter(Boolean).join(t("colon")),
    act: t("close_follow_up"),
    fields: [{ name: "outcome", label: t("what_came_of_it"), kind: "area", value: "", rows: 3 }],
    send: (values) => store.post(`follow-ups/${followUp.id}/finish`, values),
  });
}
