/**
 * Files for a message that is still being written: limits are told before anything is sent, each file goes up at once
 * with its progress, can be given up on the way, and is taken out again by one press.
 */

import { button, fillWith, h, icon } from "./dom.js";
import { fileLimits, t } from "./text.js";

/** @typedef {{token: string, name: string, media_type: string, size: number}} Kept */
/** @typedef {{name: string, kept: Kept | null, share: number, give: AbortController, going?: Promise<Kept>, bar?: HTMLProgressElement}} Row */

export class FileTray {
  /**
   * @param {(file: File, options: {progress: (share: number) => void, signal: AbortSignal}) => Promise<Kept>} upload
   * @param {(problem: string) => void} complain
   * @param {() => void} changed what is in the tray is another
   */
  constructor(upload, complain, changed) {
    this.upload = upload;
    this.complain = complain;
    this.changed = changed;
    this.element = h("div", { class: "files" });
    this.element.hidden = true;
    /** @type {Row[]} */
    this.files = [];
  }

  get busy() {
    return this.files.some((file) => !file.kept);
  }

  /** @returns {Kept[]} */
  get done() {
    return this.files.flatMap((file) => (file.kept ? [file.kept] : []));
  }

  /** Wait until everything is up; resolves to whether everything arrived and is still wanted. */
  async settled() {
    const rows = [...this.files];
    await Promise.allSettled(rows.map((row) => row.going));
    return rows.every((row) => row.kept && this.files.includes(row));
  }

  /** @param {File[]} files */
  add(files) {
    const { count } = fileLimits();
    const room = Math.max(0, count - this.files.length);
    if (files.length > room) this.complain(t("too_many_files", { n: count }));
    for (const file of files.slice(0, room)) void this.take(file);
  }

  /** @param {Kept[]} kept */
  restore(kept) {
    const there = new Set(this.done.map((one) => one.token));
    for (const one of kept) if (!there.has(one.token)) this.files.push({ name: one.name, kept: one, share: 1, give: new AbortController() });
    this.draw();
  }

  clear() {
    for (const file of this.files) if (!file.kept) file.give.abort();
    this.files = [];
    this.draw();
  }

  /** @param {File} file */
  async take(file) {
    const why = refused(file);
    if (why) return this.complain(`${file.name}${t("colon")}${why}`);
    /** @type {Row} */
    const row = { name: file.name || t("pasted_picture"), kept: null, share: 0, give: new AbortController() };
    this.files.push(row);
    this.draw();
    try {
      const progress = (/** @type {number} */ share) => {
        row.share = share;
        if (row.bar) row.bar.value = share;
      };
      row.going = this.upload(file, { progress, signal: row.give.signal });
      row.kept = await row.going;
      this.changed();
    } catch (error) {
      this.files = this.files.filter((one) => one !== row);
      if (!row.give.signal.aborted) this.complain(`${row.name}${t("colon")}${error instanceof Error ? error.message : ""}`);
    }
    this.draw();
  }

  draw() {
    this.element.hidden = this.files.length === 0;
    fillWith(this.element, ...this.files.map((file) => this.chip(file)));
  }

  /** @param {Row} file */
  chip(file) {
    file.bar = file.kept ? undefined : /** @type {HTMLProgressElement} */ (h("progress", { max: 1, value: file.share, "aria-label": t("uploading", { name: file.name }) }));
    const image = file.kept?.media_type.startsWith("image/") ? h("img", { class: "file-small", src: `/files/${file.kept.token}`, alt: "" }) : null;
    return h("span", { class: "file" }, image ?? icon(file.kept ? "paperclip" : "upload"), h("span", { class: "clip", text: file.name }), file.bar, button("", { class: "btn btn-s btn-icon btn-plain", icon: "x", label: t("remove_file", { name: file.name }), act: () => this.remove(file) }));
  }

  /** @param {Row} file */
  remove(file) {
    file.give.abort();
    this.files = this.files.filter((one) => one !== file);
    this.draw();
    this.changed();
  }
}

/** Why a file will not be taken, known before it is sent; empty when nothing speaks against it. @param {File} file */
function refused(file) {
  const { bytes, megabytes, accept, kinds } = fileLimits();
  if (file.size > bytes) return t("file_too_large", { size: (file.size / 1024 / 1024).toFixed(1), limit: megabytes });
  const ending = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase();
  return ending && !accept.split(",").includes(`.${ending}`) ? t("file_wrong_kind", { kinds }) : "";
}
