/** The call somebody has in hand: the number to ring, what was tried, and what came of it. Its words come with its data. */

import { get, send } from "../ui/http.js";
import { button, fillWith, h, icon } from "./dom.js";

/** @typedef {Record<string, any>} State */

export class CallBar extends HTMLElement {
  /** @param {(act: () => Promise<unknown>) => Promise<unknown>} attempt says above the conversation what goes wrong */
  connect(attempt) {
    this.attempt = attempt;
    this.hidden = true;
    this.className = "call-bar notice notice-quiet";
  }

  /** Show the call of a contact; anything else hides it. @param {State | null} contact */
  show(contact) {
    const look = contact?.channel === "callback" ? JSON.stringify([contact.contact_id, contact.state, contact.assignee_id, contact.due_at]) : "";
    if (this.dataset.look === look) return;
    this.dataset.look = look;
    this.hidden = true;
    if (look && contact) void this.read(contact.contact_id, look);
  }

  /** @param {number} id @param {string} look */
  async read(id, look) {
    const call = await get(`/desk/api/contacts/${id}/call`).catch(() => null);
    if (call && this.dataset.look === look) this.draw(id, call);
  }

  /** @param {number} id @param {State} call */
  draw(id, call) {
    this.hidden = false;
    const rang = (/** @type {State} */ one) => button(one.name, { class: one.id === "reached" ? "btn btn-s btn-primary" : "btn btn-s", act: () => this.attempt?.(async () => this.draw(id, await send(`/desk/api/contacts/${id}/call`, { outcome: one.id }))) });
    const number = call.number ? h("a", { class: "strong num call-number", href: `tel:${call.number}`, text: call.number_shown }) : null;
    fillWith(
      this,
      icon("callback"),
      h("div", { class: "grow" }, h("p", { class: "row row-tight" }, number, h("span", { class: "soft s", text: call.due })), ...call.tries.map((/** @type {string} */ words) => h("p", { class: "s soft", text: words }))),
      call.outcomes.length ? h("div", { class: "call-came", role: "group", "aria-label": call.ask }, h("p", { class: "s soft", text: `${call.ask} ${call.left}` }), h("div", { class: "row row-tight wrap" }, ...call.outcomes.map(rang))) : null,
    );
  }
}

customElements.define("call-bar", CallBar);
