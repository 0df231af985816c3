/**
 * The desk's contract in the browser: a snapshot, then events, gives what a later snapshot would give.
 *
 * The twin of heartline/service/apply.py, held to it by one file of cases (tests/apply_cases.json). Pure: nothing is
 * changed in place.
 */

/** @typedef {Record<string, any>} State */
/** @typedef {{kind: string, at: string, body: Record<string, any>}} Event */

const LIVE = ["waiting", "active", "wrap_up"];
/** Kinds that change more than an event can carry. */
const BEGIN_ANEW = ["conversations.contacts_moved"];
const MESSAGES_KEPT = 200;
const OF_CASE = ["customer_id", "customer_name", "tier", "subject", "owner_id", "contacts_count"];
/** Parts of the desk whose rows name a customer. */
const OF_CUSTOMER = ["follow_ups", "mentions", "done"];
const OF_SNOOZED = ["customer_name", "tier", "subject"];
/** A question to an expert is waited for, and then told until it was seen. */
const OPEN_QUESTION = ["asked", "accepted"];
const ENDED_QUESTION = ["answered", "taken_over"];
const UNHEARD = { turn: "", turn_since: null, last_text: "", unread: 0 };

/** The desk after an event. @param {State} snapshot @param {Event} event @returns {State} */
export function apply(snapshot, event) {
  const handler = ON_DESK[event.kind];
  return handler ? handler(snapshot, event) : snapshot;
}

/** An open conversation after an event; events of other cases change nothing. @param {State} talk @param {Event} event @returns {State} */
export function applyCase(talk, event) {
  const handler = IN_CASE[event.kind];
  if (!handler || event.body.case_id !== talk.case.id) return talk;
  return handler(withCase(talk, event.body), event);
}

/** Whether the desk must be fetched again: the event changes more than it can carry. @param {State} snapshot @param {Event} event */
export function beginsAnew(snapshot, { kind, body }) {
  if (!BEGIN_ANEW.includes(kind)) return false;
  const rows = ["contacts", "follow_ups", "snoozes", "done", "questions"].flatMap((name) => Object.values(snapshot[name] ?? {}).map((row) => row.case_id));
  const shown = [...rows, ...Object.values(snapshot.invited)];
  return [body.case_id, body.from_case_id].some((id) => shown.includes(id)) || body.involved_ids.includes(snapshot.me.id);
}

/** The desk whose list of what was done begins at `dayStart`. @param {State} snapshot @param {string} dayStart @returns {State} */
export function onDay(snapshot, dayStart) {
  const done = Object.fromEntries(Object.entries(snapshot.done).filter(([, row]) => row.at >= dayStart));
  const scores = Object.fromEntries(Object.entries(snapshot.scores).filter(([key]) => key in done || isMine(snapshot, key)));
  return { ...snapshot, day_start: dayStart, done, scores };
}

/** Whether a contact is the reader's to see. @param {State} snapshot @param {State} card */
export function sees(snapshot, card) {
  const { me } = snapshot;
  return me.everything || me.queue_ids.includes(card.queue_id) || [card.owner_id, card.assignee_id, card.preferred_id].includes(me.id) || Object.values(snapshot.invited).includes(card.case_id);
}

/** A card as its reader gets it: what is said in a colleague's contact reaches only those who are in it. @param {State} snapshot @param {State} card */
export function asSeen(snapshot, card) {
  const { me } = snapshot;
  const isInIt = card.assignee_id === null || card.assignee_id === me.id || me.everything || card.owner_id === me.id || Object.values(snapshot.invited).includes(card.case_id) || snapshot.watched?.includes(card.case_id);
  return isInIt ? card : { ...card, ...UNHEARD };
}

// The desk

