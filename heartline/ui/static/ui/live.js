/**
 * What happens, as it happens: one stream per browser, shared by its tabs. Browsers open six connections per server;
 * a stream for each tab would use them up.
 *
 * The tab that holds the lock reads the stream and passes frames on; when it closes, another tab gets the lock and
 * resumes exactly where the first one was. Each tab keeps its own position and ignores what it has had already.
 * Where locks or channels are missing, every tab reads for itself.
 *
 * Events on a Live: "change" (detail: id, kind, at, by, body), "signal" (detail: data), "reset" (fetch a new snapshot,
 * then call `restart` with its position), "bye" (signed out), "state" (detail: connecting, live or lost), "watching"
 * (detail: the position from which on `watch` holds).
 */

import { Stream } from "./stream.js";
import { say, sayAtOnce } from "./toast.js";
import { word } from "./words.js";

/** @typedef {import("./stream.js").Frame} Frame */
/** @typedef {{after: string, watch: number[]}} Tab */

const KEPT = 1000;
/** How long a new leader listens for the other tabs' positions before it opens the stream. */
const GATHERING = 120;

/**
 * @param {string} left
 * @param {string} right
 */
export function isAfter(left, right) {
  const [leftTx, leftId] = left.split("-").map(BigInt);
  const [rightTx, rightId] = right.split("-").map(BigInt);
  return leftTx === rightTx ? leftId > rightId : leftTx > rightTx;
}

export class Live extends EventTarget {
  /**
   * @param {string} address such as /live/staff
   * @param {string | number} reader whose stream it is: tabs of different people share nothing
   * @param {string} after the position of this tab's snapshot
   */
  constructor(address, reader, after) {
    super();
    this.address = address;
    this.position = after;
    /** @type {number[]} */
    this.watching = [];
    this.state = "connecting";
    this.id = `${Date.now()}-${Math.random()}`;
    this.leads = false;
    this.ended = false;
    /** @type {Map<string, Tab>} the other tabs, as far as they told their leader */
    this.tabs = new Map();
    /** @type {Frame[]} */
    this.recent = [];
    this.recentFrom = after;
    this.stream = new Stream(() => this.resumeAt(), {
      frame: (frame) => this.pass(frame),
      state: (state) => this.tell({ type: "state", state }),
      refused: () => this.tell({ type: "bye" }),
    });
    this.channel = "BroadcastChannel" in globalThis && navigator.locks ? new BroadcastChannel(`heartline-live-${reader}`) : null;
    this.channel?.addEventListener("message", (event) => this.hear(event.data));
    addEventListener("pagehide", () => this.post({ type: "leave", tab: this.id }));
    addEventListener("pageshow", (event) => event.persisted && this.join());
    if (this.channel) this.stand(`heartline-live-${reader}`);
    else this.lead();
  }

  /**
   * Also follow what is said in these cases, besides one's own.
   * @param {number[]} cases
   */
  watch(cases) {
    if (String(cases) === String(this.watching)) return;
    this.watching = cases;
    if (this.leads) this.reopen(this.id);
    else this.post({ type: "watch", tab: this.id, watch: cases });
  }

  /**
   * Go on from the position of a new snapshot.
   * @param {string} after
   */
  restart(after) {
    this.position = after;
    if (this.leads) {
      this.recent = [];
      this.recentFrom = after;
      this.stream.start();
      this.post({ type: "gather" });
    } else {
      this.join();
    }
  }

  /** Wait for the lock, and keep it for as long as the tab lives. @param {string} name */
  stand(name) {
    this.join();
    void navigator.locks.request(name, () => {
      this.tabs.clear();
      this.post({ type: "gather" });
      setTimeout(() => this.lead(), GATHERING);
      return new Promise(() => {});
    });
  }

  lead() {
    this.leads = true;
    this.recentFrom = [this.position, ...[...this.tabs.values()].map((tab) => tab.after)].reduce((first, one) => (isAfter(first, one) ? one : first));
    if (!this.ended) this.stream.start();
  }

