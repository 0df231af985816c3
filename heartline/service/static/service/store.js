/**
 * What the desk knows: the snapshot kept up by events, the open conversation, its customer's story, and the way to the
 * server. Parts of the page listen for "desk", "talk", "story", "others" and "gone", and draw what they find here.
 */

import { Live, isAfter } from "../ui/live.js";
import { get, HttpError, send } from "../ui/http.js";
import { clockOffset, now } from "../ui/time.js";
import { apply, applyCase, beginsAnew, onDay } from "./apply.js";
import { isInIt } from "./selectors.js";
import { dayOf } from "./text.js";

/** @typedef {Record<string, any>} State */

const STORY_PAUSE = 250;
const OTHERS_SHOWN = 60_000;
const TYPING_SHOWN = 6_000;
/** Kinds after which what is told between messages and beside them has changed. */
const TELLING = /^(conversations\.(?!messages_seen|message_added|file_added)|promises\.|voice_of_customer\.|routing\.|customers\.)/;

export class DeskStore extends EventTarget {
  /** @param {State} snapshot @param {{talk: State, story: State} | null} opened */
  constructor(snapshot, opened) {
    super();
    this.desk = snapshot;
    /** @type {State | null} */
    this.talk = opened?.talk ?? null;
    /** @type {State | null} */
    this.story = opened?.story ?? null;
    /** @type {number | null} */
    this.opening = null;
    /** @type {State[]} what happened while a conversation was being fetched */
    this.meanwhile = [];
    /** @type {Map<string, State>} who else looks at or writes in the open case */
    this.others = new Map();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.storyTimer = undefined;
    clockOffset(snapshot.now);
    this.live = new Live("/live/staff", snapshot.me.id, snapshot.position);
    this.live.addEventListener("change", (event) => this.happened(/** @type {CustomEvent} */ (event).detail));
    this.live.addEventListener("signal", (event) => this.heard(/** @type {CustomEvent} */ (event).detail));
    this.live.addEventListener("reset", () => void this.startAnew());
    this.live.addEventListener("watching", (event) => void this.catchUp(/** @type {CustomEvent} */ (event).detail));
    this.live.addEventListener("bye", () => this.tell("gone"));
    setInterval(() => this.tick(), 25_000);
    this.watchOpen();
  }

  /** @param {string} name @param {any} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  get caseId() {
    return this.opening ?? this.talk?.case.id ?? null;
  }

  // What happens

  /** @param {any} event */
  happened(event) {
    if (event.kind === "people.settings_changed" || event.kind === "people.person_changed") return void this.startAnew();
    const { case_id: here, from_case_id: from } = event.body;
    const isOpen = this.talk && from && [here, from].includes(this.talk.case.id);
    // The old number of a merged case leads on to where it went.
    if (beginsAnew(this.desk, event) || isOpen) return void this.startAnew();
    const before = this.desk;
    this.desk = apply(this.desk, event);
    if (this.desk !== before) this.tell("desk", event);
    if (this.opening) this.meanwhile.push(event);
    if (!this.talk || event.body.case_id !== this.talk.case.id) return;
    this.talk = applyCase(this.talk, event);
    this.tell("talk", event);
    if (event.kind === "conversations.message_added") this.others.delete(`typing:${event.body.author_kind}:${event.body.author_id ?? ""}`);
    if (TELLING.test(event.kind)) this.tellAgain();
    this.watchOpen();
  }

  /** Somebody types or looks: it fades by itself. @param {State} signal */
  heard(signal) {
    if (!this.talk || !(String(signal.contact_id) in this.talk.contacts) || signal.person_id === this.desk.me.id) return;
    const who = signal.side === "customer" ? "customer:" : `person:${signal.person_id}`;
    if (signal.kind === "left") {
      for (const kind of ["viewing", "typing"]) this.others.delete(`${kind}:${who}`);
      return this.tell("others");
    }
    const isNew = signal.side === "person" && ![...this.others.keys()].some((known) => known.endsWith(who));
    const typing = signal.kind === "typing" && signal.typing !== false;
    const key = `${signal.kind}:${who}`;
    if (signal.kind === "typing" && !typing) this.others.delete(key);
    else this.others.set(key, { ...signal, until: Date.now() + (typing ? TYPING_SHOWN : OTHERS_SHOWN) });
    this.tell("others");
    if (isNew) this.tell("met", signal);
    if (isNew || signal.what === "coming") this.tell("asked");
    setTimeout(() => this.fade(), (typing ? TYPING_SHOWN : OTHERS_SHOWN) + 50);
  }

