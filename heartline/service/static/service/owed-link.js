/** The way to what one owes, with how much it is; late is said by colour and sign. */

import { h } from "./dom.js";
import { secondsSince } from "./text.js";

export class OwedLink extends HTMLElement {
  /** @param {import("./store.js").DeskStore} store */
  connect(store) {
    this.store = store;
    this.count = h("span", { class: "count", hidden: true });
    this.querySelector("a")?.append(this.count);
    store.addEventListener("desk", () => this.draw());
    setInterval(() => this.draw(), 30_000);
    this.draw();
  }

  draw() {
    const count = /** @type {HTMLElement} */ (this.count);
    const owed = Object.values(/** @type {import("./store.js").DeskStore} */ (this.store).desk.follow_ups);
    const words = String(owed.length);
    if (count.textContent !== words) count.textContent = words;
    count.hidden = owed.length === 0;
    this.classList.toggle("is-late", owed.some((one) => secondsSince(one.due_at) > 0));
  }
}

customElements.define("owed-link", OwedLink);
