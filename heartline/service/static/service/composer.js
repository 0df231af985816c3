/** The composer: who will see it, to whom it goes, the words, the files, the button. A note is yellow paper with a button of its own. */

import { say, toast } from "../ui/toast.js";
import { button, fillWith, h, icon } from "./dom.js";
import { Drafts } from "./drafts.js";
import { dressingMenu, onDressingKey } from "./dressing.js";
import { FileTray } from "./file-tray.js";
import { Callers } from "./mentions.js";
import { askWhen, sendMenu } from "./outgoing.js";
import { firstUnfilled, QuickReplies } from "./quick-replies.js";
import { drawReaders, drawReceiver } from "./receivers.js";
import { SharedDrafts } from "./shared-drafts.js";
import { abilities, contactInFocus } from "./selectors.js";
import { clockTime, fileLimits, langTag, readerLanguage, t } from "./text.js";
import { upload } from "./upload.js";

/** @typedef {Record<string, any>} State */

const TYPING_PAUSE = 3000;

export class MessageComposer extends HTMLElement {
  mode = "reply";
  caseId = 0;
  typedAt = 0;

  /**
   * @param {import("./store.js").DeskStore} store
   * @param {import("./outbox.js").Outbox} outbox
   * @param {{take: () => void, join: () => void, takeLastBack: () => boolean}} acts
   */
  connect(store, outbox, acts) {
    this.store = store;
    this.outbox = outbox;
    this.acts = acts;
    const hear = {
      saving: () => this.sayDraft(t("saving")),
      saved: (/** @type {string} */ _, /** @type {string} */ at, /** @type {string} */ text) => this.sayDraft(text || this.files.done.length ? t("draft_saved", { time: clockTime(at) }) : ""),
      kept: () => this.sayDraft(t("draft_kept_here")),
      conflict: (/** @type {string} */ mode, /** @type {string} */ other) => this.showConflict(mode, other),
    };
    this.drafts = new Drafts(store, hear, (mode) => this.tokens(mode));
    this.build();
    store.addEventListener("talk", (event) => void this.changedElsewhere(/** @type {CustomEvent} */ (event).detail));
    for (const name of ["talk", "story", "tick"]) store.addEventListener(name, () => this.draw());
    this.draw();
  }

  build() {
    this.draftState = h("span", { class: "push draft-state", role: "status" });
    this.reply = this.field("reply", t("reply_placeholder"));
    this.note = this.field("note", t("note_placeholder"));
    this.to = h("p", { class: "to to-out" });
    this.readers = h("span", { class: "clip" });
    this.trays = { reply: this.tray("reply"), note: this.tray("note") };
    this.problem = h("p", { class: "field-error", role: "alert", hidden: true });
    this.conflict = h("div", { class: "notice notice-waiting conflict", hidden: true });
    this.blocked = h("p", { class: "blocked to-out", hidden: true });
    this.picker = /** @type {HTMLInputElement} */ (h("input", { type: "file", class: "sr", multiple: true, accept: fileLimits().accept, tabindex: "-1", "aria-hidden": "true", on: { change: () => this.attach([...(this.picker?.files ?? [])]) } }));
    this.quick = new QuickReplies(this.reply);
    this.callers = new Callers(this.note);
    this.shared = new SharedDrafts(/** @type {import("./store.js").DeskStore} */ (this.store), { goOn: (card) => void this.goOn(card), share: (shared) => void this.share(shared) });
    this.sendButton = button(t("send"), { class: "btn btn-primary", type: "submit", key: t("key_send") });
    this.sending = sendMenu(this.sendButton, (after) => void this.send({ after }), () => void this.sendLater());
    const limits = t("file_limits_words", { kinds: fileLimits().kinds, limit: fileLimits().megabytes, n: fileLimits().count });
    this.noteButton = button(t("add_note"), { class: "btn btn-note push to-in", type: "submit", icon: "note", key: t("key_send") });
    this.form = h(
      "form",
      { class: "compose", "aria-label": t("answer"), "data-guard": "off", on: { submit: (/** @type {Event} */ event) => (event.preventDefault(), void this.send()) } },
      h("div", { class: "mode", role: "radiogroup", "aria-label": t("who_sees_this") }, this.choice("reply", "send", t("reply_to_customer"), "R"), this.choice("note", "note", t("internal_note"), "C"), this.draftState),
      this.conflict,
      this.shared.element,
      h("div", { class: "paper" }, h("p", { class: "to to-in" }, icon("note"), h("b", { text: t("only_team_sees") }), this.readers), this.to, this.blocked, this.reply, this.note, h("div", { class: "to-out" }, this.trays.reply.element), h("div", { class: "to-in" }, this.trays.note.element), h("p", { class: "drop-here", "aria-hidden": "true" }, icon("upload"), limits)),
      this.problem,
      this.quick.element,
      this.callers.picks.element,
      h("div", { class: "tools" }, button("", { class: "btn btn-s btn-plain btn-icon", icon: "paperclip", label: `${t("attach")}${t("colon")}${limits}`, act: () => this.picker?.click() }), this.picker, dressingMenu(() => this.active), button("", { class: "btn btn-s btn-plain btn-icon to-out", icon: "zap", label: t("quick_replies_key"), act: () => this.quick?.picks.ask("/") }), button("", { class: "btn btn-s btn-plain btn-icon to-in", icon: "at-sign", label: t("call_colleague"), act: () => this.callers?.picks.ask("@") }), this.shared.button, this.sending, this.noteButton),
    );
    this.takeDrops(this.form);
    this.append(this.form);
  }

