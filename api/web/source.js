// Where what is quoted comes from: the article, who published it and when, and its copies.

import { act, el } from "./element.js";
import { articleLink } from "./link.js";
import { isWeb } from "./markdown.js";
import { T } from "./strings.js";
import { day } from "./words.js";

const MOST_COPIES = 5;

/** Publisher and date, as far as they are known. */
export function provenance({ publisher, published_at: published }) {
  const known = [
    publisher && el("bdi", { className: "publisher" }, publisher),
    published && el("time", { dateTime: published, dir: "auto" }, day(published)),
  ].filter(Boolean);
  return el("span", { className: "provenance" }, ...known.flatMap((k, i) => (i ? [", ", k] : [k])));
}

/** A link to where an article was published, if that is a web page. */
export function origin({ url, document_title: cited, title = cited }) {
  if (!isWeb(url)) return null;
  const label = T.originalOf(title);
  return el(
    "a",
    { className: "origin", href: url, rel: "noreferrer noopener", aria: { label } },
    T.original,
  );
}

/** A link to the article's own page, at the place that is quoted. */
export function pageLink(at, title) {
  return el("a", { className: "origin", href: articleLink(at), aria: { label: T.pageOf(title) } }, T.page);
}

/** The citation that several are known by, the first that answers: what is quoted as its context
 *  comes before it. */
export function mainCitation(citations) {
  const inRole = (wanted) => citations.find(({ role }) => wanted(role));
  return inRole((role) => role === "answer") ?? inRole((role) => role !== "context") ?? citations[0];
}

/** Where a citation or a lead stands in its article, for `open`. */
export function place(quoted) {
  return {
    id: quoted.document_id,
    start: quoted.start_char_index,
    end: quoted.end_char_index,
    from: quoted.highlight_start,
    to: quoted.highlight_end,
  };
}

/** Publisher, day and links of what is quoted, in a line. */
export function whereFrom(quoted) {
  const title = quoted.document_title || quoted.document_id;
  return el("span", { className: "from-where" }, provenance(quoted), pageLink(place(quoted), title), origin(quoted));
}

/** The article's title as a button; `open` is handed the button. */
export function opener({ document_title: title, document_id: id }, open) {
  return act(title || id, open, { className: "title" });
}

/** The copies of the article that have the same sentence; nothing where there are none. */
export function copies({ also_in: others }, open) {
  if (!others.length) return null;
  const links = others.slice(0, MOST_COPIES).flatMap((other, i) => {
    const { document_id: id, document_title: title, publisher } = other;
    const at = { id, start: other.start_char_index, end: other.end_char_index };
    const button = act(publisher || title || id, (from) => open(at, from), {
      title: [title, publisher, day(other.published_at)].filter(Boolean).join(", "),
      dir: "auto",
    });
    return i ? [", ", button] : [button];
  });
  const more = others.length - MOST_COPIES;
  return el("span", { className: "also" }, T.alsoIn, ...links, more > 0 && T.andMore(more));
}
