// A link to an answer: the questions of its thread and the filters, in the URL's fragment. The
// fragment never reaches a server's log; opening the link asks again.

// A thread that somebody had; more in a link would keep the server busy at a stranger's wish.
const MOST = 20;

/** @returns {string} "#q=first&q=follow-up&publisher=The+Wire&from=2025-01-01" */
export function fragment(questions, filters) {
  const said = new URLSearchParams();
  for (const question of questions) said.append("q", question);
  for (const publisher of filters.publisher ?? []) said.append("publisher", publisher);
  if (filters.published_from) said.set("from", filters.published_from);
  if (filters.published_to) said.set("to", filters.published_to);
  return `#${said}`;
}

/** What a fragment asks for: `{questions, filters}`. */
export function parse(hash) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const questions = said.getAll("q").map((q) => q.trim()).filter(Boolean).slice(0, MOST);
  const filters = {};
  const publisher = said.getAll("publisher").filter(Boolean);
  if (publisher.length) filters.publisher = publisher;
  if (isDay(said.get("from"))) filters.published_from = said.get("from");
  if (isDay(said.get("to"))) filters.published_to = said.get("to");
  return { questions, filters };
}

function isDay(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text ?? "");
}
