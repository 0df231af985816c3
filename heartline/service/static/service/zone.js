/** Moments of a date field in the house's time zone, which may not be the browser's. */

import { now } from "../ui/time.js";

const zone = () => document.documentElement.dataset.zone || "UTC";

/** A moment as a datetime-local field wants it, in our zone: 2026-11-22T09:00. @param {Date} at */
export function fieldTime(at) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone(), year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(at);
  const part = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value ?? "00";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The moment of a field's value in our zone, as ISO 8601 in UTC; empty when it is none. @param {string} value */
export function momentOf(value) {
  const wanted = Date.parse(`${value}:00Z`);
  if (Number.isNaN(wanted)) return "";
  let at = wanted;
  // What the zone shows at a guess tells how far the guess is off; twice, for clocks change between.
  for (let round = 0; round < 2; round += 1) at += wanted - Date.parse(`${fieldTime(new Date(at))}:00Z`);
  return new Date(at).toISOString();
}

/** Nine in the morning of the next such weekday (0 is Monday here), or of tomorrow for 1. @param {0 | 1} which */
export function nextMorning(which) {
  const day = new Date(`${fieldTime(now()).slice(0, 10)}T09:00:00Z`);
  do day.setUTCDate(day.getUTCDate() + 1);
  while (which === 0 && day.getUTCDay() !== 1);
  return `${day.toISOString().slice(0, 10)}T09:00`;
}
