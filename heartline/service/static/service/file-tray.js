/** Files for a message that is still being written: uploaded at once, each with its progress in words, taken out again by one press. */

import { button, fillWith, h, icon } from "./dom.js";
import { t } from "./text.js";

/** @typedef {{token: string, name: string, media_type: string, size: number}} Kept */

export class FileTray {
  /** @param {(file: File) => Promise<Kept>} upload @param {(problem: string) => void} complain */
  constructor(upload, complain) {
    this.upload = upload;
    this.complain = complain;
    this.element = h("div", { class: "files" });
    this.element.hidden = true;
    /** @type {{name: string, kept: Kept | null}[]} */
    this.files = [];
  }

  get busy() {
    return this.files.some((file) => !file.kept);
  }

  /** @returns {Kept[]} */
  get done() {
    return this.files.flatMap((file) => (file.kept ? [file.kept] : []));
  }

  /** @param {File[]} files */
  add(files) {
    for (const file of files) void this.take(file);
  }

  /** @param {Kept[]} kept */
  restore(kept) {
    this.files.push(...kept.map((one) => ({ name: one.name, kept: one })));
    this.draw();
  }

  clear() {
    this.files = [];
    this.draw();
  }

  /** @param {File} file */
  async take(file) {
    /** @type {{name: string, kept: Kept | null}} */
    const row = { name: file.name, kept: null };
    this.files.push(row);
    this.draw();
    try {
      row.kept = await this.upload(file);
    } catch (error) {
      this.files = this.files.filter((one) => one !== row);
      this.complain(t("file_refused", { name: file.name, why: error instanceof Error ? error.message : "" }));
    }
    this.draw();
  }

  draw() {
    this.element.hidden = this.files.length === 0;
    fillWith(
      this.element,
      ...this.files.map((file) =>
        h("span", { class: "file" }, icon(file.kept ? "paperclip" : "upload"), h("span", { class: "clip", text: file.kept ? file.name : t("uploading", { name: file.name }) }), button("", { class: "btn btn-s btn-icon btn-plain", icon: "x", label: t("remove_file", { name: file.name }), act: () => this.remove(file) })),
      ),
    );
  }

  /** @param {{name: string, kept: Kept | null}} file */
  remove(file) {
    this.files = this.files.filter((one) => one !== file);
    this.draw();
  }
}
