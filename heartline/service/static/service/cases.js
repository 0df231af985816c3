/** The list of cases: choosing with hand or keyboard, and one change to all that are chosen, with undo. */

import { send } from "../ui/http.js";
import { key } from "../ui/keys.js";
import { toast } from "../ui/toast.js";
import { wordsFrom } from "../ui/words.js";
import { ask } from "./dialogs.js";
import { button, fillWith, h } from "./dom.js";
import { choices, t } from "./text.js";

/** @typedef {Record<string, any>} State */

const list = /** @type {HTMLElement} */ (document.getElementById("case-list"));
const bar = /** @type {HTMLElement} */ (document.getElementById("bulk-bar"));
const offered = /** @type {{owners: [string, string][], queues: [string, string][]}} */ (/** @type {any} */ (wordsFrom("case-choices")));
/** @type {Set<number>} */
const chosen = new Set();
/** The row the keyboard is at. */
let here = -1;
/** Where a range of choices begins. */
let anchor = -1;

const rows = () => /** @type {HTMLTableRowElement[]} */ ([...list.querySelectorAll("tbody tr")]);
const idOf = (/** @type {Element} */ row) => Number(/** @type {HTMLElement} */ (row).dataset.case);
const boxOf = (/** @type {Element} */ row) => /** @type {HTMLInputElement} */ (row.querySelector("input[type=checkbox]"));

/** Draw what is chosen and where the keyboard is. */
function draw() {
  const all = rows();
  for (const [at, row] of all.entries()) {
    const is = chosen.has(idOf(row));
    boxOf(row).checked = is;
    row.classList.toggle("is-chosen", is);
    row.classList.toggle("is-here", at === here);
  }
  const head = /** @type {HTMLInputElement | null} */ (document.getElementById("pick-all"));
  const count = all.filter((row) => chosen.has(idOf(row))).length;
  if (head) {
    head.checked = count > 0 && count === all.length;
    head.indeterminate = count > 0 && count < all.length;
  }
  drawBar();
}

function drawBar() {
  bar.hidden = chosen.size === 0;
  if (bar.hidden || bar.dataset.count === String(chosen.size)) return;
  bar.dataset.count = String(chosen.size);
  const act = (/** @type {string} */ words, /** @type {string} */ sign, /** @type {() => void} */ does, /** @type {string} */ letter = "") => button(words, { class: "btn btn-s", icon: sign, key: letter || undefined, act: does });
  fillWith(
    bar,
    h("b", { class: "strong", role: "status", text: t("chosen", { n: chosen.size }) }),
    act(t("tags"), "tag", askTags, "L"),
    act(t("set_state"), "circle-dot", askState, "E"),
    act(t("set_owner"), "user", askOwner, "O"),
    act(t("set_queue"), "inbox", askQueue),
    act(t("snooze"), "clock", askSnooze, "S"),
    button(t("choose_none"), { class: "btn btn-s btn-plain push", act: () => (chosen.clear(), draw()) }),
  );
}

/** @param {number} at @param {boolean} [range] */
function toggle(at, range = false) {
  const all = rows();
  const row = all[at];
  if (!row) return;
  const on = !chosen.has(idOf(row));
  const [from, to] = range && anchor >= 0 ? [Math.min(anchor, at), Math.max(anchor, at)] : [at, at];
  for (const one of all.slice(from, to + 1)) {
    if (on) chosen.add(idOf(one));
    else chosen.delete(idOf(one));
  }
  anchor = at;
  draw();
}

/** @param {number} step */
function go(step) {
  const all = rows();
  here = Math.max(0, Math.min(all.length - 1, here + step));
  /** @type {HTMLElement | null} */ (all[here]?.querySelector("td.n a"))?.focus();
  all[here]?.scrollIntoView({ block: "nearest" });
  draw();
}

