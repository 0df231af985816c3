/** Who the customer is and what happened before: on one screen, so that nobody has to tell it twice. */

import { button, fillWith, h, icon } from "./dom.js";
import { called, dayTime, isNear, langOf, langTag, named, t } from "./text.js";
import { now, remaining } from "../ui/time.js";

/** @typedef {Record<string, any>} State */

export class StoryPane extends HTMLElement {
  /** @param {import("./store.js").DeskStore} store @param {{edit: () => void, tried: () => void, finish: (followUp: State) => void, open: (caseId: number) => void}} acts */
  connect(store, acts) {
    this.store = store;
    this.acts = acts;
    for (const name of ["talk", "story", "tick"]) store.addEventListener(name, () => this.draw());
    this.draw();
  }

  draw() {
    const { talk, story } = /** @type {import("./store.js").DeskStore} */ (this.store);
    const look = JSON.stringify([talk?.case, talk?.follow_ups, talk?.tried, talk?.survey, story, Math.floor(now().getTime() / 60000)]);
    if (this.dataset.look === look) return;
    this.dataset.look = look;
    if (!talk || !story) return fillWith(this);
    const scroll = this.scrollTop;
    fillWith(this, this.who(talk, story), this.wants(talk), this.owed(talk), this.tried(talk), this.timeline(story), this.cases(story));
    this.scrollTop = scroll;
  }

  /** @param {State} talk @param {State} story */
  who(talk, story) {
    const { customer } = story;
    const name = customer.name || t("unnamed");
    const facts = [customer.place, customer.since ? t("since_year", { year: customer.since.slice(0, 4) }) : "", called("languages", customer.language)].filter(Boolean);
    const { rating } = customer;
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
      rating?.comment ? h("blockquote", { class: "said-of-us s", lang: langOf(rating.comment), text: rating.comment }) : null,
      customer.addresses.length ? h("ul", { class: "s addresses" }, ...customer.addresses.map((/** @type {State} */ one) => h("li", {}, icon(one.kind === "phone" ? "phone" : one.kind === "email" ? "mail" : "tag"), " ", h("span", { class: "num", text: one.shown }), one.proved ? null : h("span", { class: "quiet xs", text: ` ${t("not_proved")}` })))) : null,
    );
  }

  /** @param {State} talk */
  wants(talk) {
    const text = talk.case.wants || talk.case.subject;
    return h("section", {}, this.heading(t("what_they_want"), button("", { class: "btn btn-s btn-icon btn-plain push", icon: "pencil", label: t("edit_case"), act: () => this.acts?.edit() })), h("p", { class: "want kept-lines", lang: langTag(langOf(text)), text }));
  }

  /** @param {State} talk */
  owed(talk) {
    const owed = Object.values(talk.follow_ups).sort((one, other) => (one.due_at < other.due_at ? -1 : 1));
    const row = (/** @type {State} */ one) => {
      const near = isNear(one.due_at);
      return h(
        "li",
        { class: near ? "is-late" : null },
        icon(near ? "wait" : "promise"),
        h("div", {}, h("span", { class: "ink", text: called("follow_up_kinds", one.kind) }), one.phone ? h("span", { class: "num quiet", text: ` ${one.phone}` }) : null, one.what ? h("p", { class: "soft kept-lines", lang: langOf(one.what), text: one.what }) : null, ...one.more.map((/** @type {string} */ more) => h("p", { class: "soft kept-lines", lang: langOf(more), text: more })), h("p", { class: "quiet xs" }, one.owner_name ? t("owner_is", { name: one.owner_name }) : "", " ", button(t("close_follow_up"), { class: "btn-link", act: () => this.acts?.finish(one) }))),
        h("b", { class: `strong nowrap ${near ? "" : "quiet"}`, title: dayTime(one.due_at), text: near ? remaining(new Date(one.due_at), now()) : dayTime(one.due_at) }),
      );
    };
    if (!owed.length) return null;
    return h("section", { class: "owed" }, this.heading(t("owed"), h("span", { class: "count", text: owed.length })), h("ul", {}, ...owed.map(row)));
  }

  /** @param {State} talk */
  tried(talk) {
    const tried = Object.values(talk.tried).sort((one, other) => (one.at < other.at ? -1 : 1));
    const outcome = (/** @type {State} */ one) => [called("tried_outcomes", one.outcome), one.times > 1 ? t("times", { n: one.times }) : ""].filter(Boolean).join(t("comma"));
    const row = (/** @type {State} */ one) => h("li", {}, icon("x"), h("span", { lang: langOf(one.label) }, one.kind === "step" ? "" : `${called("tried_kinds", one.kind)}${t("colon")}`, one.label), h("span", { class: "quiet", text: outcome(one) }));
    return h("section", { class: "tried" }, this.heading(t("tried_already"), button("", { class: "btn btn-s btn-icon btn-plain push", icon: "plus", label: t("add_tried"), act: () => this.acts?.tried() })), tried.length ? h("ul", {}, ...tried.map(row)) : h("p", { class: "s quiet", text: t("nothing_tried") }));
  }

  /** @param {State} story */
  timeline(story) {
    const row = (/** @type {State} */ one) => h("li", { class: one.tone ? `is-${one.tone}` : null }, icon(one.icon), h("span", { text: one.text }), h("br"), h("time", { datetime: one.at, title: dayTime(one.at), text: dayTime(one.at) }));
    const all = story.more ? button(t("all_history"), { class: "btn-link push s", act: () => void this.store?.fetchStory(true) }) : null;
    return h("section", {}, this.heading(t("story"), all), h("ol", { class: "line" }, ...story.timeline.map(row)));
  }

  /** @param {State} story */
  cases(story) {
    if (!story.cases.length) return null;
    const row = (/** @type {State} */ one) =>
      h("li", {}, h("a", { href: `/desk/case/${one.id}/`, on: { click: (/** @type {Event} */ event) => (event.preventDefault(), this.acts?.open(one.id)) } }, named(one.subject)), h("br"), h("span", { class: "quiet xs", text: `${dayTime(one.opened_at)}${t("comma")}${called("case_states", one.state)}` }));
    return h("section", {}, this.heading(t("earlier_cases")), h("ul", { class: "s earlier" }, ...story.cases.map(row)));
  }

  /** @param {string} words @param {...(Node | null)} rest */
  heading(words, ...rest) {
    return h("h3", {}, words, ...rest);
  }
}

customElements.define("story-pane", StoryPane);
