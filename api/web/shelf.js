// The list of articles: search, open, remove, and the place to add some.

import * as api from "./api.js";
import { el, say } from "./element.js";
import { provenance } from "./source.js";
import { count } from "./words.js";

const PAGE = 30;

export class Shelf {
  /** @param {{open: Function, changed: Function, uploads: import("./uploads.js").Uploads}} acts */
  constructor(acts) {
    this.acts = acts;
    this.query = "";
    this.request = null;
  }

  /** The list as content of the panel; what was searched for stays. */
  render() {
    this.list = el("ul", { className: "shelf" });
    this.said = el("p", { className: "count", role: "status" });
    this.more = el("button", {
      type: "button", className: "plain", hidden: true, textContent: "More articles",
      on: { click: () => this.#fetch(this.list.childElementCount) },
    });
    const search = el("input", {
      type: "search", value: this.query, placeholder: "Title, publisher or author",
      aria: { label: "Search the list of articles" },
      on: {
        input: () => {
          this.query = search.value.trim();
          this.refresh();
        },
      },
    });
    const content = el(
      "section",
      { className: "articles" },
      el("h2", { id: "panel-title", tabIndex: -1 }, "Articles"),
      this.acts.uploads.element,
      search,
      this.said,
      this.list,
      this.more,
    );
    this.refresh();
    return content;
  }

  /** Fetch the list again, if it is shown. */
  refresh() {
    if (this.list) this.#fetch(0);
  }

  async #fetch(offset) {
    this.request?.abort();
    this.request = new AbortController();
    let page;
    try {
      page = await api.articles({ q: this.query, limit: PAGE, offset }, this.request.signal);
    } catch (error) {
      if (error.name !== "AbortError") this.said.textContent = error.message;
      return;
    }
    const items = page.articles.map((article) => this.#item(article));
    if (offset) {
      this.list.append(...items);
      items[0]?.querySelector("button").focus();
    } else this.list.replaceChildren(...items);
    this.more.hidden = this.list.childElementCount >= page.total;
    this.said.textContent = this.query
      ? `${count(page.total, "article")} found`
      : count(page.total, "article");
  }

  #item(article) {
    const title = article.title || article.id;
    const open = el(
      "button",
      { type: "button", className: "title", on: { click: () => this.acts.open({ id: article.id }, open) } },
      title,
    );
    const acts = el("span", { className: "item-acts" });
    const item = el("li", { data: { id: article.id } }, open, provenance(article), acts);
    this.#offer(acts, article, title, item);
    return item;
  }

  #offer(acts, article, title, item, focus = false) {
    const remove = el("button", {
      type: "button", className: "plain", textContent: "Remove",
      aria: { label: `Remove ${title}` },
      on: { click: () => this.#confirm(acts, article, title, item) },
    });
    acts.replaceChildren(remove);
    if (focus) remove.focus();
  }

  /** Ask in place before anything goes; Esc and "Keep" leave it. */
  #confirm(acts, article, title, item) {
    const keep = el("button", {
      type: "button", className: "plain", textContent: "Keep",
      on: { click: () => this.#offer(acts, article, title, item, true) },
    });
    const yes = el("button", {
      type: "button", className: "plain danger", textContent: "Remove it",
      aria: { label: `Remove ${title} for good` },
      on: { click: () => this.#remove(acts, article, title, item) },
    });
    const confirm = el(
      "span",
      {
        className: "confirm",
        role: "group",
        aria: { label: `Remove ${title}?` },
        on: {
          keydown: (event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            keep.click();
          },
        },
      },
      "Remove it for good? ", yes, " ", keep,
    );
    acts.replaceChildren(confirm);
    keep.focus();
  }

  async #remove(acts, article, title, item) {
    try {
      await api.remove(article.id);
    } catch (error) {
      this.#offer(acts, article, title, item, true);
      acts.append(el("span", { className: "failed", role: "alert" }, ` ${error.message}`));
      return;
    }
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    (next?.querySelector("button") ?? document.getElementById("panel-title")).focus();
    say(`${title} was removed.`);
    this.refresh();
    this.acts.changed();
  }
}
