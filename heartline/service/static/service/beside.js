/**
 * Two cases side by side on a wide screen. The second stands in a frame of its own: a desk like any other, with its own
 * writing field and drafts, narrowed to one case; it shares the first one's stream as any second tab does.
 */

import { h } from "./dom.js";
import { t } from "./text.js";

/** Whether this page is the second case in another desk. */
export const isBeside = window !== window.parent && document.body.classList.contains("is-beside");
const WIDE = matchMedia("(min-width: 82.01rem)");
const CLOSE = "heartline-close-beside";

export class Beside {
  /** @param {HTMLElement} panes */
  constructor(panes) {
    this.panes = panes;
    /** @type {HTMLElement | null} */
    this.part = null;
    /** @type {HTMLElement | null} what had the focus before */
    this.back = null;
    addEventListener("message", (event) => {
      const frame = this.part?.querySelector("iframe");
      if (event.origin === location.origin && event.source === frame?.contentWindow && event.data === CLOSE) this.close();
    });
    WIDE.addEventListener("change", () => WIDE.matches || this.close());
  }

  /** Whether there is room for two. */
  get fits() {
    return WIDE.matches && !isBeside;
  }

  /** @param {number} caseId */
  open(caseId) {
    this.close();
    this.back = /** @type {HTMLElement | null} */ (document.activeElement);
    this.part = h("section", { class: "beside", "aria-label": t("beside_frame") }, h("iframe", { src: `/desk/case/${caseId}/?beside=1`, title: `${t("beside_frame")}${t("comma")}${t("case_n", { id: caseId })}` }));
    this.panes.classList.add("has-beside");
    this.panes.append(this.part);
  }

  close() {
    if (!this.part) return;
    this.part.remove();
    this.part = null;
    this.panes.classList.remove("has-beside");
    this.back?.focus();
  }
}

/** Ask the desk around this one to put it away. */
export function leaveBeside() {
  window.parent.postMessage(CLOSE, location.origin);
}
