/** Quick replies found by typing / in an answer: filled by the server, in the customer's language; what is not known is shown, never sent. */

import { get, send } from "../ui/http.js";
import { h, icon } from "./dom.js";
import { PickList } from "./pick-list.js";
import { called, langTag, t } from "./text.js";

/** @typedef {{id: number, name: string, shortcut: string, level: string, text: string, language: string, missing: string[]}} QuickReply */

const FRESH_FOR = 60_000;
const SHOWN = 30;
/** A Chinese keyboard writes 、 where / is. */
const OPENS = /(?:^|\s)(?<sign>[/、])(?<query>[^\s/、]{0,30})$/;
const VARIABLE = /\{\{\s*([a-z]{2,20}\.[a-z]{2,20})\s*\}\}/g;
const SIGNS = { own: "user", team: "users", everybody: "building-2", article: "book-open" };

export class QuickReplies {
  /** @param {HTMLTextAreaElement} field */
  constructor(field) {
    this.contactId = 0;
    this.fetchedAt = 0;
    /** @type {QuickReply[]} */
    this.replies = [];
    this.picks = new PickList(field, {
      opens: OPENS,
      label: t("quick_replies"),
      find: (query) => this.find(query),
      draw: (reply) => this.draw(reply),
      choose: (reply) => this.choose(reply),
      none: (query) => [t(query ? "no_quick_reply" : "no_quick_replies"), " ", h("a", { href: "/desk/quick-replies/new/", target: "_blank", rel: "noopener", text: t("add_quick_reply") })],
      count: (n) => t("n_quick_replies", { n }),
    });
  }

  get element() {
    return this.picks.element;
  }

  /** @param {number} contactId */
  about(contactId) {
    if (contactId !== this.contactId) this.fetchedAt = 0;
    this.contactId = contactId;
  }

  /** @param {string} query */
  async find(query) {
    if (Date.now() - this.fetchedAt > FRESH_FOR) await this.fetch();
    const wanted = query.toLocaleLowerCase();
    const ranked = this.replies.map((reply) => ({ reply, rank: rank(reply, wanted) }));
    return ranked.filter((one) => one.rank < 9).sort((one, other) => one.rank - other.rank).slice(0, SHOWN).map((one) => one.reply);
  }

  async fetch() {
    const { contactId } = this;
    const [found, known] = await Promise.all([get(`/desk/quick-replies/api/for-contact/${contactId}`).catch(() => null), get(`/knowledge/api/for-contact/${contactId}`).catch(() => ({ articles: [] }))]);
    if (!found || contactId !== this.contactId) return;
    const articles = known.articles.map((/** @type {any} */ one) => ({ ...one, shortcut: "", level: "article", missing: [] }));
    this.replies = [...found.replies, ...articles];
    this.fetchedAt = Date.now();
  }

  /** @param {QuickReply} reply */
  draw(reply) {
    const level = /** @type {keyof typeof SIGNS} */ (reply.level);
    return [
      h("p", { class: "picks-name" }, icon(SIGNS[level]), h("span", { class: "sr", text: called("quick_reply_levels", level) }), h("b", { class: "clip", text: reply.name }), reply.shortcut ? h("code", { class: "xs quiet", text: `/${reply.shortcut}` }) : null, reply.missing.length ? h("span", { class: "state is-waiting push nowrap" }, icon("circle-alert"), t("not_known", { what: nameAll(reply.missing) })) : null),
      h("p", { class: "picks-text", lang: langTag(reply.language), text: reply.text }),
    ];
  }

  /** @param {QuickReply} reply */
  choose(reply) {
    void send(reply.level === "article" ? `/knowledge/api/${reply.id}/used` : `/desk/quick-replies/api/${reply.id}/used`, {}).catch(() => undefined);
    return reply.text;
  }
}

/** How well a reply fits what was typed; 9 is not at all. Most used come first among equals. @param {QuickReply} reply @param {string} wanted */
function rank(reply, wanted) {
  const [code, name, text] = [reply.shortcut, reply.name, reply.text].map((one) => one.toLocaleLowerCase());
  if (!wanted) return 1;
  if (code === wanted) return 0;
  if (code.startsWith(wanted)) return 1;
  if (name.startsWith(wanted)) return 2;
  if (name.includes(wanted)) return 3;
  return text.includes(wanted) ? 4 : 9;
}

/** @param {string[]} names */
function nameAll(names) {
  return names.map((name) => called("variables", name)).join(t("comma"));
}

/** The first variable of ours that still stands in a text: where, and what it is. @param {string} text */
export function firstUnfilled(text) {
  for (const found of text.matchAll(VARIABLE)) {
    const what = called("variables", found[1]);
    if (what !== found[1]) return { start: found.index, end: found.index + found[0].length, what };
  }
  return null;
}
