/** Calling colleagues in notes by @name, and the list of notes that call the reader and were not read yet. */

import { get } from "../ui/http.js";
import { fillWith, h, icon } from "./dom.js";
import { announceMention } from "./notify.js";
import { PickList } from "./pick-list.js";
import { called, dueTime, named, t } from "./text.js";

/** @typedef {Record<string, any>} State */
/** @typedef {{id: number, name: string, role: string, state: string}} Colleague */

const OPENS = /(?:^|[\s，。、；：（])(?<sign>[@＠])(?<query>[^\s@＠]{0,30})$/;
const SHOWN = 12;

/** Finds colleagues while one types @ in a note, and knows whom a note calls. */
export class Callers {
  /** @param {HTMLTextAreaElement} field */
  constructor(field) {
    /** @type {Colleague[]} */
    this.people = [];
    this.picks = new PickList(field, {
      opens: OPENS,
      label: t("colleagues"),
      find: (query) => this.find(query),
      draw: (person) => [h("p", { class: "picks-name" }, icon("user"), h("b", {}, named(person.name)), h("span", { class: "xs quiet push", text: `${called("roles", person.role)}${t("comma")}${called("presence", person.state)}` }))],
      choose: (person) => `@${person.name} `,
      none: () => [t("no_colleague")],
      count: (n) => t("n_colleagues", { n }),
    });
  }

  async known() {
    if (!this.people.length) this.people = (await get("/desk/api/mentions/people").catch(() => ({ people: [] }))).people;
    return this.people;
  }

  /** @param {string} query */
  async find(query) {
    const wanted = query.toLocaleLowerCase();
    const fits = (/** @type {string} */ name) => name.toLocaleLowerCase().split(/\s+/).some((part) => part.startsWith(wanted)) || name.toLocaleLowerCase().includes(wanted);
    return (await this.known()).filter((person) => fits(person.name)).slice(0, SHOWN);
  }

  /** Whom a note calls, as far as we know already. @param {string} text @returns {Colleague[]} */
  namedIn(text) {
    let rest = text;
    return [...this.people]
      .sort((one, other) => other.name.length - one.name.length)
      .filter(({ name }) => {
        const found = rest.includes(`@${name}`);
        rest = rest.replaceAll(`@${name}`, "");
        return found;
      });
  }

  /** The ids of those whom a note calls. @param {string} text */
  async idsIn(text) {
    if (!text.includes("@")) return [];
    await this.known();
    return this.namedIn(text).map((person) => person.id);
  }
}

/** What calls the reader: a button with a count, and a menu that leads there. */
export class MentionList extends HTMLElement {
  /** @param {import("./store.js").DeskStore} store @param {{open: (caseId: number) => void}} acts */
  connect(store, acts) {
    this.store = store;
    this.acts = acts;
    this.count = h("span", { class: "count count-on", "aria-hidden": "true" });
    this.summary = h("summary", { class: "btn btn-s btn-plain" }, icon("at-sign"), this.count);
    this.menu = h("div", { class: "menu mentions" });
    this.box = h("details", { class: "menu-at" }, this.summary, this.menu);
    this.append(this.box);
    store.addEventListener("desk", (event) => this.happened(/** @type {CustomEvent} */ (event).detail));
    for (const name of ["talk", "tick"]) store.addEventListener(name, () => this.readOpen());
    for (const name of ["focus", "visibilitychange"]) addEventListener(name, () => this.readOpen());
    this.draw();
    this.readOpen();
  }

  /** @param {any} event */
  happened(event) {
    this.draw();
    const { me } = /** @type {import("./store.js").DeskStore} */ (this.store).desk;
    const card = event?.kind === "conversations.mentioned" && event.body.person_id === me.id ? event.body.mention : null;
    if (!card) return;
    announceMention(/** @type {import("./store.js").DeskStore} */ (this.store), card, () => this.acts?.open(card.case_id));
    this.readOpen();
  }

  draw() {
    const rows = Object.values(this.store?.desk.mentions ?? {}).sort((one, other) => (one.at < other.at ? 1 : -1));
    const look = JSON.stringify(rows);
    if (this.dataset.look === look || !this.count || !this.summary || !this.menu) return;
    this.dataset.look = look;
    this.count.hidden = !rows.length;
    this.count.textContent = String(rows.length);
    const words = rows.length ? t("n_mentions", { n: rows.length }) : t("no_mentions");
    for (const name of ["aria-label", "title"]) this.summary.setAttribute(name, words);
    fillWith(this.menu, h("p", { class: "menu-title", text: words }), ...rows.map((card) => this.entry(card)));
  }

  /** @param {State} card */
  entry(card) {
    const go = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.box?.removeAttribute("open");
      this.acts?.open(card.case_id);
    };
    return h("a", { href: `/desk/case/${card.case_id}/`, on: { click: go } }, h("span", { class: "grow" }, h("span", { class: "row" }, h("b", { class: "medium" }, named(card.by_name)), h("span", { class: "xs quiet clip" }, named(card.customer_name || t("unnamed"))), h("span", { class: "xs quiet push nowrap", text: dueTime(card.at) })), h("span", { class: "mention-text s soft", text: card.text })));
  }

  /** What calls the reader in the case they look at is read. */
  readOpen() {
    const caseId = this.store?.talk?.case.id;
    const unread = Object.values(this.store?.desk.mentions ?? {}).some((card) => card.case_id === caseId);
    if (!unread || document.hidden || !document.hasFocus()) return;
    void this.store?.post(`cases/${caseId}/mentions-read`, {}, { retries: 0 }).catch(() => undefined);
  }
}

customElements.define("mention-list", MentionList);
