/**
 * One connection to a stream of server-sent events, kept up for as long as it is wanted.
 *
 * Read with fetch rather than EventSource: it shows the heartbeats, so that a connection that died in silence (a laptop
 * that slept, a Wi-Fi that changed) is noticed, and it tells "signed out" from "out of reach".
 */

/** @typedef {{event: string, id: string, data: any}} Frame */
/** @typedef {"connecting" | "live" | "lost"} StreamState */

const PAUSES = [300, 1000, 2000, 4000, 8000, 15000];
const HEARTBEATS_MISSED = 2.7;
/** Below this a gap is nobody's business. */
const PATIENCE = 2500;

export class Stream {
  /**
   * @param {() => string} address asked anew for every connection: it holds the position to resume after
   * @param {{frame: (frame: Frame) => void, state: (state: StreamState) => void, refused: () => void}} hear
   */
  constructor(address, hear) {
    this.address = address;
    this.hear = hear;
    /** @type {StreamState} */
    this.state = "connecting";
    this.failures = 0;
    this.beatSeconds = 15;
    /** @type {AbortController | null} */
    this.connection = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.again = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.watchdog = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.worry = undefined;
    this.wanted = false;
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.cut());
    document.addEventListener("visibilitychange", () => document.hidden || this.connection || this.hurry());
  }

  /** Connect, or connect anew at once: the address has changed. */
  start() {
    this.wanted = true;
    this.failures = 0;
    this.hurry();
  }

  /** Let the connection go and do not come back. */
  stop() {
    this.wanted = false;
    clearTimeout(this.again);
    clearTimeout(this.watchdog);
    clearTimeout(this.worry);
    this.connection?.abort();
    this.connection = null;
  }

  /** Connect now instead of after the pause. */
  hurry() {
    if (!this.wanted) return;
    clearTimeout(this.again);
    this.connection?.abort();
    void this.connect();
  }

  /** The browser says that there is no network. */
  cut() {
    if (!this.wanted) return;
    this.say("lost");
    this.connection?.abort();
  }

  async connect() {
    const mine = new AbortController();
    this.connection = mine;
    this.worry ??= setTimeout(() => this.say("lost"), PATIENCE);
    try {
      this.guard(mine);
      const response = await fetch(this.address(), { credentials: "same-origin", cache: "no-store", signal: mine.signal, headers: { Accept: "text/event-stream" } });
      if (response.status === 401 || response.status === 403) return this.refuse();
      if (response.ok && response.body) await this.read(response.body, mine);
    } catch {
      // the network said no, or we let go ourselves: either way what follows is the same
    } finally {
      if (this.connection === mine) this.retry();
    }
  }

  /**
   * @param {ReadableStream<Uint8Array>} body
   * @param {AbortController} mine
   */
  async read(body, mine) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let left = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.connection !== mine) return;
      this.guard(mine);
      const blocks = (left + value).split("\n\n");
      left = blocks.pop() ?? "";
      for (const block of blocks) this.take(block);
    }
  }

  /** @param {string} block the lines of one frame; comments are heartbeats and carry nothing */
  take(block) {
    /** @type {Record<string, string>} */
    const fields = {};
    for (const line of block.split("\n")) {
      const at = line.indexOf(": ");
      if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
    }
    if (!fields.event) return;
    const data = JSON.parse(fields.data || "{}");
    if (fields.event === "hello") {
      this.beatSeconds = data.heartbeat ?? this.beatSeconds;
      this.failures = 0;
      this.say("live");
    }
    this.hear.frame({ event: fields.event, id: fields.id ?? "", data });
  }

  /** Expect to hear something soon, a heartbeat at least. @param {AbortController} mine */
  guard(mine) {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => mine.abort(), this.beatSeconds * HEARTBEATS_MISSED * 1000);
  }

  retry() {
    this.connection = null;
    clearTimeout(this.watchdog);
    if (!this.wanted) return;
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    this.worry ??= setTimeout(() => this.say("lost"), PATIENCE);
    // Not all browsers of a house at the same instant after a restart.
    this.again = setTimeout(() => this.hurry(), pause * (0.75 + Math.random() / 2));
  }

  refuse() {
    this.stop();
    this.hear.refused();
  }

  /** @param {StreamState} state */
  say(state) {
    clearTimeout(this.worry);
    this.worry = undefined;
    if (state === this.state) return;
    this.state = state;
    this.hear.state(state);
  }
}
