// Where the footnote marks stand in an answer.

import { cut, toUtf16 } from "./offsets.js";

/**
 * The answer in pieces that together are its text: `{text, strong, quoted, own, unsupported}` words,
 * and `{text, citation}` for a mark such as "[1]", where its citation says that it stands: brackets
 * that an article itself has stay words.
 *
 * @param {{answer: string, citations: Object[], own_words: Object[]=, unsupported: Object[]=}} answer
 */
export function footnotes({ answer: text, citations, own_words: own = [], unsupported = [] }) {
  const stretches = [...citations, ...unsupported, ...own].map((c) => [c.start_index, c.end_index]);
  const marks = citations.map((c) => [c.marker_start, c.marker_end]);
  const units = toUtf16(text, [...stretches, ...marks].flat());
  const place = (i) => units.slice(2 * i, 2 * i + 2);
  const ranges = [];
  citations.forEach((citation, i) => {
    const [from, to] = place(stretches.length + i);
    ranges.push({ name: i, start: from, end: to });
    const [start, end] = place(i);
    ranges.push({ name: "quoted", start, end });
    const strong = answering(text.slice(start, end), citation);
    if (strong) ranges.push({ name: "strong", start: start + strong.start, end: start + strong.end });
  });
  unsupported.forEach((_, i) => {
    const [start, end] = place(citations.length + i);
    ranges.push({ name: "unsupported", start, end });
  });
  own.forEach((_, i) => {
    const [start, end] = place(citations.length + unsupported.length + i);
    ranges.push({ name: "own", start, end });
  });
  return cut(text, ranges).map(({ text: words, names }) => {
    const index = names.find((name) => typeof name === "number");
    if (index !== undefined) return { text: words, citation: citations[index] };
    const kinds = ["strong", "quoted", "own", "unsupported"].map((name) => [name, names.includes(name)]);
    return { text: words, ...Object.fromEntries(kinds) };
  });
}

/** The pieces of an answer by paragraph: the quotations of an extractive one. */
export function paragraphs(answer) {
  const all = [[]];
  for (const piece of footnotes(answer)) {
    // A blank line in a quotation is the article's.
    const parts = piece.citation || piece.quoted ? [piece.text] : piece.text.split("\n\n");
    parts.forEach((text, i) => {
      if (i) all.push([]);
      if (text) all.at(-1).push({ ...piece, text });
    });
  }
  return all;
}

/** The part of a verbatim sentence that answers, when it is less than the whole, in UTF-16 units. */
export function answering(quoted, citation) {
  const { start_char_index: start, highlight_start: from, highlight_end: to } = citation;
  const whole = from === start && to === citation.end_char_index;
  if (whole || from == null || quoted !== citation.cited_text) return null;
  const [first, last] = toUtf16(quoted, [from - start, to - start]);
  return { start: first, end: last };
}
