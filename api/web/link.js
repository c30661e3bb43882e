// Addresses: of an answer, and of a place in an article. A link to an answer has the questions of
// its thread and the choice of sources in the URL's fragment, which never reaches a server's log;
// opening it asks again.

import { at } from "./root.js";

// A thread that somebody had; more in a link would keep the server busy at a stranger's wish.
const MOST = 20;
// What a choice is called in a link, and in the contract.
const LISTS = { publisher: "publisher", language: "language", article: "article_ids" };
const DAYS = { from: "published_from", to: "published_to" };

/**
 * @param {{question: string, timeline: boolean=}[]} turns
 * @returns {string} "#q=first&q=follow-up&publisher=The+Wire&from=2025-01-01", or nothing; what is
 *   asked over time is a "t"
 */
export function fragment(turns, filters) {
  const said = new URLSearchParams();
  for (const { question, timeline } of turns) said.append(timeline ? "t" : "q", question);
  for (const [name, field] of Object.entries(LISTS)) {
    for (const value of filters[field] ?? []) said.append(name, value);
  }
  for (const [name, field] of Object.entries(DAYS)) {
    if (filters[field]) said.set(name, filters[field]);
  }
  return said.size ? `#${said}` : "";
}

/** What a fragment asks for: `{questions: [{question, timeline}], filters}`. */
export function parse(hash) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const questions = [...said]
    .filter(([name, value]) => (name === "q" || name === "t") && value.trim())
    .map(([name, value]) => ({ question: value.trim(), timeline: name === "t" }))
    .slice(0, MOST);
  const filters = {};
  for (const [name, field] of Object.entries(LISTS)) {
    const values = said.getAll(name).map((value) => value.trim()).filter(Boolean);
    if (values.length) filters[field] = values;
  }
  for (const [name, field] of Object.entries(DAYS)) {
    if (/^\d{4}-\d\d-\d\d$/.test(said.get(name) ?? "")) filters[field] = said.get(name);
  }
  return { questions, filters };
}

/** The page of an article, at a place of it: "/a/ID#c12-80", or "#c12-80h20-30" with the part that
 *  answers. */
export function articleLink({ id, start, end, from, to }) {
  const page = at(`/a/${encodeURIComponent(id)}`);
  if (start == null) return page;
  const answering = from != null && (from !== start || to !== end) ? `h${from}-${to}` : "";
  return `${page}#c${start}-${end}${answering}`;
}

/** The id in the path of an article's page; as it stands there where it is no encoded text. */
export function idIn(path) {
  const id = path.slice(at("/a/").length);
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** The place that the fragment of an article's page names; nothing of another fragment. */
export function placeIn(hash) {
  const said = /^#c(\d{1,9})-(\d{1,9})(?:h(\d{1,9})-(\d{1,9}))?$/.exec(hash);
  if (!said) return {};
  const [start, end, from = start, to = end] = said.slice(1).map((each) => (each ? Number(each) : undefined));
  return end > start ? { start, end, from, to } : {};
}