  /** Files can be dropped anywhere on the composer; what is dragged otherwise (words, links) goes where it is dropped. @param {HTMLElement} form */
  takeDrops(form) {
    const carries = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
    form.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      form.classList.add("is-over");
    });
    form.addEventListener("dragleave", (event) => form.contains(/** @type {Node | null} */ (event.relatedTarget)) || form.classList.remove("is-over"));
    form.addEventListener("drop", (event) => {
      form.classList.remove("is-over");
      if (!carries(event)) return;
      event.preventDefault();
      this.attach([...(event.dataTransfer?.files ?? [])]);
    });
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
          keydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event),
          paste: (/** @type {ClipboardEvent} */ event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length) (event.preventDefault(), this.attach(files));
          },
        },
      })
    );
  }

  /** @param {string} mode */
  tray(mode) {
    return new FileTray((file, options) => this.upload(file, options), (problem) => this.say(problem), () => this.drafts?.type(mode, this.fieldOf(mode).value));
  }

  /** @param {string} mode */
  fieldOf(mode) {
    return /** @type {HTMLTextAreaElement} */ (mode === "reply" ? this.reply : this.note);
  }

  /** @param {string} mode */
  tokens(mode) {
    return /** @type {Record<string, FileTray>} */ (this.trays)[mode].done.map((file) => file.token);
  }

  /** In an empty field, taking back what was typed last takes back what was sent last. @param {KeyboardEvent} event */
  onKey(event) {
    const undoes = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (undoes && !this.active.value && this.acts?.takeLastBack()) event.preventDefault();
    if (!event.defaultPrevented) onDressingKey(this.active, event);
  }

  get active() {
    return this.fieldOf(this.mode);
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
    this.shared?.draw(mode);
    this.say("");
  }

  draw() {
    const { talk, desk, story } = /** @type {import("./store.js").DeskStore} */ (this.store);
    if (!talk || !this.reply || !this.note) return;
    const contact = contactInFocus(talk, desk);
    const can = abilities(desk, contact, talk);
    const another = talk.case.id !== this.caseId;
    if (another) this.begin(talk, can.reply);
    this.contact = contact;
    this.quick?.about(contact?.contact_id ?? 0);
    this.reply.hidden = !can.reply;
    this.reply.lang = langTag(contact?.language ?? talk.case.language);
    this.note.lang = readerLanguage();
    this.form?.classList.toggle("cannot-reply", !can.reply);
    drawReceiver(/** @type {HTMLElement} */ (this.to), talk, contact, story);
    this.drawReaders();
    this.shared?.draw(this.mode);
    this.drawBlocked(contact, can);
  }

  /** @param {State} talk @param {boolean} mayReply */
  begin(talk, mayReply) {
    this.caseId = talk.case.id;
    const texts = this.drafts?.begin(talk.case.id, talk.drafts ?? {}) ?? {};
    /** @type {HTMLTextAreaElement} */ (this.reply).value = texts.reply ?? "";
    /** @type {HTMLTextAreaElement} */ (this.note).value = texts.note ?? "";
    for (const [mode, tray] of Object.entries(this.trays ?? {})) {
      tray.clear();
      tray.restore(talk.drafts?.[mode]?.files ?? []);
    }
    /** @type {HTMLElement} */ (this.conflict).hidden = true;
    const saved = Object.values(talk.drafts ?? {}).filter((draft) => draft.body || draft.files?.length);
    this.sayDraft(saved.length ? t("draft_saved", { time: clockTime(saved[0].changed_at) }) : "");
    this.setMode(mayReply ? "reply" : "note", { focus: false });
  }

  /** Who of ours hears of a note at once: those in the contact, and those whom it calls. */
  drawReaders() {
    const { talk, desk } = /** @type {import("./store.js").DeskStore} */ (this.store);
    const called = this.callers?.namedIn(this.fieldOf("note").value) ?? [];
    if (talk) drawReaders(/** @type {HTMLElement} */ (this.readers), talk, desk, this.contact ?? null, called.map((one) => one.name));
  }

  /** @param {State | null} contact @param {ReturnType<typeof abilities>} can */
  drawBlocked(contact, can) {
    const blocked = /** @type {HTMLElement} */ (this.blocked);
    blocked.hidden = can.reply;
    const send = /** @type {HTMLElement} */ (this.sending);
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
    if (mode === "note") this.drawReaders();
    if (field.value && Date.now() - this.typedAt > TYPING_PAUSE && this.contact) {
      this.typedAt = Date.now();
      void this.store?.post(`contacts/${this.contact.contact_id}/typing`, { what: mode }, { retries: 0 }).catch(() => undefined);
    }
  }

  /** How a reply goes that can still be taken back, is planned, or settles the case; null is at once. @param {{after?: string, due_at?: string, stop_if_answered?: boolean}} plan */
  wayOf(plan) {
    const hold = this.store?.desk.hold?.[this.contact?.channel] ?? 0;
    return hold || plan.after || plan.due_at ? { after: plan.after ?? "", due_at: plan.due_at ?? null, stop_if_answered: plan.stop_if_answered ?? false } : null;
  }

  /** Ask when it should go; nothing is lost when one gives up. */
  async sendLater() {
    if (this.mayGo()) await askWhen((plan) => this.send(plan, { throws: true }));
  }

  /** Whether what is written can be sent; says what is missing. */
  mayGo() {
    const field = this.active;
    if (!this.contact) return false;
    if (this.files.busy) return this.say(t("wait_for_files")), false;
    if (!field.value.trim() && !this.files.done.length) return field.focus(), this.say(t("write_first")), false;
    const gap = this.mode === "reply" ? firstUnfilled(field.value) : null;
    if (gap) return field.focus(), field.setSelectionRange(gap.start, gap.end), this.say(t("fill_in_first", { what: gap.what })), false;
    return true;
  }

  /** @param {{after?: string, due_at?: string, stop_if_answered?: boolean}} [plan] @param {{throws?: boolean}} [options] a dialog shows by itself what was refused */
  async send(plan = {}, { throws = false } = {}) {
    if (this.files.busy && !(await this.filesUp())) return;
    const field = this.active;
    const text = field.value.trim();
    const { mode, contact, files } = this;
    if (!this.mayGo() || !contact) return;
    const way = mode === "reply" ? this.wayOf(plan) : null;
    const message = { contactId: contact.contact_id, caseId: this.caseId, kind: mode, text, files: files.done, way };
    const calls = mode === "note" ? this.callers?.idsIn(text) : null;
    field.value = "";
    files.clear();
    this.typedAt = 0;
    this.drafts?.decide(mode, "");
    this.drafts?.flush();
    /** @type {HTMLElement} */ (this.conflict).hidden = true;
    this.sayDraft("");
    field.focus();
    const sent = this.outbox?.send(message, calls);
    if (way) void sent?.then(() => say(t(plan.due_at ? "planned_aloud" : "held_aloud")), () => undefined);
    await sent?.catch((error) => {
      if (throws) throw (this.editLast(message), error);
    });
  }

  /** Wait for files on their way up; whether they arrived, and nobody turned to something else meanwhile. */
  async filesUp() {
    const { mode, caseId, files } = this;
    if (this.isWaiting) return false;
    this.isWaiting = true;
    this.say(t("wait_for_files"));
    const arrived = await files.settled();
    this.isWaiting = false;
    if (arrived) this.say("");
    return arrived && this.mode === mode && this.caseId === caseId;
  }

  /** What a dialog could not send is in the field again. @param {{kind: string, text: string, files: import("./file-tray.js").Kept[]}} message */
  editLast(message) {
    const refused = this.outbox?.of(this.caseId).findLast((one) => one.state === "failed" && one.text === message.text);
    if (refused) this.edit(refused.key);
  }

  /** Take a reply back before it goes: words and files are here again, before what was typed since. @param {State} item */
  async takeBack(item) {
    await this.drafts?.settle();
    const { drafts } = await /** @type {import("./store.js").DeskStore} */ (this.store).post(`outgoing/${item.id}/take-back`);
    this.adopt(drafts);
    if (drafts.reply) this.setMode("reply");
  }

  /** The server's drafts are newer than what stands here. @param {Record<string, any>} drafts */
  adopt(drafts) {
    for (const [mode, draft] of Object.entries(drafts)) {
      const field = this.fieldOf(mode);
      this.drafts?.adopt(mode, draft);
      field.value = draft.body;
      field.setSelectionRange(draft.body.length, draft.body.length);
      /** @type {Record<string, FileTray>} */ (this.trays)[mode].restore(draft.files ?? []);
    }
  }

  /** Another device or a colleague took a reply of ours back, or goes on with our draft: it is so here too, unless something unsaved stands here. @param {any} event */
  async changedElsewhere(event) {
    const mine = event?.body?.person_id === this.store?.desk.me.id;
    const takenBack = event?.kind === "conversations.outgoing_changed" && event.body.state === "cancelled";
    const takenOver = event?.kind === "conversations.draft_shared" && event.body.taken_by_id;
    if (!mine || !(takenBack || takenOver)) return;
    const mode = takenBack ? "reply" : event.body.mode;
    if (takenOver) toast(t("goes_on_with_yours", { name: event.by.name }));
    const caseId = this.caseId;
    const drafts = await this.store?.fetch(`cases/${caseId}/drafts`).catch(() => null);
    if (!drafts?.[mode] || caseId !== this.caseId || !this.drafts?.isSaved(mode, this.fieldOf(mode).value)) return;
    if (takenOver) /** @type {Record<string, FileTray>} */ (this.trays)[mode].clear();
    this.adopt({ [mode]: drafts[mode] });
  }

  /** Let colleagues go on with what is written here, or keep it to oneself again. @param {boolean} shared */
  async share(shared) {
    await this.drafts?.settle();
    await this.attempt(() => this.store?.post(`cases/${this.caseId}/draft/share`, { mode: this.mode, shared }));
  }

  /** Go on with a colleague's draft: it is ours from now on. @param {State} card */
  async goOn(card) {
    await this.drafts?.settle();
    await this.attempt(async () => {
      const { drafts } = await this.store?.post(`cases/${this.caseId}/draft/go-on`, { mode: card.mode, person_id: card.person_id });
      this.adopt(drafts);
      this.setMode(card.mode);
    });
  }

  /** Do something about a draft; what goes wrong is said beside the field. @param {() => Promise<unknown> | undefined} act */
  async attempt(act) {
    try {
      await act();
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
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

  /** @param {File} file @param {{progress: (share: number) => void, signal: AbortSignal}} options */
  upload(file, options) {
    return upload(`/desk/api/contacts/${this.contact?.contact_id}/files`, file, options);
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
