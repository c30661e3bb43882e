// What may touch on a question that nothing answers: sentences of the articles, quoted.

import { el } from "./element.js";
import { answering } from "./footnotes.js";
import { copies, opener, origin, place, provenance } from "./source.js";
import { count } from "./words.js";

/**
 * The heading and the list of an answer's leads.
 *
 * @param {Object[]} found `leads` of an answer, at least one
 * @param {Function} open shows an article at a place
 */
export function leads(found, open) {
  const items = found.map((lead) =>
    el(
      "li",
      {},
      el("blockquote", {}, ...words(lead)),
      opener(lead, (from) => open(place(lead), from)),
      el("span", { className: "from-where" }, provenance(lead), origin(lead)),
      copies(lead, open),
    ),
  );
  return [el("h3", {}, "The articles may touch on this"), el("ul", { className: "leads" }, ...items)];
}

/** That there are leads, for a screen reader. */
export function touching(many) {
  return `The articles may touch on this: ${count(many, "quotation")}.`;
}

/** The sentence, the part that came nearest in bold unless it is the whole. */
function words(lead) {
  const { cited_text: text } = lead;
  const near = answering(text, lead);
  if (!near) return [text];
  const bold = el("b", {}, text.slice(near.start, near.end));
  return [text.slice(0, near.start), bold, text.slice(near.end)];
}
