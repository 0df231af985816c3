/**
 * The little markup that survives e-mail and chat: **bold**, *italic*, lists and links, kept as plain text. The twin of
 * heartline.common.markup; one file of cases holds both to the same answers. What people wrote never becomes HTML.
 */

/** @typedef {string | ["b" | "i", Part[]] | ["a", string, string]} Part @typedef {["p" | "ul", Part[][]] | ["ol", Part[][], number]} Block */

const URL_END = "[^\\s<>\"'，。；！？）]*[^\\s<>\"'，。；！？）.,;:!?)\\]*_]";
const BARE = new RegExp(`(https?://${URL_END})`, "g");
const INLINE = new RegExp(`\\*\\*(?=\\S)([^*\\n]*[^*\\s])\\*\\*|(?<![A-Za-z0-9_*])([*_])(?=\\S)([^*_\\n]*[^*_\\s])\\2(?![A-Za-z0-9_*])|\\[([^\\[\\]\\n]+)\\]\\(((?:https?://|mailto:|tel:)[^\\s()]+)\\)|(https?://${URL_END})`, "g");
const ITEM = /^(?:([-•])[ \t]+|(\d{1,3})(?:[.)][ \t]+|、[ \t]*))(\S.*)$/;

/** @param {string} text @param {boolean} plain links alone @returns {Part[]} */
function inline(text, plain) {
  /** @type {Part[]} */
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(plain ? BARE : INLINE)) {
    if (found.index > at) parts.push(text.slice(at, found.index));
    at = found.index + found[0].length;
    const [bold, , italic, words, address, bare] = plain ? ["", "", "", "", "", found[1]] : found.slice(1);
    parts.push(bold ? ["b", inline(bold, plain)] : italic ? ["i", inline(italic, plain)] : ["a", words || bare, address || bare]);
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

/** What a text is made of. @param {string} text @param {boolean} [plain] links alone: for what customers write @returns {Block[]} */
export function parse(text, plain = false) {
  /** @type {any[]} */
  const blocks = [];
  for (const line of text.split("\n")) {
    const [, bullet, number, rest] = (!plain && ITEM.exec(line)) || [];
    const kind = bullet ? "ul" : number ? "ol" : "p";
    if (blocks.at(-1)?.[0] !== kind) blocks.push(kind === "ol" ? [kind, [], Number(number)] : [kind, []]);
    blocks.at(-1)[1].push(inline(rest ?? line, plain));
  }
  return blocks;
}

/** The text as it is shown. @param {string} text @param {boolean} [plain] @returns {(string | Node)[]} */
export function dress(text, plain) {
  return parse(text, plain).flatMap(([kind, lines, start]) => {
    if (kind === "p") return lines.flatMap((parts, at) => [...(at ? ["\n"] : []), ...parts.map(draw)]);
    const list = document.createElement(kind);
    if (start) /** @type {HTMLOListElement} */ (list).start = start;
    for (const parts of lines) list.appendChild(document.createElement("li")).append(...parts.map(draw));
    return [list];
  });
}

/** @param {Part} part @returns {string | Node} */
function draw(part) {
  if (typeof part === "string") return part;
  if (part[0] === "a") return Object.assign(document.createElement("a"), { textContent: part[1], href: part[2], target: "_blank", rel: "noopener noreferrer" });
  const element = document.createElement(part[0] === "b" ? "strong" : "em");
  element.append(...part[1].map(draw));
  return element;
}
