/** Things that float: native dialogs and <details> menus. Esc closes, a click outside closes, focus returns where it was. */

/**
 * Open a dialog and return a promise of how it was left: its returnValue, empty when given up.
 * @param {string | HTMLDialogElement} which
 * @returns {Promise<string>}
 */
export function openDialog(which) {
  const dialog = /** @type {HTMLDialogElement | null} */ (typeof which === "string" ? document.getElementById(which) : which);
  if (!dialog) return Promise.resolve("");
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  dialog.returnValue = "";
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        if (before?.isConnected) before.focus();
        resolve(dialog.returnValue);
      },
      { once: true },
    );
  });
}

/**
 * Say whether something modal is open, so that shortcuts stay quiet.
 * @returns {boolean}
 */
export function dialogOpen() {
  return document.querySelector("dialog[open]") !== null;
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {Element} */ (event.target);
  const opener = target.closest?.("[data-dialog]");
  if (opener) {
    event.preventDefault();
    void openDialog(opener.getAttribute("data-dialog") ?? "");
  }
  const closer = target.closest?.("[data-close]");
  if (closer) closer.closest("dialog")?.close(closer.getAttribute("data-close") ?? "");
  // The backdrop is the dialog itself where nothing inside it was hit.
  if (target instanceof HTMLDialogElement && outside(target, event)) target.close();
  for (const menu of document.querySelectorAll("details.menu-at[open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {MouseEvent} event
 */
function outside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  return event.detail > 0 && !inside;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const menu = document.querySelector("details.menu-at[open]");
  if (!menu || event.isComposing) return;
  if (event.key === "Escape") {
    menu.removeAttribute("open");
    /** @type {HTMLElement | null} */ (menu.querySelector("summary"))?.focus();
    event.preventDefault();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && menu.contains(document.activeElement)) {
    if (document.activeElement?.matches("input")) return;
    moveIn(menu, event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
  }
}

/**
 * @param {Element} menu
 * @param {number} step
 */
function moveIn(menu, step) {
  const stops = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll(".menu :is(a, button, input)")].filter((stop) => stop.checkVisibility()));
  const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  stops[(at + step + stops.length) % stops.length]?.focus();
}

/** Connect what is marked: data-dialog="ID", data-close, details.menu-at. */
export function connectFloats() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
}