  fade() {
    const count = this.others.size;
    for (const [key, one] of this.others) if (one.until <= Date.now()) this.others.delete(key);
    if (this.others.size !== count) this.tell("others");
  }

  /** Begin from new snapshots: too much was missed, or rights have changed. */
  async startAnew() {
    try {
      this.desk = await get("/desk/api/snapshot");
    } catch (error) {
      if (error instanceof HttpError && [401, 403].includes(error.status)) return this.live.end();
      setTimeout(() => void this.startAnew(), 2000);
      return;
    }
    clockOffset(this.desk.now);
    this.live.restart(this.desk.position);
    this.tell("desk", { kind: "reset" });
    if (this.caseId) await this.open(this.caseId, { again: true }).catch(() => this.close());
  }

  /** The stream follows the open case only from here on: what it missed before is fetched. @param {string} from */
  async catchUp(from) {
    if (this.talk && isAfter(from, this.talk.position) && this.caseId) await this.open(this.caseId, { again: true }).catch(() => undefined);
    this.tell("following");
  }

  tick() {
    this.fade();
    if (dayOf(this.desk.day_start) !== dayOf(now())) {
      const passed = Math.floor((now().getTime() - new Date(this.desk.day_start).getTime()) / 86_400_000);
      if (passed > 0) this.desk = onDay(this.desk, new Date(new Date(this.desk.day_start).getTime() + passed * 86_400_000).toISOString().replace("Z", "+00:00").replace(".000", ""));
    }
    void this.askOnline();
    this.tell("tick");
  }

  /** Whether the customer is still there: their browser says so without events. */
  async askOnline() {
    const caseId = this.talk?.case.id;
    const chats = Object.values(this.talk?.contacts ?? {}).some((card) => card.channel === "webchat" && card.state === "active");
    if (!caseId || !chats || document.hidden || this.live.state !== "live") return;
    const found = await get(`/desk/api/cases/${caseId}/online`).catch(() => null);
    if (!found || !this.story || this.talk?.case.id !== caseId) return;
    this.story = { ...this.story, online: found.online };
    this.tell("tick");
  }

  // The open conversation

  /**
   * Open a case. What happens while it is fetched is applied to it afterwards.
   * @param {number} caseId
   * @param {{again?: boolean}} [options]
   */
  async open(caseId, { again = false } = {}) {
    this.opening = caseId;
    this.meanwhile = [];
    if (!again) this.others.clear();
    this.watchOpen();
    if (!again) this.tell("opening");
    try {
      const { talk, story } = await get(`/desk/api/cases/${caseId}`);
      if (this.opening !== caseId) return;
      this.talk = this.meanwhile.reduce(applyCase, talk);
      this.story = story;
    } finally {
      if (this.opening === caseId) this.opening = null;
    }
    this.tell("talk", { kind: again ? "again" : "opened" });
    this.tell("story");
    this.watchOpen();
  }

  close() {
    this.opening = null;
    this.talk = this.story = null;
    this.others.clear();
    this.live.watch([]);
    this.tell("talk", { kind: "closed" });
    this.tell("story");
  }

  /** What is said in a colleague's case reaches this browser only while somebody looks at it. */
  watchOpen() {
    const caseId = this.caseId;
    if (!caseId) return this.live.watch([]);
    const cards = Object.values(this.desk.contacts).filter((card) => card.case_id === caseId);
    const comesAnyway = this.desk.me.everything || cards.some((card) => isInIt(this.desk, card) || card.owner_id === this.desk.me.id);
    this.live.watch(comesAnyway ? [] : [caseId]);
  }

  /** Fetch the story again, once for a burst of events. */
  tellAgain() {
    clearTimeout(this.storyTimer);
    this.storyTimer = setTimeout(() => void this.fetchStory(), STORY_PAUSE);
  }

  async fetchStory() {
    const caseId = this.talk?.case.id;
    if (!caseId) return;
    try {
      const story = await get(`/desk/api/cases/${caseId}/story`);
      if (this.talk?.case.id !== caseId) return;
      this.story = story;
      this.tell("story");
    } catch {
      // the next event fetches it again
    }
  }

  // The way to the server

  /** @param {string} path below /desk/api/ @param {unknown} [body] @param {{key?: string, retries?: number}} [options] */
  async post(path, body = {}, options = {}) {
    try {
      return await send(`/desk/api/${path}`, body, options);
    } catch (error) {
      if (error instanceof HttpError && error.status === 401) this.live.end();
      throw error;
    }
  }

  /** @param {string} path */
  fetch(path) {
    return get(`/desk/api/${path}`);
  }
}
