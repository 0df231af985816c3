/**
 * Sounds and browser notifications. What is yours (offered, said to you, given, called) sounds otherwise than who waits for
 * the team; each can be switched by itself. Nothing is told to who is away, and nothing that is before one's eyes: only an
 * offer is heard then, too, for it is gone in seconds.
 */

import { called, minutesSince, readerCode, t } from "./text.js";

/** @typedef {Record<string, any>} State */
/** @typedef {import("./store.js").DeskStore} DeskStore */

export const NOTICES = ["sound_yours", "sound_team", "outside_yours", "outside_team"];
/** Notes as [pitch, after how many seconds]: two rising for an offer, one for what is yours, two soft low ones for the team. */
const TUNES = { offer: [[587, 0], [880, 0.16]], yours: [[523, 0], [659, 0.12]], team: [[262, 0], [262, 0.22]] };
const AWAY = ["away", "on_break", "offline"];
const FRONT = "heartline-front";
const TOLD = "heartline-told";
/** Tabs of one browser tell once: within this many milliseconds the same is not told again. */
const ONCE = 3000;
const BEAT = 4000;

/** @type {AudioContext | null} */
let audio = null;
/** @type {Record<string, boolean>} */
let chosen = {};

/** @param {Record<string, boolean>} notices how the reader wants to be told */
export function beginTelling(notices) {
  chosen = notices;
  const beat = () => document.hasFocus() && remember(FRONT, String(Date.now()));
  addEventListener("focus", beat);
  addEventListener("blur", () => remember(FRONT, "0"));
  setInterval(beat, BEAT);
  beat();
}

/** @param {string} name */
export function noticeOn(name) {
  return Boolean(chosen[name]) && (!name.startsWith("outside") || outsideAllowed() === "granted");
}

/** Whether this browser lets us show notifications: granted, denied, default or unsupported. */
export function outsideAllowed() {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

/** Switch one way of being told, by a press: only then is the browser asked for leave. @param {DeskStore} store @param {string} name @param {boolean} on */
export async function chooseNotice(store, name, on) {
  if (on && name.startsWith("outside") && outsideAllowed() === "default") await Notification.requestPermission();
  chosen = { ...chosen, [name]: on };
  if (on && name.startsWith("sound")) play(name === "sound_team" ? "team" : "yours");
  await store.post("notices", { [name]: on }).catch(() => undefined);
}

/** @param {keyof typeof TUNES} which */
function play(which) {
  try {
    audio ??= new AudioContext();
    // Browsers stay silent until somebody has touched the page.
    if (audio.state === "suspended") void audio.resume();
    for (const [pitch, after] of TUNES[which]) note(audio, pitch, audio.currentTime + after, which === "team" ? 0.06 : 0.12);
  } catch {
    // a computer without sound
  }
}

/** @param {AudioContext} context @param {number} pitch @param {number} at @param {number} loud */
function note(context, pitch, at, loud) {
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.frequency.value = pitch;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(loud, at + 0.015);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.28);
  tone.connect(loudness).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.3);
}

/** Tell of an offer. @param {DeskStore} store @param {State} offer @param {() => void} accept */
export function announceOffer(store, offer, accept) {
  const { card } = offer;
  const reason = (offer.reason_words[readerCode()] ?? [])[0] ?? called("channels", card.channel);
  const words = t("notify_offer", { name: card.customer_name || t("unnamed"), reason, wait: minutesSince(card.asked_at) });
  tell(store, { whose: "yours", tune: "offer", words, tag: `offer-${offer.offer_id}`, act: accept });
}

/** Tell of what a customer of yours said. @param {DeskStore} store @param {string} name @param {string} text @param {string} tag @param {() => void} act */
export function announceMessage(store, name, text, tag, act) {
  tell(store, { whose: "yours", words: `${name}${t("colon")}${text}`, tag, act });
}

/** Tell that a colleague called the reader in a note. @param {DeskStore} store @param {State} mention @param {() => void} act */
export function announceMention(store, mention, act) {
  tell(store, { whose: "yours", words: `${t("calls_you", { name: mention.by_name })}${t("colon")}${mention.text}`, tag: `mention-${mention.id}`, act });
}

/** Tell of what became of a question to an expert. @param {DeskStore} store @param {string} words @param {string} text @param {string} tag @param {() => void} act */
export function announceAnswer(store, words, text, tag, act) {
  tell(store, { whose: "yours", words: `${words}${t("colon")}${text}`, tag, act });
}

/** Tell that somebody gave the reader a contact. @param {DeskStore} store @param {State} card @param {() => void} act */
export function announceGiven(store, card, act) {
  tell(store, { whose: "yours", words: t("notify_given", { name: card.customer_name || t("unnamed") }), tag: `contact-${card.contact_id}`, act });
}

/** Tell that somebody waits in a queue of the team. @param {DeskStore} store @param {State} card @param {() => void} act */
export function announceWaiting(store, card, act) {
  const queue = store.desk.names.queues[card.queue_id]?.name ?? "";
  tell(store, { whose: "team", words: t("notify_waiting", { name: card.customer_name || t("unnamed"), queue }), tag: `waiting-${card.contact_id}`, act });
}

/** @param {DeskStore} store @param {{whose: "yours" | "team", tune?: "offer", words: string, tag: string, act: () => void}} news */
function tell(store, { whose, tune, words, tag, act }) {
  if (AWAY.includes(store.desk.presence.state)) return;
  const seen = inFront();
  if ((seen && tune !== "offer") || toldAlready(tag)) return;
  if (chosen[`sound_${whose}`]) play(tune ?? whose);
  if (!seen && noticeOn(`outside_${whose}`)) outside(words, tag, act);
}

/** Whether the desk is before somebody's eyes, in this tab or in another. */
function inFront() {
  return (document.hasFocus() && !document.hidden) || Date.now() - Number(recall(FRONT) ?? 0) < BEAT * 1.5;
}

/** @param {string} tag */
function toldAlready(tag) {
  const [last, at] = (recall(TOLD) ?? "").split(" ");
  if (last === tag && Date.now() - Number(at) < ONCE) return true;
  remember(TOLD, `${tag} ${Date.now()}`);
  return false;
}

/** @param {string} words @param {string} tag one notification per tag @param {() => void} act */
function outside(words, tag, act) {
  const shown = new Notification("Heartline", { body: words, tag, lang: document.documentElement.lang });
  shown.addEventListener("click", () => (window.focus(), shown.close(), act()));
}

/** @param {string} name @param {string} value */
function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // then each tab tells for itself
  }
}

/** @param {string} name */
function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
