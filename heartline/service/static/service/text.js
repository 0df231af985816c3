/** Words, names and times as the desk shows them, in the reader's language. */

import { dayAndTime, now, spanOf } from "../ui/time.js";
import { fill, wordsFrom } from "../ui/words.js";
import { h } from "./dom.js";

/** @returns {Record<string, any>} */
const words = () => wordsFrom("desk-words");

/**
 * Return one of the desk's sentences.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(name, values = {}) {
  return fill(words()[name] ?? name, values);
}

/**
 * Return what a code is called: t2("tiers", "big").
 * @param {string} table
 * @param {string} code
 * @returns {string}
 */
export function called(table, code) {
  return words()[table]?.[code] ?? code;
}

/** @param {string} table @returns {[string, string][]} */
export function choices(table) {
  return Object.entries(words()[table] ?? {});
}

/** What may be attached. @returns {{bytes: number, megabytes: number, count: number, accept: string, kinds: string}} */
export function fileLimits() {
  return words().file_limits;
}

/** The reader's language as the lang attribute has it. */
export function readerLanguage() {
  return document.documentElement.lang || "en";
}

/** The code our tables use for the reader's language. */
export function readerCode() {
  return readerLanguage().startsWith("zh") ? "zh-hans" : "en";
}

const HAN = /[\u3400-\u9fff\uf900-\ufaff]/;

/** The lang of a text whose language nobody told us. @param {string} text */
export function langOf(text) {
  return HAN.test(text) ? "zh-Hans" : "en";
}

/** The lang attribute for one of our codes. @param {string} code */
export function langTag(code) {
  return code.startsWith("zh") ? "zh-Hans" : code || "en";
}

/**
 * Return a piece of content in a <span> of its own language.
 * @param {string} text
 * @param {string} [className]
 */
export function named(text, className = "") {
  const lang = langOf(text);
  return h("span", { class: className || null, lang: lang.slice(0, 2) === readerLanguage().slice(0, 2) ? null : lang, text });
}

const zone = () => document.documentElement.dataset.zone || "UTC";

/** The clock time of a moment, 11:18. @param {string} at */
export function clockTime(at) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone(), hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}

/** The local day of a moment, comparable. @param {string | Date} at */
export function dayOf(at) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone() }).format(new Date(at));
}

/** When something was or will be: today 15:10, Fri 12:00. @param {string} at */
export function dayTime(at) {
  return dayAndTime(new Date(at), now(), zone());
}

/** A day alone, for lines between messages. @param {string} at */
export function dayWords(at) {
  const words = dayTime(at).replace(/[,，]?\s*\d\d:\d\d$/, "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A <time>: shown as the clock on the same day, else with its day. @param {string} at @param {string} [className] */
export function timeMark(at, className = "") {
  const today = dayOf(at) === dayOf(now());
  return h("time", { class: className || null, datetime: at, title: dayTime(at), text: today ? clockTime(at) : dayTime(at) });
}

/** When something is due, short enough for a list: the clock on the same day. @param {string} at */
export function dueTime(at) {
  return dayOf(at) === dayOf(now()) ? clockTime(at) : dayTime(at);
}

/** A <time> that shows the clock alone: the day stands above it. @param {string} at */
export function clockMark(at) {
  return h("time", { datetime: at, title: dayTime(at), text: clockTime(at) });
}

/** Seconds since a moment. @param {string} at */
export function secondsSince(at) {
  return Math.max(0, (now().getTime() - new Date(at).getTime()) / 1000);
}

/** Whether something is late, or due within half an hour. @param {string} due */
export function isNear(due) {
  return new Date(due).getTime() - now().getTime() < 1_800_000;
}

/** How long something has lasted, in whole minutes: it is read, not watched. @param {string} since */
export function minutesSince(since) {
  const seconds = secondsSince(since);
  return seconds < 60 ? t("under_a_minute") : spanOf(Math.floor(seconds / 60) * 60);
}

/** Which contact about a matter: 1st, 2nd; 第 3 次. @param {number} count */
export function nthContact(count) {
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(count);
  const ending = { one: "st", two: "nd", few: "rd" }[/** @type {"one"} */ (rule)] ?? "th";
  return t("nth_contact", { n: count, ordinal: `${count}${ending}` });
}
