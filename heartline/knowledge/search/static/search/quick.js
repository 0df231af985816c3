/**
 * The quick search (Ctrl K, ⌘ K) on every page of ours: pages and actions at once, from the page itself; customers, cases,
 * messages and files from the server as one types. The field keeps the focus, the arrow keys move in the list.
 */

import { dialogOpen, openDialog } from "../ui/dialog.js";
import { get } from "../ui/http.js";
import { key, shortcuts } from "../ui/keys.js";
import { refresh } from "../ui/time.js";
import { fill } from "../ui/words.js";

/** @typedef {{address: string, title: [string, boolean][], text: [string, boolean][], facts: string[], at: string}} Found */
/** @typedef {{key: string, icon: string, name: string, hits: Found[]}} Group */
/** @typedef {{words: string, keys: string, address: string, act: (() => void) | null}} Doing */

const PAUSE = 70;
const MOST_DOINGS = 6;

class QuickSearch {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    this.field = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
    this.list = /** @type {HTMLElement} */ (dialog.querySelector("[role=listbox]"));
    this.none = /** @type {HTMLElement} */ (dialog.querySelector(".quick-none"));
    this.status = /** @type {HTMLElement} */ (dialog.querySelector("[role=status]"));
    /** @type {Map<string, Group[]>} */
    this.answers = new Map();
    /** @type {Group[]} */
    this.groups = [];
    /** @type {Map<Element, () => void>} */
    this.acts = new Map();
    /** @type {AbortController | null} */
    this.asking = null;
    this.timer = 0;
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("click", (event) => this.onClick(event));
    this.list.addEventListener("pointermove", (event) => this.choose(this.hitAt(event), false));
    dialog.addEventListener("close", () => this.asking?.abort());
  }

  open() {
    if (dialogOpen()) return;
    this.answers.clear();
    this.field.value = "";
    this.groups = [];
    this.show();
    void openDialog(this.dialog);
    this.field.focus();
    void this.ask();
  }

  /** What was typed changed: what the page itself knows is shown at once, the server is asked after a short pause. */
  changed() {
    const known = this.answers.get(this.typed);
    if (known) this.groups = known;
    this.show();
    clearTimeout(this.timer);
    if (!known) this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  get typed() {
    return this.field.value.trim();
  }

  async ask() {
    const typed = this.typed;
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const answer = await get(`${this.dialog.dataset.address}?q=${encodeURIComponent(typed)}`, { signal: this.asking.signal });
      this.answers.set(typed, answer.groups);
      if (typed !== this.typed) return;
      this.groups = answer.groups;
      this.show();
      this.tell();
    } catch (error) {
      if (typed !== this.typed || (error instanceof DOMException && error.name === "AbortError")) return;
      this.groups = [];
      this.show();
      this.none.textContent = this.dialog.dataset.lost ?? "";
      this.none.hidden = false;
    }
  }

  /** Draw the list; what was chosen stays chosen where it is still there. */
  show() {
    const before = this.chosen()?.dataset.hit;
    const typed = this.typed;
    const doings = typed ? found(doingsHere(), typed).slice(0, MOST_DOINGS) : [];
    this.acts.clear();
    const drawn = this.groups.map((group) => this.group(typed ? group.name : (this.dialog.dataset.recent ?? ""), group.hits.map((hit) => this.hit(group, hit))));
    const pages = doings.length ? [this.group(this.dialog.dataset.pages ?? "", doings.map((doing) => this.doing(doing)))] : [];
    const all = typed && this.groups.length ? [this.everything(typed)] : [];
    this.list.replaceChildren(...drawn, ...pages, ...all);
    refresh(this.list);
    this.hits().forEach((hit, at) => (hit.id = `quick-hit-${at}`));
    const same = this.hits().find((hit) => hit.dataset.hit === before);
    this.choose(same ?? this.hits()[0] ?? null);
    const nothing = Boolean(typed) && !this.hits().length && this.answers.has(typed);
    this.none.textContent = nothing ? fill(this.dialog.dataset.none ?? "", { query: typed }) : "";
    this.none.hidden = !nothing;
    this.field.setAttribute("aria-expanded", String(this.hits().length > 0));
  }

  tell() {
    const count = this.groups.reduce((sum, group) => sum + group.hits.length, 0);
    this.status.textContent = this.none.hidden ? fill(this.dialog.dataset.count ?? "", { count }) : this.none.textContent;
  }

  /**
   * @param {string} name
   * @param {HTMLElement[]} hits
   */
  group(name, hits) {
    const part = element("div");
    part.setAttribute("role", "group");
    part.setAttribute("aria-label", name);
    const head = element("div", "quick-group", name);
    head.setAttribute("aria-hidden", "true");
    part.append(head, ...hits);
    return part;
  }

  /**
   * @param {Group} group
   * @param {Found} found
   */
  hit(group, found) {
    const row = this.row(group.icon, found.address, `${group.key} ${found.address} ${found.at}`);
    const words = element("span");
    words.append(marked("b", found.title));
    if (found.text.length) words.append(marked("small", found.text));
    if (found.facts.length) words.append(element("small", "", found.facts.join(" · ")));
    row.append(words);
    if (found.at) row.append(Object.assign(element("time"), { dateTime: found.at }));
    for (const when of row.querySelectorAll("time")) when.dataset.moment = "near";
    return row;
  }

  /** @param {Doing} doing */
  doing(doing) {
    const row = this.row(doing.address ? "arrow-right" : "zap", doing.address, doing.words);
    const words = element("span");
    words.append(element("b", "", doing.words));
    row.append(words, element("span", "keys", doing.keys.toUpperCase()));
    if (doing.act) this.acts.set(row, doing.act);
    return row;
  }

  /** @param {string} typed */
  everything(typed) {
    const row = this.row("search", `${this.dialog.dataset.page}?q=${encodeURIComponent(typed)}`, "everything");
    const words = element("span");
    words.append(element("b", "", fill(this.dialog.dataset.all ?? "", { query: typed })));
    row.append(words);
    return row;
  }

  /**
   * @param {string} sign
   * @param {string} address
   * @param {string} name
   */
  row(sign, address, name) {
    const row = element(address ? "a" : "div", "quick-hit");
    if (address) row.setAttribute("href", address);
    row.setAttribute("role", "option");
    row.tabIndex = -1;
    row.dataset.hit = name;
    const icon = /** @type {HTMLTemplateElement | null} */ (this.dialog.querySelector(`template[data-icon="${sign}"]`));
    if (icon) row.append(icon.content.cloneNode(true));
    return row;
  }

  /** @returns {HTMLElement[]} */
  hits() {
    return [...this.list.querySelectorAll(".quick-hit")].map((hit) => /** @type {HTMLElement} */ (hit));
  }

  /** @returns {HTMLElement | null} */
  chosen() {
    return this.list.querySelector("[aria-selected=true]");
  }

  /**
   * @param {HTMLElement | null} hit
   * @param {boolean} [scroll]
   */
  choose(hit, scroll = true) {
    if (hit === this.chosen() && hit) return;
    if (!hit && this.hits().length) return;
    for (const other of this.hits()) other.setAttribute("aria-selected", String(other === hit));
    if (hit) this.field.setAttribute("aria-activedescendant", hit.id);
    else this.field.removeAttribute("aria-activedescendant");
    if (hit && scroll) hit.scrollIntoView({ block: "nearest" });
  }

  /** @param {Event} event */
  hitAt(event) {
    return /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".quick-hit"));
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const hits = this.hits();
    const at = hits.indexOf(/** @type {HTMLElement} */ (this.chosen()));
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && hits.length) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choose(hits[(at + step + hits.length) % hits.length] ?? null);
      event.preventDefault();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (hits[at]) this.take(/** @type {HTMLElement} */ (hits[at]), event.ctrlKey || event.metaKey);
      else if (this.typed) location.assign(`${this.dialog.dataset.page}?q=${encodeURIComponent(this.typed)}`);
    }
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const hit = this.hitAt(event);
    const act = hit && this.acts.get(hit);
    if (!hit) return;
    if (act) this.take(hit, false);
    else if (!event.ctrlKey && !event.metaKey && !event.shiftKey) this.dialog.close();
  }

  /**
   * @param {HTMLElement} hit
   * @param {boolean} apart in another tab
   */
  take(hit, apart) {
    const act = this.acts.get(hit);
    if (act) {
      this.dialog.close();
      setTimeout(act, 0);
    } else if (apart) {
      window.open(hit.getAttribute("href") ?? "", "_blank", "noopener");
    } else {
      this.dialog.close();
      location.assign(hit.getAttribute("href") ?? "");
    }
  }
}

