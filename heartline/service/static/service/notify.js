/** Sounds and browser notifications: what is offered to you sounds different from what was said to you. */

import { called, minutesSince, readerCode, t } from "./text.js";

/** @typedef {Record<string, any>} State */

/** @type {AudioContext | null} */
let audio = null;
/** Two rising notes for an offer, one low one for a message. */
const TUNES = { offer: [[587, 0], [880, 0.16]], message: [[392, 0]] };
const CHOICE = "heartline-sounds";

/** Whether the reader wants to hear anything. */
export function soundsOn() {
  return localStorage.getItem(CHOICE) !== "off";
}

/** @param {boolean} on */
export function setSounds(on) {
  localStorage.setItem(CHOICE, on ? "on" : "off");
  if (on) play("message");
}

/** @param {keyof typeof TUNES} which */
export function play(which) {
  if (!soundsOn()) return;
  try {
    audio ??= new AudioContext();
    // Browsers stay silent until somebody has touched the page.
    if (audio.state === "suspended") void audio.resume();
    for (const [pitch, after] of TUNES[which]) note(audio, pitch, audio.currentTime + after);
  } catch {
    // a computer without sound
  }
}

/** @param {AudioContext} context @param {number} pitch @param {number} at */
function note(context, pitch, at) {
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.frequency.value = pitch;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.12, at + 0.015);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.28);
  tone.connect(loudness).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.3);
}

/** Tell of an offer, outside the page too when the reader allowed it and looks elsewhere. @param {State} offer @param {() => void} accept */
export function announceOffer(offer, accept) {
  play("offer");
  const { card } = offer;
  const reason = (offer.reason_words[readerCode()] ?? [])[0] ?? called("channels", card.channel);
  outside(t("notify_offer", { name: card.customer_name || t("unnamed"), reason, wait: minutesSince(card.asked_at) }), `offer-${offer.offer_id}`, accept);
}

/** Tell of what a customer of yours said. @param {string} name @param {string} text @param {string} tag @param {() => void} open */
export function announceMessage(name, text, tag, open) {
  play("message");
  outside(`${name}${t("colon")}${text}`, tag, open);
}

/** @param {string} words @param {string} tag one notification per tag @param {() => void} act */
function outside(words, tag, act) {
  if (!("Notification" in globalThis) || Notification.permission !== "granted" || (document.hasFocus() && !document.hidden)) return;
  const shown = new Notification("Heartline", { body: words, tag, lang: document.documentElement.lang });
  shown.addEventListener("click", () => (window.focus(), shown.close(), act()));
}
