/**
 * Views of the inbox: what it is narrowed to, kept under a name for oneself or the team. What is narrowed away is counted
 * beside, so that nobody believes that all is done.
 */

import { toast } from "../ui/toast.js";
import { ask } from "./dialogs.js";
import { button, fillWith, h, icon } from "./dom.js";
import { called, choices, t } from "./text.js";

/** @typedef {Record<string, any>} State */

const SWITCHES = ["unread", "overdue"];
const FIELDS = ["queue", "channel", "language", "tier", "owner", "state", "tag"];

export class InboxViews extends EventTarget {
  /** @type {State} */
  filters = {};
  /** @type {State[]} */
  views = [];
  /** Tags of the cases, while a filter asks for them. @type {Record<string, string[]> | null} */
  tags = null;

  /** @param {import("./store.js").DeskStore} store @param {State[]} views */
  constructor(store, views) {
    super();
    this.store = store;
    this.views = views;
    this.place = `heartline-inbox-${store.desk.me.id}`;
    this.filters = this.remembered();
    this.summary = h("summary", { class: "btn btn-s btn-plain" });
    this.menu = h("div", { class: "menu menu-start" });
    this.details = h("details", { class: "menu-at inbox-views" }, this.summary, this.menu);
    this.hidden = h("span", { class: "xs", role: "status" });
    this.chips = h("div", { class: "filter-chips" });
    this.details.addEventListener("toggle", () => this.details.hasAttribute("open") && void this.refresh());
    store.addEventListener("desk", (event) => this.follow(/** @type {CustomEvent} */ (event).detail));
    store.live.addEventListener("change", (event) => this.retag(/** @type {CustomEvent} */ (event).detail));
    if (this.filters.tag) void this.fetchTags();
    this.draw();
  }

  /** What colleagues share meanwhile is there when one looks. */
  async refresh() {
    this.drawMenu();
    const found = await this.store.fetch("views").catch(() => null);
    if (!found || JSON.stringify(found.views) === JSON.stringify(this.views)) return;
    this.views = found.views;
    this.draw();
  }

  /** @returns {State} */
  remembered() {
    try {
      return JSON.parse(localStorage.getItem(this.place) ?? "{}");
    } catch {
      return {};
    }
  }

  get isOn() {
    return Object.keys(this.filters).length > 0;
  }

  /** @param {State} filters */
  choose(filters) {
    this.filters = filters;
    try {
      localStorage.setItem(this.place, JSON.stringify(filters));
    } catch {
      // it holds until the page is left
    }
    this.details.removeAttribute("open");
    if (filters.tag) void this.fetchTags();
    else this.changed();
  }

  changed() {
    this.draw();
    this.dispatchEvent(new Event("changed"));
  }

  // Tags do not come with the cards, so that a message stays as cheap as it is: they are fetched while they are asked for.

  async fetchTags() {
    this.tags = (await this.store.fetch("live-tags").catch(() => ({ tags: this.tags ?? {} }))).tags;
    this.changed();
  }

  /** A case that was not in sight before may carry tags. @param {State} [event] */
  follow(event) {
    if (!this.filters.tag || !this.tags || !/contact_(opened|moved|returned|resumed)|participant_joined|reset/.test(event?.kind ?? "")) return;
    void this.fetchTags();
  }

  /** @param {State} event */
  retag(event) {
    if (!this.filters.tag || event.kind !== "conversations.case_tagged") return;
    this.tags = { ...this.tags, [event.body.case_id]: event.body.matter.tags.map((/** @type {State} */ tag) => tag.name) };
    this.changed();
  }

  /** Say how much is narrowed away. @param {number} count */
  tell(count) {
    const words = count ? t("not_in_view", { n: count }) : "";
    if (this.hidden.textContent !== words) this.hidden.textContent = words;
  }

  draw() {
    const view = this.current();
    const name = view?.name ?? t(this.isOn ? "own_filter" : "no_filter");
    this.summary.setAttribute("aria-label", `${t("inbox_view")}${t("colon")}${name}`);
    fillWith(this.summary, icon("list-filter"), h("span", { class: "clip", text: name }), icon("chevron-down"));
    const chip = (/** @type {string} */ name) => h("span", { class: "chip chip-accent" }, this.named(name), h("button", { type: "button", "aria-label": t("drop_filter", { name: this.named(name) }), on: { click: () => this.drop(name) } }, icon("x")));
    fillWith(this.chips, ...[...FIELDS, ...SWITCHES].filter((name) => name in this.filters).map(chip), this.isOn ? this.hidden : null);
    this.chips.hidden = !this.isOn;
    this.drawMenu();
  }

  /** The view that is shown as it was saved. */
  current() {
    const sorted = (/** @type {State} */ filters) => JSON.stringify(Object.entries(filters).sort());
    return this.isOn ? this.views.find((view) => sorted(view.filters) === sorted(this.filters)) : undefined;
  }

