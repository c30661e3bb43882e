// Numbers and dates as a newspaper would put them.

import { LOCALE, T } from "./strings.js";

/** A probability in words. */
export function likelihood(probability) {
  return T.likelihood.find(([least]) => probability >= least)[1];
}

/** Why an answer that was to be written is quoted. */
export function fallback(reason) {
  return T.fallback[reason] ?? T.fallbackUnknown;
}

export function percent(probability) {
  return T.percent(Math.round(probability * 100));
}

const DAY = new Intl.DateTimeFormat(LOCALE, {
  day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});
const TODAY = new Intl.DateTimeFormat(LOCALE, {
  weekday: "long", day: "numeric", month: "long", year: "numeric",
});
const LANGUAGES = new Intl.DisplayNames(LOCALE, { type: "language", fallback: "code" });

/** "26 May 2025" of "2025-05-26"; nothing of nothing. */
export function day(iso) {
  const at = iso ? new Date(`${iso.slice(0, 10)}T00:00:00Z`) : null;
  return at && !Number.isNaN(at.valueOf()) ? DAY.format(at) : "";
}

export function today() {
  return TODAY.format(new Date());
}

/** What a server says, with a capital and a full stop where it has none. */
export function sentence(text) {
  return (text[0]?.toUpperCase() ?? "") + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

/** Words that no line may part. */
export function unbroken(text) {
  return text.replaceAll(" ", "\u00a0");
}

/** "Arabic" of "ar"; the tag itself where it is none. */
export function language(tag) {
  try {
    return LANGUAGES.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** The paragraphs of a text, up to about `limit` units of them in all, cut at a space. */
export function shorten(text, limit = 300) {
  const kept = [];
  let left = limit;
  for (const paragraph of text.split("\n").map((line) => line.trim().replace(/\s+/g, " "))) {
    if (!paragraph) continue;
    if (paragraph.length <= left) {
      kept.push(paragraph);
      left -= paragraph.length;
      continue;
    }
    const space = paragraph.lastIndexOf(" ", left);
    const end = space > left / 2 ? space : left;
    kept.push(`${paragraph.slice(0, end).replace(/[\ud800-\udbff]$/, "")} …`);
    break;
  }
  return kept;
}
