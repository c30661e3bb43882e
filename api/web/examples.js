// Questions to begin with, made from the articles that are there.

import { el } from "./element.js";
import { provenance } from "./source.js";

// The articles that come with the project have questions that were asked of them.
const BUILT_IN = {
  "h20-ban-self-sufficiency": [
    "How much does Alibaba plan to spend on cloud computing and AI?",
    "Who is affiliated with Huawei?",
    "What have chipmakers in Europe become?",
  ],
  "china-ai-chip-curbs": [
    "What is Tencent exploring besides buying GPUs?",
    "What does Gaurav Gupta say about Chinese chips?",
    "Who is the president of Baidu’s AI cloud division?",
  ],
};

/**
 * Questions that an article suggests: its title when that asks, else one about the name that the
 * title speaks of. A title with neither suggests nothing.
 */
export function questionsFrom({ id, title }) {
  if (BUILT_IN[id]) return BUILT_IN[id];
  const words = (title ?? "").trim();
  if (words.endsWith("?")) return [words];
  const name = subject(words);
  return name ? [`What is said about ${name}?`] : [];
}

/** The longest run of capitalised words, unless the whole title is set in capitals. */
function subject(title) {
  const words = title.split(/\s+/);
  const capital = words.map((word) => /^["“‘']?\p{Lu}/u.test(word));
  if (words.length > 3 && capital.filter(Boolean).length > words.length * 0.6) return "";
  let best = [];
  let run = [];
  words.forEach((word, i) => {
    // The first word has its capital from its place, unless another follows it.
    if (capital[i] && (i > 0 || capital[1])) run.push(word);
    else run = [];
    if (run.length > best.length) best = [...run];
    if (/[,;:.!?]$/.test(word)) run = [];
  });
  return best.join(" ").replace(/^["“‘']|(?:[’']s)?[,;:.!?"”’']*$/gu, "");
}

/** List items for up to `limit` questions: one of each article, then the second of each. */
export function examples(articles, ask, limit = 6) {
  const offered = articles.flatMap((article) =>
    questionsFrom(article).map((question, turn) => ({ question, turn, article })),
  );
  offered.sort((a, b) => a.turn - b.turn);
  const unlike = new Map(offered.reverse().map((each) => [each.question, each]));
  return [...unlike.values()].reverse().slice(0, limit).map(({ question, article }) => {
    const button = el("button", { type: "button", on: { click: () => ask(question) } }, question);
    const from = el("p", { className: "from" }, article.title || article.id, " ", provenance(article));
    return el("li", {}, button, from);
  });
}
