/**
 * The live floor: when something happened, the changing parts are fetched again, at most once a second, and the page is
 * made like them. What a supervisor does here is sent, said, and shown by the same way.
 */

import { openDialog } from "../ui/dialog.js";
import { HttpError, get, send } from "../ui/http.js";
import { Live } from "../ui/live.js";
import { clockOffset } from "../ui/time.js";
import { toast } from "../ui/toast.js";
import { wordsFrom } from "../ui/words.js";
import "../alerts/bell.js";
import { morphChildren } from "./morph.js";

const LEAST_PAUSE = 1000;
/** Waits grow without an event: the marks are moved this often. */
const TICK = 10000;
/** Where nothing tells us of events, we look more often. */
const TICK_WITHOUT_STREAM = 5000;
const AFTER_FAILURE = 3000;
/** A part under a moving hand is not changed until the hand rests. */
const HAND_RESTS = 1200;
const ERROR_SHOWN = 8000;

const page = document.body;
const words = wordsFrom("floor-words");
let fetchedAt = performance.now();
let handMovedAt = -Infinity;
let busy = false;
let again = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {Live | undefined} */
let live;

/** Fetch soon, and never more often than the least pause allows. @param {number} [pause] */
function refreshSoon(pause = LEAST_PAUSE) {
  if (busy) {
    again = true;
    return;
  }
  if (timer !== undefined) return;
  timer = setTimeout(() => void refresh(), Math.max(0, fetchedAt + pause - performance.now()));
}

/** Fetch the floor as it is now, and show it. */
async function refresh() {
  timer = undefined;
  if (document.hidden) return;
  busy = true;
  try {
    const state = await get("/floor/api/state");
    clockOffset(state.now);
    for (const [name, html] of Object.entries(state.parts)) show(name, html);
    stale("");
    return state;
  } catch (error) {
    stale(error instanceof HttpError && error.status === 401 ? error.message : words.stale);
    again = true;
    return null;
  } finally {
    busy = false;
    fetchedAt = performance.now();
    const failed = !document.getElementById("floor-stale")?.hidden;
    if (again) refreshSoon(failed ? AFTER_FAILURE : LEAST_PAUSE);
    again = false;
  }
}

/** @param {string} name @param {string} html */
function show(name, html) {
  const part = document.querySelector(`[data-part="${name}"]`);
  if (!part) return;
  if (part.matches(":hover") && performance.now() - handMovedAt < HAND_RESTS) {
    again = true;
    return;
  }
  const next = document.createElement("template");
  next.innerHTML = html;
  morphChildren(part, next.content);
}

/** @param {string} message empty when all is well */
function stale(message) {
  const notice = document.getElementById("floor-stale");
  if (!live) mark(message ? "lost" : "live");
  if (!notice) return;
  notice.hidden = !message;
  const text = notice.querySelector("span");
  if (text && message) text.textContent = message;
}

/** Show how fresh the page is where no stream does. @param {string} state */
function mark(state) {
  for (const shown of document.querySelectorAll("[data-live]")) /** @type {HTMLElement} */ (shown).dataset.state = state;
}

/** Return an address of a thing: the page gives them with 0 in its place. @param {string} name @param {string | number} id */
function address(name, id) {
  return words[name].replace("/0/", `/${id}/`);
}

/**
 * Send something a button stands for; a refusal is told beside the button.
 * @param {HTMLElement} button
 * @param {() => Promise<any>} act
 */
async function press(button, act) {
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await act();
    if (answer?.said) toast(answer.said);
    refreshSoon(0);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    tellBeside(button, error.message);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** @param {HTMLElement} button @param {string} message */
function tellBeside(button, message) {
  const told = document.createElement("p");
  told.className = "field-error";
  told.setAttribute("role", "alert");
  told.setAttribute("data-keep", "");
  told.textContent = message;
  (button.closest("li") ?? button).append(told);
  setTimeout(() => told.remove(), ERROR_SHOWN);
}

/** @param {HTMLElement} button */
async function openGive(button) {
  const contact = button.dataset.floorGive ?? "";
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("floor-give"));
  const choices = /** @type {HTMLElement} */ (dialog.querySelector("[data-choices]"));
  await press(button, async () => {
    choices.innerHTML = (await get(address("choices", contact))).html;
    prepare(dialog, (data) => send(address("give", contact), { person: Number(data.get("person")), why: String(data.get("why") ?? "") }));
    return null;
  });
}

