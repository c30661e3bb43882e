// An answer as Markdown, to paste elsewhere with its citations.

import { footnotes } from "./footnotes.js";
import { day } from "./words.js";

/** The question, the answer with `[^1]` marks, and a footnote for each citation. */
export function toMarkdown(question, answer) {
  const text = footnotes(answer)
    .map((piece) => {
      if (piece.citation) return `[^${piece.citation.number}]`;
      if (piece.own && piece.text.trim() !== "[…]") return `*${escape(piece.text)}*`;
      return escape(piece.text) + (piece.unsupported ? " (no article backs this)" : "");
    })
    .join("");
  // A mark stands against the words that it belongs to.
  const lines = [`**${escape(question)}**`, "", text.replace(/\s+(?=\[\^\d+\])/g, ""), ""];
  for (const citation of answer.citations) {
    lines.push(`[^${citation.number}]: ${source(citation)}`);
  }
  return `${lines.join("\n").trim()}\n`;
}

function source(citation) {
  const title = escape(citation.document_title || citation.document_id);
  const linked = isWeb(citation.url) ? `[${title}](<${citation.url.replace(/[<>\s]/g, "")}>)` : title;
  const known = [linked, escape(citation.publisher ?? ""), day(citation.published_at)];
  const quoted = escape(citation.cited_text.replace(/\s+/g, " "));
  return `“${quoted}” ${known.filter(Boolean).join(", ")}.`;
}

export function isWeb(url) {
  return /^https?:\/\//i.test(url ?? "");
}

function escape(text) {
  return text.replace(/[\\`*_[\]<>|#~]/g, "\\$&");
}
