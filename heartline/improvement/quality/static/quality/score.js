/**
 * Scoring a contact: every answer is kept on the server as it is given, and in this browser until it is there. Tabs do
 * not undo each other: each save names the one it was made from. All of it works from the keyboard.
 */

import { sayAtOnce, toast } from "../ui/toast.js";
import { key } from "../ui/keys.js";
import { get, HttpError, newKey, send } from "../ui/http.js";
import { fill, wordsFrom } from "../ui/words.js";

/** @typedef {{value: number | null, na: boolean, comment: string, messages: number[], saved: number}} Answer */

const PAUSE = 500;
const AGAIN = 5000;
const words = wordsFrom("quality-words");
const page = /** @type {HTMLElement} */ (document.querySelector(".score[data-review]"));
const kept = /** @type {HTMLElement} */ (page.querySelector("[data-kept]"));
const left = /** @type {HTMLElement} */ (page.querySelector("[data-left]"));
const form = /** @type {HTMLFormElement} */ (page.querySelector("form"));
const whole = /** @type {HTMLTextAreaElement} */ (page.querySelector("#whole"));
const questions = /** @type {HTMLElement[]} */ ([...page.querySelectorAll("[data-question]")]);
/** @type {{answers: Record<string, Answer>, comment: {comment: string, saved: number}}} */
const state = JSON.parse(document.getElementById("quality-state")?.textContent ?? "{}");
/** What is not on the server yet, by question; "" is the comment on the whole. @type {Map<string, ReturnType<typeof setTimeout> | undefined>} */
const waiting = new Map();
/** What is on its way; a later save of the same waits for it. @type {Map<string, Promise<void>>} */
const flying = new Map();
let current = 0;
let submitting = false;

/** @param {string} name @returns {Answer} */
function answerTo(name) {
  state.answers[name] ??= { value: null, na: false, comment: "", messages: [], saved: 0 };
  return state.answers[name];
}

/** @param {string} name */
const place = (name) => `heartline-quality-${page.dataset.review}-${name}`;

/** @param {string} name */
function unsaved(name) {
  return name ? answerTo(name) : state.comment;
}

/**
 * Something changed: keep it here at once, on the server a moment later.
 * @param {string} name
 * @param {number} [pause]
 */
function changed(name, pause = PAUSE) {
  localStorage.setItem(place(name), JSON.stringify(unsaved(name)));
  clearTimeout(waiting.get(name));
  waiting.set(name, setTimeout(() => void keep(name), pause));
  showKept();
}

/** @param {string} name */
function keep(name) {
  const mine = (flying.get(name) ?? Promise.resolve()).then(() => put(name));
  flying.set(name, mine);
  return mine.finally(() => {
    if (flying.get(name) === mine) flying.delete(name);
    showKept();
  });
}

/** @param {string} name */
async function put(name) {
  clearTimeout(waiting.get(name));
  waiting.delete(name);
  const thing = unsaved(name);
  const sent = JSON.stringify(thing);
  const { saved, ...rest } = thing;
  try {
    const body = name ? { question: name, ...rest, base: saved } : { ...rest, base: saved };
    const done = await send((name ? page.dataset.answers : page.dataset.comment) ?? "", body, { key: newKey(), retries: 0 });
    thing.saved = done.saved;
    if (!waiting.has(name) && sent === JSON.stringify({ ...thing, saved })) localStorage.removeItem(place(name));
  } catch (error) {
    await refused(name, sent, error);
  }
}

/**
 * @param {string} name
 * @param {string} sent
 * @param {unknown} error
 */
async function refused(name, sent, error) {
  if (error instanceof HttpError && error.status === 409) {
    const fresh = await get(page.dataset.draft ?? "").catch(() => null);
    const there = name ? fresh?.answers[name] : fresh?.comment;
    if (there && same(there, JSON.parse(sent))) {
      unsaved(name).saved = there.saved; // it was ours: only the answer got lost on its way
      return;
    }
    localStorage.removeItem(place(name));
    clearTimeout(waiting.get(name));
    waiting.delete(name);
    flying.delete(name);
    await refresh();
    toast(error.code === "review_submitted" ? words.submitted : words.elsewhere);
  } else if (error instanceof HttpError && !error.passing && error.status !== 429) {
    kept.textContent = error.message;
    sayAtOnce(error.message);
  } else {
    waiting.set(name, setTimeout(() => void keep(name), AGAIN));
    kept.textContent = words.not_kept;
  }
}

