/** Draws what the chat shows. Everything people wrote goes in as text, never as HTML. */

/**
 * @typedef {{token: string, name: string, media_type: string, size: number}} Attachment
 * @typedef {{id?: number, key: string, author: string, name?: string, text: string, at: string, attachments: Attachment[],
 *   delivered_at?: string | null, read_at?: string | null}} Message
 */

/** @param {string} phrase @param {Record<string, string | number>} values */
export const fill = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

/** @param {number} size */
export const megabytes = (size) => (size / 1048576).toFixed(1);
/** @param {number} size */
export const sized = (size) => (size < 1048576 ? `${Math.ceil(size / 1024)} KB` : `${megabytes(size)} MB`);

/** @param {string} said */
const languageOf = (said) => (/\p{Script=Han}/u.test(said) ? "zh-Hans" : "en");

/** @param {HTMLElement} place @param {string} said links in it open beside the chat */
function write(place, said) {
  place.lang = languageOf(said);
  for (const part of said.split(/(https?:\/\/[^\s<>"'，。；！？）]+)/)) {
    if (!/^https?:\/\//.test(part)) place.append(part);
    else place.append(Object.assign(document.createElement("a"), { href: part, textContent: part, target: "_blank", rel: "noopener noreferrer" }));
  }
}

/**
 * Draw a message.
 * @param {HTMLTemplateElement} template @param {Message} message @param {Record<string, string>} words
 * @param {(token: string) => Promise<string>} fetchFile @param {() => void} onFault
 */
export function drawMessage(template, message, words, fetchFile, onFault) {
  const piece = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
  /** @param {string} name @returns {HTMLElement} */
  const part = (name) => /** @type {HTMLElement} */ (piece.querySelector(name));
  const mine = message.author === "customer";
  if (mine) piece.classList.add("chat-me");
  part("b").lang = languageOf(message.name ?? "");
  part("b").textContent = mine ? words.you : message.name || words.title;
  part("time").textContent = new Date(message.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  part("time").setAttribute("datetime", message.at);
  write(part(".chat-text"), message.text);
  // Until that is here, and wherever it does not come, the words stand as they were written.
  if (!mine && /[*_[]|^([-•] |\d+[.)、])/m.test(message.text)) import("./markup.js").then(({ dress }) => part(".chat-text").replaceChildren(...dress(message.text)), () => {});
  drawFiles(piece, message.attachments, fetchFile, onFault);
  return piece;
}

/** @param {HTMLElement} piece @param {Attachment[]} files @param {(token: string) => Promise<string>} fetchFile @param {() => void} onFault */
export function drawFiles(piece, files, fetchFile, onFault) {
  piece.querySelector(".chat-with")?.replaceChildren(...files.map((file) => drawFile(file, fetchFile, onFault)));
}

/** @param {Attachment} file @param {(token: string) => Promise<string>} fetchFile @param {() => void} onFault */
function drawFile(file, fetchFile, onFault) {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: `${file.name} · ${sized(file.size)}` });
  item.append(button);
  if (!file.token) return item;
  const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.media_type);
  const address = picture ? fetchFile(file.token) : undefined;
  address?.then((url) => button.replaceChildren(Object.assign(document.createElement("img"), { src: url, alt: file.name })), () => {});
  button.addEventListener("click", () => {
    (address ?? fetchFile(file.token)).then((url) => {
      const link = Object.assign(document.createElement("a"), { href: url, target: "_blank", rel: "noopener" });
      if (!picture) link.download = file.name;
      link.click();
    }, onFault);
  });
  return item;
}

/** @param {string} said */
export function drawNote(said) {
  return Object.assign(document.createElement("p"), { className: "chat-note", textContent: said });
}

/** Two soft notes, made here: no sound has to be fetched. Silent where the browser wants a click first. */
export function chime() {
  try {
    const air = new AudioContext();
    for (const [start, pitch] of [[0, 660], [0.16, 880]]) {
      const tone = air.createOscillator();
      const loud = air.createGain();
      const from = air.currentTime + start;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.08, from);
      loud.gain.exponentialRampToValueAtTime(0.001, from + 0.3);
      tone.connect(loud).connect(air.destination);
      tone.start(from);
      tone.stop(from + 0.3);
    }
    setTimeout(() => air.close(), 1000);
  } catch {
    // a browser without sound
  }
}
