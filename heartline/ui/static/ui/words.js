/** What scripts say, in the reader's language: the page carries it, no script holds a sentence. */

/** @type {Map<string, Record<string, string>>} */
const known = new Map();

/**
 * Return the words a page carries in a JSON block ({{ words|json_script:"ID" }}).
 * @param {string} id
 * @returns {Record<string, string>}
 */
export function wordsFrom(id) {
  const words = known.get(id) ?? /** @type {Record<string, string>} */ (JSON.parse(document.getElementById(id)?.textContent || "{}"));
  known.set(id, words);
  return words;
}

/**
 * Return one of the design system's own words.
 * @param {string} name
 * @param {Record<string, string | number>} [values] fills {placeholders}
 * @returns {string}
 */
export function word(name, values = {}) {
  return fill(wordsFrom("ui-words")[name] ?? name, values);
}

/**
 * Return a phrase with its {placeholders} filled.
 * @param {string} phrase
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(phrase, values) {
  return phrase.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
