/** The chat: one module for the contact page and for the widget's frame. */

import { Refusal, doorTo, newKey } from "./door.js";
import { follow } from "./stream.js";
import { trayIn } from "./tray.js";
import { chime, drawFiles, drawMessage, drawNote, fill } from "./view.js";

/**
 * @typedef {import("./view.js").Message & {state: "sending" | "failed" | "", files: (() => Promise<string>)[], element?: HTMLElement}} Entry
 */

const panel = /** @type {HTMLElement} */ (document.querySelector("[data-chat]"));
/** @param {string} name @returns {any} */
const part = (name) => panel.querySelector(`[data-${name}]`);
const settings = /** @type {import("./door.js").Settings} */ (JSON.parse(document.getElementById("chat-settings")?.textContent ?? "{}"));
const { words } = settings;
const door = doorTo(settings);
const framed = panel.classList.contains("chat-framed");
const field = /** @type {HTMLTextAreaElement} */ (part("text"));
const log = /** @type {HTMLElement} */ (part("log"));
const title = document.title;

// the last snapshot
/** @type {any} */ let now = null;
/** @type {Entry[]} */ const shown = [];
/** @type {Entry[]} */ const outbox = [];
/** @type {Set<string>} */ const noted = new Set();
let stop = () => {};
let following = 0;
let open = framed;
let opener = /** @type {HTMLElement | null} */ (null);
let connected = true;
let pumping = false;
let unread = 0;
let told = { read: 0, delivered: 0 };
let typed = 0;
/** @type {Record<string, number>} */ const timers = {};

/** @param {string} name @param {number} delay @param {() => void} act */
function later(name, delay, act) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(act, delay);
}
const visible = () => open && !document.hidden;
/** @param {HTMLElement} element @param {string} [said] */
function say(element, said) {
  if (element.textContent !== (said ?? "")) element.textContent = said ?? "";
  element.hidden = !said;
}
const tray = trayIn(panel, settings, door.send, () => Boolean(now), (said) => say(part("problem"), said));
/** @param {unknown} error */
const reason = (error) => (error instanceof Refusal && error.message) || words.trouble;

// What is known

async function refresh() {
  if (!door.known()) return;
  try {
    take(await door.get());
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) lose();
    else if (!now) later("refresh", 3000, refresh);
  }
}

/** The server does not know this browser any more: what is on screen stays, the next message starts anew. */
function lose() {
  stop();
  door.forget();
  now = null;
  following = 0;
  draw();
}

/** @param {any} snapshot */
function take(snapshot) {
  now = snapshot;
  const moments = [
    ...now.messages.map((/** @type {any} */ message) => ({ at: message.at, act: () => add({ ...message, state: "", files: [] }) })),
    ...now.joined.map((/** @type {any} */ one) => ({ at: one.at, act: () => note(one.at, fill(one.took_over ? words.took_over : words.joined, { agent: one.name })) })),
  ];
  for (const { act } of moments.sort((one, other) => (one.at < other.at ? -1 : 1))) act();
  if (following !== now.contact.id) {
    stop();
    following = now.contact.id;
    stop = follow(door.listen, now.position, ears);
  }
  if (now.contact.can_resume && visible()) door.post("resume").then(take, () => {});
  if (now.queue) later("poll", 20000, refresh);
  draw();
}

const ears = {
  /** @param {any} change */
  change({ kind, body }) {
    if (kind === "conversations.message_added") {
      hush();
      const entry = { ...body, id: body.message_id, key: body.client_key, author: body.author_kind, name: body.author_public_name, state: "", files: [] };
      add(entry);
      if (body.author_kind === "person") arrived();
      draw();
    } else if (kind === "conversations.messages_seen") {
      if (body.side === "person") for (const one of shown) if (one.id && one.id <= body.upto_id) one[body.seen === "read" ? "read_at" : "delivered_at"] = body.upto_id;
      draw();
    } else {
      if (kind === "conversations.contact_returned") note(`${body.contact_id}${Date.now()}`, words.handing_over);
      if (kind === "conversations.contact_answered" && !visible()) chime();
      later("refresh", 50, refresh);
    }
  },
  /** @param {any} data */
  signal(data) {
    if (data.kind === "look") return later("refresh", 50, refresh);
    if (data.kind !== "typing" || data.side === "customer") return;
    say(part("typing"), data.name ? fill(words.typing, { agent: data.name }) : words.writing);
    toEnd();
    later("typing", 6000, hush);
  },
  /** @param {boolean} is */
  connected(is) {
    const back = is && !connected;
    connected = is;
    if (back) refresh().then(pump);
    draw();
    if (back) say(part("line"), words.back);
    if (back) later("back", 4000, draw);
  },
  async anew() {
    await refresh();
    return now?.position;
  },
  gone: () => lose(),
};
const hush = () => say(part("typing"));
const onFault = () => say(part("problem"), words.gone);