/** Put the case's cards in place of those that were there. @param {State} snapshot @param {Event} event */
function caseMoved(snapshot, { body }) {
  const cards = byKey(body.cards ?? [], "contact_id");
  const others = Object.entries(snapshot.contacts).filter(([, card]) => card.case_id !== body.case_id);
  const live = Object.entries(cards).filter(([, card]) => LIVE.includes(card.state) && sees(snapshot, card));
  const contacts = Object.fromEntries([...others, ...live.map(([key, card]) => [key, asSeen(snapshot, card)])]);
  const offers = Object.fromEntries(Object.entries(snapshot.offers).map(([key, offer]) => [key, freshOffer(offer, cards, body)]));
  return { ...renamed(snapshot, body), contacts, offers };
}

/** An offer with its card as it is now; of a contact that has ended, what the card says of the case follows it. @param {State} offer @param {State} cards @param {State} body */
function freshOffer(offer, cards, body) {
  const isOfCase = offer.card.case_id === body.case_id;
  return { ...offer, card: cards[offer.contact_id] ?? (isOfCase ? { ...offer.card, ...sharedOf(body.case ?? {}) } : offer.card) };
}

/** What the cards of a case say of the case. @param {State} matter */
function sharedOf(matter) {
  return Object.fromEntries(OF_CASE.filter((name) => name in matter).map((name) => [name, matter[name]]));
}

/** Let what the reader has snoozed, owes, was called to or has done follow what its case and customer are called. @param {State} snapshot @param {State} body */
function renamed(snapshot, body) {
  if (!body.case) return snapshot;
  for (const part of OF_CUSTOMER) snapshot = namedAnew(snapshot, part, body.case_id, body.case);
  const row = snapshot.snoozes?.[body.case_id];
  if (!row) return snapshot;
  return { ...snapshot, snoozes: { ...snapshot.snoozes, [body.case_id]: { ...row, ...only(body.case, OF_SNOOZED) } } };
}

/** Let rows of a case name its customer as the case does. @param {State} snapshot @param {string} part @param {number} caseId @param {State} matter */
function namedAnew(snapshot, part, caseId, matter) {
  const rows = snapshot[part] ?? {};
  const customer_name = matter.customer_name ?? "";
  const isStale = (/** @type {State} */ row) => row.case_id === caseId && (row.customer_name ?? customer_name) !== customer_name;
  if (!Object.values(rows).some(isStale)) return snapshot;
  const changed = Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, isStale(row) ? { ...row, customer_name } : row]));
  return { ...snapshot, [part]: changed };
}

/** @param {State} snapshot @param {Event} event */
function joined(snapshot, event) {
  const { body } = event;
  const mine = body.person_id === snapshot.me.id;
  return caseMoved(mine ? { ...snapshot, invited: { ...snapshot.invited, [body.contact_id]: body.case_id } } : snapshot, event);
}

/** @param {State} snapshot @param {Event} event */
function left(snapshot, event) {
  const { body } = event;
  const mine = body.person_id === snapshot.me.id;
  return caseMoved(mine ? { ...snapshot, invited: without(snapshot.invited, body.contact_id) } : snapshot, event);
}

/** @param {State} snapshot @param {Event} event */
function finished(snapshot, event) {
  const { body, at } = event;
  const moved = caseMoved(snapshot, event);
  if (body.person_id !== snapshot.me.id || at < snapshot.day_start) return moved;
  const { contact_id, case_id, channel, reason_id, resolution } = body;
  const row = { contact_id, case_id, channel, reason_id, resolution, customer_name: body.case.customer_name, at };
  return { ...moved, done: { ...moved.done, [contact_id]: row } };
}

/** Keep scores of one's own contacts, whether they are wrapped up already or not yet. @param {State} snapshot @param {Event} event */
function responded(snapshot, event) {
  const { contact_id, score } = event.body;
  const kept = contact_id in snapshot.done || isMine(snapshot, contact_id);
  return caseMoved(kept ? { ...snapshot, scores: { ...snapshot.scores, [contact_id]: score } } : snapshot, event);
}

/** @param {State} snapshot @param {string | number} key */
function isMine(snapshot, key) {
  return snapshot.contacts[key]?.assignee_id === snapshot.me.id;
}

