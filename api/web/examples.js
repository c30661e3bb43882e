// The front page: questions to begin with, or how to begin where there are no articles.

import { byId, el } from "./element.js";
import { provenance } from "./source.js";
import { suggested } from "./suggestions.js";

let round = 0;

/** Fill the front page with questions that the articles surely answer, as they become known. */
export function offerExamples(ask, changed) {
  const mine = ++round;
  const show = (questions) => {
    byId("examples").replaceChildren(...questions.map((each) => example(each, ask)));
    changed();
  };
  byId("examples").replaceChildren();
  suggested([], { show, wanted: () => mine === round });
}

function example(suggestion, ask) {
  const { question, document_title: title, document_id: id } = suggestion;
  const click = () => ask(question);
  const button = el("button", { type: "button", dir: "auto", on: { click } }, question);
  const from = el("p", { className: "from", dir: "auto" }, title || id, " ", provenance(suggestion));
  return el("li", {}, button, from);
}
