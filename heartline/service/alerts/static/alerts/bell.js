/** The bell: how many alerts nobody looks at yet; a new one rings once in whatever tab, and outside the page where allowed. */

import { get } from "../ui/http.js";

const RAISED = "service.alert_raised";
const KINDS = new Set([RAISED, "service.alert_acknowledged", "service.alert_ended"]);
/** What comes late, after a night's sleep of this computer, is shown and not rung. */
const FRESH = 120_000;
const CLAIM = "heartline-alert";

class AlertBell extends HTMLElement {
  /** @param {EventTarget} live the page's stream */
  connect(live) {
    live.addEventListener("change", (event) => this.hear(/** @type {CustomEvent} */ (event).detail));
    live.addEventListener("reset", () => void this.count());
    void this.count();
  }

  /** @param {any} event */
  hear({ kind, at, body }) {
    if (!KINDS.has(kind)) return;
    void this.count();
    if (kind === RAISED && body.by_browser && Date.now() - new Date(at).getTime() < FRESH) this.ring(body);
  }

  async count() {
    const { count } = await get(this.dataset.open ?? "").catch(() => ({ count: null }));
    if (count === null) return;
    const shown = /** @type {HTMLElement} */ (this.querySelector("[data-count]"));
    shown.hidden = !count;
    shown.textContent = String(count);
  }

  /** @param {any} body */
  ring(body) {
    if (localStorage.getItem(CLAIM) === String(body.alert_id)) return; // another tab rings
    localStorage.setItem(CLAIM, String(body.alert_id));
    if (localStorage.getItem("heartline-sounds") !== "off") sound();
    if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
    const language = document.documentElement.lang.toLowerCase().startsWith("zh") ? "zh-hans" : "en";
    const text = body.words?.[language] ?? body.name;
    const shown = new Notification("Heartline", { body: text, tag: `alert-${body.alert_id}`, lang: document.documentElement.lang });
    shown.addEventListener("click", () => (window.focus(), shown.close(), location.assign(this.querySelector("a")?.href ?? "/floor/")));
  }
}

/** Two falling notes: neither the offer's nor the message's. */
function sound() {
  try {
    const context = new AudioContext();
    for (const [pitch, after] of [[660, 0], [495, 0.18]]) {
      const tone = context.createOscillator();
      const loudness = context.createGain();
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(0.1, context.currentTime + after);
      loudness.gain.exponentialRampToValueAtTime(0.001, context.currentTime + after + 0.3);
      tone.connect(loudness).connect(context.destination);
      tone.start(context.currentTime + after);
      tone.stop(context.currentTime + after + 0.32);
    }
    setTimeout(() => void context.close(), 1000);
  } catch {
    // a computer without sound
  }
}

customElements.define("alert-bell", AlertBell);
