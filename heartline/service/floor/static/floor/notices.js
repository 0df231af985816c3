/** What supervisors said, on a colleague's desk: announcements until they are read, whispers to oneself and about the open case. */

import { get, send } from "../ui/http.js";
import { say } from "../ui/toast.js";

const KINDS = new Set(["service.announced", "service.announcement_withdrawn", "service.announcement_read", "service.whispered", "service.whisper_read", "routing.emergency_told", "routing.emergency_ended", "routing.queue_paused", "routing.queue_resumed"]);

class FloorNotices extends HTMLElement {
  caseId = 0;
  /** @type {Set<string>} what was shown before: only what is new is said aloud */
  known = new Set();
  first = true;

  /** @param {any} store the desk's */
  connect(store) {
    store.live.addEventListener("change", (/** @type {CustomEvent} */ event) => KINDS.has(event.detail.kind) && void this.refresh());
    store.live.addEventListener("reset", () => void this.refresh());
    store.addEventListener("talk", () => {
      const id = store.talk?.case.id ?? 0;
      if (id === this.caseId) return;
      this.caseId = id;
      void this.refresh();
    });
    this.caseId = store.talk?.case.id ?? 0;
    void this.refresh();
    // An announcement ends by the clock, and no event tells of that.
    setInterval(() => this.querySelector(".floor-notice") && void this.refresh(), 60_000);
  }

  async refresh(caseId = this.caseId) {
    const found = await get(`${this.dataset.list}${caseId ? `?case=${caseId}` : ""}`).catch(() => null);
    if (!found || caseId !== this.caseId) return;
    const house = found.house.map((/** @type {any} */ one) => this.ofTheHouse(one));
    const shown = [...house, ...found.whispers.map((/** @type {any} */ one) => this.whisper(one)), ...found.announcements.map((/** @type {any} */ one) => this.announcement(one))];
    for (const old of this.querySelectorAll(".floor-notice")) old.remove();
    this.append(...shown);
    for (const one of shown) this.tell(one);
    this.first = false;
  }

  /** @param {HTMLElement} one */
  tell(one) {
    const name = one.dataset.name ?? "";
    if (!this.known.has(name) && !this.first && one.matches(":has([data-read]), .of-house")) say(one.querySelector("p")?.textContent?.trim() ?? "");
    this.known.add(name);
  }

  /** What nobody reads away: an emergency that customers are told of, a queue that is paused. @param {any} told */
  ofTheHouse(told) {
    const one = this.copy("[data-house]", told.key);
    one.classList.toggle("notice-late", told.kind === "emergency");
    one.classList.toggle("notice-waiting", told.kind !== "emergency");
    /** @type {HTMLElement} */ (one.querySelector("[data-customers]")).hidden = told.kind !== "emergency";
    put(one, "[data-text]", told.text);
    return one;
  }

  /** @param {any} told */
  announcement(told) {
    const one = this.copy("[data-announcement]", `announcement-${told.id}`);
    put(one, "[data-from]", told.from);
    put(one, "[data-text]", told.text);
    this.readable(one, `${this.dataset.readAnnouncement}`.replace("/0/", `/${told.id}/`));
    return one;
  }

  /** @param {any} said */
  whisper(said) {
    const one = this.copy("[data-whisper]", `whisper-${said.id}`);
    put(one, "[data-from]", said.from);
    put(one, "[data-to]", said.to);
    put(one, "[data-text]", said.text);
    const about = /** @type {HTMLAnchorElement} */ (one.querySelector("[data-about]"));
    about.textContent = said.about || `#${said.case_id}`;
    about.href = `${this.dataset.case}`.replace("/0/", `/${said.case_id}/`);
    if (said.mine && !said.read) this.readable(one, `${this.dataset.readWhisper}`.replace("/0/", `/${said.id}/`));
    else one.querySelector("[data-read]")?.remove();
    return one;
  }

  /** @param {string} which @param {string} name @returns {HTMLElement} */
  copy(which, name) {
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector(`template${which}`));
    const one = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
    one.dataset.name = name;
    return one;
  }

  /** @param {HTMLElement} one @param {string} address */
  readable(one, address) {
    one.querySelector("[data-read]")?.addEventListener("click", async () => {
      await send(address, {}).catch(() => undefined);
      await this.refresh();
    });
  }
}

/** @param {HTMLElement} one @param {string} place @param {string} text */
function put(one, place, text) {
  const found = /** @type {HTMLElement} */ (one.querySelector(place));
  found.textContent = text;
  if (/\p{Script=Han}/u.test(text) !== document.documentElement.lang.startsWith("zh")) found.lang = /\p{Script=Han}/u.test(text) ? "zh-Hans" : "en";
}

customElements.define("floor-notices", FloorNotices);
