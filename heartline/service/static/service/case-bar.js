/** Under the head of a conversation: the case's tags, who sleeps on it, and what can be done with the case as a whole. */

import { now } from "../ui/time.js";
import { caseFacts } from "./case-fields.js";
import { button, fillWith, h, icon, mark } from "./dom.js";
import { dayTime, named, t } from "./text.js";

/** @typedef {Record<string, any>} State */

export class CaseBar extends HTMLElement {
  /** @param {import("./store.js").DeskStore} store @param {Record<string, (...values: any[]) => void>} acts */
  connect(store, acts) {
    this.store = store;
    this.acts = acts;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", t("about_case"));
    for (const name of ["talk", "desk"]) store.addEventListener(name, () => this.draw());
    this.draw();
  }

  draw() {
    const { talk, desk } = /** @type {import("./store.js").DeskStore} */ (this.store);
    this.hidden = !talk;
    if (!talk) return;
    const look = JSON.stringify([talk.case.id, talk.case.state, talk.matter, desk.watched, desk.me.rights]);
    if (this.dataset.look === look) return;
    this.dataset.look = look;
    fillWith(this, h("div", { class: "case-tags" }, icon("tag"), ...this.tags(talk.matter)), h("div", { class: "case-does push" }, ...this.snoozes(talk.matter), ...this.buttons()), caseFacts(desk, talk.matter, this.may ? () => this.acts?.fields() : null), this.belongs(talk.case, talk.matter));
  }

  get may() {
    return this.store?.desk.me.rights.includes("contact.serve");
  }

  /** @param {State} matter */
  tags(matter) {
    const chips = matter.tags.map((/** @type {State} */ tag) => h("span", { class: "chip chip-line" }, named(tag.name)));
    const edit = this.may ? button(matter.tags.length ? "" : t("add_tags"), { class: "btn btn-s btn-plain", icon: matter.tags.length ? "pencil" : "", label: matter.tags.length ? t("tags") : undefined, act: () => this.acts?.tags() }) : null;
    return [...chips, edit];
  }

  /** @param {State} matter */
  snoozes(matter) {
    const me = this.store?.desk.me.id;
    return matter.snoozes.map((/** @type {State} */ one) => {
      if (one.person_id !== me) return mark("clock", t("snoozed_by", { name: one.name, when: dayTime(one.until) }));
      if (one.state === "awake") return h("span", { class: "row row-tight" }, mark("bell", t(one.why === "spoke" ? "is_back_spoke" : "is_back"), "waiting"), button(t("dealt_with"), { class: "btn btn-s", act: () => this.acts?.takeUp() }));
      return h("span", { class: "row row-tight" }, mark("clock", t("snoozed_until", { when: dayTime(one.until) }), "info"), button(t("take_up"), { class: "btn btn-s btn-plain", act: () => this.acts?.takeUp() }));
    });
  }

  buttons() {
    const watched = this.store?.desk.watched.includes(this.store.talk?.case.id);
    const others = (this.store?.talk?.matter.watchers ?? []).map((/** @type {State} */ one) => one.name).join(t("comma"));
    const count = String(this.store?.talk?.matter.watchers.length);
    const eye = button(others ? count : "", { class: `btn btn-s btn-plain${others ? "" : " btn-icon"}`, icon: watched ? "eye" : "eye-off", label: [t(watched ? "watch_no_more" : "watch_case"), others ? t("watched_by", { n: count, names: others }) : ""].filter(Boolean).join(t("comma")), act: () => this.acts?.watch() });
    eye.setAttribute("aria-pressed", String(Boolean(watched)));
    const task = button(t("task"), { class: "btn btn-s btn-plain", icon: "clipboard-list", key: "W", act: () => this.acts?.task() });
    if (!this.may) return [task, eye];
    const entry = (/** @type {string} */ sign, /** @type {string} */ words, /** @type {string} */ act) => h("button", { type: "button", on: { click: () => (this.querySelector(".case-more")?.removeAttribute("open"), this.acts?.[act]()) } }, icon(sign), words);
    const more = h("details", { class: "menu-at case-more" }, h("summary", { class: "btn btn-s btn-plain" }, t("case"), icon("chevron-down")), h("div", { class: "menu" }, entry("zap", t("macro_menu"), "macro"), entry("merge", t("merge_into"), "merge"), entry("split", t("move_contacts"), "move"), entry("link", t("link_case"), "link")));
    return [button(t("snooze"), { class: "btn btn-s btn-plain", icon: "clock", key: "S", act: () => this.acts?.snooze() }), task, eye, more];
  }

  /** What is still to be done, and how much is. @param {State} carried */
  tasks(carried) {
    const names = this.store?.desk.names.teams ?? {};
    const open = carried.tasks.filter((/** @type {State} */ one) => one.state === "open");
    const done = carried.tasks.filter((/** @type {State} */ one) => one.state === "done").length;
    const rows = open.map((/** @type {State} */ one) => {
      const late = one.due_at && new Date(one.due_at) < now();
      const mine = one.owner_id === this.store?.desk.me.id;
      const who = [mine ? t("yours") : one.owner_name || names[one.team_id] || "", one.due_at ? dayTime(one.due_at) : ""].filter(Boolean).join(t("comma"));
      return h("li", { class: late ? "is-late" : null }, icon("clipboard-list"), named(one.what, "ink"), h("span", { class: "quiet", text: who }), one.owner_id ? null : button(t("take_task"), { class: "btn-link", act: () => this.acts?.takeTask(one) }), button(t("close_task"), { class: "btn-link", act: () => this.acts?.closeTask(one) }));
    });
    return [...rows, done ? h("li", { class: "quiet" }, icon("check"), t("tasks_done", { n: done })) : null];
  }

  /** Which cases belong here: linked, split off, merged in; what moved can go back. @param {State} matter @param {State} carried */
  belongs(matter, carried) {
    const link = (/** @type {number} */ id) => h("a", { href: `/desk/case/${id}/`, text: t("case_n", { id }) });
    const links = carried.links.map((/** @type {State} */ one) => {
      const away = one.kind === "related" && this.may ? button("", { class: "btn btn-s btn-icon btn-plain", icon: "x", label: t("unlink_n", { id: one.case_id }), act: () => this.acts?.unlink(one.case_id) }) : null;
      return h("li", {}, icon(one.kind === "split" ? "split" : "link"), link(one.case_id), away);
    });
    const moves = carried.moves.map((/** @type {State} */ one) => {
      const words = t(one.kind === "merged" ? "was_merged" : one.from_case_id === matter.id ? "went_to" : "came_from", { id: one.from_case_id === matter.id ? one.case_id : one.from_case_id });
      return h("li", {}, icon(one.kind === "merged" ? "merge" : "arrow-right"), h("span", { text: words }), this.may ? button(t("undo_this"), { class: "btn-link", act: () => this.acts?.undoDeed(one.deed_id) }) : null);
    });
    const all = [...this.tasks(carried), ...links, ...moves];
    return all.length ? h("ul", { class: "case-belongs" }, ...all) : null;
  }
}

customElements.define("case-bar", CaseBar);
