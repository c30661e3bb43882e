// Adding: files that are dropped anywhere or chosen, links and feeds, and texts that are pasted.

import * as api from "./api.js";
import { act, byId, el } from "./element.js";
import { JobRow, notedRows, noteRows } from "./job-row.js";
import { T } from "./strings.js";

// More files than this share a row.
const MOST_ROWS = 20;

export class Adding {
  /** @param {{opened: Function, changed: Function}} acts */
  constructor(acts) {
    this.acts = acts;
    this.rows = [];
    this.list = el("ul", { className: "uploads" });
    this.clear = act(T.clearRows, () => this.#clearRows(), { hidden: true });
    this.input = el("input", {
      type: "file", multiple: true, className: "unseen", tabIndex: -1,
      aria: { hidden: "true" },
      on: {
        change: () => {
          this.send([...this.input.files]);
          this.input.value = "";
        },
      },
    });
    const choose = el("button", { type: "button", textContent: T.addFiles, on: { click: () => this.input.click() } });
    this.form = el("div", {});
    this.element = el(
      "div",
      { className: "adding" },
      el("p", {}, choose, el("span", { className: "drop-hint" }, T.orDrop)),
      el("p", { className: "acts" }, this.#opens(T.addLink, linkForm), this.#opens(T.addText, textForm)),
      this.form,
      this.input,
      this.list,
      this.clear,
    );
    this.#listen();
    this.#resume();
  }

  #listen() {
    // Files that are not sent yet would have to be chosen again.
    window.addEventListener("beforeunload", (event) => {
      if (this.rows.some((row) => row.unsent)) event.preventDefault();
    });
    // dragenter and dragleave fire for every element on the way; only the balance tells.
    let depth = 0;
    const veil = byId("drop");
    const files = (event) => event.dataTransfer?.types.includes("Files");
    window.addEventListener("dragenter", (event) => {
      if (files(event)) veil.hidden = ++depth < 1;
    });
    window.addEventListener("dragleave", (event) => {
      if (files(event)) veil.hidden = --depth < 1;
    });
    window.addEventListener("dragover", (event) => files(event) && event.preventDefault());
    window.addEventListener("drop", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      depth = 0;
      veil.hidden = true;
      this.acts.opened();
      this.send([...event.dataTransfer.files]);
    });
  }

  /** A button that opens a form in place, or closes it again. */
  #opens(label, make) {
    const button = act(label, () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      for (const other of this.element.querySelectorAll("[aria-expanded]")) other.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-expanded", String(open));
      this.form.replaceChildren(...(open ? [make((name, send, words) => this.#add(name, send, words))] : []));
      this.form.querySelector("input, textarea")?.focus();
    });
    button.setAttribute("aria-expanded", "false");
    return button;
  }

  /** Send files, each as a job with a row of its own; very many go as one. */
  async send(files) {
    const jobs = files.length > MOST_ROWS ? [files] : files.map((file) => [file]);
    const rows = jobs.map((each) => new JobRow(each.length === 1 ? each[0].name : T.files(each.length)));
    this.#show(rows);
    noteRows(rows);
    // One after another: the library has one writer, and its queue an end.
    for (const [i, row] of rows.entries()) {
      await row.send((progress) => api.upload(jobs[i], progress));
      this.#ended();
    }
  }

  /** Add the two articles that come with Pullquote. */
  samples() {
    return this.#add(T.samples, () => api.addSamples());
  }

  async #add(name, send, words) {
    const row = new JobRow(name);
    this.#show([row]);
    noteRows([row]);
    await row.send(send, words);
    this.#ended();
  }

  #show(rows) {
    this.rows.push(...rows);
    this.list.prepend(...rows.map((row) => row.element));
  }

  #ended() {
    this.clear.hidden = !this.rows.some((row) => row.done);
    this.acts.changed();
  }

  #clearRows() {
    for (const row of this.rows.filter((each) => each.done)) row.drop();
    this.rows = this.rows.filter((row) => !row.done);
    this.clear.hidden = true;
    document.getElementById("panel-title")?.focus();
  }

  /** The rows that were there before the page was loaded anew. */
  #resume() {
    const noted = notedRows().map(({ key, name, job }) => ({ row: new JobRow(name, key), job }));
    this.#show(noted.map(({ row }) => row));
    for (const { row, job } of noted) row.resume(job).then(() => this.#ended());
  }
}

function linkForm(add) {
  const field = el("input", { type: "url", required: true, placeholder: "https://", dir: "ltr" });
  return form([labelled(T.linkLabel, field)], () => {
    const url = field.value.trim();
    field.value = "";
    add(url, () => api.addArticle({ url }), T.fetching);
  });
}

function textForm(add) {
  const title = el("input", { type: "text", dir: "auto" });
  const publisher = el("input", { type: "text", dir: "auto" });
  const day = el("input", { type: "date" });
  const text = el("textarea", { rows: 6, required: true, dir: "auto" });
  const fields = [
    labelled(T.titleLabel, title),
    labelled(T.publisherLabel, publisher),
    labelled(T.published, day),
    labelled(T.textLabel, text),
  ];
  return form(fields, () => {
    const article = { text: text.value, title: title.value.trim() };
    if (publisher.value.trim()) article.publisher = publisher.value.trim();
    if (day.value) article.published_at = day.value;
    for (const field of [title, publisher, day, text]) field.value = "";
    add(article.title || `${article.text.trim().slice(0, 40)} …`, () => api.addArticle(article));
  });
}

function labelled(words, field) {
  return el("label", {}, words, field);
}

function form(fields, submit) {
  const element = el("form", { className: "add-form" }, ...fields, el("button", { type: "submit", className: "plain" }, T.add));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  return element;
}
