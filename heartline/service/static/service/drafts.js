/**
 * What is typed and not sent: saved on the server as it is typed, and in the browser until the server has it. Two windows
 * that write the same draft lose neither text.
 */

import { HttpError } from "../ui/http.js";

/** @typedef {{body: string, version: number, changed_at?: string}} Draft */

const PAUSE = 700;

export class Drafts {
  /**
   * @param {import("./store.js").DeskStore} store
   * @param {{saved: (mode: string, at: string, text: string) => void, saving: (mode: string) => void, conflict: (mode: string, other: string) => void, kept: (mode: string) => void}} hear
   * @param {(mode: string) => string[]} filesOf the tokens of the files that belong to a field
   */
  constructor(store, hear, filesOf) {
    this.store = store;
    this.hear = hear;
    this.filesOf = filesOf;
    this.caseId = 0;
    /** @type {Record<string, Draft>} */
    this.known = {};
    /** @type {Record<string, string>} what is typed and not saved yet */
    this.typed = {};
    /** @type {Record<string, ReturnType<typeof setTimeout>>} */
    this.timers = {};
    /** @type {Record<string, Promise<void>>} one save at a time per field, or a later text could arrive first */
    this.saves = {};
    /** @type {Set<string>} fields whose other text waits for a decision: until then only this browser keeps what is typed */
    this.undecided = new Set();
    addEventListener("pagehide", () => this.flush());
    store.live.addEventListener("state", (event) => /** @type {CustomEvent} */ (event).detail === "live" && this.flush());
  }

  /**
   * Begin with a case; returns the texts to start from.
   * @param {number} caseId
   * @param {Record<string, Draft>} drafts
   */
  begin(caseId, drafts) {
    this.flush();
    this.caseId = caseId;
    this.known = structuredClone(drafts);
    this.typed = {};
    this.undecided.clear();
    /** @type {Record<string, string>} */
    const texts = {};
    for (const mode of ["reply", "note"]) {
      const left = this.left(mode);
      const saved = drafts[mode]?.body ?? "";
      texts[mode] = left ?? saved;
      if (left === null || left === saved) continue;
      // What this browser kept goes on from what was saved, or another window has written something else meanwhile.
      if (left.startsWith(saved)) this.type(mode, left);
      else this.ask(mode, left, saved);
    }
    return texts;
  }

  /** @param {string} mode @param {string} text */
  type(mode, text) {
    this.typed[mode] = text;
    this.keep(mode, text);
    if (!this.undecided.has(mode)) this.hear.saving(mode); // what was saved before is not what stands here now
    clearTimeout(this.timers[mode]);
    this.timers[mode] = setTimeout(() => this.save(mode), PAUSE);
  }

  /** The person has seen the other text and chosen: what is typed is saved again. @param {string} mode @param {string} text */
  decide(mode, text) {
    this.undecided.delete(mode);
    this.type(mode, text);
  }

  /** Save at once what waits, and wait until the server has it or cannot take it now. */
  async settle() {
    this.flush();
    await Promise.allSettled(Object.values(this.saves));
  }

  /** The server has given a draft back: go on from there. @param {string} mode @param {Draft} draft */
  adopt(mode, draft) {
    clearTimeout(this.timers[mode]);
    delete this.typed[mode];
    this.undecided.delete(mode);
    this.known[mode] = { ...draft };
    this.forget(this.caseId, mode);
  }

  /** Whether what stands in a field is what the server has. @param {string} mode @param {string} text */
  isSaved(mode, text) {
    return this.typed[mode] === undefined && !this.undecided.has(mode) && (this.known[mode]?.body ?? "") === text;
  }

  /** Save at once what waits. */
  flush() {
    for (const mode of Object.keys(this.typed)) {
      clearTimeout(this.timers[mode]);
      this.save(mode);
    }
  }

  /** @param {string} mode */
  save(mode) {
    const caseId = this.caseId;
    const text = this.typed[mode];
    if (text === undefined || !caseId || this.undecided.has(mode)) return;
    delete this.typed[mode];
    const files = this.filesOf(mode);
    const known = this.known;
    this.hear.saving(mode);
    this.saves[mode] = (this.saves[mode] ?? Promise.resolve()).then(async () => {
      try {
        const saved = await this.store.post(`cases/${caseId}/draft`, { mode, body: text, version: known[mode]?.version ?? 0, files });
        known[mode] = { body: text, version: saved.version };
        if (this.typed[mode] === undefined || this.caseId !== caseId) this.forget(caseId, mode);
        if (this.caseId === caseId && this.typed[mode] === undefined) this.hear.saved(mode, saved.changed_at, text);
      } catch (error) {
        await this.notSaved(caseId, mode, text, error);
      }
    });
  }

  /** @param {number} caseId @param {string} mode @param {string} text @param {unknown} error */
  async notSaved(caseId, mode, text, error) {
    if (this.caseId !== caseId) return;
    if (!(error instanceof HttpError) || error.status !== 409) {
      this.typed[mode] ??= text;
      return this.hear.kept(mode);
    }
    const drafts = await this.store.fetch(`cases/${caseId}/drafts`).catch(() => null);
    if (!drafts || this.caseId !== caseId) return;
    const other = drafts[mode]?.body ?? "";
    this.known[mode] = { body: other, version: drafts[mode]?.version ?? 0 };
    if (other && other !== text) {
      this.ask(mode, this.typed[mode] ?? text, other);
    } else {
      this.type(mode, this.typed[mode] ?? text);
    }
  }

  /** Two texts and one field: show both, save neither over the other. @param {string} mode @param {string} mine @param {string} other */
  ask(mode, mine, other) {
    this.undecided.add(mode);
    this.typed[mode] = mine;
    queueMicrotask(() => this.hear.conflict(mode, other));
  }

  /** @param {number} caseId @param {string} mode */
  place(caseId, mode) {
    return `heartline-draft-${this.store.desk.me.id}-${caseId}-${mode}`;
  }

  /** @param {string} mode @param {string} text */
  keep(mode, text) {
    try {
      localStorage.setItem(this.place(this.caseId, mode), text);
    } catch {
      // the server still has it in a moment
    }
  }

  /** @param {number} caseId @param {string} mode */
  forget(caseId, mode) {
    try {
      localStorage.removeItem(this.place(caseId, mode));
    } catch {
      // nothing was kept
    }
  }

  /** What this browser kept because the server could not. @param {string} mode */
  left(mode) {
    try {
      return localStorage.getItem(this.place(this.caseId, mode));
    } catch {
      return null;
    }
  }
}
