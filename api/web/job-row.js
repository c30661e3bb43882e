// What is being added, a row for each file, link or text, and how far it is. A row is noted in this
// tab, so that it is there again after a reload.

import * as api from "./api.js";
import { el, say } from "./element.js";
import { keptAs } from "./root.js";
import { T } from "./strings.js";

const KEY = keptAs("pullquote-adding");

// What passes: no answer (0), too many requests, a server that is busy or begins anew.
const PASSING = [0, 429, 502, 503, 504];
// Questions of a job in a row that may fail so, some two seconds apart.
const MOST_FAILURES = 30;

/** The rows of this tab before it was reloaded, from the top: `{key, name, job}`, `job` being the id, if any. */
export function notedRows() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function note(change) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(change(notedRows())));
  } catch {
    // Without storage a row is there until the page is left.
  }
}

/** Note rows before anything of them is sent, so that a reload loses none. */
export function noteRows(rows) {
  for (const row of rows) row.unsent = true;
  note((noted) => [...rows.map(({ key, name }) => ({ key, name })), ...noted]);
}

export class JobRow {
  /** @param {string} name of what is added */
  constructor(name, key = crypto.getRandomValues(new Uint32Array(2)).join("-")) {
    this.name = name;
    this.key = key;
    this.done = false;
    // Whether what it is of would be lost if the page were left.
    this.unsent = false;
    this.bar = el("progress", { max: 1, value: 0, aria: { label: T.adding(name) } });
    this.state = el("span", { className: "state", role: "status" }, T.waiting);
    this.element = el("li", {}, this.#title(), " ", this.state, this.bar);
  }

  /** Send it by `send(onProgress)`, which gives the job, and follow that to its end. */
  async send(send, words = T.sending) {
    this.state.textContent = words;
    return this.#outcome(async () => {
      const job = await send((share) => (this.bar.value = share / 2));
      this.unsent = false;
      note((rows) => rows.map((row) => (row.key === this.key ? { ...row, job: job.id } : row)));
      return this.#follow(job);
    });
  }

  /** Follow a job again after a reload; without one, say that nothing was sent. */
  async resume(job) {
    if (!job) return this.#refuse(T.notSent);
    return this.#outcome(async () => this.#follow(await api.job(job)));
  }

  /** Forget the row. */
  drop() {
    this.element.remove();
    note((rows) => rows.filter((row) => row.key !== this.key));
  }

  async #outcome(work) {
    try {
      this.#finish(await work());
    } catch (error) {
      this.#refuse(error.message);
      say(T.notAdded(this.name, error.message));
    }
  }

  #title() {
    return el("span", { className: "name", dir: "auto" }, this.name);
  }

  /** Wait for the job; a small upload may come back finished. */
  async #follow(job) {
    let wait = 100;
    let failures = 0;
    while (job.state === "queued" || job.state === "running") {
      this.#tell(job);
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 1.5, 2000);
      try {
        job = await api.job(job.id);
        failures = 0;
      } catch (error) {
        // The job goes on meanwhile; only who asks for it has lost it.
        if (!PASSING.includes(error.status) || ++failures > MOST_FAILURES) throw error;
      }
    }
    if (job.state === "failed") throw new Error(job.error?.detail ?? job.error ?? T.failed);
    return job.report ?? job;
  }

  #tell({ state, progress = {} }) {
    const { done = 0, total, passages } = progress;
    if (state === "queued") this.state.textContent = T.waiting;
    else if (total > 1) this.state.textContent = T.indexing(done, total);
    else if (passages) this.state.textContent = T.indexed(passages);
    else this.state.textContent = T.readingFile;
    // Until it is known how many there are, an undetermined bar is the honest one.
    if (total) this.bar.value = 0.5 + done / total / 2;
    else this.bar.removeAttribute("value");
  }

  #finish(report) {
    const said = outcome(report);
    const reasons = (report.failed ?? []).map((each) => reason(each, this.name));
    // Where one thing was to be added and could not be, why is all there is to say.
    if (reasons.length === 1 && said === T.outcome.failed(1)) throw new Error(reasons[0]);
    const failed = reasons.map((each) => el("li", {}, failure(each)));
    this.done = true;
    this.element.replaceChildren(
      this.#title(),
      " ",
      el("span", { className: "state" }, said),
      ...(failed.length ? [el("ul", {}, ...failed)] : []),
    );
    say(`${this.name}: ${said}`);
  }

  #refuse(words) {
    this.done = true;
    this.unsent = false;
    this.element.replaceChildren(this.#title(), " ", failure(words));
  }
}

function outcome({ added = [], updated = [], unchanged = 0, failed = [] }) {
  return [
    added.length && T.outcome.added(added.length),
    updated.length && T.outcome.updated(updated.length),
    unchanged && T.outcome.unchanged(unchanged),
    failed.length && T.outcome.failed(failed.length),
  ].filter(Boolean).join(", ") || T.outcome.nothing;
}

function reason(each, name) {
  if (typeof each === "string") return each;
  return [each.source !== name && each.source, each.reason ?? each.detail ?? each.message].filter(Boolean).join(": ");
}

function failure(words) {
  return el("span", { className: "failed" }, words);
}
