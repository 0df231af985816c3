/**
 * Keeps times fresh once a second without a jump: figures are tabular, and text is written only when it changed.
 * The phrases are those of heartline.ui.formats; a test holds both to the same answers.
 */

import { fill, word } from "./words.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
/** Milliseconds to add to this computer's clock to have the server's. */
let offset = 0;

/**
 * Set the clock by the server's: people's computers are minutes wrong.
 * @param {string | number | Date} serverNow
 */
export function clockOffset(serverNow) {
  offset = new Date(serverNow).getTime() - Date.now();
}

/** Return the server's time as this computer knows it. */
export function now() {
  return new Date(Date.now() + offset);
}

/**
 * Return the parts of a moment in the reader's zone.
 * @param {Date} when
 * @param {string} zone
 */
function parts(when, zone) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const found = Object.fromEntries(format.formatToParts(when).map(({ type, value }) => [type, value]));
  const day = Date.UTC(Number(found.year), Number(found.month) - 1, Number(found.day)) / DAY / 1000;
  // 1 January 1970 was a Thursday, the fourth day of a week that starts on Monday.
  const weekday = (((day + 3) % 7) + 7) % 7;
  return { year: Number(found.year), month: Number(found.month), day: Number(found.day), days: day, weekday, time: `${found.hour}:${found.minute}` };
}

/**
 * Return the day and the clock time.
 * @param {Date} when
 * @param {Date} at the present
 * @param {string} zone
 */
export function dayAndTime(when, at, zone) {
  const here = parts(when, zone);
  const today = parts(at, zone);
  const apart = here.days - today.days;
  const near = apart === 0 ? "today" : apart === -1 ? "yesterday" : apart === 1 ? "tomorrow" : "";
  const week = here.days - here.weekday === today.days - today.weekday;
  const phrase = near || (week ? "weekday" : here.year === today.year ? "this_year" : "other_year");
  return fill(word(phrase), { ...here, month: word("months").split(" ")[here.month - 1], weekday: word("weekdays").split(" ")[here.weekday] });
}

/**
 * Return when something was or will be, as one says it.
 * @param {Date} when
 * @param {Date} at
 * @param {string} zone
 */
export function moment(when, at, zone) {
  const seconds = (at.getTime() - when.getTime()) / 1000;
  if (seconds >= 0 && seconds < MINUTE) return word("just_now");
  if (seconds >= MINUTE && seconds < HOUR) return word("minutes_ago", { n: Math.floor(seconds / MINUTE) });
  return dayAndTime(when, at, zone);
}

/**
 * Return how long something lasts in at most two units.
 * @param {number} seconds
 */
export function spanOf(seconds) {
  const total = Math.max(0, Math.round(seconds));
  /** @type {[string, number][]} */
  const units = [["days", Math.floor(total / DAY)], ["hours", Math.floor((total % DAY) / HOUR)], ["minutes", Math.floor((total % HOUR) / MINUTE)], ["seconds", total % MINUTE]];
  const found = units.findIndex(([, n]) => n > 0);
  const first = found < 0 ? 3 : found;
  const shown = units.slice(first, first + 2).filter(([, n]) => n > 0);
  if (!shown.length) shown.push(units[3]);
  const alone = shown.length === 1;
  return shown.map(([name, n]) => word(alone && name === "minutes" ? "minutes_alone" : name, { n })).join(" ");
}

/**
 * Return a running clock: 3:20, 1:05:20.
 * @param {number} seconds
 */
export function clockSpan(seconds) {
  const total = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(total / HOUR);
  const minutes = Math.floor((total % HOUR) / MINUTE);
  return hours ? `${hours}:${two(minutes)}:${two(total % MINUTE)}` : `${minutes}:${two(total % MINUTE)}`;
}

/**
 * Return how long until `due`, or how late it is.
 * @param {Date} due
 * @param {Date} at
 */
export function remaining(due, at) {
  const seconds = (due.getTime() - at.getTime()) / 1000;
  const size = Math.abs(seconds);
  const span = spanOf(size < MINUTE ? size : Math.floor(size / MINUTE) * MINUTE);
  return word(seconds >= 0 ? "left" : "late", { span });
}

/**
 * Whether an element stands in a passage of another language, whose words this page does not carry.
 * @param {Element} element
 */
function foreign(element) {
  const of = (/** @type {string | null | undefined} */ tag) => (tag ?? "").split("-")[0];
  return of(element.closest("[lang]")?.getAttribute("lang")) !== of(document.documentElement.lang);
}

/**
 * Write every marked time below `root` afresh.
 * @param {ParentNode} [root]
 * @param {Date} [at]
 */
export function refresh(root = document, at = now()) {
  const zone = document.documentElement.dataset.zone || "UTC";
  for (const element of root.querySelectorAll("time[data-moment]")) {
    const box = /** @type {HTMLTimeElement} */ (element);
    const when = new Date(box.dateTime);
    if (Number.isNaN(when.getTime()) || foreign(box)) continue;
    const kind = box.dataset.moment;
    const text = kind === "clock" ? clockSpan((at.getTime() - when.getTime()) / 1000) : kind === "left" ? remaining(when, at) : moment(when, at, zone);
    if (box.textContent !== text) box.textContent = text;
  }
}

/** Keep times fresh from now on, by the clock the page brought; a hidden tab rests and catches up when it is seen again. */
export function keepFresh() {
  const told = document.documentElement.dataset.now;
  if (told) clockOffset(told);
  setInterval(() => document.hidden || refresh(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
}
