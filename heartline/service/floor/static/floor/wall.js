/**
 * The wallboard keeps itself right for days without a hand: it asks for the figures every few seconds, makes the page like
 * them in place, says since when it could not, and loads itself anew when the house has a newer version.
 *
 * It does not follow the live stream: what goes over that names customers, and nothing here may.
 */

import { get } from "../ui/http.js";
import { clockOffset, now } from "../ui/time.js";
import { wordsFrom } from "../ui/words.js";
import { morphChildren } from "./morph.js";

const EVERY = 4000;
const TIME_LIMIT = 10_000;
const LONGEST_PAUSE = 15_000;
/** Until then a lost connection is nothing to talk about. */
const TOO_OLD = 15_000;
/** A page that has been open for a day is loaded afresh while the house answers: whatever leaks, leaks no further. */
const FRESH_AFTER = 24 * 3600 * 1000;
const HAND_RESTS = 5000;

const page = document.body;
const words = wordsFrom("wall-words");
const fresh = /** @type {HTMLElement} */ (document.getElementById("wall-fresh"));
const opened = performance.now();
let failures = 0;
let rightAt = new Date();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let resting;

/** Ask, show, and ask again after a while: sooner when all is well, later while nobody answers. */
async function goRound() {
  try {
    const state = await get(page.dataset.state ?? "", { timeout: TIME_LIMIT });
    if (state.version !== page.dataset.version || performance.now() - opened > FRESH_AFTER) return location.reload();
    show(state);
    failures = 0;
  } catch (error) {
    failures += 1;
    tell(/** @type {any} */ (error).status === 401 ? words.signed_out : "");
  }
  setTimeout(goRound, Math.min(EVERY * Math.max(1, failures), LONGEST_PAUSE));
}

/** @param {{now: string, html: string}} state */
function show(state) {
  clockOffset(state.now);
  rightAt = new Date(state.now);
  const next = document.createElement("template");
  next.innerHTML = state.html;
  morphChildren(/** @type {HTMLElement} */ (document.getElementById("wall-now")), next.content);
  page.classList.remove("is-stale");
  fresh.dataset.state = "live";
}

/** Say what is the matter once the figures are too old to be taken for the present. @param {string} why */
function tell(why) {
  if (!why && now().getTime() - rightAt.getTime() < TOO_OLD) return;
  page.classList.add("is-stale");
  fresh.dataset.state = "lost";
  const text = why || words.lost.replace("{time}", timeIn(rightAt, document.documentElement.dataset.zone));
  const place = /** @type {HTMLElement} */ (document.getElementById("wall-lost"));
  if (place.textContent !== text) place.textContent = text;
}

/** @param {Date} when @param {string | undefined} zone */
function timeIn(when, zone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone || undefined, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(when);
}

function drawClocks() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const text = timeIn(now(), clock.getAttribute("data-clock") ?? "");
    if (clock.textContent !== text) clock.textContent = text;
  }
}

/** Keep the screen awake where the browser can; it lets go whenever the page is hidden. */
function stayAwake() {
  if (!document.hidden && navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => undefined);
}

/** A hand at the mouse brings the buttons; they go when it rests. */
function hand() {
  page.classList.remove("is-resting");
  clearTimeout(resting);
  resting = setTimeout(() => page.classList.add("is-resting"), HAND_RESTS);
}

clockOffset(page.dataset.now ?? Date.now());
rightAt = now();
document.documentElement.dataset.theme = page.dataset.theme ?? "dark";
document.addEventListener("pointermove", hand, { passive: true });
document.addEventListener("keydown", (event) => {
  hand();
  if (event.key === "Escape" && !document.querySelector("details[open]")) /** @type {HTMLElement | null} */ (document.querySelector("[data-wall-close]"))?.click();
});
document.addEventListener("visibilitychange", stayAwake);
addEventListener("online", () => void (failures = 0));
setInterval(drawClocks, 1000);
drawClocks();
stayAwake();
hand();
setTimeout(goRound, EVERY);
