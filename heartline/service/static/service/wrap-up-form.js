/** Wrap-up: two things to choose, the rest if there is something to say. The likely reason is chosen already. */

import { HttpError } from "../ui/http.js";
import { fieldControl, fieldsIn } from "./case-fields.js";
import { button, fillWith, h, icon } from "./dom.js";
import { t } from "./text.js";

/** @typedef {Record<string, any>} State */

export class WrapUpForm extends HTMLElement {
  contactId = 0;
  ratingLink = "";

  /** @param {import("./store.js").DeskStore} store */
  connect(store) {
    this.store = store;
  }

  /** Show the form for a contact that has ended, or nothing. @param {State | null} contact */
  show(contact) {
    const id = contact?.contact_id ?? 0;
    if (id === this.contactId) return;
    this.contactId = id;
    fillWith(this);
    if (id) void this.fetch(id);
  }

  /** The link of the question how it was, known once: when the contact was ended here. @param {string} link */
  offerLink(link) {
    this.ratingLink = link;
    this.drawLink();
  }

  /** @param {number} id */
  async fetch(id) {
    try {
      const choices = await this.store?.fetch(`contacts/${id}/wrap-up`);
      if (id === this.contactId) this.build(choices);
    } catch (error) {
      fillWith(this, h("p", { class: "field-error", role: "alert" }, icon("circle-alert"), error instanceof Error ? error.message : ""), button(t("try_again"), { act: () => void this.fetch(id) }));
    }
  }

  /** @param {State} choices */
  build(choices) {
    this.problem = h("p", { class: "field-error", role: "alert", hidden: true });
    this.link = h("span", { class: "row row-tight" });
    this.form = /** @type {HTMLFormElement} */ (
      h(
        "form",
        { class: "wrap-up", "aria-label": t("wrap_up"), "data-guard": "off", on: { submit: (/** @type {Event} */ event) => (event.preventDefault(), void this.finish()) } },
        h("div", { class: "row wrap" }, h("h2", { text: t("wrap_up") }), choices.still_owed ? h("span", { class: "state is-waiting" }, icon("promise"), t("still_owed", { n: choices.still_owed })) : null, this.link),
        h("div", { class: "field-row" }, this.reason(choices), this.resolution(choices)),
        choices.fields?.length ? h("div", { class: "field-row" }, ...choices.fields.map((/** @type {State} */ one) => fieldControl(one, one.value))) : null,
        h(
          "details",
          { class: "more-fields" },
          h("summary", { text: t("wrap_up_more") }),
          h("div", { class: "field-row" }, this.select("root_cause", t("root_cause"), [["", t("not_chosen")], ...choices.root_causes.map((/** @type {State} */ one) => [one.id, one.name])], ""), this.text("told_to_expect", t("told_to_expect")), this.text("what_happened", t("what_happened"))),
          h("label", { class: "field" }, h("span", { class: "label" }, t("note"), h("span", { class: "quiet s" }, ` ${t("only_team")}`)), h("textarea", { class: "input", name: "note", rows: "2" })),
        ),
        this.problem,
        h("div", { class: "row" }, button(t("finish"), { class: "btn btn-primary push", type: "submit", key: t("key_send") })),
      )
    );
    fillWith(this, this.form);
    this.drawLink();
  }

  drawLink() {
    if (!this.link) return;
    const copy = async () => {
      await navigator.clipboard.writeText(this.ratingLink);
      fillWith(/** @type {HTMLElement} */ (this.link), h("span", { class: "state is-kept", role: "status" }, icon("check"), t("copied")));
    };
    fillWith(this.link, this.ratingLink ? button(t("copy_rating_link"), { icon: "copy", class: "btn btn-s btn-plain", act: () => void copy() }) : null);
  }

  /** @param {State} choices */
  reason(choices) {
    const options = [["", t("choose_reason")], ...choices.reasons.map((/** @type {State} */ one) => [String(one.id), one.name])];
    const hint = choices.suggested ? t("reason_suggested") : "";
    return this.select("reason_id", t("reason"), options, String(choices.suggested ?? ""), hint);
  }

  /** @param {State} choices */
  resolution(choices) {
    const one = (/** @type {State} */ choice) => h("label", { class: "check" }, h("input", { type: "radio", name: "resolution", value: choice.id }), choice.name);
    return h("fieldset", { class: "field" }, h("legend", { class: "label", text: t("how_it_ended") }), h("div", { class: "resolutions" }, ...choices.resolutions.map(one)));
  }

  /** @param {string} name @param {string} label @param {string[][]} options @param {string} chosen @param {string} [hint] */
  select(name, label, options, chosen, hint = "") {
    const choices = options.map(([value, words]) => h("option", { value, selected: value === chosen, text: words }));
    return h("label", { class: "field" }, h("span", { class: "label", text: label }), h("select", { class: "input", name }, ...choices), hint ? h("span", { class: "hint", text: hint }) : null);
  }

  /** @param {string} name @param {string} label */
  text(name, label) {
    return h("label", { class: "field" }, h("span", { class: "label", text: label }), h("input", { class: "input", name, maxlength: "300" }));
  }

  async finish() {
    if (!this.form || !this.problem) return;
    const data = Object.fromEntries(new FormData(this.form).entries());
    const plain = Object.fromEntries(Object.entries(data).filter(([name]) => !name.startsWith("field_")));
    const body = { ...plain, fields: fieldsIn(data), reason_id: data.reason_id ? Number(data.reason_id) : null, resolution: data.resolution ?? "" };
    for (const field of this.form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    this.problem.hidden = true;
    try {
      await this.store?.post(`contacts/${this.contactId}/wrap-up`, body);
      this.ratingLink = "";
    } catch (error) {
      this.problem.hidden = false;
      fillWith(this.problem, icon("circle-alert"), error instanceof Error ? error.message : "");
      const first = Object.keys(error instanceof HttpError ? error.fields : {})[0];
      const field = first ? /** @type {HTMLElement | null} */ (this.form.querySelector(`[name=${first}]`)) : null;
      field?.setAttribute("aria-invalid", "true");
      field?.focus();
    }
  }

  submit() {
    this.form?.requestSubmit();
  }
}

customElements.define("wrap-up-form", WrapUpForm);
