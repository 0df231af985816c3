/** Files on their way into a message: by button, by pasting, by dropping; sent while the message is still being written. */

import { fill, megabytes, sized } from "./view.js";

/**
 * @typedef {{token: () => Promise<string>, name: string, size: number, failed: boolean}} Laid
 */

/**
 * @param {HTMLElement} panel
 * @param {import("./door.js").Settings} settings
 * @param {(file: File, progress: (percent: number) => void) => Promise<any>} send
 * @param {() => boolean} isOpen whether there is a chat that files can belong to
 * @param {(problem?: string) => void} complain
 */
export function trayIn(panel, settings, send, isOpen, complain) {
  const { words } = settings;
  /** @param {string} name @returns {any} */
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const list = part("files");
  /** @type {Laid[]} */
  let laid = [];

  /** @param {Iterable<File>} files */
  function lay(files) {
    if (!isOpen()) return;
    complain();
    for (const file of files) {
      if (laid.length >= settings.files) return complain(fill(words.too_many, { limit: settings.files }));
      if (file.size > settings.limit) complain(fill(words.too_large, { size: megabytes(file.size), limit: settings.limit / 1048576 }));
      else start(file);
    }
  }

  /** @param {File} file */
  function start(file) {
    const { name, size } = file;
    const item = document.createElement("li");
    const line = document.createElement("span");
    const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "×", ariaLabel: fill(words.remove, { name }) });
    item.append(line, remove);
    list.append(item);
    list.hidden = false;
    /** @type {Laid} */
    const one = { token: () => (one.failed ? upload() : token), name, size, failed: false };
    /** @type {Promise<string>} */ let token;
    laid.push(one);

    /** A file that got lost on its way is sent again when its message is. */
    function upload() {
      one.failed = false;
      token = send(file, (percent) => (line.textContent = fill(words.uploading, { name, percent }))).then((kept) => {
        line.textContent = `${kept.name} · ${sized(kept.size)}`;
        return kept.token;
      });
      token.catch((error) => {
        one.failed = true;
        line.textContent = fill(words.not_uploaded, { name });
        if (error.message) complain(error.message);
      });
      return token;
    }
    upload();

    remove.addEventListener("click", () => {
      laid = laid.filter((other) => other !== one);
      item.remove();
      list.hidden = laid.length === 0;
      complain();
      part("text").focus();
    });
  }

  part("attach").addEventListener("click", () => part("file").click());
  part("file").addEventListener("change", () => {
    lay(part("file").files);
    part("file").value = "";
  });
  part("text").addEventListener("paste", (/** @type {ClipboardEvent} */ event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    lay(event.clipboardData.files);
  });
  panel.addEventListener("dragover", (event) => event.preventDefault());
  panel.addEventListener("drop", (event) => {
    event.preventDefault();
    lay(event.dataTransfer?.files ?? []);
  });

  return {
    isEmpty: () => laid.length === 0,
    hasFailed: () => laid.some((one) => one.failed),
    /** Hand over what lies here: what to show at once, and how to get each token. */
    empty() {
      const shown = laid.map(({ name, size }) => ({ token: "", name, size, media_type: "" }));
      const tokens = laid.map((one) => one.token);
      laid = [];
      list.replaceChildren();
      list.hidden = true;
      return { shown, tokens };
    },
  };
}
