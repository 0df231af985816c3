/** What the desk shows, worked out from its snapshot: pure, no page. */

/** @typedef {Record<string, any>} State */

export const TABS = ["reply", "waiting", "theirs", "done"];

/** Whether the reader serves a contact, joined it or was asked into it. @param {State} desk @param {State} card */
export function isInIt(desk, card) {
  return card.assignee_id === desk.me.id || String(card.contact_id) in desk.invited;
}

/**
 * The rows of a tab in order. Oldest first wherever people wait: what is new comes last and moves nothing.
 * @param {State} desk
 * @param {string} tab
 * @param {(row: State) => boolean} [wanted] what a view narrows it to
 * @returns {State[]}
 */
export function rows(desk, tab, wanted = () => true) {
  if (tab === "done") return Object.values(desk.done).sort((one, other) => order(other.at, one.at));
  const { rested, turn } = members(desk, tab);
  const by = (/** @type {string} */ name) => (/** @type {State} */ one, /** @type {State} */ other) => order(one[name] ?? "", other[name] ?? "");
  if (tab === "waiting") return turn.filter(wanted).sort(by("asked_at"));
  const ours = tab === "reply";
  const [back, now] = [rested.filter(wanted).sort(by(ours ? "woken_at" : "until")), turn.filter(wanted).sort(by("turn_since"))];
  return ours ? [...back, ...now] : [...now, ...back];
}

/** How many rows a tab has, without putting them in order. @param {State} desk @param {string} tab @param {(row: State) => boolean} [wanted] */
export function count(desk, tab, wanted = () => true) {
  if (tab === "done") return Object.keys(desk.done).length;
  const { rested, turn } = members(desk, tab);
  return rested.filter(wanted).length + turn.filter(wanted).length;
}

/** What belongs to a tab: what came back from snooze or sleeps, and what is in hand or waits. @param {State} desk @param {string} tab */
function members(desk, tab) {
  const cards = Object.values(desk.contacts);
  if (tab === "waiting") return { rested: [], turn: cards.filter((card) => card.state === "waiting" && !isInIt(desk, card)) };
  const mine = cards.filter((card) => isInIt(desk, card));
  const ours = tab === "reply";
  const rested = Object.values(desk.snoozes).filter((one) => one.state === (ours ? "awake" : "asleep")).map((one) => snoozedRow(desk, mine, one));
  return { rested, turn: mine.filter((card) => !(card.case_id in desk.snoozes) && needsUs(desk, card) === ours) };
}

/**
 * Whether a row is in a view. The names are those of heartline.service.inbox_filters.
 * @param {State} desk
 * @param {State} filters
 * @param {State} row
 * @param {{now: Date, tags?: Record<string, string[]> | null}} known the time, and the tags of cases while they are asked for
 */
export function passes(desk, filters, row, { now, tags }) {
  for (const name of ["channel", "language", "tier"]) if (filters[name] && row[name] !== filters[name]) return false;
  if (filters.queue && row.queue_id !== filters.queue) return false;
  if (filters.tag && !tags?.[row.case_id]?.some((tag) => alike(tag) === alike(filters.tag))) return false;
  if (filters.owner && !OWNERS[/** @type {"me"} */ (filters.owner)]?.(row.owner_id ?? null, desk.me.id)) return false;
  if (filters.state && (filters.state === "snoozed" ? row.snooze !== "asleep" : row.state !== filters.state || Boolean(row.snooze))) return false;
  if (filters.unread && !row.unread) return false;
  return !filters.overdue || isOverdue(desk, row, now);
}

const OWNERS = { me: (/** @type {number | null} */ owner, /** @type {number} */ me) => owner === me, nobody: (/** @type {number | null} */ owner) => owner === null, others: (/** @type {number | null} */ owner, /** @type {number} */ me) => owner !== null && owner !== me };

