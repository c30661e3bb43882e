// Quoted sentences in the paragraph that they stand in.

import * as api from "./api.js";
import { el } from "./element.js";
import { answering } from "./footnotes.js";
import { cut, toUtf16 } from "./offsets.js";

// Of the paragraph, before the sentences and behind them, in UTF-16 units.
const AROUND = 220;

const articles = new Map();

/** An article, asked for once. */
export function articleOf(id) {
  if (!articles.has(id)) {
    const asked = api.article(id);
    asked.catch(() => articles.delete(id));
    articles.set(id, asked);
  }
  return articles.get(id);
}

/** Forget the articles: the library has changed. */
export function forgetArticles() {
  articles.clear();
}

/**
 * The paragraph around what is quoted, what is quoted marked as in the article's pane, with each part
 * that answers. It is empty until the text is there, which may have to be asked for; without it the
 * quotation stands alone.
 *
 * @param {Object[]} quoted citations of one stretch of an article, in its order
 * @param {Object[]} results the passages that came with the answer
 */
export function context(quoted, results = []) {
  const element = el("blockquote", { className: "context", dir: "auto" });
  const passage = results.find((result) => has(result, quoted));
  if (passage) element.append(...around(passage.text, passage.start_char_index, quoted));
  else {
    articleOf(quoted[0].document_id).then(
      (article) => element.append(...around(article.text, 0, quoted)),
      () => element.append(el("mark", { className: "cited" }, alone(quoted))),
    );
  }
  return element;
}

/** The quoted words without their article. */
function alone(quoted) {
  return [...new Set(quoted.map((each) => each.cited_text))].join(" ");
}

/** Where a stretch begins and ends in its article, in code points. */
function extent(quoted) {
  return [quoted[0].start_char_index, Math.max(...quoted.map((each) => each.end_char_index))];
}

/** Whether a passage has the stretch with enough around it. */
function has(result, quoted) {
  const [start, end] = extent(quoted);
  const { start_char_index: from, end_char_index: to, text } = result;
  if (result.document_id !== quoted[0].document_id || start < from || end > to) return false;
  const [first, last] = toUtf16(text, [start - from, end - from]);
  const before = from === 0 || first >= AROUND || text.lastIndexOf("\n", first) >= 0;
  return before && (text.length - last >= AROUND || text.indexOf("\n", last) >= 0);
}

function around(text, offset, quoted) {
  const points = [...extent(quoted), ...quoted.map((each) => each.start_char_index)];
  const [first, last, ...starts] = toUtf16(text, points.map((point) => point - offset));
  const [opening, before] = beginning(text.slice(text.lastIndexOf("\n", first - 1) + 1, first));
  const close = text.indexOf("\n", last);
  const [after, closing] = ending(text.slice(last, close < 0 ? text.length : close));
  const ranges = quoted.flatMap((each, i) => {
    const strong = answering(each.cited_text, each);
    return strong ? [{ name: "strong", start: starts[i] + strong.start, end: starts[i] + strong.end }] : [];
  });
  const pieces = cut(text, ranges, first, last).map((piece) =>
    piece.names.length ? el("strong", {}, piece.text) : piece.text,
  );
  return [opening, before, el("mark", { className: "cited" }, ...pieces), after, closing].filter(Boolean);
}

/** The last of what stands before, from a word on; and a sign that there is more. */
function beginning(text) {
  if (text.length <= AROUND) return ["", text];
  const kept = text.slice(-AROUND);
  const space = kept.indexOf(" ");
  return ["… ", space < 0 ? kept.replace(/^[\udc00-\udfff]/, "") : kept.slice(space + 1)];
}

function ending(text) {
  if (text.length <= AROUND) return [text, ""];
  const kept = text.slice(0, AROUND);
  const space = kept.lastIndexOf(" ");
  return [space < 0 ? kept.replace(/[\ud800-\udbff]$/, "") : kept.slice(0, space), " …"];
}