  /** Return where the stream is to go on, and what else to follow. */
  resumeAt() {
    const last = this.recent.at(-1)?.id || this.recentFrom;
    const watched = new Set([...this.watching, ...[...this.tabs.values()].flatMap((tab) => tab.watch)]);
    return `${this.address}?after=${last}${watched.size ? `&watch=${[...watched].join(",")}` : ""}`;
  }

  /** Connect again when what is to be followed has changed; the position makes it seamless. @param {string} asker */
  reopen(asker) {
    if (this.ended || !this.leads) return;
    this.tell({ type: "watching", to: asker, from: this.recent.at(-1)?.id || this.recentFrom });
    this.stream.start();
  }

  join() {
    this.post({ type: "join", tab: this.id, after: this.position, watch: this.watching });
  }

  /** A frame from the server: remember it for tabs that come later, and pass it on. @param {Frame} frame */
  pass(frame) {
    if (frame.event === "hello") return;
    if (frame.event === "change") {
      this.recent.push(frame);
      if (this.recent.length > KEPT) this.recentFrom = this.recent.shift()?.id ?? this.recentFrom;
    }
    // After these the server has closed the stream; each tab says itself when it is ready to go on.
    if (frame.event === "reset" || frame.event === "bye") this.stream.stop();
    this.tell(frame.event === "change" || frame.event === "signal" ? { type: "frames", frames: [frame] } : { type: frame.event });
  }

  /** Tell every tab, this one included. @param {any} message */
  tell(message) {
    this.post(message);
    this.hear(message);
  }

  /** @param {any} message */
  post(message) {
    this.channel?.postMessage(message);
  }

  /** @param {any} message */
  hear(message) {
    if (message.to && message.to !== this.id) return;
    if (message.type === "frames") message.frames.forEach((/** @type {Frame} */ frame) => this.receive(frame));
    else if (message.type === "state") this.show(message.state);
    else if (message.type === "reset") this.dispatchEvent(new CustomEvent("reset"));
    else if (message.type === "bye") this.end();
    else if (message.type === "watching") this.dispatchEvent(new CustomEvent("watching", { detail: message.from }));
    else if (message.type === "gather") this.join();
    else if (message.tab) this.serve(message);
  }

  /** What other tabs ask of the tab that reads. @param {any} message */
  serve(message) {
    const before = this.resumeAt();
    if (message.type === "leave") this.tabs.delete(message.tab);
    else this.tabs.set(message.tab, { after: message.after ?? this.position, watch: message.watch });
    if (!this.leads) return;
    if (message.type === "join") this.welcome(message);
    if (this.resumeAt() !== before) this.reopen(message.tab);
  }

  /** Give a tab what it has missed, or tell it to fetch a new snapshot. @param {any} message */
  welcome({ tab, after }) {
    this.post({ type: "state", to: tab, state: this.stream.state });
    if (isAfter(this.recentFrom, after)) this.post({ type: "reset", to: tab });
    else this.post({ type: "frames", to: tab, frames: this.recent.filter((frame) => isAfter(frame.id, after)) });
  }

  /** @param {Frame} frame */
  receive(frame) {
    if (frame.event === "signal") {
      this.dispatchEvent(new CustomEvent("signal", { detail: frame.data }));
    } else if (isAfter(frame.id, this.position)) {
      this.position = frame.id;
      this.dispatchEvent(new CustomEvent("change", { detail: { id: frame.id, ...frame.data } }));
    }
  }

  end() {
    if (this.ended) return;
    this.ended = true;
    this.stream.stop();
    this.show("lost");
    this.dispatchEvent(new CustomEvent("bye"));
  }

  /** @param {string} state */
  show(state) {
    const before = this.state;
    this.state = state;
    for (const mark of document.querySelectorAll("[data-live]")) /** @type {HTMLElement} */ (mark).dataset.state = state;
    if (state === "lost" && before === "live" && !this.ended) sayAtOnce(word("live_lost"));
    if (state === "live" && before === "lost") say(word("live_back"));
    if (state !== before) this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