// What is shown

/** @param {Entry} entry a message that is on screen already, by its id or its key, only gets news */
function add(entry) {
  const known = shown.find((one) => (entry.id && one.id === entry.id) || (one.author === entry.author && one.key === entry.key));
  if (known) {
    if (known.element && entry.attachments[0]?.token && !known.attachments[0]?.token) drawFiles(known.element, (known.attachments = entry.attachments), door.file, onFault);
    return Object.assign(known, { id: entry.id ?? known.id, state: entry.state, delivered_at: entry.delivered_at ?? known.delivered_at, read_at: entry.read_at ?? known.read_at });
  }
  const stay = far() > 120 && entry.author !== "customer";
  entry.element = drawMessage(part("message"), entry, words, door.file, onFault);
  shown.push(entry);
  part("said").append(entry.element);
  if (!stay) toEnd();
  return entry;
}

/** @param {string} key @param {string} said */
function note(key, said) {
  if (noted.has(key)) return;
  noted.add(key);
  part("said").append(drawNote(said));
  toEnd();
}

const toEnd = () => log.scrollTo({ top: log.scrollHeight });
const far = () => log.scrollHeight - log.scrollTop - log.clientHeight;
// pictures take their room when they have come
log.addEventListener("load", () => far() < 320 && toEnd(), true);

function draw() {
  const state = now?.contact.state ?? "";
  const shut = !now && part("shut") !== null;
  if (panel.dataset.state !== state) tell("live", { is: ["waiting", "active"].includes(state) });
  panel.dataset.state = state;
  part("title").textContent = now?.agent ? fill(words.agent, now) : words.title;
  if (now) part("sub").textContent = { waiting: words.in_line, active: words.with_person }[state] ?? words.over;
  part("end").hidden = !["waiting", "active"].includes(state);
  part("attach").hidden = !now;
  part("who").hidden = Boolean(now) || shut;
  part("say").hidden = shut;
  if (part("shut")) part("shut").hidden = Boolean(now);
  part("begin").hidden = Boolean(now) || shown.length > 0 || !settings.want || shut;
  part("kept").hidden = !now?.queue;
  if (now) say(part("news"), now.news);
  say(part("told"), settings.want && fill(words.told, { want: settings.want }));
  const asked = Boolean(now?.rating) && now.rating.score === null;
  if (asked && part("rating").hidden) setTimeout(toEnd);
  part("rating").hidden = !asked;
  part("line").dataset.how = connected ? (now?.queue?.said ?? "") : "lost";
  say(part("line"), connected ? standing(state) : fill(words.lost, { sent: shown.filter((one) => one.id && one.author === "customer").length, pending: outbox.length }));
  const last = shown.findLast((one) => one.author === "customer");
  for (const one of shown) if (one.author === "customer") mark(one, one === last);
  const mine = /** @type {HTMLElement | null} */ (document.querySelector("[data-my-chat]"));
  if (mine && now) {
    mine.hidden = false;
    for (const [name, value] of Object.entries({ number: fill(words.case, { number: now.contact.case }), subject: now.contact.subject })) /** @type {Element} */ (mine.querySelector(`[data-my-${name}]`)).textContent = value;
  }
  seen();
}

/** @param {string} state what the line under the head says @returns {string} */
function standing(state) {
  if (!now) return "";
  if (now.callback) return now.callback.said;
  if (now.queue) return waiting(now.queue);
  if (state === "abandoned") return now.contact.left === "silent" ? (now.contact.can_resume ? "" : words.place_lost) : words.left;
  if (state === "active" || state === "waiting") return "";
  return now.contact.ended_by === "customer" ? words.ended_by_you : words.ended_by_us;
}

/** @param {any} queue */
function waiting({ position, said, wait, paused }) {
  if (paused) return paused;
  if (said === "unknown") return words.unknown;
  const [low, high] = wait;
  const isNext = position === 1;
  const place = { position: position - 1, low, high };
  if (high <= 1) return isNext ? words.soon : fill(words.ahead_soon, place);
  if (said === "longer") return fill(words.longer, { minutes: high });
  if (low === 0) return fill(isNext ? words.next_within : words.ahead_within, place);
  return fill(isNext ? words.next : words.ahead, place);
}

