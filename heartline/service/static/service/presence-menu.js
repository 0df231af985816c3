/** One switch for all channels: whether you can be offered work, why not, since when; and how you want to be told. */

import { button, fillWith, h, icon } from "./dom.js";
import { chooseNotice, noticeOn, NOTICES, outsideAllowed } from "./notify.js";
import { load } from "./selectors.js";
import { called, clockTime, t } from "./text.js";

/** @typedef {Record<string, any>} State */

const SIGNS = { available: "circle-check", on_break: "circle-pause", not_ready: "ban", away: "moon", offline: "log-out" };
const TONES = { available: "kept", on_break: "waiting", not_ready: "waiting", away: "waiting", offline: "" };
const REASONS = ["meal", "training", "meeting", "coaching", "case_work", "other"];

export class PresenceMenu extends HTMLElement {
  /** @param {import("./store.js").DeskStore} store */
  connect(store) {
    this.store = store;
    this.summary = h("summary", { class: "btn btn-s" });
    this.menu = h("div", { class: "menu presence-menu" });
    this.details = h("details", { class: "menu-at" }, this.summary, this.menu);
    this.problem = h("p", { class: "field-error", role: "alert", hidden: true });
    this.append(this.details, this.problem);
    this.details.addEventListener("toggle", () => this.drawMenu());
    store.addEventListener("desk", () => this.draw());
    this.draw();
  }

  draw() {
    const { presence } = /** @type {import("./store.js").DeskStore} */ (this.store).desk;
    const look = JSON.stringify(presence);
    if (this.dataset.look === look) return;
    this.dataset.look = look;
    const tone = TONES[/** @type {"away"} */ (presence.state)] ?? "";
    const words = presence.reason ? t("presence_reason", { state: called("presence", presence.state), reason: called("presence_reasons", presence.reason) }) : called("presence", presence.state);
    fillWith(/** @type {HTMLElement} */ (this.summary), h("span", { class: `state state-inline ${tone ? `is-${tone}` : ""}` }, icon(SIGNS[/** @type {"away"} */ (presence.state)] ?? "circle"), words), icon("chevron-down"));
    this.drawMenu();
    this.tellWhy(presence);
  }

  drawMenu() {
    if (!this.details?.hasAttribute("open")) return;
    const { presence } = /** @type {import("./store.js").DeskStore} */ (this.store).desk;
    const entry = (/** @type {string} */ state, /** @type {string} */ reason, /** @type {string} */ words) =>
      h("button", { type: "button", role: "menuitemradio", "aria-checked": String(presence.state === state && presence.reason === reason), on: { click: () => void this.choose(state, reason) } }, icon(SIGNS[/** @type {"away"} */ (state)]), words);
    fillWith(
      /** @type {HTMLElement} */ (this.menu),
      presence.since ? h("p", { class: "menu-title", text: t("since", { time: clockTime(presence.since) }) }) : null,
      h(
        "div",
        { role: "menu", "aria-label": t("presence_menu") },
        entry("available", "", called("presence", "available")),
        entry("on_break", "", called("presence", "on_break")),
        ...REASONS.map((reason) => entry(reason === "meal" ? "on_break" : "not_ready", reason, called("presence_reasons", reason))),
        entry("offline", "", called("presence", "offline")),
      ),
      h("hr"),
      h("p", { class: "menu-title", text: t("told_of") }),
      ...NOTICES.map((name) => this.notice(name)),
      outsideAllowed() === "denied" ? h("p", { class: "xs quiet menu-hint", text: t("outside_blocked") }) : null,
    );
  }

  /** One way to be told, on or off; the browser is asked for leave only here, by this press. @param {string} name */
  notice(name) {
    const blocked = name.startsWith("outside") && ["denied", "unsupported"].includes(outsideAllowed());
    const act = () => void chooseNotice(/** @type {import("./store.js").DeskStore} */ (this.store), name, !noticeOn(name)).then(() => this.drawMenu());
    return h("button", { type: "button", "aria-pressed": String(noticeOn(name)), disabled: blocked, on: { click: act } }, icon(name.startsWith("sound") ? "volume-2" : "bell"), t(name));
  }

  /** @param {string} state @param {string} reason */
  async choose(state, reason) {
    const problem = /** @type {HTMLElement} */ (this.problem);
    problem.hidden = true;
    this.details?.removeAttribute("open");
    this.querySelector("summary")?.focus();
    try {
      await this.store?.post("presence", { state, reason });
    } catch (error) {
      problem.hidden = false;
      fillWith(problem, icon("circle-alert"), error instanceof Error ? error.message : "");
    }
  }

  /** Say why nothing is offered, where the house has decided so or nobody has yet, and offer the way back. @param {State} presence */
  tellWhy(presence) {
    const box = document.getElementById("presence-notice");
    if (!box) return;
    const missed = presence.state === "not_ready" && presence.reason === "missed_offer" ? "missed_offer" : "";
    const gone = presence.state === "away" && presence.reason === "browser_gone" ? "browser_gone" : "";
    const fresh = presence.state === "offline" && this.store?.desk.me.role === "agent" ? "not_there_yet" : "";
    const why = missed || gone || fresh;
    box.hidden = !why;
    box.classList.toggle("notice-waiting", !fresh);
    box.classList.toggle("notice-quiet", Boolean(fresh));
    if (why) fillWith(box, icon("info"), h("span", { class: "grow", text: t(why) }), button(called("presence", "available"), { act: () => void this.choose("available", "") }));
  }
}

/** How much is in hand, as words: chat 2 of 3. */
export class LoadWords extends HTMLElement {
  /** @param {import("./store.js").DeskStore} store */
  connect(store) {
    store.addEventListener("desk", () => this.draw(store));
    this.draw(store);
  }

  /** @param {import("./store.js").DeskStore} store */
  draw(store) {
    const parts = load(store.desk).map(([channel, count, limit]) => t("load_of", { channel: called("channels", channel), n: count, limit }));
    const words = parts.length ? t("taking", { load: parts.join(t("comma")) }) : "";
    if (this.textContent !== words) this.textContent = words;
  }
}

customElements.define("presence-menu", PresenceMenu);
customElements.define("load-words", LoadWords);
