// An article, set to be read, with what is cited marked in it.

import { el } from "./element.js";
import { cut, toUtf16 } from "./offsets.js";
import { origin, provenance } from "./source.js";
import { T } from "./strings.js";
import { day } from "./words.js";

/**
 * The article as elements. Line breaks stay between the paragraphs as text nodes, so the text
 * content of `.text` is the article's text, character for character, and offsets hold in it.
 *
 * @param {Object} article as GET /articles/{id} has it
 * @param {{start?: number, end?: number, from?: number, to?: number, number?: number}} place
 *   code points: what is cited, and the part of it that answers
 * @param {{heading?: string, acts?: Node[]}} more the heading's tag, and what stands in the byline
 */
export function setArticle(article, place = {}, { heading = "h2", acts = [] } = {}) {
  const header = el(
    "header",
    { dir: "auto" },
    el(heading, { id: "panel-title", tabIndex: -1 }, article.title || article.id),
    el(
      "p",
      { className: "byline" },
      article.author && el("bdi", { className: "author", dir: "ltr" }, T.by(article.author)),
      provenance(article),
      origin(article),
      ...acts,
    ),
  );
  const text = el("div", { className: "text", lang: article.language || "en" });
  text.append(...paragraphs(article.text, ranges(article.text, place), place));
  // The heading scrolls away; what is read keeps its name.
  const from = [article.publisher, day(article.published_at)].filter(Boolean).join(", ");
  const name = [from, article.title || article.id].filter(Boolean).join(" · ");
  return el(
    "article",
    { className: "reading", data: { name } },
    header,
    text,
  );
}

function ranges(text, { start, end, from, to }) {
  if (start == null) return [];
  const found = toUtf16(text, [start, end, from ?? start, to ?? start]);
  const cited = { name: "cited", start: found[0], end: found[1] };
  const answering = { name: "answering", start: found[2], end: found[3] };
  const whole = answering.start === cited.start && answering.end === cited.end;
  return answering.end > answering.start && !whole ? [cited, answering] : [cited];
}

function* paragraphs(text, marked, place) {
  for (const { 0: line, index } of text.matchAll(/[^\n]+|\n+/g)) {
    if (line[0] === "\n") {
      yield line;
      continue;
    }
    const pieces = cut(text, marked, index, index + line.length);
    const className = isCrosshead(line, index) ? "crosshead" : isInitial(line, index) ? "initial" : "";
    yield el("p", { className, dir: "auto" }, ...nest(pieces, place));
  }
}

/** A short line that does not end like a sentence is a heading between the paragraphs. */
function isCrosshead(line, index) {
  return index > 0 && line.length < 80 && !/[.!?…:;,"”’'»)\]]\s*$/u.test(line);
}

/** Text that begins with a capital: letters of a script without them may be joined to the next. */
function isInitial(line, index) {
  return index === 0 && /^\p{P}*\p{Lu}/u.test(line);
}

/** Marked pieces as `<mark>`, with the answering part as `<strong>` within it. */
function nest(pieces, { number, from }) {
  const nodes = [];
  let mark = null;
  for (const { text, names } of pieces) {
    if (!names.includes("cited")) {
      mark = null;
      nodes.push(text);
      continue;
    }
    if (!mark) {
      // A passage is a place to look at; a citation is what was said.
      mark = el("mark", { className: from == null ? "passage" : "cited" });
      if (number) mark.dataset.number = number;
      nodes.push(mark);
    }
    mark.append(names.includes("answering") ? el("strong", {}, text) : text);
  }
  return nodes;
}
