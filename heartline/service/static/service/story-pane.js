/** Who the customer is and what happened before: on one screen, so that nobody has to tell it twice. */

import { button, fillWith, h, icon } from "./dom.js";
import { called, dayOf, dayTime, isNear, langOf, langTag, named, t } from "./text.js";
import { now, remaining } from "../ui/time.js";
import "./story-line.js";

/** @typedef {Record<string, any>} State */

export class StoryPane extends HTMLElement {
  /** @param {import("./store.js").DeskStore} store @param {{edit: () => void, tried: () => void, finish: (followUp: State) => void, open: (caseId: number) => void, openMessage: (caseId: number, messageId: number) => void}} acts */
  connect(store, acts) {
    this.store = store;
    this.acts = acts;
    this.top = h("div");
    this.line = /** @type {import("./story-line.js").StoryLine} */ (document.createElement("story-line"));
    this.rest = h("div");
    this.told = h("section", {}, this.heading(t("story")), this.line);
    this.append(this.top, this.told, this.rest);
    this.line.connect(store, acts);
    for (const name of ["talk", "story", "tick"]) store.addEventListener(name, () => this.draw());
    this.draw();
  }

  draw() {
    const { talk, story } = /** @type {import("./store.js").DeskStore} */ (this.store);
    const { timeline, next, lines, ...shown } = story ?? {};
    const look = JSON.stringify([talk?.case, talk?.follow_ups, talk?.tried, talk?.survey, shown, Math.floor(now().getTime() / 60000)]);
    if (this.dataset.look === look) return;
    this.dataset.look = look;
    const [top, told, rest] = /** @type {HTMLElement[]} */ ([this.top, this.told, this.rest]);
    told.hidden = !talk || !story;
    if (!talk || !story) return void (fillWith(top), fillWith(rest));
    const scroll = this.scrollTop;
    const cases = /** @type {State[]} */ (story.cases);
    fillWith(top, this.who(talk, story), this.wants(talk, story.summary.gap), this.owed(talk, story.summary.owed), this.cases(t("open_matters"), cases.filter((one) => one.is_open)), this.tried(talk));
    fillWith(rest, this.cases(t("earlier_cases"), cases.filter((one) => !one.is_open)));
    this.scrollTop = scroll;
  }

  /** @param {State} talk @param {State} story */
  who(talk, story) {
    const { customer } = story;
    const name = customer.name || t("unnamed");
    const facts = [customer.place, customer.since ? t("since_year", { year: customer.since.slice(0, 4) }) : "", called("languages", customer.language)].filter(Boolean);
    const [rating, ...before] = /** @type {State[]} */ (story.summary.ratings);
    return h(
      "div",
      { class: "who-is" },
      h("h2", { lang: langOf(name), text: name }),
      h("p", { class: "s soft", text: facts.join(t("comma")) }),
      h(
        "dl",
        { class: "worth" },
        h("div", {}, h("dt", { text: t("tier") }), h("dd", { class: ["top", "big"].includes(customer.tier) ? "is-accent" : null, text: called("tiers", customer.tier) })),
        h("div", {}, h("dt", { text: t("contact_number") }), h("dd", { class: "num", text: talk.case.contacts_count })),
        h("div", {}, h("dt", { text: t("last_rating") }), rating ? h("dd", { class: `row row-tight ${rating.score <= 2 ? "is-late" : rating.score >= 4 ? "is-kept" : ""}` }, icon("star"), h("span", { class: "num", title: dayTime(rating.at), text: t("score_of_5", { score: rating.score }) })) : h("dd", { class: "quiet", text: t("none_yet") })),
      ),
      rating?.comment ? this.words(rating.comment, rating.at) : null,
      before.length ? h("p", { class: "xs quiet", text: t("ratings_before", { scores: before.map((one) => one.score).join(t("comma")) }) }) : null,
      this.hurt(story.summary),
      customer.addresses.length ? h("ul", { class: "s addresses" }, ...customer.addresses.map((/** @type {State} */ one) => h("li", {}, icon(one.kind === "phone" ? "phone" : one.kind === "email" ? "mail" : "tag"), " ", h("span", { class: "num", text: one.shown }), one.proved ? null : h("span", { class: "quiet xs", text: ` ${t("not_proved")}` })))) : null,
    );
  }

  /** What they said themselves, and when. @param {string} text @param {string} at */
  words(text, at) {
    return h("blockquote", { class: "said-of-us s", lang: langOf(text) }, text, h("footer", { class: "xs quiet", lang: document.documentElement.lang, text: dayTime(at) }));
  }

  /** The last low rating and the last complaint: what must not be touched without care. @param {State} summary */
  hurt({ low, complaint }) {
    const rated = low ? h("div", {}, h("p", { class: "s state is-late" }, icon("star"), t("last_low", { score: low.score, when: dayTime(low.at) })), low.comment ? this.words(low.comment, low.at) : null) : null;
    const complained = complaint ? h("p", { class: `s state ${complaint.is_open ? "is-late" : ""}` }, icon("message-square-warning"), h("span", {}, t("last_complaint", { when: dayTime(complaint.at), state: called("case_states", complaint.state) }), complaint.subject ? [t("colon"), complaint.may_open ? this.link(complaint.case_id, complaint.subject) : named(complaint.subject)] : null)) : null;
    return rated || complained ? h("div", { class: "hurt stack-s" }, rated, complained) : null;
  }

  /** @param {number} caseId @param {string} words */
  link(caseId, words) {
    return h("a", { href: `/desk/case/${caseId}/`, on: { click: (/** @type {Event} */ event) => (event.preventDefault(), this.acts?.open(caseId)) } }, named(words));
  }

