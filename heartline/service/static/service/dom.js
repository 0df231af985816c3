/** Building and keeping up parts of a page: small enough to need no library. */

const SPRITE = new URL("../ui/icons.svg", import.meta.url).pathname;
/** Meanings and the drawings that stand for them, as in heartline.ui.icons. */
const MEANINGS = { promise: "bookmark", kept: "bookmark-check", broken: "bookmark-x", wait: "clock", note: "lock", "hand-over": "arrow-left-right", callback: "phone-incoming", chat: "message-circle", form: "clipboard-list" };

/** @typedef {string | number | Node | null | undefined | false} Child */

/**
 * Return an element. Properties: `class`, `text`, `on` (listeners), `data`, and attributes; null and false leave one out.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") element.textContent = String(value);
    else if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, /** @type {EventListener} */ (listener));
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...solid(children));
  return element;
}

/** @param {(Child | Child[])[]} children @returns {(string | Node)[]} */
function solid(children) {
  const flat = /** @type {Child[]} */ (children.flat());
  return flat.filter((child) => child !== null && child !== undefined && child !== false).map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * Return an icon by name or meaning.
 * @param {string} name
 * @param {string} [size] "l" for rails
 */
export function icon(name, size = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", size ? `i i-${size}` : "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${SPRITE}#${MEANINGS[/** @type {keyof typeof MEANINGS} */ (name)] ?? name}`);
  svg.append(use);
  return svg;
}

/**
 * Put children in place of those that are there.
 * @param {Element} parent
 * @param {...(Child | Child[])} children
 */
export function fillWith(parent, ...children) {
  parent.replaceChildren(...solid(children));
}

/**
 * Keep a list of elements in step with items: kept where they are, updated, added and removed, so that focus and
 * selection survive.
 * @template Item
 * @param {Element} parent
 * @param {Item[]} items
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item) => string} lookOf changes when the element must be made anew
 * @param {(item: Item) => HTMLElement} make
 */
export function keyed(parent, items, keyOf, lookOf, make) {
  const there = new Map([...parent.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.key ?? "", /** @type {HTMLElement} */ (child)]));
  // What goes goes first: what stays is then where it belongs, and an element that is not moved keeps the focus.
  const wanted = new Set(items.map(keyOf));
  for (const [key, element] of there) {
    if (wanted.has(key)) continue;
    element.remove();
    there.delete(key);
  }
  /** @type {Element | null} */
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const look = lookOf(item);
    let element = there.get(key);
    there.delete(key);
    if (!element || element.dataset.look !== look) {
      const fresh = make(item);
      fresh.dataset.key = key;
      fresh.dataset.look = look;
      if (element) {
        if (place === element) place = fresh;
        const focused = element.contains(document.activeElement);
        if (element === document.activeElement && element.hasAttribute("tabindex")) fresh.tabIndex = element.tabIndex;
        element.replaceWith(fresh);
        if (focused) (fresh.matches("a, button, [tabindex]") ? fresh : /** @type {HTMLElement | null} */ (fresh.querySelector("a, button")))?.focus();
      }
      element = fresh;
    }
    if (element !== place) parent.insertBefore(element, place);
    else place = place.nextElementSibling;
  }
}

/**
 * Return a button.
 * @param {string} words
 * @param {{class?: string, icon?: string, key?: string, act?: (event: Event) => void, label?: string, hidden?: boolean, id?: string, type?: string, wide?: boolean}} options
 */
export function button(words, options) {
  const { class: look = "btn btn-s", icon: sign, key, act, label, type = "button", id } = options;
  const hint = key ? h("kbd", { class: `wide${key.length === 1 ? " letter" : ""}`, text: key }) : null;
  const element = h("button", { class: look, type, id, "aria-label": label, title: label }, sign ? icon(sign) : null, words, hint);
  if (act) element.addEventListener("click", act);
  return /** @type {HTMLButtonElement} */ (element);
}

/**
 * Return a state mark: an icon and words.
 * @param {string} sign
 * @param {Child} words
 * @param {string} [tone]
 */
export function mark(sign, words, tone = "") {
  return h("span", { class: `state ${tone ? `is-${tone}` : ""}` }, icon(sign), words);
}
