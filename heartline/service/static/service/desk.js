/** The desk: puts its parts together, opens what the address names, and gives every act its key. */

import { HttpError } from "../ui/http.js";
import { key } from "../ui/keys.js";
import { say, toast } from "../ui/toast.js";
import { wordsFrom } from "../ui/words.js";
import { Beside, isBeside, leaveBeside } from "./beside.js";
import { caseActs, watchedNews } from "./case-acts.js";
import { askEdit, askFinish, askTransfer, askTried } from "./dialogs.js";
import { askExpert, questionActs } from "./experts.js";
import "../alerts/bell.js";
import "./conversation-pane.js";
import "../floor/notices.js";
import "./inbox-list.js";
import "./mentions.js";
import { announceGiven, announceMessage, announceWaiting, beginTelling } from "./notify.js";
import "./offer-cards.js";
import { Outbox } from "./outbox.js";
import "./owed-link.js";
import "./presence-menu.js";
import { abilities, contactInFocus, count, isInIt, TABS } from "./selectors.js";
import { DeskStore } from "./store.js";
import "./story-pane.js";
import { takeIt } from "./taking.js";
import { called, dueTime, isNear, named, t } from "./text.js";
import { fillWith, h, mark } from "./dom.js";

const opened = /** @type {any} */ (wordsFrom("desk-opened"));
const store = new DeskStore(wordsFrom("desk-snapshot"), opened?.talk ? opened : null);
const outbox = new Outbox(store);
const arranged = /** @type {any} */ (wordsFrom("desk-arranged")) ?? {};
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
/** @param {string} name */
const part = (name) => /** @type {any} */ (document.querySelector(name));
const [list, talk, story, offers] = ["inbox-list", "conversation-pane", "story-pane", "offer-cards"].map(part);
const title = document.title;
const beside = new Beside(/** @type {HTMLElement} */ (document.querySelector(".panes")));

/** The contact that the keys act upon, with what may be done. */
function focus() {
  const contact = store.talk ? contactInFocus(store.talk, store.desk) : null;
  return { contact, can: abilities(store.desk, contact, store.talk) };
}

/** Do something about the open contact; what goes wrong is said above the conversation. @param {() => Promise<unknown>} act */
function attempt(act) {
  return talk.attempt(act);
}

/** @param {"take" | "reply" | "transfer" | "giveBack" | "end" | "expert" | "join" | "leave"} ability @param {(contactId: number, contact: any) => Promise<unknown>} act */
function whenAble(ability, act) {
  let underWay = false; // a double click asks for the same thing twice
  return () => {
    const { contact, can } = focus();
    if (underWay || !contact || !can[ability]) return;
    underWay = true;
    void attempt(() => act(contact.contact_id, contact)).finally(() => (underWay = false));
  };
}

const acts = {
  take: whenAble("take", async (id) => {
    if (!(await takeIt(store, id))) return;
    list.choose("reply");
    talk.composer.setMode("reply");
  }),
  transfer: whenAble("transfer", async (_, contact) => (await askTransfer(store, contact)) && toast(t("handed_over"))),
  giveBack: whenAble("giveBack", async (id) => (await store.post(`contacts/${id}/give-back`), toast(t("given_back")))),
  end: whenAble("end", async (id) => {
    const { rating_link: link } = await store.post(`contacts/${id}/end`);
    talk.wrapUp.offerLink(link);
  }),
  expert: whenAble("expert", (_, contact) => askExpert(store, contact)),
  question: questionActs(store, attempt),
  join: whenAble("join", async (id) => (await store.post(`contacts/${id}/join`), talk.composer.setMode("reply"))),
  leave: whenAble("leave", (id) => store.post(`contacts/${id}/leave`)),
  edit: () => store.talk && void askEdit(store, store.talk.case),
  tried: () => store.talk && void askTried(store, store.talk.case),
  ...caseActs(store, attempt),
  beside: () => store.talk && beside.fits && beside.open(store.talk.case.id),
  find: () => talk.find.open(),
  copyLink: () => void navigator.clipboard.writeText(location.href).then(() => toast(t("copied"))),
};

