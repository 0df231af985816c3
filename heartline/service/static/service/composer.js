/** The composer: who will see it, to whom it goes, the words, the files, the button. A note is yellow paper with a button of its own. */

import { HttpError } from "../ui/http.js";
import { button, fillWith, h, icon } from "./dom.js";
import { Drafts } from "./drafts.js";
import { FileTray } from "./file-tray.js";
import { firstUnfilled, QuickReplies } from "./quick-replies.js";
import { abilities, contactInFocus } from "./selectors.js";
import { clockTime, langTag, named, readerLanguage, secondsSince, t } from "./text.js";

/** @typedef {Record<string, any>} State */

const TYPING_PAUSE = 3000;
const ONLINE_SECONDS = 60;

export class MessageComposer extends HTMLElement {
  mode = "reply";
  caseId = 0;
  typedAt = 0;

  /**
   * @param {import("./store.js").DeskStore} store
   * @param {import("./outbox.js").Outbox} outbox
   * @param {{take: () => void, join: () => void}} acts
   */
  connect(store, outbox, acts) {
    this.store = store;
    this.outbox = outbox;
    this.acts = acts;
    this.drafts = new Drafts(store, {
      saving: () => this.sayDraft(t("saving")),
      saved: (_, at, text) => this.sayDraft(text ? t("draft_saved", { time: clockTime(at) }) : ""),
      kept: () => this.sayDraft(t("draft_kept_here")),
      conflict: (mode, other) => this.showConflict(mode, other),
    });
    this.build();
    for (const name of ["talk", "story", "tick"]) store.addEventListener(name, () => this.draw());
    this.draw();
  }

  build() {
    this.draftState = h("span", { class: "push draft-state", role: "status" });
    this.reply = this.field("reply", t("reply_placeholder"));
    this.note = this.field("note", t("note_placeholder"));
    this.to = h("p", { class: "to to-out" });
    this.trays = { reply: this.tray(), note: this.tray() };
    this.problem = h("p", { class: "field-error", role: "alert", hidden: true });
    this.conflict = h("div", { class: "notice notice-waiting conflict", hidden: true });
    this.blocked = h("p", { class: "blocked to-out", hidden: true });
    this.picker = /** @type {HTMLInputElement} */ (h("input", { type: "file", class: "sr", multiple: true, tabindex: "-1", "aria-hidden": "true", on: { change: () => this.attach([...(this.picker?.files ?? [])]) } }));
    this.quick = new QuickReplies(this.reply);
    this.sendButton = button(t("send"), { class: "btn btn-primary push to-out", type: "submit", key: t("key_send") });
    this.noteButton = button(t("add_note"), { class: "btn btn-note push to-in", type: "submit", icon: "note", key: t("key_send") });
    this.form = h(
      "form",
      { class: "compose", "aria-label": t("answer"), "data-guard": "off", on: { submit: (/** @type {Event} */ event) => (event.preventDefault(), void this.send()) } },
      h("div", { class: "mode", role: "radiogroup", "aria-label": t("who_sees_this") }, this.choice("reply", "send", t("reply_to_customer"), "R"), this.choice("note", "note", t("internal_note"), "C"), this.draftState),
      this.conflict,
      h("div", { class: "paper" }, h("p", { class: "to to-in" }, icon("note"), h("b", { text: t("only_team_sees") })), this.to, this.blocked, this.reply, this.note, h("div", { class: "to-out" }, this.trays.reply.element), h("div", { class: "to-in" }, this.trays.note.element)),
      this.problem,
      this.quick.element,
      h("div", { class: "tools" }, button("", { class: "btn btn-s btn-plain btn-icon", icon: "paperclip", label: t("attach"), act: () => this.picker?.click() }), this.picker, button("", { class: "btn btn-s btn-plain btn-icon to-out", icon: "zap", label: t("quick_replies_key"), act: () => this.quick?.picks.ask("/") }), this.sendButton, this.noteButton),
    );
    this.form.addEventListener("dragover", (event) => (event.preventDefault(), this.form?.classList.add("is-over")));
    for (const name of ["dragleave", "drop"]) this.form.addEventListener(name, () => this.form?.classList.remove("is-over"));
    this.form.addEventListener("drop", (event) => (event.preventDefault(), this.attach([...(/** @type {DragEvent} */ (event).dataTransfer?.files ?? [])])));
    this.append(this.form);
  }

