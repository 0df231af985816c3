/**
 * Makes one piece of the page like another without replacing what is the same: focus stays where it is, an opened row
 * stays open, and nothing flickers. Rows are known by their ids; what carries data-keep is left alone.
 */

/**
 * @param {Element} present what is on the page, changed in place
 * @param {ParentNode} next what it should look like
 */
export function morphChildren(present, next) {
  const kept = new Map([...present.children].filter((child) => child.id).map((child) => [child.id, child]));
  let place = present.firstChild;
  for (const wanted of [...next.childNodes]) {
    place = skipKept(place);
    const known = wanted instanceof Element && wanted.id ? kept.get(wanted.id) : undefined;
    if (known) {
      if (known !== place) present.insertBefore(known, place);
      else place = place.nextSibling;
      morph(known, /** @type {Element} */ (wanted));
    } else if (place && alike(place, wanted)) {
      const here = place;
      place = place.nextSibling;
      if (here instanceof Element) morph(here, /** @type {Element} */ (wanted));
      else if (here.nodeValue !== wanted.nodeValue) here.nodeValue = wanted.nodeValue;
    } else {
      present.insertBefore(wanted, place);
    }
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    if (!isKept(gone)) gone.remove();
  }
}

/**
 * @param {Element} present
 * @param {Element} next
 */
function morph(present, next) {
  if (present.isEqualNode(next)) return;
  if (present.tagName !== next.tagName) {
    present.replaceWith(next);
    return;
  }
  for (const { name } of [...present.attributes]) {
    if (!next.hasAttribute(name) && !mayDiffer(present, name)) present.removeAttribute(name);
  }
  for (const { name, value } of [...next.attributes]) {
    if (present.getAttribute(name) !== value && !mayDiffer(present, name)) present.setAttribute(name, value);
  }
  morphChildren(present, next);
}

/** Whether the reader's own hand set an attribute. @param {Element} element @param {string} name */
function mayDiffer(element, name) {
  return name === "open" && element.hasAttribute("data-keep-open");
}

/** @param {ChildNode} here @param {Node} wanted */
function alike(here, wanted) {
  if (here.nodeType !== wanted.nodeType) return false;
  return !(here instanceof Element) || (!here.id && here.tagName === /** @type {Element} */ (wanted).tagName);
}

/** @param {Node} node */
function isKept(node) {
  return node instanceof Element && node.hasAttribute("data-keep");
}

/** @param {ChildNode | null} place */
function skipKept(place) {
  while (place && isKept(place)) place = place.nextSibling;
  return place;
}
