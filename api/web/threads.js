// Threads, kept in this browser: their questions and answers, so that one is there again without
// being asked again.
//
// A thread is `{id, name, at, filters, turns: [{question, timeline, answer}]}`. Its answers may be of
// different generations of the library.

import { fragment } from "./link.js";
import { keptAs } from "./root.js";

const KEY = keptAs("pullquote-threads");
const MOST = 60;
// Passages that are shown where nothing answers; an answer needs none.
const MOST_PASSAGES = 3;

/** All threads, the latest first. */
export function threads() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function threadOf(id) {
  return threads().find((thread) => thread.id === id);
}

/** The thread of these questions under this choice of sources, if it was kept. */
export function threadLike(questions, filters) {
  const wanted = fragment(questions, filters);
  return threads().find((thread) => fragment(thread.turns, thread.filters) === wanted);
}

/** Whether all of a thread was answered from this generation of the library. */
export function isOf(generation, { turns }) {
  return turns.every(({ answer }) => answer.index_generation === generation);
}

/** Keep a thread as it is now, in place of what was kept under its id. */
export function keepThread({ turns, ...thread }) {
  const kept = turns.map(({ question, timeline, answer }) => ({ question, timeline, answer: small(answer) }));
  const before = threadOf(thread.id);
  const name = before?.name ?? turns[0].question;
  put([{ name, ...thread, turns: kept }, ...threads().filter((each) => each.id !== thread.id)]);
}

export function renameThread(id, name) {
  put(threads().map((thread) => (thread.id === id ? { ...thread, name } : thread)));
}

export function deleteThread(id) {
  put(threads().filter((thread) => thread.id !== id));
}

function small(answer) {
  const passages = answer.abstained ? answer.search_results.slice(0, MOST_PASSAGES) : [];
  return { ...answer, search_results: passages };
}

/** Store the threads; where there is no room for all, the oldest go. */
function put(list) {
  let kept = list.slice(0, MOST);
  for (;;) {
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
      return;
    } catch {
      if (!kept.length) return;
      kept = kept.slice(0, Math.floor(kept.length / 2));
    }
  }
}