/**
 * @param {Record<string, unknown>} there
 * @param {Record<string, unknown>} here
 */
function same(there, here) {
  return Object.keys(here).every((part) => part === "saved" || JSON.stringify(there[part]) === JSON.stringify(here[part]));
}

/** Take over what another tab has kept, but nothing over what is being typed here. */
async function refresh() {
  const fresh = await get(page.dataset.draft ?? "").catch(() => null);
  if (!fresh) return;
  if (!fresh.open) return location.reload();
  for (const [name, answer] of Object.entries(fresh.answers)) if (!waiting.has(name) && !flying.has(name)) state.answers[name] = /** @type {Answer} */ (answer);
  if (!waiting.has("") && !flying.has("")) state.comment = fresh.comment;
  questions.forEach(draw);
  if (whole.value !== state.comment.comment && !waiting.has("")) whole.value = state.comment.comment;
  showLeft();
}

/** @param {HTMLElement} question */
function draw(question) {
  const answer = answerTo(question.dataset.question ?? "");
  const chosen = answer.na ? "na" : answer.value === null ? "" : String(answer.value);
  for (const input of radios(question)) input.checked = input.value === chosen;
  const comment = commentOf(question);
  if (comment.value !== answer.comment) comment.value = answer.comment;
  drawLinks(question, answer);
}

/**
 * @param {HTMLElement} question
 * @param {Answer} answer
 */
function drawLinks(question, answer) {
  const links = answer.messages.map((id) => {
    const time = document.querySelector(`#m${id} > header time`);
    const link = document.createElement("a");
    link.href = `#m${id}`;
    link.append(icon("link"), time?.textContent ?? String(id));
    return link;
  });
  question.querySelector("[data-links]")?.replaceChildren(...links);
}

/** @param {string} name */
function icon(name) {
  const model = document.querySelector(`.point svg`);
  return name === "link" && model ? model.cloneNode(true) : "";
}

/** @param {HTMLElement} question @returns {HTMLInputElement[]} */
const radios = (question) => [...question.querySelectorAll("input[type=radio]")].filter((one) => one instanceof HTMLInputElement);

/** @param {HTMLElement} question */
const commentOf = (question) => /** @type {HTMLTextAreaElement} */ (question.querySelector("textarea"));

function showKept() {
  if (kept.textContent === words.not_kept && waiting.size) return;
  kept.textContent = waiting.size || flying.size ? words.keeping : Object.keys(state.answers).length ? words.kept : "";
}

function showLeft() {
  const open = questions.filter((question) => !radios(question).some((one) => one.checked)).length;
  left.textContent = open === 0 ? words.none_left : open === 1 ? words.one_left : fill(words.left, { left: open });
}

/**
 * Make a question the one that keys and links belong to.
 * @param {number} number
 * @param {boolean} [move] also bring the focus there
 */
function enter(number, move = false) {
  current = Math.min(Math.max(number, 0), questions.length - 1);
  questions.forEach((question, index) => question.classList.toggle("is-current", index === current));
  if (move) {
    const inputs = radios(questions[current]);
    (inputs.find((one) => one.checked) ?? inputs[0])?.focus({ preventScroll: true });
    questions[current].scrollIntoView({ block: "nearest" });
  }
  drawPoints();
}

/** The buttons on the messages belong to the question in hand. */
function drawPoints() {
  const answer = answerTo(questions[current]?.dataset.question ?? "");
  for (const button of page.querySelectorAll(".point")) {
    const linked = answer.messages.includes(Number(/** @type {HTMLElement} */ (button).dataset.message));
    button.setAttribute("aria-pressed", String(linked));
    const label = button.querySelector("span");
    if (label) label.textContent = fill(linked ? words.unpoint : words.point, { number: current + 1 });
  }
}

