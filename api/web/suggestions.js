// Questions that the server has asked beforehand, and that the articles surely answer.

import * as api from "./api.js";

// Milliseconds before asking again: soon at first, then less and less often.
const WAITS = [300, 600, 1200, ...Array(10).fill(2500)];

/**
 * Hand on the questions that are known of these articles (of the newest, where none are named), again
 * each time that more are known, until all are or `wanted` says no.
 */
export async function suggested(ids, { show, wanted, limit = 6 }) {
  for (const wait of WAITS) {
    let found;
    try {
      found = await api.suggestions(ids, limit);
    } catch {
      return; // They are a help, and not missed.
    }
    if (!wanted()) return;
    if (found.questions.length) show(found.questions);
    if (found.complete) return;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
