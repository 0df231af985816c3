/** Finding words in the open conversation, however long it is: from the newest place to older ones and back. */

import { button, fillWith, h, icon } from "./dom.js";
import { t } from "./text.js";

const PAUSE = 300;

export class ThreadFind extends HTMLElement {
  /** Messages with the words, newest first. @type {number[]} */
  places = [];
  at = 0;
  words = "";
  caseId = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;

  /** @param {import("./store.js").DeskStore} store @param {import("./thread-view.js").ThreadView} thread */
  connect(store, thread) {
    this.store = store;
    this.thread = thread;
    this.hidden = true;
    this.setAttribute("role", "search");
    this.setAttribute("aria-label", t("find_here"));
    this.field = /** @type {HTMLInputElement} */ (h("input", { class: "input", type: "search", maxlength: "100", "aria-label": t("find_here"), placeholder: t("find_here"), on: { input: () => this.later(), keydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event) } }));
    this.told = h("span", { class: "s soft nowrap", role: "status" });
    this.append(
      icon("search"),
      this.field,
      this.told,
      button("", { class: "btn btn-s btn-icon btn-plain", icon: "chevron-up", label: t("find_older"), act: () => void this.go(1) }),
      button("", { class: "btn btn-s btn-icon btn-plain", icon: "chevron-down", label: t("find_newer"), act: () => void this.go(-1) }),
      button("", { class: "btn btn-s btn-icon btn-plain", icon: "x", label: t("close"), act: () => this.close() }),
    );
    store.addEventListener("talk", () => store.talk?.case.id !== this.caseId && this.leave());
  }

  open() {
    if (!this.store?.talk) return;
    this.caseId = this.store.talk.case.id;
    this.hidden = false;
    this.field?.focus();
    this.field?.select();
  }

  close() {
    this.leave();
    this.thread?.focus({ preventScroll: true });
  }

  leave() {
    clearTimeout(this.timer);
    this.hidden = true;
    this.words = "";
    this.places = [];
    if (this.field) this.field.value = "";
    this.tell("");
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.find(), PAUSE);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter") void (this.words === this.field?.value.trim() ? this.go(event.shiftKey ? -1 : 1) : this.find());
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Look for what was typed, and go to the newest place. */
  async find() {
    clearTimeout(this.timer);
    const words = this.field?.value.trim() ?? "";
    this.words = words;
    this.places = [];
    if (!words) return this.tell("");
    try {
      const { places } = await this.store?.fetch(`cases/${this.caseId}/said?${new URLSearchParams({ words })}`);
      if (words !== this.words) return;
      this.places = places;
      this.at = 0;
      if (places.length) await this.go(0);
      else this.tell(t("found_nowhere"));
    } catch (error) {
      this.tell(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {number} step to older places, or back */
  async go(step) {
    const { length } = this.places;
    if (!length) return;
    this.at = (this.at + step + length) % length;
    this.tell(t("found_at", { n: this.at + 1, count: length }));
    await this.thread?.showMessage(this.places[this.at], { focus: false });
  }

  /** @param {string} words */
  tell(words) {
    fillWith(/** @type {HTMLElement} */ (this.told), words);
  }
}

customElements.define("thread-find", ThreadFind);