/** @param {Entry} entry @param {boolean} last */
function mark(entry, last) {
  const place = /** @type {HTMLElement} */ (entry.element?.querySelector(".chat-mark"));
  entry.element?.classList.toggle("chat-failed", entry.state === "failed");
  const word = entry.state || (entry.read_at ? "read" : entry.delivered_at ? "delivered" : "sent");
  const text = last || entry.state ? words[word] : "";
  if (place.firstChild?.textContent === text) return;
  place.replaceChildren(...(text ? [text] : []));
  if (entry.state !== "failed") return;
  const again = Object.assign(document.createElement("button"), { type: "button", textContent: words.retry });
  again.addEventListener("click", () => {
    entry.state = "sending";
    outbox.push(entry);
    draw();
    pump();
    field.focus();
  });
  place.append(" ", again);
}

// Read and unread

function arrived() {
  if (visible()) return;
  unread += 1;
  chime();
  badge();
}

function badge() {
  if (framed) tell("unread", { count: unread });
  else document.title = unread ? `(${fill(words.unread, { n: unread })}) ${title}` : title;
}

function seen() {
  if (visible() && unread) {
    unread = 0;
    badge();
  }
  const upto = Math.max(0, ...shown.map((one) => (one.author === "person" && one.id) || 0));
  const how = visible() ? "read" : "delivered";
  if (!now || told[how] >= upto) return;
  told = { ...told, delivered: upto, [how]: upto };
  later("seen", 300, () => door.post("seen", { upto, how }).catch(() => {}));
}

// Sending

/** @param {string} text @param {Entry["attachments"]} attachments @param {Entry["files"]} files */
function send(text, attachments, files) {
  const entry = add({ key: newKey(), author: "customer", text, at: new Date().toISOString(), attachments, files, state: "sending" });
  outbox.push(entry);
  draw();
  pump();
}

/** Send what waits, one after the other, so that order is kept; what finds no server waits for it. */
async function pump() {
  if (pumping) return;
  pumping = true;
  for (let entry = outbox[0]; entry; entry = outbox[0]) {
    try {
      await deliver(entry);
      entry.state = "";
      outbox.shift();
      ears.connected(true);
    } catch (error) {
      const passing = error instanceof Refusal && (error.status === 0 || error.status > 500);
      if (passing) {
        ears.connected(false);
        later("pump", 4000, pump);
        break;
      }
      outbox.shift();
      entry.state = "failed";
      refuse(error, entry);
    }
    draw();
  }
  pumping = false;
  draw();
}

/** @param {Entry} entry */
async function deliver(entry) {
  if (now) {
    const sent = await door.post("messages", { key: entry.key, text: entry.text, files: await Promise.all(entry.files.map((token) => token())) });
    entry.id = sent.id;
    if (sent.contact !== now.contact.id || now.contact.state === "abandoned") await refresh();
    return;
  }
  await door.knock();
  const who = Object.fromEntries([...part("who").querySelectorAll("input")].map((input) => [input.name, input.value]));
  const { brand, language, want, about, case: goesOn } = settings;
  const opening = { brand, language, want, about, case: goesOn, tried: tried().join(","), text: entry.text, key: entry.key, came_from: cameFrom(), ...who };
  take(await door.post("start", opening));
}

const cameFrom = () => (framed ? settings.parent ?? "" : location.origin + location.pathname);
/** Ways and answers that were tried on this page before; phone is one when its link was followed. */
const tried = () => [...new Set([...settings.tried, ...(timers.called ? ["phone"] : [])])];

/** @param {unknown} error @param {Entry} entry */
function refuse(error, entry) {
  const code = error instanceof Refusal ? error.code : "";
  const place = part("problem");
  if (code === "unknown_visitor") lose();
  say(place, code === "unknown_visitor" ? words.unknown_visitor : reason(error));
  if (code !== "closed") return;
  const link = Object.assign(document.createElement("a"), { href: `${settings.message}#text=${encodeURIComponent(entry.text)}`, textContent: words.leave_message });
  if (framed) link.target = "_blank";
  place.append(" ", link);
}

part("say").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (tray.hasFailed()) return;
  if (!text && tray.isEmpty()) return field.focus();
  say(part("problem"));
  const { shown: names, tokens } = tray.empty();
  field.value = "";
  send(text, names, tokens);
  field.focus();
});
field.addEventListener("keydown", (event) => {
  // while an input method is composing, Enter chooses a word; keyCode 229 is how Safari says so after the fact
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  part("say").requestSubmit();
});
field.addEventListener("input", () => {
  if (now?.contact.state !== "active" || Date.now() - typed < 4000) return;
  typed = Date.now();
  door.post("typing").catch(() => {});
});
part("begin").addEventListener("click", async () => {
  part("begin").setAttribute("aria-disabled", "true");
  try {
    await deliver(/** @type {Entry} */ ({ key: newKey(), text: "" }));
    field.focus();
  } catch (error) {
    refuse(error, /** @type {Entry} */ ({ text: "" }));
  }
  part("begin").removeAttribute("aria-disabled");
});

