// Numbers and dates as a newspaper would put them.

const STEPS = [
  [0.95, "almost certain"],
  [0.8, "very likely"],
  [0.65, "likely"],
  [0.5, "more likely than not"],
  [0.3, "doubtful"],
  [0.1, "unlikely"],
];

/** A probability in words. */
export function likelihood(probability) {
  return STEPS.find(([least]) => probability >= least)?.[1] ?? "very unlikely";
}

const FALLBACKS = {
  timeout: "the chat model took too long",
  rate_limit: "the chat model may not be asked so often",
  quota: "the chat model’s provider wants to be paid first",
  refusal: "the chat model would not answer",
  malformed: "what the chat model wrote broke off",
  context_overflow: "the articles are too long for the chat model",
  bad_key: "the chat model’s provider does not accept the key",
  no_such_model: "the provider has no such chat model",
  unreachable: "the chat model cannot be reached",
  nothing_supported: "no article backed what the chat model wrote",
  not_answered: "the chat model found no answer",
};

/** Why an answer that was to be written is quoted. */
export function fallback(reason) {
  return FALLBACKS[reason] ?? "the chat model failed";
}

export function percent(probability) {
  return `${Math.round(probability * 100)} percent`;
}

const DAY = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});
const TODAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "long", day: "numeric", month: "long", year: "numeric",
});

/** "26 May 2025" of "2025-05-26"; nothing of nothing. */
export function day(iso) {
  const at = iso ? new Date(`${iso.slice(0, 10)}T00:00:00Z`) : null;
  return at && !Number.isNaN(at.valueOf()) ? DAY.format(at) : "";
}

export function today() {
  return TODAY.format(new Date());
}

export function count(n, one, many = `${one}s`) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** Words up to about `limit` units, cut at a space; a paragraph's end is a pilcrow. */
export function shorten(text, limit = 300) {
  const flat = text.trim().replace(/\s*\n\s*/g, " ¶ ").replace(/\s+/g, " ");
  if (flat.length <= limit) return flat;
  const space = flat.lastIndexOf(" ", limit);
  return `${flat.slice(0, space > limit / 2 ? space : limit).replace(/[\ud800-\udbff]$/, "")} …`;
}