/** @param {State} snapshot @param {Event} event */
function offered(snapshot, event) {
  const moved = caseMoved(snapshot, event);
  const { offer, person_id } = event.body;
  if (!offer || person_id !== snapshot.me.id) return moved;
  return { ...moved, offers: { ...moved.offers, [offer.offer_id]: offer } };
}

/** @param {State} snapshot @param {Event} event */
function offerEnded(snapshot, event) {
  const moved = caseMoved(snapshot, event);
  return { ...moved, offers: without(moved.offers, event.body.offer_id) };
}

/** @param {State} snapshot @param {Event} event */
function presence(snapshot, { body }) {
  const { state, reason, since, person_id } = body;
  const now = { state, reason, since };
  const colleague = snapshot.colleagues[person_id];
  const colleagues = colleague ? { ...snapshot.colleagues, [person_id]: { ...colleague, ...now } } : snapshot.colleagues;
  return { ...snapshot, colleagues, presence: person_id === snapshot.me.id ? now : snapshot.presence };
}

/** Keep what the reader has snoozed until they have dealt with it. @param {State} snapshot @param {Event} event */
function slept(snapshot, event) {
  const moved = caseMoved(snapshot, event);
  const { body } = event;
  if (body.person_id !== snapshot.me.id) return moved;
  const kept = without(moved.snoozes, body.case_id);
  const mine = body.matter.snoozes.find((/** @type {State} */ one) => one.person_id === body.person_id);
  if (!mine) return { ...moved, snoozes: kept };
  const { name, ...row } = mine;
  return { ...moved, snoozes: { ...kept, [body.case_id]: { ...row, ...only(body.case, OF_SNOOZED) } } };
}

/** @param {State} snapshot @param {Event} event */
function watched(snapshot, event) {
  const { case_id: id, person_id, watching } = event.body;
  if (person_id !== snapshot.me.id) return caseMoved(snapshot, event);
  const others = snapshot.watched.filter((/** @type {number} */ one) => one !== id);
  const all = (watching ? [...others, id] : others).sort((/** @type {number} */ one, /** @type {number} */ other) => one - other);
  return caseMoved({ ...snapshot, watched: all }, event);
}

/** Keep the reader's own open follow-ups. @param {State} snapshot @param {Event} event */
function owed(snapshot, event) {
  const moved = caseMoved(snapshot, event);
  const { follow_up, follow_up_id } = event.body;
  const kept = without(moved.follow_ups, follow_up_id);
  const mine = follow_up && follow_up.state === "open" && follow_up.owner_id === snapshot.me.id;
  return { ...moved, follow_ups: mine ? { ...kept, [follow_up.id]: follow_up } : kept };
}

// An open conversation

/** Put the case, its contacts and their hand-over cards as the event brings them. @param {State} talk @param {State} body */
function withCase(talk, body) {
  const matter = body.case ?? talk.case;
  const cards = (body.cards ?? []).filter((/** @type {State} */ card) => card.case_id === matter.id);
  // Contacts that have ended come with no event any more; what their cards say of the case follows it.
  const shared = sharedOf(matter);
  const all = Object.entries({ ...talk.contacts, ...byKey(cards, "contact_id") });
  const contacts = Object.fromEntries(all.map(([key, card]) => [key, { ...card, ...shared }]));
  const following = { ...talk, case: matter, contacts, handovers: { ...talk.handovers, ...byKey(body.handovers ?? [], "id") } };
  return namedAnew(following, "follow_ups", matter.id, matter);
}

/** @param {State} talk */
function asIs(talk) {
  return talk;
}

/** Put what the case carries as the event brings it. @param {State} talk @param {Event} event */
function carried(talk, { body }) {
  return { ...talk, matter: body.matter };
}

/** @param {State} talk @param {Event} event */
function said(talk, { body }) {
  if (body.message_id in talk.messages) return talk;
  const { contact_id, author_kind, author_id, author_name, text, at, client_key, attachments } = body;
  const message = { id: body.message_id, contact_id, kind: body.message_kind, author_kind, author_id, author_name, text, at, client_key, attachments, delivered_at: null, read_at: null };
  const rows = [...Object.values(talk.messages), message].sort((one, other) => one.id - other.id);
  return { ...talk, messages: byKey(rows.slice(-MESSAGES_KEPT), "id") };
}

