// Which articles may answer: publishers, languages, days, and articles one by one.

import { byId, el } from "./element.js";
import { T } from "./strings.js";
import { day, language } from "./words.js";

export class Filters {
  /** @param {Function} changed called after every change of the choice by the user */
  constructor(changed) {
    this.changed = changed;
    this.details = byId("filters");
    this.from = byId("from");
    this.to = byId("to");
    this.publishers = new Ticks(byId("publishers"), (name) => name);
    this.languages = new Ticks(byId("languages"), language);
    this.articles = new Map();
    byId("clear-filters").addEventListener("click", () => {
      this.value = {};
      this.details.querySelector("summary").focus();
      this.changed();
    });
    this.details.addEventListener("change", () => this.#tell());
    this.#showArticles();
  }

  /** Offer these publishers and languages, each `{name, articles}`; what is chosen stays. */
  offer(publishers, languages) {
    this.publishers.offer(publishers);
    this.languages.offer(languages);
    // One language is no choice.
    byId("languages").closest("fieldset").hidden = this.languages.size < 2;
  }

  /** As the contract has it, without what is not set. */
  get value() {
    const value = {};
    if (this.publishers.chosen.size) value.publisher = [...this.publishers.chosen];
    if (this.languages.chosen.size) value.language = [...this.languages.chosen];
    if (this.articles.size) value.article_ids = [...this.articles.keys()];
    if (this.from.value) value.published_from = this.from.value;
    if (this.to.value) value.published_to = this.to.value;
    return value;
  }

  set value(filters) {
    this.publishers.chosen = new Set(filters.publisher);
    this.languages.chosen = new Set(filters.language);
    this.articles = new Map((filters.article_ids ?? []).map((id) => [id, this.articles.get(id) ?? id]));
    this.from.value = filters.published_from ?? "";
    this.to.value = filters.published_to ?? "";
    this.publishers.fill();
    this.languages.fill();
    this.#showArticles();
    this.#say();
  }

  has(id) {
    return this.articles.has(id);
  }

  /** Take an article into the choice, or leave it out again. */
  choose({ id, title }, wanted = true) {
    if (wanted) this.articles.set(id, title || id);
    else this.articles.delete(id);
    this.#showArticles();
    this.#tell();
  }

  /** What articles are called, where only their ids came with a link. */
  name({ id, title }) {
    if (!this.articles.has(id) || !title) return;
    this.articles.set(id, title);
    this.#showArticles();
    this.#say();
  }

  #showArticles() {
    const items = [...this.articles].map(([id, title]) => {
      const drop = el("button", {
        type: "button", className: "plain", textContent: "×", aria: { label: T.dropArticle(title) },
        on: {
          click: () => {
            this.choose({ id }, false);
            byId("choose-articles").focus();
          },
        },
      });
      return el("li", {}, el("span", { dir: "auto" }, title), " ", drop);
    });
    byId("chosen-articles").replaceChildren(...items);
  }

  #tell() {
    this.#say();
    this.changed();
  }

  #say() {
    const { publisher = [], language: tongues = [], article_ids: ids = [] } = this.value;
    const { published_from: from, published_to: to } = this.value;
    const said = [
      ids.length === 1 ? this.articles.get(ids[0]) : ids.length && T.articlesChosen(ids.length),
      publisher.length === 1 ? publisher[0] : publisher.length && T.publishersChosen(publisher.length),
      tongues.length === 1 ? language(tongues[0]) : tongues.length && T.languagesChosen(tongues.length),
      from && T.fromDay(day(from)),
      to && T.toDay(day(to)),
    ].filter(Boolean);
    byId("filters-said").textContent = said.length ? `: ${said.join(", ")}` : "";
    this.from.max = to ?? "";
    this.to.min = from ?? "";
  }
}

/** Boxes to tick, with how many articles each stands for. */
class Ticks {
  constructor(element, name) {
    this.element = element;
    this.name = name;
    this.chosen = new Set();
    this.known = [];
    this.fill();
  }

  get size() {
    return this.known.length;
  }

  offer(known) {
    this.known = known;
    this.fill();
  }

  fill() {
    const counts = new Map([...this.chosen].map((value) => [value, null]));
    for (const { name, articles } of this.known) counts.set(name, articles);
    const all = [...counts].sort(([a], [b]) => this.name(a).localeCompare(this.name(b)));
    this.element.replaceChildren(...all.map(([value, articles]) => this.#tick(value, articles)));
    if (!all.length) this.element.append(el("p", { className: "none" }, T.nonePublishers));
  }

  #tick(value, articles) {
    const change = () => (box.checked ? this.chosen.add(value) : this.chosen.delete(value));
    const box = el("input", { type: "checkbox", checked: this.chosen.has(value), on: { change } });
    const many = articles && el("span", { className: "many" }, ` (${articles})`);
    return el("label", { className: "choice" }, box, " ", el("bdi", {}, this.name(value)), many);
  }
}