/** @param {HTMLElement} button */
function openPresence(button) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("floor-presence"));
  const id = button.dataset.floorPresence ?? "";
  const person = /** @type {HTMLElement | null} */ (document.querySelector(`#person-${id} [data-floor-presence]`)) ?? button;
  const whose = dialog.querySelector("[data-whose]");
  if (whose) whose.textContent = person.dataset.name ?? "";
  for (const choice of dialog.querySelectorAll("input[name=state]")) {
    const radio = /** @type {HTMLInputElement} */ (choice);
    radio.checked = radio.value === person.dataset.state;
  }
  prepare(dialog, (data) => {
    const state = String(data.get("state") ?? "");
    const reason = state === "available" || state === "offline" ? "" : String(data.get("reason") ?? "");
    return send(address("presence", id), { state, reason });
  });
}

/** @param {HTMLElement} button */
function openWhisper(button) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("floor-whisper"));
  nameIn(dialog, button);
  prepare(dialog, (data) => send(address("whisper", button.dataset.floorWhisper ?? ""), { text: String(data.get("text") ?? "") }));
}

/** @param {HTMLElement} button */
function openTakeOver(button) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("floor-take-over"));
  nameIn(dialog, button);
  /** @type {HTMLTextAreaElement} */ (dialog.querySelector("[name=wants]")).value = button.dataset.wants ?? "";
  prepare(dialog, async (data) => {
    const taken = await send(address("take_over", button.dataset.floorTakeOver ?? ""), { wants: String(data.get("wants") ?? ""), promised: String(data.get("promised") ?? "") });
    location.assign(taken.address);
    return taken;
  });
}

/** @param {HTMLDialogElement} dialog @param {HTMLElement} button */
function nameIn(dialog, button) {
  const whose = dialog.querySelector("[data-whose]");
  if (whose) whose.textContent = button.dataset.name ?? "";
}

/**
 * Open a dialog whose form sends what it holds; a refusal stands in the dialog, and what was chosen is kept.
 * @param {HTMLDialogElement} dialog
 * @param {(data: FormData) => Promise<any>} act
 */
function prepare(dialog, act) {
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const refused = /** @type {HTMLElement} */ (dialog.querySelector("[data-refused]"));
  refused.hidden = true;
  form.onsubmit = async (event) => {
    event.preventDefault();
    refused.hidden = true;
    try {
      const answer = await act(new FormData(form));
      form.reset();
      dialog.close();
      toast(answer.said);
      refreshSoon(0);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      refused.textContent = error.message;
      refused.hidden = false;
    }
  };
  void openDialog(dialog);
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {Element} */ (event.target);
  const button = /** @type {HTMLElement | null} */ (target.closest("[data-floor-give], [data-floor-take-back], [data-floor-join], [data-floor-presence], [data-floor-whisper], [data-floor-take-over]"));
  if (!button || button.getAttribute("aria-busy") === "true") return;
  const { floorGive, floorTakeBack, floorJoin, floorPresence } = button.dataset;
  if (floorGive) void openGive(button);
  else if (floorPresence) openPresence(button);
  else if (button.dataset.floorWhisper) openWhisper(button);
  else if (button.dataset.floorTakeOver) openTakeOver(button);
  else if (floorTakeBack) void press(button, () => send(address("take_back", floorTakeBack), {}));
  else if (floorJoin) void press(button, () => join(floorJoin, button.dataset.case ?? ""));
}

/** @param {string} contact @param {string} kase */
async function join(contact, kase) {
  await send(address("join", contact), {});
  location.assign(address("desk", kase));
  return null;
}

/** Follow what happens, where the reader may; the stream is shared with the desk's tabs. */
function follow() {
  if (page.dataset.streams !== "yes") {
    mark("live");
    return;
  }
  live = new Live("/live/staff", page.dataset.reader ?? "", page.dataset.position ?? "0-0");
  live.addEventListener("change", () => refreshSoon());
  live.addEventListener("reset", async () => {
    const state = await refresh();
    if (state) live?.restart(state.position);
  });
  live.addEventListener("state", () => refreshSoon());
  /** @type {any} */ (document.querySelector("alert-bell"))?.connect(live);
}

clockOffset(page.dataset.now ?? Date.now());
document.addEventListener("click", onClick);
document.addEventListener("pointermove", () => (handMovedAt = performance.now()), { passive: true });
document.addEventListener("visibilitychange", () => document.hidden || refreshSoon(0));
setInterval(() => refreshSoon(0), page.dataset.streams === "yes" ? TICK : TICK_WITHOUT_STREAM);
follow();