/** @param {string} value */
function choose(value) {
  const input = radios(questions[current]).find((one) => one.value === value);
  if (!input) return;
  input.checked = true;
  input.focus({ preventScroll: true });
  chosen(questions[current], input);
}

/**
 * @param {HTMLElement} question
 * @param {HTMLInputElement} input
 */
function chosen(question, input) {
  const answer = answerTo(question.dataset.question ?? "");
  answer.na = input.value === "na";
  answer.value = answer.na ? null : Number(input.value);
  changed(question.dataset.question ?? "", 0);
  showLeft();
}

function toMessages() {
  const talk = page.querySelector(".score-talk");
  if (talk?.contains(document.activeElement)) enter(current, true);
  else /** @type {HTMLElement | null} */ (talk?.querySelector(".point"))?.focus();
}

/** Send what still waits, then the form: what was typed last is submitted too. @param {SubmitEvent} event */
async function submit(event) {
  if (!waiting.size && !flying.size) return;
  event.preventDefault();
  event.stopPropagation();
  if (submitting) return;
  submitting = true;
  for (const name of [...waiting.keys()]) void keep(name);
  await Promise.allSettled(flying.values());
  submitting = false;
  if (!waiting.size && !flying.size) form.requestSubmit();
}

function connect() {
  questions.forEach((question, index) => {
    const name = question.dataset.question ?? "";
    const mark = question.querySelector(".judge-number");
    if (mark) mark.textContent = String(index + 1);
    question.addEventListener("focusin", () => enter(index));
    question.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement) chosen(question, event.target);
    });
    commentOf(question).addEventListener("input", () => {
      answerTo(name).comment = commentOf(question).value;
      changed(name);
    });
    draw(question);
  });
  whole.addEventListener("input", () => {
    state.comment.comment = whole.value;
    changed("");
  });
  for (const button of page.querySelectorAll(".point")) button.addEventListener("click", () => point(Number(/** @type {HTMLElement} */ (button).dataset.message)));
  form.addEventListener("submit", (event) => void submit(event), { capture: true });
  document.addEventListener("visibilitychange", () => void (document.visibilityState === "visible" && refresh()));
}

/** @param {number} id */
function point(id) {
  const question = questions[current];
  const answer = answerTo(question.dataset.question ?? "");
  answer.messages = answer.messages.includes(id) ? answer.messages.filter((one) => one !== id) : [...answer.messages, id];
  changed(question.dataset.question ?? "", 0);
  drawLinks(question, answer);
  drawPoints();
}

function connectKeys() {
  const group = words.group;
  key("j", words.next, () => enter(current + 1, true), { group });
  key("k", words.previous, () => enter(current - 1, true), { group });
  key("y", words.yes, () => questions[current].dataset.kind === "yes_no" && choose("1"), { group });
  key("n", words.no, () => questions[current].dataset.kind === "yes_no" && choose("0"), { group });
  key("a", words.na, () => choose("na"), { group });
  for (let value = 0; value <= 9; value += 1) key(String(value), words.value, () => questions[current].dataset.kind === "scale" && choose(String(value)), { group });
  key("c", words.write, () => commentOf(questions[current]).focus(), { group });
  key("m", words.messages, toMessages, { group });
  key("mod+enter", words.submit, () => form.requestSubmit(), { group });
}

/** What an earlier visit could not send any more. */
function takeUp() {
  for (const name of [...questions.map((question) => question.dataset.question ?? ""), ""]) {
    const found = JSON.parse(localStorage.getItem(place(name)) ?? "null");
    if (!found) continue;
    if (found.saved === unsaved(name).saved) {
      Object.assign(unsaved(name), found);
      changed(name, 0);
    } else {
      localStorage.removeItem(place(name));
    }
  }
  whole.value = state.comment.comment;
}

if (page && questions.length) {
  takeUp();
  connect();
  connectKeys();
  showLeft();
  showKept();
  enter(0, !page.querySelector("[data-focus-first]"));
  page.dataset.ready = "yes";
}
