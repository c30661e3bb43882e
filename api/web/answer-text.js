// The text of an answer: its paragraphs, with the marks of its footnotes.

import { carded } from "./card.js";
import { el } from "./element.js";
import { paragraphs } from "./footnotes.js";
import { place, provenance } from "./source.js";
import { T } from "./strings.js";
import { day } from "./words.js";

// A longer word is not kept together with its mark: it may be a whole line, or an address.
const MOST_KEPT = 16;
const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });

/**
 * The elements of an answer's text; of several quotations each with its source.
 *
 * @param {Object} answer as the contract has it, or what has been told of it
 * @param {Function} open shows an article at a place
 */
export function answerText(answer, open) {
  return paragraphs(answer).map((pieces) => paragraph(pieces, answer, open));
}

function paragraph(pieces, answer, open) {
  const words = el("p", { dir: "auto" });
  const heading = pieces[0]?.own && pieces[0].text.trim().length > 5 ? pieces[0] : null;
  for (const piece of heading ? pieces.slice(1) : pieces) {
    if (piece.citation) attach(words, mark(piece.citation, answer, open));
    else if (piece.unsupported) words.append(unbacked(piece.text));
    else if (piece.own) words.append(el("span", { className: "own" }, piece.text));
    else words.append(piece.strong ? el("b", {}, piece.text) : words.hasChildNodes() ? piece.text : piece.text.trimStart());
  }
  const label = heading && el("p", { className: "own state", dir: "auto" }, heading.text.trim());
  const cited = pieces.find((piece) => piece.citation)?.citation;
  const several = new Set(answer.citations.map((citation) => citation.document_index)).size > 1;
  if (!several || !cited || answer.mode !== "extractive") return label ? el("div", {}, label, words) : words;
  const title = cited.document_title || cited.document_id;
  const source = el("footer", {}, el("cite", { dir: "auto" }, title), " ", provenance(cited));
  return el("blockquote", { className: `said ${cited.role}-state` }, label, words, source);
}

/** A mark goes with the word before it: one that begins a line would look lost. */
function attach(words, mark) {
  // A sentence and the space behind it came as two texts.
  words.normalize();
  const last = words.lastChild;
  if (last?.nodeType !== Node.TEXT_NODE || !last.data.trim()) return words.append(mark);
  const text = last.data.trimEnd();
  const tail = tailOf(text);
  last.data = text.slice(0, text.length - tail.length);
  return words.append(el("span", { className: "kept" }, tail, mark));
}

/** The last word with what closes it, or if that is long the last character. */
function tailOf(text) {
  const spaced = /\S+$/u.exec(text)[0];
  if (spaced.length <= MOST_KEPT && !/\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}|\p{sc=Thai}/u.test(spaced)) return spaced;
  let tail = "";
  for (const { segment, isWordLike } of [...WORDS.segment(spaced)].reverse()) {
    tail = segment + tail;
    if (isWordLike || tail.length > MOST_KEPT) break;
  }
  return tail.length <= MOST_KEPT ? tail : Array.from(spaced).at(-1);
}

function mark(citation, answer, open) {
  const title = citation.document_title || citation.document_id;
  const partial = citation.support === "partial";
  const about = [title, citation.publisher, day(citation.published_at), partial && T.backsInPart];
  const button = el(
    "button",
    {
      type: "button",
      className: partial ? "partial" : "",
      aria: { label: T.footnote(citation.number, partial, title) },
      data: { citation: citation.id, about: about.filter(Boolean).join(", ") },
      on: { click: () => open({ ...place(citation), number: citation.number }, button) },
    },
    String(citation.number),
  );
  carded(button, citation, () => answer.search_results);
  return el("sup", { className: "mark" }, button);
}

/** A stretch that no article backs. */
function unbacked(words) {
  const title = T.unbacked;
  return el("span", { className: "unsupported", title }, words, el("span", { className: "unseen" }, ` (${title})`));
}
