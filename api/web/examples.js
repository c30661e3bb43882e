// The front page: questions to begin with, which the articles surely answer.

import { byId, el } from "./element.js";
import { provenance } from "./source.js";
import { suggested } from "./suggestions.js";

let round = 0;

/** Whether the front page has anything to show: questions, or that they are being looked for. */
export function hasExamples() {
  return byId("examples").childElementCount > 0 || !byId("examples-sought").hidden;
}

/** Take the questions away. */
export function clearExamples() {
  round += 1;
  byId("examples").replaceChildren();
  byId("examples-sought").hidden = true;
}

/** Fill the front page as questions become known; `changed` is called each time. */
export async function offerExamples(ask, changed) {
  clearExamples();
  const mine = round;
  const set = (questions, sought) => {
    byId("examples").replaceChildren(...questions.map((each) => example(each, ask)));
    byId("examples-sought").hidden = !sought;
    changed();
  };
  set([], true);
  await suggested([], { show: (questions) => set(questions, false), wanted: () => mine === round });
  if (mine !== round) return;
  byId("examples-sought").hidden = true;
  changed();
}

function example(suggestion, ask) {
  const { question, document_title: title, document_id: id } = suggestion;
  const click = () => ask(question);
  const button = el("button", { type: "button", dir: "auto", on: { click } }, question);
  const from = el("p", { className: "from", dir: "auto" }, title || id, " ", provenance(suggestion));
  return el("li", {}, button, from);
}