/** @param {string} text */
function alike(text) {
  return text.normalize("NFKC").trim().toLowerCase().replace(/^#/, "");
}

/** Whether an answer, or what is owed, is later than it should be. @param {State} desk @param {State} row @param {Date} now */
export function isOverdue(desk, row, now) {
  const past = (/** @type {string | null} */ at) => Boolean(at) && new Date(/** @type {string} */ (at)) < now;
  if (past(row.due_at) || Object.values(desk.follow_ups).some((one) => one.case_id === row.case_id && past(one.due_at))) return true;
  const limit = desk.names.queues[row.queue_id]?.answer_within;
  const since = row.state === "waiting" ? row.asked_at : row.turn === "ours" && row.state === "active" ? row.turn_since : null;
  return Boolean(since && limit && row.channel === "webchat" && now.getTime() - new Date(since).getTime() > limit * 1000);
}

/** A snoozed case as a row: its contact in hand where there is one. @param {State} desk @param {State[]} mine @param {State} snooze */
function snoozedRow(desk, mine, snooze) {
  const card = mine.find((one) => one.case_id === snooze.case_id);
  return { ...(card ?? { contact_id: -snooze.case_id, last_text: "", state: "", turn_since: null, unread: 0, contacts_count: 1 }), ...snooze, snooze: snooze.state, state: card?.state ?? "" };
}

/** Whether it is our move: an answer, or a wrap-up that is still to be written. @param {State} desk @param {State} card */
function needsUs(desk, card) {
  if (card.state === "wrap_up") return card.assignee_id === desk.me.id;
  return card.turn === "ours" || card.state === "waiting";
}

/** @param {string} one @param {string} other */
function order(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The tab in which a contact stands, or an empty string. @param {State} desk @param {number} contactId */
export function tabOf(desk, contactId) {
  return TABS.find((tab) => rows(desk, tab).some((row) => row.contact_id === contactId)) ?? "";
}

/** How much of each channel the reader has in hand: [channel, in hand, at once]. @param {State} desk @returns {[string, number, number][]} */
export function load(desk) {
  const mine = Object.values(desk.contacts).filter((card) => card.assignee_id === desk.me.id && card.state !== "waiting");
  return Object.entries(desk.capacity).map(([channel, limit]) => [channel, mine.filter((card) => card.channel === channel).length, limit]);
}

/** The contact of a case that matters now: the reader's own, else the live one, else the last. @param {State} talk @param {State} desk */
export function contactInFocus(talk, desk) {
  const all = Object.values(talk.contacts).sort((one, other) => one.contact_id - other.contact_id);
  const live = all.filter((card) => ["waiting", "active", "wrap_up"].includes(card.state));
  return live.find((card) => isInIt(desk, card)) ?? live.at(-1) ?? all.at(-1) ?? null;
}

/**
 * What the reader may do with a contact; the server decides again. Whom a note called in reads, and answers by a note.
 * @param {State} desk
 * @param {State | null} contact
 * @param {State | null} [talk] the conversation it is in
 */
export function abilities(desk, contact, talk = null) {
  const may = (/** @type {string} */ right) => desk.me.rights.includes(right);
  const holds = contact?.assignee_id === desk.me.id;
  const called = talk?.participants[`${contact?.contact_id}:${desk.me.id}`]?.role === "mentioned";
  const invited = Boolean(contact && String(contact.contact_id) in desk.invited);
  const inside = invited && !called;
  const state = contact?.state ?? "";
  const decides = holds || (may("contact.reassign") && Boolean(contact?.assignee_id));
  return {
    holds,
    inside,
    take: state === "waiting" && may("contact.serve"),
    reply: state === "active" && (holds || inside) && may("contact.serve"),
    transfer: state === "active" && decides,
    giveBack: state === "active" && decides,
    end: state === "active" && decides,
    wrapUp: state === "wrap_up" && decides,
    expert: ["waiting", "active"].includes(state) && may("contact.serve") && (holds || inside || may("contact.join")),
    join: state === "active" && may("contact.join") && !holds && !inside,
    leave: invited,
  };
}

/** The last hand-over card of a contact. @param {State} talk @param {State | null} contact */
export function lastHandover(talk, contact) {
  const cards = Object.values(talk.handovers).filter((card) => card.contact_id === contact?.contact_id);
  return cards.sort((one, other) => order(one.at, other.at)).at(-1) ?? null;
}

/**
 * Messages, what happened between them and questions to experts in one order.
 * @param {State[]} messages
 * @param {State[]} lines
 * @param {State[]} questions
 * @returns {{type: string, at: string, item: State}[]}
 */
export function thread(messages, lines, questions) {
  const all = [
    ...lines.map((item) => ({ type: "line", at: item.at, item })),
    ...messages.map((item) => ({ type: "message", at: item.at, item })),
    ...questions.map((item) => ({ type: "question", at: item.asked_at, item })),
  ];
  return all.sort((one, other) => order(one.at, other.at));
}