/** Fetch the list and its counts again; what is chosen stays chosen while it is there. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["case-list", "case-views", "case-states"]) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) old.replaceChildren(...fresh.childNodes);
  }
  const ids = new Set(rows().map(idOf));
  for (const id of chosen) if (!ids.has(id)) chosen.delete(id);
  draw();
}

/** Do steps to what is chosen, say what became of it, and offer to take it back. @param {State[]} steps */
async function change(steps) {
  const answer = await send("/desk/api/cases-bulk", { case_ids: [...chosen], steps });
  const left = answer.left.slice(0, 5).map((/** @type {State} */ one) => t("left_one", { id: one.case_id, why: one.why })).join(t("comma"));
  const words = [answer.done ? t("changed_n", { n: answer.done }) : t("nothing_changed"), left ? t("left_alone", { list: left }) : ""].filter(Boolean).join(t("and_also"));
  const undo = async () => {
    await send(`/desk/api/deeds/${answer.deed_id}/undo`, {});
    toast(t("taken_back"));
    await refresh();
  };
  toast(words, answer.deed_id ? { key: "z", undo, seconds: 15 } : { seconds: 12 });
  await refresh();
}

/** @param {string} heading @param {import("./dialogs.js").Field[]} fields @param {(values: Record<string, string>) => State[]} steps */
function askFor(heading, fields, steps) {
  if (chosen.size) void ask({ heading, words: t("chosen", { n: chosen.size }), act: t("save"), fields, send: (values) => change(steps(values)) });
}

const words = (/** @type {string} */ text) => text.split(/[,，、]/).map((name) => name.trim()).filter(Boolean);

function askTags() {
  askFor(t("tags"), [{ name: "add", label: t("add_tags"), hint: t("add_tags_hint") }, { name: "remove", label: t("remove_tags") }], (values) => [{ do: "tag", add: words(values.add), remove: words(values.remove) }]);
}

function askState() {
  askFor(t("set_state"), [{ name: "state", label: t("state"), kind: "select", options: choices("case_states"), value: "solved" }], (values) => [{ do: "state", state: values.state }]);
}

function askOwner() {
  const options = /** @type {[string, string][]} */ ([["me", t("me")], ["", t("no_owner")], ...offered.owners]);
  askFor(t("set_owner"), [{ name: "owner", label: t("owner"), kind: "select", options, value: "me" }], (values) => [{ do: "owner", owner: values.owner === "me" ? "me" : Number(values.owner) || null }]);
}

function askQueue() {
  askFor(t("set_queue"), [{ name: "queue", label: t("queue"), kind: "select", options: offered.queues }], (values) => [{ do: "queue", queue: Number(values.queue) }]);
}

function askSnooze() {
  askFor(t("snooze"), [{ name: "until", label: t("snooze_until"), kind: "select", options: choices("snooze_times"), value: "tomorrow" }], (values) => [{ do: "snooze", until: values.until }]);
}

list.addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
  if (box.id === "pick-all") {
    for (const row of rows()) if (box.checked) chosen.add(idOf(row)); else chosen.delete(idOf(row));
    return draw();
  }
  here = rows().findIndex((row) => row.contains(box));
  toggle(here, event.shiftKey);
});
list.addEventListener("focusin", (event) => {
  const at = rows().findIndex((row) => row.contains(/** @type {Node} */ (event.target)));
  if (at >= 0 && at !== here) (here = at), draw();
});

const group = { group: document.title };
key("j", t("next_row"), () => go(1), group);
key("k", t("previous_row"), () => go(-1), group);
key("x", t("choose_row"), () => toggle(here), group);
key("a", t("choose_all"), () => (rows().forEach((row) => chosen.add(idOf(row))), draw()), group);
key("n", t("choose_none"), () => (chosen.clear(), draw()), group);
key("l", t("tags"), askTags, group);
key("e", t("set_state"), askState, group);
key("o", t("set_owner"), askOwner, group);
key("s", t("snooze"), askSnooze, group);
document.getElementById("case-queue")?.addEventListener("change", (event) => /** @type {HTMLSelectElement} */ (event.target).form?.requestSubmit());
draw();
list.dataset.ready = "yes";