// Cards: being called, leaving, saying how it was

/** @param {string} name @param {boolean} is */
function card(name, is) {
  const place = part(name);
  place.hidden = !is;
  if (!is) return field.focus();
  place.scrollIntoView({ block: "nearest" });
  place.querySelector("input, button").focus();
  if (name === "callback") offer();
}

/** Show the times we have room for; until they are here, as soon as it is their turn stands. */
function offer() {
  door.get("times").then(({ times }) => part("when").replaceChildren(...times.map((/** @type {any[]} */ [at, said, is]) => new Option(said, at, is, is))), () => {});
}

part("call-me").addEventListener("click", (/** @type {Event} */ event) => {
  // before a chat there is nothing to keep: the page for calls takes it from here
  if (!now) return;
  event.preventDefault();
  card("callback", true);
});
part("end").addEventListener("click", () => {
  if (now?.queue) card("leaving", true);
  else door.post("leave").then(take, (error) => say(part("problem"), reason(error)));
});
part("leave").addEventListener("click", () => {
  card("leaving", false);
  door.post("leave").then(take, (error) => say(part("problem"), reason(error)));
});
for (const cancel of panel.querySelectorAll("[data-cancel]")) cancel.addEventListener("click", () => card(cancel.closest("[data-callback]") ? "callback" : "leaving", false));

/** @param {string} name @param {string} path @param {(form: FormData) => object} body @param {() => void} done */
function cardForm(name, path, body, done) {
  part(name).addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = part(name);
    try {
      take(await door.post(path, body(new FormData(form))));
      say(form.querySelector("[data-error]"));
      done();
    } catch (error) {
      say(form.querySelector("[data-error]"), reason(error));
      if (error instanceof Refusal && /^time/.test(error.code)) offer();
    }
  });
}
cardForm("callback", "callback", (form) => Object.fromEntries(form), () => card("callback", false));
cardForm("rating", "rating", (form) => ({ score: Number(form.get("score") ?? 0), comment: String(form.get("comment")) }), () => {
  note("rated", now.rating.score <= 2 ? words.rated_low : words.rated);
  if (now.rating.score <= 2) card("callback", true);
});

// Opening and closing

/** @param {HTMLElement | null} from */
function show(from) {
  opener = from ?? opener;
  open = true;
  panel.toggleAttribute("data-open", true);
  // a reload finds it open
  if (!framed) history.replaceState(null, "", "#chat");
  whole(true);
  toEnd();
  if (now?.contact.can_resume) refresh();
  draw();
  (part("say").hidden ? part("shut").querySelector("a") : field).focus();
}

function hide() {
  if (framed) return tell("close");
  open = false;
  panel.toggleAttribute("data-open", false);
  whole(false);
  history.replaceState(null, "", location.pathname + location.search);
  opener?.focus();
}

/** On a phone the chat covers the page, which then cannot be reached behind it. @param {boolean} is */
function whole(is) {
  if (framed || !matchMedia("(max-width: 56rem)").matches) is = false;
  for (const other of document.body.children) if (other !== panel && other instanceof HTMLElement) other.inert = is;
}

/** Speak to the page that holds the frame, and to no other. @param {string} heartline @param {object} [more] */
function tell(heartline, more) {
  if (framed && settings.parent) parent.postMessage({ heartline, ...more }, settings.parent);
}

panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  const standing = ["callback", "leaving"].find((name) => !part(name).hidden);
  standing ? card(standing, false) : hide();
});
part("close-chat").addEventListener("click", (/** @type {Event} */ event) => {
  event.preventDefault();
  hide();
});
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link?.protocol === "tel:") timers.called = 1;
  if (link?.hash !== "#chat" || link.pathname !== location.pathname) return;
  event.preventDefault();
  show(link);
});
document.addEventListener("visibilitychange", draw);
addEventListener("offline", () => ears.connected(false));
addEventListener("online", () => later("pump", 500, () => (outbox.length ? pump() : door.known() && door.get().then(() => ears.connected(true), () => {}))));
addEventListener("beforeunload", (event) => outbox.length && event.preventDefault());
addEventListener("message", (event) => {
  if (!framed || event.source !== parent || event.origin !== settings.parent) return;
  if (event.data?.heartline === "open") show(null);
  if (event.data?.heartline === "close") open = false;
});

panel.toggleAttribute("data-ready", true);
draw();
refresh();
if (framed) tell("ready");
else if (location.hash === "#chat") show(null);