/** The messages that somebody has got or read by now. @param {State} talk @param {Event} event */
export function seen(talk, { body }) {
  const author = body.side === "person" ? "customer" : "person";
  const field = body.seen === "read" ? "read_at" : "delivered_at";
  const messages = Object.entries(talk.messages).map(([key, message]) => {
    const hit = message.contact_id === body.contact_id && message.id <= body.upto_id && message.author_kind === author && message.kind !== "note";
    return [key, hit ? { ...message, [field]: message[field] ?? body.at } : message];
  });
  return { ...talk, messages: Object.fromEntries(messages) };
}

/** @param {State} talk @param {Event} event */
function cameIn(talk, { body, at }) {
  const { contact_id, person_id, person_name, role } = body;
  const person = { contact_id, person_id, name: person_name, role, joined_at: at };
  return { ...talk, participants: { ...talk.participants, [`${contact_id}:${person_id}`]: person } };
}

/** @param {State} talk @param {Event} event */
function wentOut(talk, { body }) {
  return { ...talk, participants: without(talk.participants, `${body.contact_id}:${body.person_id}`) };
}

/** @param {State} talk @param {Event} event */
function tried(talk, { body, at }) {
  const { tried_kind: kind, key, label, outcome, times } = body;
  return { ...talk, tried: { ...talk.tried, [`${kind}:${key}`]: { kind, at, key, label, outcome, times } } };
}

/** @param {State} talk @param {Event} event */
function caseOwed(talk, { body }) {
  const { follow_up, follow_up_id } = body;
  const kept = without(talk.follow_ups, follow_up_id);
  return { ...talk, follow_ups: follow_up?.state === "open" ? { ...kept, [follow_up.id]: follow_up } : kept };
}

/** Keep what is held or planned until it has gone or was taken back. @param {State} talk @param {Event} event */
function outgoing(talk, { body }) {
  const kept = without(talk.outgoing, body.outgoing_id);
  return { ...talk, outgoing: body.outgoing ? { ...kept, [body.outgoing.id]: body.outgoing } : kept };
}

/** @param {State} talk @param {Event} event */
function draftShared(talk, { body }) {
  const kept = without(talk.shared_drafts, body.draft_id);
  return { ...talk, shared_drafts: body.draft ? { ...kept, [body.draft.id]: body.draft } : kept };
}

/** @param {State} talk @param {Event} event */
function consulted(talk, { body }) {
  const kept = without(talk.consultations, body.consultation_id);
  const card = body.consultation;
  return { ...talk, consultations: card ? { ...kept, [card.id]: card } : kept };
}

/** What the reader has asked an expert, until they have seen the end of it. @param {State} snapshot @param {Event} event */
function askedAnExpert(snapshot, { body }) {
  if (body.asked_by_id !== snapshot.me.id) return snapshot;
  const kept = without(snapshot.questions, body.consultation_id);
  const card = body.consultation;
  const stays = card && (OPEN_QUESTION.includes(card.state) || (ENDED_QUESTION.includes(card.state) && !card.is_seen));
  return { ...snapshot, questions: stays ? { ...kept, [card.id]: card } : kept };
}

/** @param {State} talk @param {Event} event */
function asked(talk, { at }) {
  return talk.survey ? talk : { ...talk, survey: { asked_at: at, score: null, at: null } };
}

/** @param {State} talk @param {Event} event */
function rated(talk, { body, at }) {
  return { ...talk, survey: { asked_at: talk.survey?.asked_at ?? null, score: body.score, at } };
}

/** @param {State[]} rows @param {string} name @returns {State} */
function byKey(rows, name) {
  return Object.fromEntries(rows.map((row) => [row[name], row]));
}

