// Answers as Markdown, to paste elsewhere with their citations.

import { footnotes } from "./footnotes.js";
import { T } from "./strings.js";
import { day } from "./words.js";

/** The questions, the answers with `[^1]` marks, and a footnote for each citation. The numbers run
 *  through all of them. */
export function toMarkdown(turns) {
  let used = 0;
  const parts = turns.map(({ question, answer }) => {
    const part = one(question, answer, used);
    used += Math.max(0, ...answer.citations.map((citation) => citation.number));
    return part;
  });
  return `${parts.join("\n\n").trim()}\n`;
}

function one(question, answer, used) {
  const text = footnotes(answer)
    .map((piece) => {
      if (piece.citation) return `[^${used + piece.citation.number}]`;
      if (piece.own && piece.text.trim() !== "[…]") return `*${escape(piece.text.trim())}* `;
      return escape(piece.text) + (piece.unsupported ? T.unbackedNote : "");
    })
    .join("");
  // A mark stands against the words that it belongs to.
  const lines = [`**${escape(question)}**`, "", text.replace(/\s+(?=\[\^\d+\])/g, ""), ""];
  for (const citation of answer.citations) {
    lines.push(`[^${used + citation.number}]: ${source(citation)}`);
  }
  return lines.join("\n").trim();
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
