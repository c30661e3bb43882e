// One question of the thread with what is answered, or what is near when nothing is.

import { answerText } from "./answer-text.js";
import { copyButton, copyRich } from "./clipboard.js";
import { context } from "./context.js";
import { act, el } from "./element.js";
import { furtherQuestions } from "./further.js";
import { near } from "./leads.js";
import { copies, mainCitation, opener, place, whereFrom } from "./source.js";
import { T } from "./strings.js";
import { timeline } from "./timeline.js";
import { verdict } from "./verdict.js";
import { day, fallback, likelihood, percent, unbroken } from "./words.js";

export class Turn {
  /**
   * @param {string} question
   * @param {boolean} timeline whether it is asked over time
   * @param {{open: Function, link: () => string, addArticles: Function, clearFilters: Function,
   *   ask: Function, say: Function}} acts
   *   `open({id, start, end, from, to, number})` shows an article at a place.
   */
  constructor(question, timeline, acts) {
    this.question = question;
    this.timeline = Boolean(timeline);
    this.acts = acts;
    this.answer = null;
    this.partial = nothing();
    this.text = el("div", { className: "answer" });
    this.below = el("div", { className: "below" });
    this.element = el(
      "article",
      { className: this.timeline ? "turn by-day" : "turn", aria: { busy: "true" } },
      el("h2", { tabIndex: -1, dir: "auto" }, question),
      this.text,
      this.below,
    );
    this.#wait(T.looking);
  }