/** @param {State} row @param {string[]} names @returns {State} */
function only(row, names) {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

/** @param {State} rows @param {string | number} key @returns {State} */
function without(rows, key) {
  return Object.fromEntries(Object.entries(rows).filter(([name]) => name !== String(key)));
}

/** Keep what calls the reader and was not read yet. @param {State} snapshot @param {Event} event */
function mentioned(snapshot, { body }) {
  if (body.person_id !== snapshot.me.id) return snapshot;
  const kept = without(snapshot.mentions, body.mention_id);
  return { ...snapshot, mentions: body.mention ? { ...kept, [body.mention.id]: body.mention } : kept };
}

/** @param {State} snapshot @param {Event} event */
function mentionsRead(snapshot, { body }) {
  if (body.person_id !== snapshot.me.id) return snapshot;
  const read = new Set(body.mention_ids.map(String));
  return { ...snapshot, mentions: Object.fromEntries(Object.entries(snapshot.mentions).filter(([key]) => !read.has(key))) };
}

/** @type {Record<string, (snapshot: State, event: Event) => State>} */
const ON_DESK = {
  "conversations.case_changed": caseMoved,
  "conversations.snooze_changed": slept,
  "conversations.watch_changed": watched,
  "conversations.contact_opened": caseMoved,
  "conversations.contact_answered": caseMoved,
  "conversations.contact_moved": caseMoved,
  "conversations.contact_returned": caseMoved,
  "conversations.contact_requeued": caseMoved,
  "conversations.contact_abandoned": caseMoved,
  "conversations.contact_resumed": caseMoved,
  "conversations.contact_ended": caseMoved,
  "conversations.contact_finished": finished,
  "conversations.consultation_changed": askedAnExpert,
  "conversations.mentioned": mentioned,
  "conversations.mentions_read": mentionsRead,
  "conversations.message_added": caseMoved,
  "conversations.messages_seen": caseMoved,
  "conversations.participant_joined": joined,
  "conversations.participant_left": left,
  "customers.customer_changed": caseMoved,
  "routing.offer_made": offered,
  "routing.offer_ended": offerEnded,
  "people.presence_changed": presence,
  "promises.call_moved": caseMoved,
  "promises.follow_up_opened": owed,
  "promises.follow_up_added_to": owed,
  "promises.follow_up_handed_over": owed,
  "promises.follow_up_warned": owed,
  "promises.follow_up_late": owed,
  "promises.follow_up_done": owed,
  "voice_of_customer.responded": responded,
};

/** @type {Record<string, (talk: State, event: Event) => State>} */
const IN_CASE = {
  "conversations.case_changed": asIs,
  "conversations.case_tagged": carried,
  "conversations.case_fields_changed": carried,
  "conversations.cases_linked": carried,
  "conversations.task_changed": carried,
  "conversations.watch_changed": carried,
  "conversations.snooze_changed": carried,
  "conversations.contact_opened": asIs,
  "conversations.contact_answered": asIs,
  "conversations.contact_moved": asIs,
  "conversations.contact_returned": asIs,
  "conversations.contact_requeued": asIs,
  "conversations.contact_abandoned": asIs,
  "conversations.contact_resumed": asIs,
  "conversations.contact_ended": asIs,
  "conversations.contact_finished": asIs,
  "conversations.handover_accepted": asIs,
  "conversations.message_added": said,
  "conversations.messages_seen": seen,
  "conversations.consultation_changed": consulted,
  "conversations.draft_shared": draftShared,
  "conversations.outgoing_changed": outgoing,
  "conversations.participant_joined": cameIn,
  "conversations.participant_left": wentOut,
  "conversations.tried": tried,
  "customers.customer_changed": asIs,
  "routing.offer_made": asIs,
  "routing.offer_ended": asIs,
  "promises.call_moved": asIs,
  "promises.follow_up_opened": caseOwed,
  "promises.follow_up_added_to": caseOwed,
  "promises.follow_up_handed_over": caseOwed,
  "promises.follow_up_warned": caseOwed,
  "promises.follow_up_late": caseOwed,
  "promises.follow_up_done": caseOwed,
  "voice_of_customer.invited": asked,
  "voice_of_customer.responded": rated,
};
