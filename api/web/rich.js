// Answers as a page of their own, and as rich text for a word processor: elements alone, no styles
// that hang on this page.

import { el } from "./element.js";
import { paragraphs } from "./footnotes.js";
import { isWeb } from "./markdown.js";
import { T } from "./strings.js";
import { day } from "./words.js";

const STYLE = `body { font: 1.1rem/1.5 Georgia, serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
blockquote { margin: 0.5rem 0 0.5rem 1rem; } li, footer { color: #444; }`;

/** The questions, answers and sources as one element. */
export function toRich(turns) {
  return el("div", {}, ...turns.flatMap(({ question, answer }) => one(question, answer)));
}

/** The same as the text of an HTML file. */
export function toPage(turns, name) {
  const head = `<meta charset="utf-8">\n${el("title", {}, name).outerHTML}\n<style>${STYLE}</style>`;
  return `<!doctype html>\n<html lang="en">\n${head}\n${toRich(turns).outerHTML}\n</html>\n`;
}

function one(question, answer) {
  const said = paragraphs(answer).map((pieces) =>
    el(answer.abstained ? "p" : "blockquote", { dir: "auto" }, ...pieces.map(piece)),
  );
  const sources = answer.citations.map((citation) => el("li", { dir: "auto" }, ...source(citation)));
  return [
    el("h2", { dir: "auto" }, question),
    ...said,
    ...(sources.length ? [el("p", {}, el("b", {}, T.sources)), el("ol", {}, ...sources)] : []),
  ];
}

function piece({ text, citation, own, strong, unsupported }) {
  if (citation) return el("sup", {}, String(citation.number));
  if (own) return el("i", {}, text);
  if (strong) return el("b", {}, text);
  return unsupported ? text + T.unbackedNote : text;
}

function source(citation) {
  const title = citation.document_title || citation.document_id;
  const known = [citation.publisher, day(citation.published_at)].filter(Boolean).join(", ");
  const named = isWeb(citation.url) ? el("a", { href: citation.url }, title) : title;
  return [`“${citation.cited_text}” `, named, known ? `, ${known}.` : "."];
}
