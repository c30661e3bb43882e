// What may touch on a question that nothing answers: sentences of the articles, quoted.

import { el } from "./element.js";
import { answering } from "./footnotes.js";
import { copies, opener, place, provenance, whereFrom } from "./source.js";
import { T } from "./strings.js";
import { shorten } from "./words.js";

const MOST_PASSAGES = 3;

/**
 * The heading and the list of what is near a question that nothing answers: its leads, or where it
 * has none the nearest passages.
 *
 * @param {Object} answer that abstains
 * @param {Function} open shows an article at a place
 */
export function near({ leads, search_results: results }, open) {
  if (leads.length) return [el("h3", {}, T.touching), el("ul", { className: "leads" }, ...leads.map((lead) => item(lead, open)))];
  if (!results.length) return [];
  const passages = results.slice(0, MOST_PASSAGES).map((result) => passage(result, open));
  return [el("h3", {}, T.nearest), el("ul", { className: "nearest" }, ...passages)];
}

function item(lead, open) {
  return el(
    "li",
    { dir: "auto" },
    el("blockquote", {}, ...words(lead)),
    opener(lead, (from) => open(place(lead), from)),
    whereFrom(lead),
    copies(lead, open),
  );
}

function passage(result, open) {
  const { document_id: id, start_char_index: start, end_char_index: end } = result;
  const button = opener(result, (from) => open({ id, start, end }, from));
  const said = shorten(result.text).map((paragraph) => el("p", {}, paragraph));
  return el("li", { dir: "auto" }, button, provenance(result), ...said);
}

/** The sentence, the part that came nearest in bold unless it is the whole. */
function words(lead) {
  const { cited_text: text } = lead;
  const nearest = answering(text, lead);
  if (!nearest) return [text];
  const bold = el("b", {}, text.slice(nearest.start, nearest.end));
  return [text.slice(0, nearest.start), bold, text.slice(nearest.end)];
}
