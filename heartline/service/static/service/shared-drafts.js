/** Drafts that colleagues share: one goes on where the other stopped, and a draft has one writer at a time. */

import { button, fillWith, h, icon } from "./dom.js";
import { langOf, named, t } from "./text.js";

/** @typedef {Record<string, any>} State */

export class SharedDrafts {
  /** @param {import("./store.js").DeskStore} store @param {{goOn: (card: State) => void, share: (shared: boolean) => void}} acts */
  constructor(store, acts) {
    this.store = store;
    this.acts = acts;
    this.element = h("div", { class: "shared-drafts" });
    this.button = button("", { class: "btn btn-s btn-plain btn-icon", icon: "users", label: t("share_draft"), act: () => this.acts.share(this.button.getAttribute("aria-pressed") !== "true") });
  }

  /** @param {string} mode the field that is open */
  draw(mode) {
    const { talk, desk } = this.store;
    const all = Object.values(talk?.shared_drafts ?? {});
    const mine = all.some((card) => card.person_id === desk.me.id && card.mode === mode);
    const words = t(mine ? "draft_is_shared" : "share_draft");
    this.button.setAttribute("aria-pressed", String(mine));
    for (const name of ["aria-label", "title"]) if (this.button.getAttribute(name) !== words) this.button.setAttribute(name, words);
    const theirs = all.filter((card) => card.person_id !== desk.me.id);
    const look = JSON.stringify(theirs);
    if (this.element.dataset.look === look) return;
    this.element.dataset.look = look;
    fillWith(this.element, ...theirs.map((card) => this.notice(card)));
  }

  /** @param {State} card */
  notice(card) {
    const files = card.files ? h("p", { class: "xs quiet" }, t("n_files", { n: card.files })) : null;
    return h("div", { class: "notice notice-quiet conflict" }, icon("users"), h("div", { class: "grow" }, h("p", {}, named(card.person_name), t("colon"), t(card.mode === "note" ? "shares_note" : "shares_reply")), h("blockquote", { class: "kept-lines soft", lang: langOf(card.text), text: card.text }), files), button(t("go_on_with_it"), { act: () => this.acts.goOn(card) }));
  }
}
