// How a story moved on, where an answer cites an older or a newer state of it.

import { el } from "./element.js";
import { place, provenance } from "./source.js";
import { T } from "./strings.js";
import { day } from "./words.js";
import { answering } from "./footnotes.js";

/** The states by day, the one that answers marked; nothing where there is only one. */
export function timeline(citations, open) {
  const first = new Map();
  for (const citation of citations) {
    const key = `${citation.document_id} ${citation.role}`;
    if (citation.role !== "context" && citation.published_at && !first.has(key)) first.set(key, citation);
  }
  const states = [...first.values()].sort((a, b) => a.published_at.localeCompare(b.published_at));
  if (!states.some(({ role }) => role !== "answer") || new Set(states.map((s) => s.published_at)).size < 2) return null;
  return el(
    "section",
    { className: "moved", aria: { label: T.timeline } },
    el("h3", {}, T.timeline),
    el("ol", { className: "timeline" }, ...states.map((state) => entry(state, open))),
  );
}

function entry(citation, open) {
  const part = answering(citation.cited_text, citation);
  const words = part ? citation.cited_text.slice(part.start, part.end) : citation.cited_text;
  const button = el("button", { type: "button", className: "title", dir: "auto" }, words);
  button.addEventListener("click", () => open({ ...place(citation), number: citation.number }, button));
  const current = citation.role === "answer";
  return el(
    "li",
    { className: current ? "current" : "" },
    el("time", { dateTime: citation.published_at }, day(citation.published_at)),
    button,
    provenance({ publisher: citation.publisher }),
  );
}
