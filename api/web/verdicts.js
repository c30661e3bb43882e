// What the user said of answers: a question set of their own, kept in this browser.
//
// A verdict is `{question, answer, id, title, at}`: the words of the article that answer, or no words
// where the articles do not say. As lines of JSON with the article's text, `pullquote eval --dataset`
// reads it.

import { articleOf } from "./context.js";
import { keptAs } from "./root.js";

const KEY = keptAs("pullquote-verdicts");

export function verdicts() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function put(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    // Full, or not allowed: the question set does not grow.
  }
}

/** Keep a verdict in place of an earlier one on the same question. */
export function keepVerdict(verdict) {
  put([...verdicts().filter((each) => each.question !== verdict.question), verdict]);
}

export function forgetVerdict(question) {
  put(verdicts().filter((each) => each.question !== question));
}

export function clearVerdicts() {
  put([]);
}

/** The question set: a line of JSON for each verdict whose article is still there. */
export async function questionSet() {
  const lines = await Promise.all(
    verdicts().map(async ({ question, answer, id, title }, i) => {
      const article = await articleOf(id).catch(() => null);
      if (!article || (answer && !article.text.includes(answer))) return null;
      const row = { id: `q${i + 1}`, question, answer, title, article: article.text };
      return JSON.stringify(row);
    }),
  );
  return lines.filter(Boolean).map((line) => `${line}\n`).join("");
}
