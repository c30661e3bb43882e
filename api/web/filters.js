// Which articles may answer: publishers and dates.

import { byId, el } from "./element.js";
import { count } from "./words.js";

export class Filters {
  constructor() {
    this.details = byId("filters");
    this.list = byId("publishers");
    this.from = byId("from");
    this.to = byId("to");
    this.chosen = new Set();
    byId("clear-filters").addEventListener("click", () => {
      this.value = {};
      this.details.querySelector("summary").focus();
    });
    this.details.addEventListener("change", () => this.#say());
    this.#fill([]);
  }

  /** Offer these, each `{publisher, articles}`; those that are chosen stay, known or not. */
  offer(publishers) {
    this.#fill(publishers);
  }

  /** As the contract has it, without what is not set. */
  get value() {
    const value = {};
    if (this.chosen.size) value.publisher = [...this.chosen];
    if (this.from.value) value.published_from = this.from.value;
    if (this.to.value) value.published_to = this.to.value;
    return value;
  }

  set value(filters) {
    this.chosen = new Set(filters.publisher ?? []);
    this.from.value = filters.published_from ?? "";
    this.to.value = filters.published_to ?? "";
    this.#fill(this.known);
    this.#say();
  }

  #fill(publishers) {
    this.known = publishers;
    const counts = new Map([...this.chosen].map((name) => [name, null]));
    for (const { publisher, articles } of publishers) counts.set(publisher, articles);
    const all = [...counts].sort(([a], [b]) => a.localeCompare(b));
    this.list.replaceChildren(...all.map(([name, articles]) => this.#choice(name, articles)));
    if (!all.length) this.list.append(el("p", { className: "none" }, "No article names one."));
  }

  #choice(name, articles) {
    const box = el("input", {
      type: "checkbox",
      checked: this.chosen.has(name),
      on: {
        change: () => (box.checked ? this.chosen.add(name) : this.chosen.delete(name)),
      },
    });
    const many = articles && el("span", { className: "many" }, ` (${articles})`);
    return el("label", { className: "choice" }, box, ` ${name}`, many);
  }

  #say() {
    const { publisher = [], published_from: from, published_to: to } = this.value;
    const said = [
      publisher.length === 1 ? publisher[0] : publisher.length && count(publisher.length, "publisher"),
      from && `from ${from}`,
      to && `to ${to}`,
    ].filter(Boolean);
    byId("filters-said").textContent = said.length ? `: ${said.join(", ")}` : "";
    this.from.max = to ?? "";
    this.to.min = from ?? "";
  }
}
