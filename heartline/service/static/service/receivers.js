/** The last-second line: who will receive this, in which language and how it reaches them; for a note, who of ours. */

import { fillWith, h } from "./dom.js";
import { called, named, secondsSince, t } from "./text.js";

/** @typedef {Record<string, any>} State */

const ONLINE_SECONDS = 60;

/** Say to whom a reply goes and how it reaches them. @param {HTMLElement} line @param {State} talk @param {State | null} contact @param {State | null} story */
export function drawReceiver(line, talk, contact, story) {
  const seen = story?.online?.[contact?.contact_id ?? 0];
  const online = seen ? secondsSince(seen) < ONLINE_SECONDS : false;
  const how = contact?.channel === "webchat" ? t(online ? "to_chat_online" : "to_chat_away") : contact ? t(`to_${contact.channel}`) : "";
  const language = called("languages", contact?.language ?? talk.case.language);
  const look = JSON.stringify([talk.case.customer_name, how, language]);
  if (line.dataset.look === look) return;
  line.dataset.look = look;
  fillWith(line, h("span", { text: t("to") }), h("b", {}, named(talk.case.customer_name || t("unnamed"))), h("span", { class: "nowrap", text: t("reads_language", { language }) }), h("span", { class: "clip", title: how, text: how }));
}

/** Say who of ours hears of a note at once; the rest of the team finds it in the case. @param {HTMLElement} line @param {State} talk @param {State} desk @param {State | null} contact @param {string[]} mentioned */
export function drawReaders(line, talk, desk, contact, mentioned) {
  const served = contact?.state !== "ended" && contact?.assignee_id && contact.assignee_id !== desk.me.id ? [contact.assignee_name] : [];
  const inside = Object.values(talk.participants).filter((one) => one.person_id !== desk.me.id).map((one) => one.name);
  const names = [...new Set([...served, ...inside, ...mentioned])].join(t("comma"));
  const words = names ? t("told_at_once", { names }) : "";
  if (line.textContent !== words) line.textContent = words;
}