  /** @param {string} mode @param {string} sign @param {string} words @param {string} key */
  choice(mode, sign, words, key) {
    const input = h("input", { type: "radio", name: "mode", value: mode, checked: mode === this.mode, on: { change: () => this.setMode(mode) } });
    return h("label", { class: mode === "note" ? "private" : null }, input, icon(sign), words, " ", h("kbd", { class: "wide letter", text: key }));
  }

  /** @param {string} mode @param {string} placeholder */
  field(mode, placeholder) {
    const out = mode === "reply";
    return /** @type {HTMLTextAreaElement} */ (
      h("textarea", {
        class: out ? "to-out" : "to-in",
        "aria-label": t(out ? "reply_to_customer" : "internal_note"),
        placeholder,
        data: { mode },
        on: {
          input: () => this.typed(mode),
          paste: (/** @type {ClipboardEvent} */ event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length) (event.preventDefault(), this.attach(files));
          },
        },
      })
    );
  }

  tray() {
    return new FileTray((file) => this.upload(file), (problem) => this.say(problem));
  }

  get active() {
    return /** @type {HTMLTextAreaElement} */ (this.mode === "reply" ? this.reply : this.note);
  }

  get files() {
    return /** @type {Record<string, FileTray>} */ (this.trays)[this.mode];
  }

  /** @param {string} mode @param {{focus?: boolean}} [options] */
  setMode(mode, { focus = true } = {}) {
    this.mode = mode;
    const radio = /** @type {HTMLInputElement | null} */ (this.querySelector(`input[name=mode][value=${mode}]`));
    if (radio) radio.checked = true;
    if (focus) this.active.focus();
    this.say("");
  }

  draw() {
    const { talk, desk, story } = /** @type {import("./store.js").DeskStore} */ (this.store);
    if (!talk || !this.reply || !this.note) return;
    const contact = contactInFocus(talk, desk);
    const can = abilities(desk, contact);
    const another = talk.case.id !== this.caseId;
    if (another) this.begin(talk, can.reply);
    this.contact = contact;
    this.quick?.about(contact?.contact_id ?? 0);
    this.reply.hidden = !can.reply;
    this.reply.lang = langTag(contact?.language ?? talk.case.language);
    this.note.lang = readerLanguage();
    this.form?.classList.toggle("cannot-reply", !can.reply);
    this.drawTo(talk, contact, story);
    this.drawBlocked(contact, can);
  }

  /** @param {State} talk @param {boolean} mayReply */
  begin(talk, mayReply) {
    this.caseId = talk.case.id;
    const texts = this.drafts?.begin(talk.case.id, talk.drafts ?? {}) ?? {};
    /** @type {HTMLTextAreaElement} */ (this.reply).value = texts.reply ?? "";
    /** @type {HTMLTextAreaElement} */ (this.note).value = texts.note ?? "";
    Object.values(this.trays ?? {}).forEach((tray) => tray.clear());
    /** @type {HTMLElement} */ (this.conflict).hidden = true;
    const saved = Object.values(talk.drafts ?? {}).filter((draft) => draft.body);
    this.sayDraft(saved.length ? t("draft_saved", { time: clockTime(saved[0].changed_at) }) : "");
    this.setMode(mayReply ? "reply" : "note", { focus: false });
  }

  /** Say to whom it goes and how it reaches them, in the last second before it goes. @param {State} talk @param {State | null} contact @param {State | null} story */
  drawTo(talk, contact, story) {
    const seen = story?.online?.[contact?.contact_id ?? 0];
    const online = seen ? secondsSince(seen) < ONLINE_SECONDS : false;
    const how = contact?.channel === "webchat" ? t(online ? "to_chat_online" : "to_chat_away") : contact ? t(`to_${contact.channel}`) : "";
    fillWith(/** @type {HTMLElement} */ (this.to), h("span", { text: t("to") }), h("b", {}, named(talk.case.customer_name || t("unnamed"))), h("span", { class: "clip", title: how, text: how }));
  }

  /** @param {State | null} contact @param {ReturnType<typeof abilities>} can */
  drawBlocked(contact, can) {
    const blocked = /** @type {HTMLElement} */ (this.blocked);
    blocked.hidden = can.reply;
    const send = /** @type {HTMLElement} */ (this.sendButton);
    send.hidden = !can.reply;
    if (can.reply) return;
    const why = contact?.state === "waiting" ? t("waits_for_somebody") : contact?.state !== "active" ? t("has_ended") : t("served_by", { name: contact?.assignee_name ?? "" });
    const act = can.join ? button(t("join"), { class: "btn", act: () => this.acts?.join() }) : null;
    fillWith(blocked, h("span", { text: why }), act);
  }

  /** @param {string} mode */
  typed(mode) {
    const field = /** @type {HTMLTextAreaElement} */ (mode === "reply" ? this.reply : this.note);
    this.drafts?.type(mode, field.value);
    this.say("");
    if (field.value && Date.now() - this.typedAt > TYPING_PAUSE && this.contact) {
      this.typedAt = Date.now();
      void this.store?.post(`contacts/${this.contact.contact_id}/typing`, { what: mode }, { retries: 0 }).catch(() => undefined);
    }
  }

  async send() {
    const field = this.active;
    const text = field.value.trim();
    const { mode, contact, files } = this;
    if (!contact) return;
    if (files.busy) return this.say(t("wait_for_files"));
    if (!text && !files.done.length) return (field.focus(), this.say(t("write_first")));
    const gap = mode === "reply" ? firstUnfilled(field.value) : null;
    if (gap) return (field.focus(), field.setSelectionRange(gap.start, gap.end), this.say(t("fill_in_first", { what: gap.what })));
    const message = { contactId: contact.contact_id, caseId: this.caseId, kind: mode, text, files: files.done };
    field.value = "";
    files.clear();
    this.typedAt = 0;
    this.drafts?.decide(mode, "");
    this.drafts?.flush();
    /** @type {HTMLElement} */ (this.conflict).hidden = true;
    this.sayDraft("");
    field.focus();
    await this.outbox?.send(message).catch(() => undefined);
  }

  /** Put the words of a refused message back where they were written. @param {string} key */
  edit(key) {
    const message = this.outbox?.takeBack(key);
    if (!message) return;
    this.setMode(message.kind);
    this.active.value = [message.text, this.active.value].filter(Boolean).join("\n");
    this.files.restore(message.files);
    this.typed(message.kind);
  }

  /** @param {File[]} files */
  attach(files) {
    this.say("");
    this.files.add(files);
    if (this.picker) this.picker.value = "";
  }

  /** @param {File} file */
  async upload(file) {
    const form = new FormData();
    form.append("file", file);
    try {
      return await this.store?.post(`contacts/${this.contact?.contact_id}/files`, form);
    } catch (error) {
      throw error instanceof HttpError && error.fields.file ? new Error(error.fields.file) : error;
    }
  }

  /** Another window saved other words: both are here. @param {string} mode @param {string} other */
  showConflict(mode, other) {
    const box = /** @type {HTMLElement} */ (this.conflict);
    const field = /** @type {HTMLTextAreaElement} */ (mode === "reply" ? this.reply : this.note);
    const decide = (/** @type {string} */ text) => {
      field.value = text;
      this.drafts?.decide(mode, text);
      box.hidden = true;
    };
    fillWith(box, icon("info"), h("div", { class: "grow" }, h("p", { text: t("draft_conflict") }), h("blockquote", { class: "kept-lines soft", text: other })), button(t("use_other"), { act: () => decide(other) }), button(t("keep_mine"), { act: () => decide(field.value) }));
    box.hidden = false;
  }

  /** @param {string} words */
  sayDraft(words) {
    if (this.draftState && this.draftState.textContent !== words) this.draftState.textContent = words;
  }

  /** Say what is wrong beside the field; an empty word takes it back. @param {string} words */
  say(words) {
    const problem = /** @type {HTMLElement} */ (this.problem);
    problem.hidden = !words;
    fillWith(problem, words ? icon("circle-alert") : null, words);
  }
}

customElements.define("message-composer", MessageComposer);