/** Open a case; the address follows, so that it can be shared and reloaded. @param {number} caseId @param {{push?: boolean}} [options] */
async function open(caseId, { push = true } = {}) {
  if (push && !isBeside && location.pathname !== `/desk/case/${caseId}/`) history.pushState({}, "", `/desk/case/${caseId}/`);
  show("talk");
  try {
    await store.open(caseId);
    talk.focusHead();
    look();
  } catch (error) {
    if (store.opening !== null && store.opening !== caseId) return;
    store.close();
    talk.say(error instanceof HttpError && error.status === 404 ? t("not_yours_to_see") : error instanceof Error ? error.message : "");
  }
}

/** Open a case at one of its messages. @param {number} caseId @param {number} messageId */
async function openMessage(caseId, messageId) {
  if (store.talk?.case.id !== caseId) await open(caseId);
  show("talk");
  await talk.thread.showMessage(messageId);
}

/** Go to what needs the reader most, and say why. */
async function next() {
  const found = await attempt(() => store.fetch(`next${store.talk ? `?here=${store.talk.case.id}` : ""}`));
  if (!found) return;
  if (!found.next) return void toast(t("nothing_next"));
  if (store.talk?.case.id !== found.next.case_id) await open(found.next.case_id);
  toast(found.next.why);
}

