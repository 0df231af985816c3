/** What is offered to the reader: who, what they want, why it comes to you, and how long it stays. Nothing else on the page moves. */

import { HttpError } from "../ui/http.js";
import { now } from "../ui/time.js";
import { button, fillWith, h, icon } from "./dom.js";
import { announceOffer } from "./notify.js";
import { called, choices, langOf, minutesSince, named, readerCode, t } from "./text.js";

/** @typedef {Record<string, any>} State */

/** The first say why it comes to you, the rest why it comes now: nobody reads five sentences in twenty seconds. */
const REASONS_SHOWN = 3;

export class OfferCards extends HTMLElement {
  /** @type {Map<string, HTMLElement>} */
  cards = new Map();

  /** @param {import("./store.js").DeskStore} store @param {{open: (caseId: number) => void}} acts */
  connect(store, acts) {
    this.store = store;
    this.acts = acts;
    this.className = "offers";
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", t("offers"));
    store.addEventListener("desk", () => this.draw());
    setInterval(() => this.tick(), 250);
    this.draw();
  }

  draw() {
    const offers = this.store?.desk.offers ?? {};
    for (const [id, card] of this.cards) {
      if (id in offers || card.dataset.said) continue;
      card.remove();
      this.cards.delete(id);
    }
    for (const [id, offer] of Object.entries(offers)) {
      if (this.cards.has(id) || new Date(offer.expires_at) <= now()) continue;
      const card = this.card(offer);
      this.cards.set(id, card);
      this.append(card);
      announceOffer(/** @type {import("./store.js").DeskStore} */ (this.store), offer, () => void this.accept(offer, card));
    }
    this.tick();
  }

  /** @param {State} offer */
  card(offer) {
    const { card } = offer;
    const name = card.customer_name || t("unnamed");
    const why = (offer.reason_words[readerCode()] ?? []).slice(0, REASONS_SHOWN).join(t("and_also"));
    const facts = [called("channels", card.channel), called("languages", card.language), this.store?.desk.names.queues[offer.queue_id]?.name].filter(Boolean).join(t("comma"));
    const element = h(
      "article",
      { class: "offer", "aria-label": t("offer_of", { name }), data: { offer: offer.offer_id } },
      h("div", { class: "row" }, h("h2", {}, named(name)), ["top", "big"].includes(card.tier) ? h("span", { class: "chip chip-accent", text: called("tiers", card.tier) }) : null, h("span", { class: "state push" }, icon("wait"), t("waited", { wait: minutesSince(card.asked_at) }))),
      h("p", { class: "s soft", text: facts }),
      h("p", { class: "want", lang: langOf(card.last_text || card.subject), text: card.last_text || card.subject }),
      why ? h("p", { class: "why", text: why }) : null,
      h("div", { class: "offer-time" }),
      h("p", { class: "left xs quiet", "aria-hidden": "true" }),
    );
    element.append(this.acts_(offer, element));
    return element;
  }

  /** @param {State} offer @param {HTMLElement} card */
  acts_(offer, card) {
    const reasons = choices("decline_reasons").map(([code, words]) => h("button", { type: "button", text: words, on: { click: () => void this.decline(offer, card, code) } }));
    return h(
      "div",
      { class: "acts" },
      button(t("accept"), { class: "btn btn-primary", key: "Y", act: () => void this.accept(offer, card) }),
      h("details", { class: "menu-at" }, h("summary", { class: "btn" }, t("not_now"), icon("chevron-down")), h("div", { class: "menu menu-up menu-start" }, h("p", { class: "menu-title", text: t("why_not") }), ...reasons)),
    );
  }

  tick() {
    for (const [id, card] of this.cards) {
      const offer = this.store?.desk.offers[id];
      if (!offer || card.dataset.said) continue;
      const whole = new Date(offer.expires_at).getTime() - new Date(offer.offered_at).getTime();
      const left = new Date(offer.expires_at).getTime() - now().getTime();
      card.style.setProperty("--left", String(Math.max(0, left / whole)));
      const words = t("seconds_left", { n: Math.max(0, Math.ceil(left / 1000)) });
      const line = card.querySelector(".left");
      if (line && line.textContent !== words) line.textContent = words;
      if (left < -3000) this.dismiss(id);
    }
  }

  /** Accept the first that is open. */
  acceptFirst() {
    const [id, card] = [...this.cards].find(([, one]) => !one.dataset.said) ?? [];
    const offer = id && this.store?.desk.offers[id];
    if (offer && card) void this.accept(offer, card);
  }

  /** @param {State} offer @param {HTMLElement} card */
  async accept(offer, card) {
    await this.answer(offer, card, "accept", {}, () => this.acts?.open(offer.card.case_id));
  }

  /** @param {State} offer @param {HTMLElement} card @param {string} reason */
  async decline(offer, card, reason) {
    await this.answer(offer, card, "decline", { reason }, () => undefined);
  }

  /** @param {State} offer @param {HTMLElement} card @param {string} verb @param {State} body @param {() => void} then */
  async answer(offer, card, verb, body, then) {
    if (card.dataset.busy) return;
    card.dataset.busy = "1";
    for (const one of card.querySelectorAll("button")) one.disabled = true;
    try {
      await this.store?.post(`offers/${offer.offer_id}/${verb}`, body);
      this.dismiss(String(offer.offer_id));
      then();
    } catch (error) {
      if (error instanceof HttpError && error.code === "already_yours") {
        this.dismiss(String(offer.offer_id));
        return then();
      }
      this.lost(String(offer.offer_id), card, error instanceof Error ? error.message : "");
    }
  }

  /** Somebody or something was first: say who, on the card itself, then let it go. @param {string} id @param {HTMLElement} card @param {string} words */
  lost(id, card, words) {
    card.dataset.said = "1";
    fillWith(card, h("p", { class: "row", role: "alert" }, icon("user-check"), h("span", { class: "grow", text: words }), button(t("close"), { act: () => this.dismiss(id) })));
    setTimeout(() => this.dismiss(id), 8000);
  }

  /** @param {string} id */
  dismiss(id) {
    this.cards.get(id)?.remove();
    this.cards.delete(id);
  }
}

customElements.define("offer-cards", OfferCards);