  /** @param {string} name */
  drop(name) {
    const { [name]: gone, ...rest } = this.filters;
    this.choose(rest);
  }

  /** What a filter says. @param {string} name */
  named(name) {
    const value = this.filters[name];
    if (SWITCHES.includes(name)) return t(`filter_${name}`);
    if (name === "queue") return this.store.desk.names.queues[value]?.name ?? t("filter_queue");
    if (name === "tag") return `#${value}`;
    const table = { channel: "channels", language: "languages", tier: "tiers", owner: "filter_owners", state: "filter_states" }[/** @type {"tier"} */ (name)];
    return called(table, value);
  }

  drawMenu() {
    if (!this.details.hasAttribute("open")) return;
    const view = this.current();
    const entry = (/** @type {State} */ one) => h("button", { type: "button", "aria-pressed": String(one === view), on: { click: () => this.choose({ ...one.filters }) } }, icon(one === view ? "check" : one.level === "own" ? "user" : "users"), h("span", { class: "clip", text: one.name }));
    const own = this.isOn && !view;
    fillWith(
      this.menu,
      h("button", { type: "button", "aria-pressed": String(!this.isOn), on: { click: () => this.choose({}) } }, icon(this.isOn ? "inbox" : "check"), t("no_filter")),
      ...this.views.map(entry),
      h("hr"),
      h("button", { type: "button", on: { click: () => void this.askFilters() } }, icon("list-filter"), t("choose_filters")),
      own ? h("button", { type: "button", on: { click: () => void this.askSave() } }, icon("plus"), t("save_view")) : null,
      view?.mine ? h("button", { type: "button", on: { click: () => void this.remove(view) } }, icon("trash-2"), t("remove_view")) : null,
    );
  }

  /** Open the menu; the keyboard goes on inside it. */
  open() {
    this.details.setAttribute("open", "");
    this.drawMenu();
    /** @type {HTMLElement | null} */ (this.menu.querySelector("button"))?.focus();
  }

  async askFilters() {
    this.details.removeAttribute("open");
    const { filters } = this;
    const any = (/** @type {[string, string][]} */ all) => /** @type {[string, string][]} */ ([["", t("any")], ...all]);
    const queues = Object.entries(this.store.desk.names.queues).map(([id, queue]) => /** @type {[string, string]} */ ([id, queue.name]));
    const select = (/** @type {string} */ name, /** @type {[string, string][]} */ options) => ({ name, label: t(`filter_${name}`), kind: /** @type {"select"} */ ("select"), value: String(filters[name] ?? ""), options: any(options) });
    await ask({
      heading: t("choose_filters"),
      wide: true,
      act: t("show_these"),
      fields: [
        select("queue", queues),
        select("channel", choices("channels")),
        select("language", choices("languages")),
        select("tier", choices("tiers")),
        select("owner", choices("filter_owners")),
        select("state", choices("filter_states")),
        { name: "tag", label: t("tag"), value: filters.tag ?? "" },
        { name: "only", label: t("filter_only"), kind: "select", value: SWITCHES.filter((name) => filters[name]).join(" "), options: [["", t("any")], ...[["unread"], ["overdue"], SWITCHES].map((names) => /** @type {[string, string]} */ ([names.join(" "), names.map((name) => t(`filter_${name}`)).join(t("comma"))]))] },
      ],
      send: async (values) => {
        /** @type {State} */
        const chosen = {};
        for (const name of FIELDS) if (values[name]?.trim()) chosen[name] = name === "queue" ? Number(values[name]) : values[name].trim();
        for (const name of values.only.split(" ").filter(Boolean)) chosen[name] = true;
        this.choose(chosen);
      },
    });
  }

  async askSave() {
    this.details.removeAttribute("open");
    const { whose } = await this.store.fetch("views");
    const share = whose.length > 1 ? [{ name: "whose", label: t("view_for"), kind: /** @type {"select"} */ ("select"), value: "own", options: whose }] : [];
    await ask({
      heading: t("save_view"),
      act: t("save"),
      fields: [{ name: "name", label: t("view_name"), value: "" }, ...share],
      send: async ({ name, whose = "own" }) => {
        const { view } = await this.store.post("views", { name, filters: this.filters, whose });
        this.views = [...this.views, view];
        this.filters = { ...view.filters };
        this.changed();
        toast(t("view_saved", { name: view.name }));
      },
    });
  }

  /** @param {State} view */
  async remove(view) {
    await this.store.post(`views/${view.id}/remove`).catch(() => undefined);
    this.views = this.views.filter((one) => one.id !== view.id);
    this.details.removeAttribute("open");
    toast(t("view_removed", { name: view.name }));
    this.changed();
  }
}
