// Where what is quoted comes from: the article, who published it and when, and its copies.

import { el } from "./element.js";
import { isWeb } from "./markdown.js";
import { day } from "./words.js";

const MOST_COPIES = 5;

/** Publisher and date, as far as they are known. */
export function provenance({ publisher, published_at: published }) {
  const known = [
    publisher && el("span", { className: "publisher" }, publisher),
    published && el("time", { dateTime: published }, day(published)),
  ].filter(Boolean);
  return el("span", { className: "provenance" }, ...known.flatMap((k, i) => (i ? [", ", k] : [k])));
}

/** A link to where an article was published, if that is a web page. */
export function origin({ url, document_title: cited, title = cited }) {
  if (!isWeb(url)) return null;
  const label = `Original of ${title}`;
  return el(
    "a",
    { className: "origin", href: url, rel: "noreferrer noopener", aria: { label } },
    "original",
  );
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

/** The article's title as a button; `open` is handed the button. */
export function opener({ document_title: title, document_id: id }, open) {
  const click = () => open(button);
  const button = el("button", { type: "button", className: "title", on: { click } }, title || id);
  return button;
}

/** The copies of the article that have the same sentence; nothing where there are none. */
export function copies({ also_in: others }, open) {
  if (!others.length) return null;
  const links = others.slice(0, MOST_COPIES).flatMap((other, i) => {
    const { document_id: id, document_title: title, publisher } = other;
    const button = el(
      "button",
      {
        type: "button",
        className: "plain",
        title: [title, publisher, day(other.published_at)].filter(Boolean).join(", "),
        on: {
          click: () => open({ id, start: other.start_char_index, end: other.end_char_index }, button),
        },
      },
      publisher || title || id,
    );
    return i ? [", ", button] : [button];
  });
  const more = others.length - MOST_COPIES;
  return el("span", { className: "also" }, "Also in ", ...links, more > 0 && ` and ${more} more`);
}
