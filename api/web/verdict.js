// "Was this right?", below an answer.

import { articleOf } from "./context.js";
import { act, el, say } from "./element.js";
import { mainCitation } from "./source.js";
import { T } from "./strings.js";
import { forgetVerdict, keepVerdict } from "./verdicts.js";

/** The question and its buttons, for one answer. */
export function verdict(asked, answer) {
  // A follow-up is understood only with what was carried into it.
  const question = answer.standalone_question ?? asked;
  const element = el("span", { className: "verdict", role: "group", aria: { label: T.right } });
  const near = documentsOf(answer);
  const begin = (focus) => {
    element.replaceChildren(el("span", {}, T.right), yes, no);
    if (focus) yes.focus();
  };
  const keep = (words, document) => {
    keepVerdict({ question, answer: words, ...document, at: new Date().toISOString() });
    const back = act(T.forget, () => {
      forgetVerdict(question);
      begin(true);
    });
    element.replaceChildren(el("span", {}, T.kept), back);
    back.focus();
    say(T.kept);
  };
  const yes = act(T.yes, () => {
    const citation = mainCitation(answer.citations);
    keep(citation ? rightWords(citation) : "", near[0]);
  });
  const no = act(T.no, () => element.replaceChildren(correction(near, keep)));
  if (!near.length) return null;
  begin();
  return element;
}

/** The part of a quotation that answers, or all of it. */
function rightWords({ cited_text: text, start_char_index: start, highlight_start: from, highlight_end: to }) {
  return Array.from(text).slice(from - start, to - start).join("") || text;
}

/** The articles that an answer cites or came near to, the first the likeliest. */
function documentsOf({ citations, leads, search_results: results }) {
  const all = [mainCitation(citations), ...citations, ...leads, ...results].filter(Boolean);
  const named = all.map((each) => [each.document_id, { id: each.document_id, title: each.document_title }]);
  return [...new Map(named).values()];
}

/** A line for the right words, as they stand in one of the articles. */
function correction(near, keep) {
  const words = el("input", { type: "text", required: true, dir: "auto", aria: { label: T.whatIsRight } });
  const wrong = el("span", { className: "failed", role: "alert" });
  const form = el(
    "form",
    { className: "correction" },
    el("label", {}, T.whatIsRight, words),
    el("button", { type: "submit", className: "plain" }, T.keep),
    act(T.notSaid, () => keep("", near[0])),
    wrong,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = words.value.trim();
    for (const document of near) {
      const article = await articleOf(document.id).catch(() => null);
      if (article?.text.includes(said)) return keep(said, document);
    }
    wrong.textContent = T.wordsNotThere;
  });
  queueMicrotask(() => words.focus());
  return form;
}