  #wait(words) {
    this.text.replaceChildren(el("p", { className: "waiting" }, words));
  }

  /** Take one event of the stream; returns true for the last one. */
  take({ event, data }) {
    if (event === "search_results" && data.search_results.length) {
      this.#wait(T.reading);
    } else if (event === "message") {
      this.#add(typeof data === "string" ? { delta: data } : data);
      this.#write(this.partial);
    } else if (event === "citation") {
      this.partial.citations.push(data);
      this.#write(this.partial);
    } else if (event === "restart") {
      this.partial = nothing();
      this.#wait(T.quotingInstead(fallback(data.reason)));
    } else if (event === "final_answer") {
      this.finish(data);
      return true;
    }
    return false;
  }

  #add({ text, delta = text ?? "", unsupported, own_words: own }) {
    const start = points(this.partial.answer);
    this.partial.answer += delta;
    if (!unsupported && !own) return;
    const stretches = own ? this.partial.own_words : this.partial.unsupported;
    const last = stretches.at(-1);
    const end = start + points(delta);
    if (last?.end_index === start) last.end_index = end;
    else stretches.push({ start_index: end - points(delta.trimStart()), end_index: end });
  }

  #write(answer) {
    this.text.replaceChildren(...answerText(answer, this.acts.open));
  }

  fail(message, again) {
    this.element.setAttribute("aria-busy", "false");
    this.text.replaceChildren(el("p", { className: "failed", role: "alert" }, message));
    this.below.replaceChildren(el("p", { className: "acts" }, act(T.askAgain, again)));
  }

  /** Bring the question to the top of the window. */
  show() {
    this.element.scrollIntoView({ block: "start" });
  }

  /** The words for a screen reader once all is there. */
  get spoken() {
    const { answer, abstained, confidence, citations, leads } = this.answer;
    if (leads.length) return `${answer} ${T.touchingSpoken(leads.length)}`;
    if (abstained) return answer;
    const said = [answer, origins(this.answer), T.confidenceSpoken(likelihood(confidence))];
    return [...said, T.sourcesSpoken(bySource(citations).length)].filter(Boolean).join(" ");
  }

  /** Show the whole answer. */
  finish(answer) {
    this.answer = answer;
    this.element.setAttribute("aria-busy", "false");
    const quoted = !answer.abstained && answer.mode !== "generative" && !this.timeline;
    this.element.classList.toggle("abstained", answer.abstained);
    this.element.classList.toggle("written", answer.mode === "generative");
    this.element.classList.toggle("quoted", quoted);
    this.#understand(answer.standalone_question);
    if (answer.abstained) this.#abstain(answer);
    else this.#cite(answer);
  }

  /** A follow-up with what was carried into it, or the question with its slips mended, so that a
   *  misunderstanding is seen. */
  #understand(question) {
    if (!question) return;
    this.text.before(el("p", { className: "understood", dir: "auto" }, T.understood(question)));
  }

  #cite(answer) {
    this.#write(answer);
    const sources = bySource(answer.citations).map((cited) => this.#source(cited, answer));
    const certain = el(
      "p",
      { className: "confidence" },
      T.confidence,
      el("span", { title: percent(answer.confidence) }, likelihood(answer.confidence)),
      el("span", { className: "unseen" }, ` (${percent(answer.confidence)})`),
      answer.as_of && T.asOf(unbroken(day(answer.as_of))),
    );
    const made = origins(answer);
    this.below.replaceChildren(
      ...[
        made && el("p", { className: "made" }, made),
        certain,
        timeline(answer.citations, this.acts.open),
        el("h3", {}, T.sources),
        el("ol", { className: "sources" }, ...sources),
        furtherQuestions(answer, this.acts),
        this.#acts(),
      ].filter(Boolean),
    );
  }

  /** A source is listed once, with all the places of it that are cited. */
  #source(cited, answer) {
    const citation = mainCitation(cited);
    const open = (from) => this.acts.open({ ...place(citation), number: citation.number }, from);
    return el(
      "li",
      { value: cited[0].number, dir: "auto", data: { numbers: cited.map((each) => each.number).join(", ") } },
      opener(citation, open),
      whereFrom(citation),
      ...stretches(cited).map((each) => context(each, answer.search_results)),
      cited.some((each) => each.support === "partial") &&
        el("span", { className: "part" }, T.backsSentenceInPart),
      copies(citation, this.acts.open),
    );
  }

  #abstain(answer) {
    const empty = answer.abstain_reason === "empty_library";
    const filtered = answer.abstain_reason === "nothing_matches_filters";
    // The API's words for an empty library name a command; here there is a button.
    const words = empty ? T.noArticles : answer.answer;
    const hint = answer.hint && el("p", { dir: "auto" }, answer.hint);
    this.text.replaceChildren(...[el("p", { className: "silence" }, words), hint].filter(Boolean));
    this.below.replaceChildren();
    if (empty) this.below.append(el("p", { className: "acts" }, act(T.addArticles, this.acts.addArticles)));
    if (filtered) this.below.append(el("p", { className: "acts" }, act(T.clearFilters, this.acts.clearFilters)));
    const found = near(answer, this.acts.open);
    if (found.length) this.below.append(...found, this.#acts());
  }

  #acts() {
    const rich = () => copyRich([this]);
    return el(
      "div",
      { className: "acts" },
      !this.answer.abstained && copyButton(T.copy, rich, this.acts.say),
      copyButton(T.copyLink, () => ({ text: this.acts.link() }), this.acts.say),
      // Articles without days have no timeline.
      this.answer.as_of && !this.timeline && act(T.tellOverTime, () => this.#askOverTime()),
      verdict(this.question, this.answer),
    );
  }

  /** Ask the same, as it was understood, day by day. */
  #askOverTime() {
    this.acts.ask(this.answer.standalone_question ?? this.question, { timeline: true });
  }
}

/** What has been told of an answer before its first event. */
function nothing() {
  return { answer: "", citations: [], own_words: [], unsupported: [], search_results: [] };
}

/** Citations by the article that they cite and how well it backs, in the order of the first. */
function bySource(citations) {
  const key = (citation) => `${citation.document_index} ${citation.support}`;
  return [...Map.groupBy(citations, key).values()];
}

/** Citations by the stretch of the article that they cite, in its order: those that overlap or stand
 *  side by side there are of one. */
function stretches(citations) {
  const sorted = citations.toSorted((a, b) => a.start_char_index - b.start_char_index);
  const apart = [];
  let end = -Infinity;
  for (const citation of sorted) {
    if (citation.start_char_index - end <= 1) apart.at(-1).push(citation);
    else apart.push([citation]);
    end = Math.max(end, citation.end_char_index);
  }
  return apart;
}

function points(text) {
  return Array.from(text).length;
}

/** Who made the answer, or why it quotes when it was to be written; nothing where it just quotes. */
function origins({ mode, fallback_reason: reason, usage, unsupported = [] }) {
  if (reason) return T.quotedNotWritten(fallback(reason));
  if (mode !== "generative") return "";
  return T.writtenBy(usage?.chat?.model || T.chatModel) + (unsupported.length ? T.unbackedMarked : "");
}
