// How far an import has come: asked for every second while it runs, and the page is fetched again when it ends.

import { get } from "../ui/http.js";

const EVERY = 1000;
const box = document.getElementById("progress");

/** Put the figures where they belong. @param {Record<string, any>} now */
function show(now) {
  const bar = box?.querySelector("progress");
  if (bar) bar.value = now.done;
  for (const place of box?.querySelectorAll("[data-figure]") ?? []) {
    place.textContent = String(now[/** @type {HTMLElement} */ (place).dataset.figure ?? ""] ?? "");
  }
}

async function ask() {
  try {
    const now = await get(box?.dataset.progress ?? "");
    show(now);
    if (now.state !== box?.dataset.state) {
      location.reload();
      return;
    }
  } catch {
    // no connection at this moment: the next question may be answered
  }
  setTimeout(ask, EVERY);
}

if (box?.dataset.state === "running") setTimeout(ask, EVERY);
