// Adding files: dropped anywhere on the page, or chosen.

import * as api from "./api.js";
import { byId, el, say } from "./element.js";
import { count } from "./words.js";

// More files than this share a row.
const MOST_ROWS = 20;

export class Uploads {
  /** @param {{opened: Function, changed: Function}} acts */
  constructor(acts) {
    this.acts = acts;
    this.rows = el("ul", { className: "uploads" });
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
    const choose = el("button", {
      type: "button", textContent: "Add files", on: { click: () => this.input.click() },
    });
    this.element = el(
      "div",
      { className: "adding" },
      el("p", {}, choose, " or drop them anywhere on the page."),
      this.input,
      this.rows,
    );
    this.#listen();
  }

  #listen() {
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

  /** Send files, each as a job with a row of its own; very many go as one. */
  async send(files) {
    const jobs = files.length > MOST_ROWS ? [files] : files.map((file) => [file]);
    const rows = jobs.map((each) => new Row(each));
    this.rows.prepend(...rows.map((row) => row.element));
    // One after another: the library has one writer, and its queue an end.
    for (const row of rows) {
      await row.send();
      this.acts.changed();
    }
  }
}

/** What is being added, and how far it is. */
class Row {
  constructor(files) {
    this.files = files;
    this.name = files.length === 1 ? files[0].name : count(files.length, "file");
    this.bar = el("progress", { max: 1, value: 0, aria: { label: `Adding ${this.name}` } });
    this.state = el("span", { className: "state", role: "status" }, "waiting");
    this.element = el("li", {}, this.#title(), " ", this.state, this.bar);
  }

  /** Send the files as one job and follow it. */
  async send() {
    this.state.textContent = "sending";
    try {
      const sent = await api.upload(this.files, (share) => (this.bar.value = share / 2));
      this.#done(await this.#follow(sent));
    } catch (error) {
      this.element.replaceChildren(this.#title(), " ", failure(error.message));
      say(`${this.name} could not be added: ${error.message}`);
    }
  }

  #title() {
    return el("span", { className: "name" }, this.name);
  }

  /** Wait for the job; a small upload may come back finished. */
  async #follow(job) {
    let wait = 100;
    while (job.state === "queued" || job.state === "running") {
      const progress = job.progress ?? {};
      this.state.textContent = progress.passages ? `${count(progress.passages, "passage")} indexed` : "indexing";
      // Nobody knows how many passages there will be: an undetermined bar is the honest one.
      if (progress.total) this.bar.value = 0.5 + (progress.done ?? 0) / progress.total / 2;
      else this.bar.removeAttribute("value");
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 1.5, 2000);
      job = await api.job(job.id);
    }
    if (job.state === "failed") throw new Error(job.error?.detail ?? job.error ?? "It failed.");
    return job.report ?? job;
  }

  #done(report) {
    const said = outcome(report);
    const failed = (report.failed ?? []).map((each) => el("li", {}, failure(reason(each))));
    this.element.replaceChildren(
      this.#title(),
      " ",
      el("span", { className: "state" }, said),
      ...(failed.length ? [el("ul", {}, ...failed)] : []),
    );
    say(`${this.name}: ${said}`);
  }
}

function outcome({ added = [], updated = [], unchanged = 0, failed = [] }) {
  return [
    added.length && `${count(added.length, "article")} added`,
    updated.length && `${updated.length} replaced`,
    unchanged && `${unchanged} there already`,
    failed.length && `${failed.length} not added`,
  ].filter(Boolean).join(", ") || "no article in it";
}

function reason(each) {
  if (typeof each === "string") return each;
  return [each.source, each.reason ?? each.detail ?? each.message].filter(Boolean).join(": ");
}

function failure(words) {
  return el("span", { className: "failed" }, words);
}
