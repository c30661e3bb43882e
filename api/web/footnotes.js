// Where the footnote marks stand in an answer.

import { cut, toUtf16 } from "./offsets.js";

/**
 * The answer in pieces that together are its text: `{text, strong, unsupported}` words, and
 * `{text, citation}` for a mark such as "[1]". Only a mark that a citation accounts for counts: brackets that an
 * article itself has stay words.
 *
 * @param {{answer: string, citations: Object[], unsupported: Object[]=}} answer
 */
export function footnotes({ answer: text, citations, unsupported = [] }) {
  const offsets = [...citations, ...unsupported].flatMap((c) => [c.start_index, c.end_index]);
  const units = toUtf16(text, offsets);
  const ranges = [];
  citations.forEach((citation, i) => {
    const [start, end] = [units[2 * i], units[2 * i + 1]];
    const mark = `[${citation.number}]`;
    const at = find(text, mark, start, end);
    if (at >= 0) ranges.push({ name: i, start: at, end: at + mark.length });
    const strong = answering(text.slice(start, end), citation);
    if (strong) ranges.push({ name: "strong", start: start + strong.start, end: start + strong.end });
  });
  unsupported.forEach((_, i) => {
    const at = 2 * (citations.length + i);
    ranges.push({ name: "unsupported", start: units[at], end: units[at + 1] });
  });
  return cut(text, ranges).map(({ text: words, names }) => {
    const index = names.find((name) => typeof name === "number");
    if (index !== undefined) return { text: words, citation: citations[index] };
    return { text: words, strong: names.includes("strong"), unsupported: names.includes("unsupported") };
  });
}

/** A mark follows what it backs; a writer may also have put it inside. */
function find(text, mark, start, end) {
  const after = text.indexOf(mark, end);
  if (after >= 0) return after;
  const inside = text.slice(start, end).lastIndexOf(mark);
  return inside >= 0 ? start + inside : -1;
}

/** The part of a verbatim sentence that answers, when it is less than the whole. */
function answering(quoted, citation) {
  const { start_char_index: start, highlight_start: from, highlight_end: to } = citation;
  const whole = from === start && to === citation.end_char_index;
  if (whole || from == null || quoted !== citation.cited_text) return null;
  const [first, last] = toUtf16(quoted, [from - start, to - start]);
  return { start: first, end: last };
}
