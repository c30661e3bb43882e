// The list of articles: search, open, choose, remove, and the place to add some.

import * as api from "./api.js";
import { act, el, say } from "./element.js";
import { provenance } from "./source.js";
import { T } from "./strings.js";

const PAGE = 30;

export class Shelf {
  /**
   * @param {{open: Function, changed: Function, adding: import("./adding.js").Adding,
   *   filters: import("./filters.js").Filters}} acts
   */
  constructor(acts) {
    this.acts = acts;
    this.query = "";
    this.request = null;
  }

  /** The list as content of the panel; what was searched for stays. */
  render() {
    this.list = el("ul", { className: "shelf" });
    this.said = el("p", { className: "count", role: "status" });
    this.more = act(T.moreArticles, () => this.#fetch(this.list.childElementCount), { hidden: true });
    const search = el("input", {
      type: "search", value: this.query, placeholder: T.searchHint, dir: "auto",
      aria: { label: T.searchArticles },
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
      el("h2", { id: "panel-title", tabIndex: -1 }, T.articles),
      this.acts.adding.element,
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
    this.said.textContent = this.query ? T.foundCount(page.total) : T.count(page.total);
  }

  #item(article) {
    const title = article.title || article.id;
    const open = act(title, (from) => this.acts.open({ id: article.id }, from), { className: "title" });
    const acts = el("span", { className: "item-acts" });
    const item = el("li", { dir: "auto", data: { id: article.id } }, this.#tick(article, title), open, provenance(article), acts);
    this.#offer(acts, article, title, item);
    return item;
  }

  #tick(article, title) {
    const { filters } = this.acts;
    return el("input", {
      type: "checkbox", className: "tick", checked: filters.has(article.id), aria: { label: T.askOnly(title) },
      on: { change: (event) => filters.choose(article, event.target.checked) },
    });
  }

  #offer(acts, article, title, item, focus = false) {
    const remove = act(T.remove, () => this.#confirm(acts, article, title, item));
    remove.setAttribute("aria-label", T.removeOf(title));
    acts.replaceChildren(remove);
    if (focus) remove.focus();
  }

  /** Ask in place before anything goes; Esc and "Keep" leave it. */
  #confirm(acts, article, title, item) {
    const keep = act(T.keepIt, () => this.#offer(acts, article, title, item, true));
    const yes = act(T.removeIt, () => this.#remove(acts, article, title, item), { className: "plain danger" });
    yes.setAttribute("aria-label", T.removeFor(title));
    const confirm = el(
      "span",
      {
        className: "confirm",
        role: "group",
        aria: { label: T.removeQuestion(title) },
        on: {
          keydown: (event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            // Nor is it for the watcher of the panel.
            event.preventDefault();
            keep.click();
          },
        },
      },
      T.removeAsk, yes, " ", keep,
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
    say(T.removed(title));
    if (this.acts.filters.has(article.id)) this.acts.filters.choose(article, false);
    this.refresh();
    this.acts.changed();
  }
}