/**
 * Return what can be done from this page: its links to other pages, and every shortcut that is registered.
 * @returns {Doing[]}
 */
function doingsHere() {
  /** @type {Map<string, Doing>} */
  const doings = new Map();
  for (const one of document.querySelectorAll("nav.rail a.rail-link, header.top nav.tabs a, nav.side-nav a, nav.rail .menu a")) {
    const link = /** @type {HTMLAnchorElement} */ (one);
    const words = wordsOf(link.querySelector(".word") ?? link);
    if (words) doings.set(words, { words, keys: link.dataset.key ?? "", address: link.href, act: null });
  }
  for (const shortcut of shortcuts()) {
    if (shortcut.keys === "mod+k" || doings.has(shortcut.words)) continue;
    doings.set(shortcut.words, { words: shortcut.words, keys: shortcut.keys, address: "", act: () => shortcut.act(new KeyboardEvent("keydown")) });
  }
  return [...doings.values()];
}

/**
 * Return those that hold every word typed; the ones that begin with it come first.
 * @param {Doing[]} doings
 * @param {string} typed
 */
function found(doings, typed) {
  const wanted = typed.normalize("NFKC").toLowerCase().split(/\s+/);
  const fits = doings.filter((doing) => wanted.every((word) => doing.words.toLowerCase().includes(word)));
  const begins = (/** @type {Doing} */ doing) => (doing.words.toLowerCase().startsWith(wanted[0] ?? "") ? 0 : 1);
  return fits.sort((one, other) => begins(one) - begins(other));
}

/** @param {Element} one */
function wordsOf(one) {
  const own = [...one.childNodes].filter((node) => !(node instanceof Element && node.matches("kbd, .count, svg")));
  return own.map((node) => node.textContent).join("").replace(/\s+/g, " ").trim();
}

/**
 * @param {string} name
 * @param {[string, boolean][]} parts
 */
function marked(name, parts) {
  const whole = element(name);
  for (const [text, isFound] of parts) whole.append(isFound ? element("mark", "", text) : text);
  return whole;
}

/**
 * @param {string} name
 * @param {string} [look]
 * @param {string} [text]
 * @returns {HTMLElement}
 */
function element(name, look = "", text = "") {
  const made = document.createElement(name);
  if (look) made.className = look;
  if (text) made.textContent = text;
  return made;
}

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("quick-search"));
if (dialog) {
  const quick = new QuickSearch(dialog);
  key("mod+k", dialog.getAttribute("aria-label") ?? "", () => quick.open(), { group: document.querySelector("nav.rail")?.getAttribute("aria-label") ?? "" });
  for (const button of document.querySelectorAll("[data-quick-search]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      quick.open();
    });
  }
}
