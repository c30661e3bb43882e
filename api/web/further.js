// Questions to go on with, below an answer.

import { el } from "./element.js";
import { suggested } from "./suggestions.js";
import { T } from "./strings.js";

const MOST_ARTICLES = 3;
const MOST = 3;

/** A list that fills with questions which the cited articles also answer; hidden until there is one. */
export function furtherQuestions(answer, { ask, asked }) {
  const list = el("ul", { className: "further" });
  const section = el("section", { hidden: true }, el("h3", {}, T.further), list);
  const ids = [...new Set(answer.citations.map((citation) => citation.document_id))].slice(0, MOST_ARTICLES);
  const isTold = (place) => answer.citations.some((citation) => overlap(citation, place));
  const show = (questions) => {
    const before = new Set(asked().map(plain));
    const fresh = questions.filter((each) => !before.has(plain(each.question)) && !isTold(each));
    list.replaceChildren(...fresh.slice(0, MOST).map((each) => item(each.question, ask)));
    section.hidden = !list.childElementCount;
  };
  const begun = performance.now();
  // Not on the page at once: the answer is put together first.
  suggested(ids, { show, limit: MOST + 5, wanted: () => section.isConnected || performance.now() - begun < 1000 });
  return section;
}

function item(question, ask) {
  const click = () => ask(question);
  return el("li", {}, el("button", { type: "button", dir: "auto", className: "title", on: { click } }, question));
}

function overlap(a, b) {
  const same = a.document_id === b.document_id;
  return same && a.start_char_index < b.end_char_index && a.end_char_index > b.start_char_index;
}

function plain(question) {
  return question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