  /** @param {State} talk @param {State | null} gap what they were told to expect, and what happened */
  wants(talk, gap) {
    const text = talk.case.wants || talk.case.subject;
    const side = (/** @type {string} */ name, /** @type {string} */ words) => (words ? h("div", {}, h("dt", { text: t(name) }), h("dd", { lang: langOf(words), text: words })) : null);
    return h(
      "section",
      {},
      this.heading(t("what_they_want"), button("", { class: "btn btn-s btn-icon btn-plain push", icon: "pencil", label: t("edit_case"), act: () => this.acts?.edit() })),
      h("p", { class: "want kept-lines", lang: langTag(langOf(text)), text }),
      h("p", { class: "xs quiet", text: [this.age(talk.case.opened_at), talk.case.owner_name ? t("owner_is", { name: talk.case.owner_name }) : t("story_no_owner")].join(t("comma")) }),
      gap ? h("div", { class: "gap s" }, h("dl", {}, side("was_expected", gap.expected), side("has_happened", gap.happened)), h("div", { class: "xs quiet" }, dayTime(gap.at), gap.is_here ? null : [t("comma"), this.link(gap.case_id, t("case_n", { id: gap.case_id }))])) : null,
    );
  }

  /** How long a matter has been open. @param {string} openedAt */
  age(openedAt) {
    const days = Math.round((Date.parse(dayOf(now())) - Date.parse(dayOf(openedAt))) / 86_400_000);
    return days < 1 ? t("opened_today") : days === 1 ? t("opened_yesterday") : t("opened_days", { n: days });
  }

  /** @param {State} talk @param {State[]} elsewhere what is owed in other cases of this customer */
  owed(talk, elsewhere) {
    const owed = Object.values(talk.follow_ups).sort((one, other) => (one.due_at < other.due_at ? -1 : 1));
    const row = (/** @type {State} */ one, /** @type {Node} */ end) => {
      const near = isNear(one.due_at);
      return h(
        "li",
        { class: near ? "is-late" : null },
        icon(near ? "wait" : "promise"),
        h("div", {}, h("span", { class: "ink", text: called("follow_up_kinds", one.kind) }), one.phone ? h("span", { class: "num quiet", text: ` ${one.phone}` }) : null, one.what ? h("p", { class: "soft kept-lines", lang: langOf(one.what), text: one.what }) : null, ...(one.more ?? []).map((/** @type {string} */ more) => h("p", { class: "soft kept-lines", lang: langOf(more), text: more })), h("p", { class: "quiet xs" }, one.owner_name ? t("owner_is", { name: one.owner_name }) : "", " ", end)),
        h("b", { class: `strong nowrap ${near ? "" : "quiet"}`, title: dayTime(one.due_at), text: near ? remaining(new Date(one.due_at), now()) : dayTime(one.due_at) }),
      );
    };
    if (!owed.length && !elsewhere.length) return null;
    const other = (/** @type {State} */ one) => (one.may_open ? this.link(one.case_id, t("case_n", { id: one.case_id })) : h("span", { text: t("case_n", { id: one.case_id }) }));
    return h(
      "section",
      { class: "owed" },
      this.heading(t("owed"), h("span", { class: "count", text: owed.length + elsewhere.length })),
      h("ul", {}, ...owed.map((one) => row(one, button(t("close_follow_up"), { class: "btn-link", act: () => this.acts?.finish(one) }))), ...elsewhere.map((one) => row(one, other(one)))),
    );
  }

  /** @param {State} talk */
  tried(talk) {
    const tried = Object.values(talk.tried).sort((one, other) => (one.at < other.at ? -1 : 1));
    const outcome = (/** @type {State} */ one) => [called("tried_outcomes", one.outcome), one.times > 1 ? t("times", { n: one.times }) : ""].filter(Boolean).join(t("comma"));
    const row = (/** @type {State} */ one) => h("li", {}, icon("x"), h("span", { lang: langOf(one.label) }, one.kind === "step" ? "" : `${called("tried_kinds", one.kind)}${t("colon")}`, one.label), h("span", { class: "quiet", text: outcome(one) }));
    return h("section", { class: "tried" }, this.heading(t("tried_already"), button("", { class: "btn btn-s btn-icon btn-plain push", icon: "plus", label: t("add_tried"), act: () => this.acts?.tried() })), tried.length ? h("ul", {}, ...tried.map(row)) : h("p", { class: "s quiet", text: t("nothing_tried") }));
  }

  /** @param {string} heading @param {State[]} cases */
  cases(heading, cases) {
    if (!cases.length) return null;
    const facts = (/** @type {State} */ one) => [one.is_open ? this.age(one.opened_at) : dayTime(one.opened_at), one.state === "open" ? "" : called("case_states", one.state), one.is_open ? (one.owner_name ? t("owner_is", { name: one.owner_name }) : t("story_no_owner")) : ""].filter(Boolean);
    const row = (/** @type {State} */ one) => h("li", {}, this.link(one.id, one.subject), h("br"), h("span", { class: "quiet xs", text: facts(one).join(t("comma")) }));
    return h("section", {}, this.heading(heading, h("span", { class: "count", text: cases.length })), h("ul", { class: "s earlier" }, ...cases.map(row)));
  }

  /** @param {string} words @param {...(Node | null)} rest */
  heading(words, ...rest) {
    return h("h3", {}, words, ...rest);
  }
}

customElements.define("story-pane", StoryPane);
