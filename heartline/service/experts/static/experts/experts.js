/**
 * Keeps what is asked of the reader fresh: a new question sounds and says so, the list follows, and what they are writing
 * is never touched.
 */

import { Live } from "../ui/live.js";
import { toast } from "../ui/toast.js";
import { wordsFrom } from "../ui/words.js";
import { morphChildren } from "../floor/morph.js";
import { ring } from "./ring.js";

const { me, position, id } = /** @type {any} */ (wordsFrom("experts-live"));
const words = /** @type {HTMLElement} */ (document.getElementById("experts-words")).dataset;
const live = new Live("/live/staff", me, position);
const KINDS = ["conversations.expert_told", "conversations.consultation_changed"];
const SAID = ["asked", "warned", "late"];
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

live.addEventListener("change", (event) => {
  const { kind, body } = /** @type {CustomEvent} */ (event).detail;
  if (!KINDS.includes(kind)) return;
  if (kind === KINDS[0] && body.person_id === me) tell(body);
  clearTimeout(timer);
  timer = setTimeout(() => void freshen(), 200);
});
live.addEventListener("reset", () => location.reload());

/** @param {{consultation_id: number, how: string}} body */
function tell(body) {
  if (body.how === "gone" && body.consultation_id === id) return gone();
  if (!SAID.includes(body.how)) return;
  const address = (words.address ?? "").replace("/0/", `/${body.consultation_id}/`);
  const text = words[body.how] ?? "";
  ring(text, `question-${body.consultation_id}-${body.how}`, () => location.assign(address));
  if (body.consultation_id !== id) toast(text);
}

/** The question went to somebody else while this page was open: what was typed is kept in sight. */
function gone() {
  const notice = document.getElementById("question-gone");
  if (!notice || document.querySelector("form[data-sent]")) return;
  notice.hidden = false;
  notice.textContent = words.gone ?? "";
  for (const button of document.querySelectorAll("main form button")) /** @type {HTMLButtonElement} */ (button).disabled = true;
}

async function freshen() {
  const part = document.querySelector("[data-part=list]");
  if (!part) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-part=list]");
  if (next) morphChildren(part, next);
}

for (const form of document.querySelectorAll("form")) form.addEventListener("submit", () => (form.dataset.sent = "yes"));