/** Show the message that the address names. */
function showNamed() {
  const wanted = Number(location.hash.match(/^#message-(\d+)$/)?.[1] ?? 0);
  if (wanted && store.talk) void talk.thread.showMessage(wanted);
}

/** What happens to a watched case is said in passing. @param {any} event */
function tellNews(event) {
  const words = watchedNews(store, event);
  if (words) toast(words);
}

/** An old number of a merged case leads to where it went; the address says so. */
function leadOn() {
  if (isBeside) return;
  const [, id] = location.pathname.match(/\/desk\/case\/(\d+)\//) ?? [];
  if (store.talk && id && Number(id) !== store.talk.case.id && !store.opening) history.replaceState({}, "", `/desk/case/${store.talk.case.id}/`);
}

function close() {
  if (location.pathname !== "/desk/") history.pushState({}, "", "/desk/");
  leaveSight();
  store.close();
  show("list");
}

/** Which pane a narrow screen shows. @param {string} pane */
function show(pane) {
  document.body.dataset.pane = pane;
  for (const tab of document.querySelectorAll("[data-show]")) {
    if (tab.getAttribute("data-show") === pane) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
}

/** The contact that colleagues were told we look at. @type {number | null} */
let lookedAt = null;

/** Tell whoever is here that we have gone, before anything else is opened. */
function leaveSight() {
  if (lookedAt !== null) void store.post(`contacts/${lookedAt}/typing`, { what: "left" }, { retries: 0 }).catch(() => undefined);
  lookedAt = null;
}

/** Let colleagues see that somebody looks, and the customer that we have read. @param {"viewing" | "coming"} [what] */
function look(what = "viewing") {
  const { contact } = focus();
  if (lookedAt !== null && lookedAt !== contact?.contact_id) leaveSight();
  if (!contact || document.hidden) return;
  const isLive = ["waiting", "active"].includes(contact.state);
  if (isLive) lookedAt = contact.contact_id;
  if (isLive) void store.post(`contacts/${contact.contact_id}/typing`, { what }, { retries: 0 }).catch(() => undefined);
  talk.thread.look();
}

/** Up to which message of a contact it was said that we have read. @type {Map<number, number>} */
const seenUpto = new Map();

/** Let the customer see that we have read what stands before our eyes: not what came below while we read something older. */
function markSeen() {
  const { contact } = focus();
  if (!contact || !store.talk || !talk.thread.isLooked() || !talk.thread.stuck || !isInIt(store.desk, contact)) return;
  const unread = Object.values(store.talk.messages).filter((one) => one.contact_id === contact.contact_id && one.author_kind === "customer" && !one.read_at);
  const upto = Math.max(0, ...unread.map((one) => one.id));
  if (upto <= (seenUpto.get(contact.contact_id) ?? 0)) return;
  seenUpto.set(contact.contact_id, upto);
  void store.post(`contacts/${contact.contact_id}/seen`, { upto_id: upto }, { retries: 0 }).catch(() => seenUpto.delete(contact.contact_id));
}

/** What happened is heard, and seen outside the page: what is the reader's, and who waits for the team. @param {any} event */
function onHappened(event) {
  if (isBeside) return; // the desk around it tells
  const { body } = event ?? {};
  const card = store.desk.contacts[body?.contact_id];
  if (!card) return;
  const go = () => void open(card.case_id);
  if (/contact_(opened|returned|resumed)$/.test(event.kind) && card.state === "waiting") announceWaiting(store, card, go);
  else if (/contact_moved$/.test(event.kind) && card.assignee_id === store.desk.me.id && event.by.id !== store.desk.me.id) announceGiven(store, card, go);
  else if (event.kind === "conversations.message_added" && body.author_kind === "customer" && isInIt(store.desk, card)) heardFrom(card, body.text, go);
}

/** @param {any} card @param {string} text @param {() => void} go */
function heardFrom(card, text, go) {
  const name = card.customer_name || t("unnamed");
  const isOpen = store.talk?.case.id === card.case_id;
  announceMessage(store, name, text, `contact-${card.contact_id}`, go);
  if (!isOpen) say(t("wrote", { name }));
}

function drawTitle() {
  const matter = store.talk?.case;
  const ours = count(store.desk, "reply");
  document.title = (ours ? `(${ours}) ` : "") + (matter ? [matter.customer_name, matter.subject, title].filter(Boolean).join(" · ") : title);
  drawPhoneBar(matter);
}

/** Who it is and what is due, on a narrow screen. @param {any} matter */
function drawPhoneBar(matter) {
  const [name, due] = ["phone-name", "phone-due"].map((id) => document.getElementById(id));
  if (!matter || !name || !due) return;
  fillWith(name, named(matter.customer_name || t("unnamed")), " ", ["top", "big"].includes(matter.tier) ? h("span", { class: "chip chip-accent", text: called("tiers", matter.tier) }) : null);
  const owed = Object.values(store.talk?.follow_ups ?? {}).sort((one, other) => (one.due_at < other.due_at ? -1 : 1))[0];
  fillWith(due, owed ? mark("promise", dueTime(owed.due_at), isNear(owed.due_at) ? "late" : "") : null);
}

function registerKeys() {
  const group = { group: t("desk") };
  key("j", t("key_next"), () => list.step(1), group);
  key("k", t("key_previous"), () => list.step(-1), group);
  if (!isBeside) key("b", t("beside"), () => acts.beside(), group);
  key("n", t("next_item_key"), () => void next(), group);
  key("/", t("find_here"), () => store.talk && (show("talk"), talk.find.open()), group);
  key(",", t("key_message_before"), () => store.talk && (show("talk"), talk.thread.stepMessage(-1)), group);
  key(".", t("key_message_after"), () => store.talk && (show("talk"), talk.thread.stepMessage(1)), group);
  key("v", t("inbox_view"), () => (show("list"), list.views.open()), group);
  key("r", t("reply_to_customer"), () => store.talk && (show("talk"), talk.composer.setMode("reply")), group);
  key("c", t("internal_note"), () => store.talk && (show("talk"), talk.writeNote()), group);
  key("mod+enter", t("send"), () => (talk.wrapUp.contains(document.activeElement) ? talk.wrapUp.submit() : talk.composer.contains(document.activeElement) && void talk.composer.send()), group);
  key("z", t("undo_send"), () => talk.takeLastBack(), group);
  key("y", t("accept"), () => offers.acceptFirst(), group);
  key("a", t("take"), acts.take, group);
  key("t", t("hand_over"), acts.transfer, group);
  key("x", t("expert"), acts.expert, group);
  key("e", t("end"), acts.end, group);
  key("s", t("snooze"), () => acts.snooze(), group);
  key("m", t("macro"), () => acts.macro(), group);
  key("w", t("give_task"), () => acts.task(), group);
  key("f", t("watch_case"), () => acts.watch(), group);
  key("l", t("tags"), () => acts.tags(), group);
  for (const [at, tab] of TABS.entries()) key(String(at + 1), t(`tab_${tab}`), () => list.choose(tab), group);
}

function connect() {
  beginTelling(arranged.notices ?? {});
  list.connect(store, { open, next: () => void next() }, arranged.views ?? []);
  talk.connect(store, outbox, acts);
  talk.thread.addEventListener("looked", markSeen);
  story.connect(store, { edit: acts.edit, tried: acts.tried, finish: (/** @type {any} */ one) => void askFinish(store, one), open, openMessage });
  if (!isBeside) offers.connect(store, { open });
  part("mention-list").connect(store, { open });
  part("question-list").connect(store, { open, openMessage });
  for (const name of ["presence-menu", "load-words", "owed-link"]) for (const one of document.querySelectorAll(name)) /** @type {any} */ (one).connect(store);
  registerKeys();
  store.addEventListener("desk", (event) => onHappened(/** @type {CustomEvent} */ (event).detail));
  for (const name of ["desk", "talk", "story"]) store.addEventListener(name, () => (drawTitle(), drawPhoneActs()));
  store.live.addEventListener("change", (event) => tellNews(/** @type {CustomEvent} */ (event).detail));
  /** @type {any} */ (document.querySelector("alert-bell"))?.connect(store.live);
  part("floor-notices").connect(store);
  store.addEventListener("gone", signedOut);
  // Who comes in is told of those who were here before.
  store.addEventListener("met", (event) => say(t("is_here", { name: /** @type {CustomEvent} */ (event).detail.name })));
  store.addEventListener("asked", () => setTimeout(look, 200 + Math.random() * 800));
  // Only now are answers heard: what was said of others before may have gone by.
  store.addEventListener("following", () => look("coming"));
  store.addEventListener("talk", leadOn);
  addEventListener("hashchange", showNamed);
  addEventListener("popstate", () => {
    if (location.hash && store.talk && location.pathname === `/desk/case/${store.talk.case.id}/`) return; // a place in the open case
    const id = Number(location.pathname.match(/\/desk\/case\/(\d+)\//)?.[1] ?? 0);
    if (id) void open(id, { push: false });
    else (store.close(), show("list"));
  });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  addEventListener("focus", () => look());
  setInterval(look, 45_000);
  for (const tab of document.querySelectorAll("[data-show]")) tab.addEventListener("click", () => show(tab.getAttribute("data-show") ?? "list"));
  document.getElementById("phone-back")?.addEventListener("click", isBeside ? leaveBeside : close);
  show(store.talk ? "talk" : "list");
  drawTitle();
  drawPhoneActs();
  look();
  showNamed();
  main.dataset.ready = "yes";
}

/** Say so and show the way back to this very page; nothing typed is touched. */
function signedOut() {
  const notice = document.getElementById("signed-out");
  if (!notice) return;
  notice.hidden = false;
  notice.querySelector("a")?.setAttribute("href", `/account/login/?next=${location.pathname}`);
}

/** On a narrow screen the acts have a pane of their own. */
function drawPhoneActs() {
  const box = document.getElementById("phone-acts");
  if (!box) return;
  const { can } = focus();
  const serves = Boolean(store.talk) && store.desk.me.rights.includes("contact.serve");
  /** @type {[string, string, boolean][]} */
  const all = [["take", t("take"), can.take], ["transfer", t("hand_over"), can.transfer], ["expert", t("expert"), can.expert], ["join", t("join"), can.join], ["leave", t("leave"), can.leave], ["giveBack", t("give_back"), can.giveBack], ["end", t("end"), can.end], ["snooze", t("snooze"), serves], ["tags", t("tags"), serves], ["task", t("give_task"), serves], ["macro", t("macro"), serves], ["watch", t("watch_case"), serves], ["find", t("find_here"), Boolean(store.talk)], ["edit", t("edit_case"), Boolean(store.talk)], ["tried", t("add_tried"), Boolean(store.talk)], ["copyLink", t("copy_link"), Boolean(store.talk)]];
  box.replaceChildren(...all.filter(([, , able]) => able).map(([name, words]) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "btn btn-wide";
    one.textContent = words;
    one.addEventListener("click", () => (show("talk"), /** @type {any} */ (acts)[name]()));
    return one;
  }));
}

connect();
