/**
 * Messages on their way: shown at once, kept in the browser until the server has them, sent again by themselves when the
 * connection is back. The same key goes with every try, so nothing is said twice.
 */

import { HttpError, newKey } from "../ui/http.js";

/** @typedef {{key: string, contactId: number, caseId: number, kind: string, text: string, files: {token: string, name: string, media_type: string, size: number}[], at: string, state: "sending" | "waiting" | "failed" | "sent", problem: string, mentions?: number[], way?: {after: string, due_at?: string | null, stop_if_answered?: boolean} | null}} Leaving `way` is how a reply goes that is held, planned or settles the case */

const PLACE = "heartline-desk-outbox";

export class Outbox extends EventTarget {
  /** @param {import("./store.js").DeskStore} store */
  constructor(store) {
    super();
    this.store = store;
    this.place = `${PLACE}-${store.desk.me.id}-`;
    /** @type {Leaving[]} */
    this.leaving = this.stored();
    store.addEventListener("talk", (event) => this.forgetArrived(/** @type {CustomEvent} */ (event).detail));
    store.live.addEventListener("state", (event) => /** @type {CustomEvent} */ (event).detail === "live" && this.sendAll());
    if (this.leaving.length) this.sendAll();
  }

  /** @param {number} caseId @returns {Leaving[]} */
  of(caseId) {
    return this.leaving.filter((one) => one.caseId === caseId);
  }

  /** How many wait for the connection. */
  get waiting() {
    return this.leaving.filter((one) => ["sending", "waiting"].includes(one.state)).length;
  }

  /**
   * Send a message; resolves when the server has it, rejects when it refused.
   * @param {{contactId: number, caseId: number, kind: string, text: string, files: Leaving["files"], way?: Leaving["way"]}} message
   * @param {Promise<number[]> | null} [calls] whom a note calls, when they are known
   */
  send(message, calls = null) {
    /** @type {Leaving} */
    const leaving = { ...message, key: newKey(), at: new Date().toISOString(), state: "sending", problem: "" };
    this.leaving.push(leaving);
    this.changed();
    return calls ? this.deliverCalling(leaving, calls) : this.deliver(leaving);
  }

  /** @param {Leaving} leaving @param {Promise<number[]>} calls */
  async deliverCalling(leaving, calls) {
    this.keep(leaving);
    leaving.mentions = await calls;
    return this.deliver(leaving);
  }

  /** @param {string} key */
  again(key) {
    const leaving = this.leaving.find((one) => one.key === key);
    if (leaving) void this.deliver(leaving).catch(() => undefined);
  }

  /** Take a message back that was refused; returns it, for its words go back into the field. @param {string} key */
  takeBack(key) {
    const leaving = this.leaving.find((one) => one.key === key);
    this.drop(key);
    return leaving;
  }

  sendAll() {
    for (const leaving of this.leaving.filter((one) => one.state === "waiting")) void this.deliver(leaving).catch(() => undefined);
  }

  /** @param {Leaving} leaving */
  async deliver(leaving) {
    leaving.state = "sending";
    leaving.problem = "";
    this.keep(leaving);
    this.changed();
    const { contactId, kind, text, files, key, way, mentions } = leaving;
    const message = { kind, text, client_key: key, attachments: files.map((file) => file.token), ...(mentions?.length ? { mentions } : {}) };
    try {
      await (way ? this.store.post(`contacts/${contactId}/outgoing`, { ...message, ...way }, { key }) : this.store.post(`contacts/${contactId}/messages`, message, { key }));
      leaving.state = "sent";
      this.keep(leaving);
      // The event that brings it as said may be here already, or comes in a moment.
      setTimeout(() => this.drop(key), this.isShown(leaving) ? 0 : 4000);
    } catch (error) {
      const refused = error instanceof HttpError && !error.passing && error.status !== 401;
      leaving.state = refused ? "failed" : "waiting";
      leaving.problem = refused ? error.message : "";
      this.keep(leaving);
      this.changed();
      if (refused) throw error;
    }
  }

  /** @param {Leaving} leaving */
  isShown(leaving) {
    const { messages, outgoing } = this.store.talk ?? {};
    return [...Object.values(messages ?? {}), ...Object.values(outgoing ?? {})].some((message) => message.client_key === leaving.key);
  }

  /** @param {any} event */
  forgetArrived(event) {
    if (event?.kind === "conversations.message_added") this.drop(event.body.client_key);
    else for (const leaving of [...this.leaving]) if (this.isShown(leaving)) this.drop(leaving.key);
  }

  /** @param {string} key */
  drop(key) {
    const leaving = this.leaving.find((one) => one.key === key);
    if (!leaving) return;
    this.leaving = this.leaving.filter((one) => one !== leaving);
    this.keep({ ...leaving, state: "sent" });
    this.changed();
  }

  changed() {
    this.dispatchEvent(new CustomEvent("outbox"));
  }

  /** Keep a message in the browser until the server has it, each in a place of its own: other tabs have theirs. @param {Leaving} leaving */
  keep(leaving) {
    try {
      if (leaving.state === "sent") localStorage.removeItem(this.place + leaving.key);
      else localStorage.setItem(this.place + leaving.key, JSON.stringify(leaving));
    } catch {
      // a browser that keeps nothing still sends
    }
  }

  /** What was on its way when the page was closed. @returns {Leaving[]} */
  stored() {
    try {
      const places = Object.keys(localStorage).filter((name) => name.startsWith(this.place));
      const left = places.map((name) => JSON.parse(localStorage.getItem(name) ?? "{}"));
      return left.map((one) => ({ ...one, state: one.state === "failed" ? "failed" : "waiting" })).sort((one, other) => (one.at < other.at ? -1 : 1));
    } catch {
      return [];
    }
  }
}
