// One question of the thread with what is answered, or what is near when nothing is.

import { el } from "./element.js";
import { paragraphs } from "./footnotes.js";
import { leads, touching } from "./leads.js";
import { toMarkdown } from "./markdown.js";
import { copies, opener, origin, place, provenance } from "./source.js";
import { count, day, fallback, likelihood, percent, shorten } from "./words.js";

export class Turn {
  /**
   * @param {string} question
   * @param {{open: Function, link: () => string, addArticles: Function, clearFilters: Function}} acts
   *   `open({id, start, end, from, to, number})` shows an article at a place.
   */
  constructor(question, acts) {
    this.question = question;
    this.acts = acts;
    this.answer = null;
    this.partial = nothing();
    this.text = el("div", { className: "answer" });
    this.below = el("div", { className: "below" });
    this.element = el(
      "article",
      { className: "turn", aria: { busy: "true" } },
      el("h2", { tabIndex: -1 }, question),
      this.text,
      this.below,
    );
    this.#wait("Looking through the articles");
  }

  #wait(words) {
    this.text.replaceChildren(el("p", { className: "waiting" }, words));
  }

  /** Take one event of the stream; returns true for the last one. */
  take({ event, data }) {
    if (event === "search_results" && data.search_results.length) {
      this.#wait("Reading the nearest passages");
    } else if (event === "message") {
      this.#add(typeof data === "string" ? { delta: data } : data);
      this.#write(this.partial);
    } else if (event === "citation") {
      this.partial.citations.push(data);
      this.#write(this.partial);
    } else if (event === "restart") {
      this.partial = nothing();
      this.#wait(`Quoting instead: ${fallback(data.reason)}`);
    } else if (event === "final_answer") {
      this.#finish(data);
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

  fail(message, again) {
    this.element.setAttribute("aria-busy", "false");
    this.text.replaceChildren(el("p", { className: "failed", role: "alert" }, message));
    const retry = el("button", { type: "button", className: "plain", on: { click: again } }, "Ask again");
    this.below.replaceChildren(el("p", { className: "acts" }, retry));
  }

  focus() {
    this.element.querySelector("h2").focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "start" });
  }

  /** The words for a screen reader once all is there. */
  get spoken() {
    const { answer, abstained, confidence, citations, leads: near } = this.answer;
    if (near.length) return `${answer} ${touching(near.length)}`;
    if (abstained) return answer;
    const said = [answer, origins(this.answer), `Confidence: ${likelihood(confidence)}.`];
    return [...said, `${count(bySource(citations).length, "source")}.`].filter(Boolean).join(" ");
  }

  #finish(answer) {
    this.answer = answer;
    this.element.setAttribute("aria-busy", "false");
    this.element.classList.toggle("abstained", answer.abstained);
    this.element.classList.toggle("written", answer.mode === "generative");
    this.#understand(answer.standalone_question);
    if (answer.abstained) this.#abstain(answer);
    else this.#cite(answer);
  }

  /** A follow-up with what was carried into it, or the question with its slips mended, so that a
   *  misunderstanding is seen. */
  #understand(question) {
    if (!question) return;
    this.text.before(el("p", { className: "understood" }, `Understood as: ${question}`));
  }

  /** Each paragraph; of several quotations each with its source. */
  #write(answer) {
    const written = paragraphs(answer).map((pieces) => this.#paragraph(pieces, answer));
    this.text.replaceChildren(...written);
  }

  #paragraph(pieces, answer) {
    const words = el("p");
    for (const piece of pieces) {
      if (piece.citation) this.#attach(words, this.#mark(piece.citation));
      else if (piece.unsupported) words.append(unbacked(piece.text));
      else if (piece.own) words.append(el("span", { className: "own" }, piece.text));
      else words.append(piece.strong ? el("b", {}, piece.text) : piece.text);
    }
    const cited = pieces.find((piece) => piece.citation)?.citation;
    const several = new Set(answer.citations.map((citation) => citation.document_index)).size > 1;
    if (!several || !cited || answer.mode !== "extractive") return words;
    const title = cited.document_title || cited.document_id;
    const source = el("footer", {}, el("cite", {}, title), " ", provenance(cited));
    return el("blockquote", { className: cited.role }, words, source);
  }

  /** A mark goes with the word before it: one that begins a line would look lost. */
  #attach(words, mark) {
    const last = words.lastChild;
    const tail = last?.nodeType === Node.TEXT_NODE && last.data.match(/\S+\s*$/);
    if (!tail) return words.append(mark);
    last.data = last.data.slice(0, tail.index);
    return words.append(el("span", { className: "kept" }, tail[0].trimEnd(), mark));
  }

  #mark(citation) {
    const title = citation.document_title || citation.document_id;
    const partial = citation.support === "partial" && "backs it in part";
    const about = [title, citation.publisher, day(citation.published_at), partial];
    const button = el(
      "button",
      {
        type: "button",
        className: partial ? "partial" : "",
        title: about.filter(Boolean).join(", "),
        aria: { label: `Footnote ${citation.number}${partial ? ", in part" : ""}: ${title}` },
        data: { citation: citation.id },
        on: { click: () => this.#open(citation, button) },
      },
      String(citation.number),
    );
    return el("sup", { className: "mark" }, button);
  }

  #open(citation, from) {
    this.acts.open({ ...place(citation), number: citation.number }, from);
  }

  #cite(answer) {
    this.#write(answer);
    const sources = bySource(answer.citations).map((cited) => this.#source(cited, answer));
    const certain = el(
      "p",
      { className: "confidence" },
      "Confidence: ",
      el("span", { title: percent(answer.confidence) }, likelihood(answer.confidence)),
      el("span", { className: "unseen" }, ` (${percent(answer.confidence)})`),
      answer.as_of && `. As of ${day(answer.as_of)}.`,
    );
    const made = origins(answer);
    this.below.replaceChildren(
      ...(made ? [el("p", { className: "made" }, made)] : []),
      certain,
      el("h3", {}, "Sources"),
      el("ol", { className: "sources" }, ...sources),
      this.#acts(),
    );
  }

  /** A source is listed once, with all the places of it that are cited. */
  #source(cited, answer) {
    const [citation] = cited;
    // The words of an extractive answer are the quotation; prose needs it beside it.
    const quotes = cited.filter((each) => !answer.answer.includes(each.cited_text));
    return el(
      "li",
      { value: citation.number, data: { numbers: cited.map((each) => each.number).join(", ") } },
      opener(citation, (from) => this.#open(citation, from)),
      el("span", { className: "from-where" }, provenance(citation), origin(citation)),
      ...quotes.map((each) => el("q", {}, shorten(each.cited_text))),
      cited.some((each) => each.support === "partial") &&
        el("span", { className: "part" }, "Backs the sentence in part"),
      copies(citation, this.acts.open),
    );
  }

  #abstain(answer) {
    const empty = answer.abstain_reason === "empty_library";
    const filtered = answer.abstain_reason === "nothing_matches_filters";
    // The API's words for an empty library name a command; here there is a button.
    const words = empty ? "There are no articles yet." : answer.answer;
    const hint = answer.hint && el("p", {}, answer.hint);
    this.text.replaceChildren(...[el("p", { className: "silence" }, words), hint].filter(Boolean));
    this.below.replaceChildren();
    if (empty) this.below.append(this.#act("Add articles", this.acts.addArticles));
    if (filtered) this.below.append(this.#act("Clear the filters", this.acts.clearFilters));
    const near = answer.leads.length ? leads(answer.leads, this.acts.open) : this.#nearest(answer);
    if (near.length) this.below.append(...near, this.#acts());
  }

  #nearest({ search_results: results }) {
    if (!results.length) return [];
    const passages = results.slice(0, 3).map((result) => this.#passage(result));
    return [el("h3", {}, "The nearest passages"), el("ul", { className: "nearest" }, ...passages)];
  }

  #passage(result) {
    const { document_id: id, start_char_index: start, end_char_index: end } = result;
    const button = opener(result, (from) => this.acts.open({ id, start, end }, from));
    return el("li", {}, button, provenance(result), el("p", {}, shorten(result.text)));
  }

  #acts() {
    const copy = this.#copier("Copy with citations", () => toMarkdown(this.question, this.answer));
    const link = this.#copier("Copy link", () => this.acts.link());
    return el("p", { className: "acts" }, !this.answer.abstained && copy, link);
  }

  #act(label, act) {
    return el("p", { className: "acts" }, el("button", { type: "button", className: "plain", on: { click: act } }, label));
  }

  #copier(label, make) {
    const button = el("button", { type: "button", className: "plain" }, label);
    button.addEventListener("click", async () => {
      button.textContent = (await copied(make())) ? "Copied" : "Copying is not allowed here";
      button.addEventListener("blur", () => (button.textContent = label), { once: true });
      this.acts.say(button.textContent);
    });
    return button;
  }
}

/** What has been told of an answer before its first event. */
function nothing() {
  return { answer: "", citations: [], own_words: [], unsupported: [] };
}

/** Citations by the article that they cite and how well it backs, in the order of the first. */
function bySource(citations) {
  const key = (citation) => `${citation.document_index} ${citation.support}`;
  return [...Map.groupBy(citations, key).values()];
}

function points(text) {
  return Array.from(text).length;
}

/** Who made the answer, or why it quotes when it was to be written; nothing where it just quotes. */
function origins({ mode, fallback_reason: reason, usage, unsupported = [] }) {
  if (reason) return `Quoted, not written: ${fallback(reason)}.`;
  if (mode !== "generative") return "";
  const model = usage?.chat?.model || "a chat model";
  const kept = unsupported.length ? " What no article backs is marked." : "";
  return `Written by ${model}, each sentence checked.${kept}`;
}

/** A stretch that no article backs. */
function unbacked(words) {
  const title = "No article backs this";
  return el("span", { className: "unsupported", title }, words, el("span", { className: "unseen" }, ` (${title})`));
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without TLS the clipboard is there only on loopback; the old way still works.
    const before = document.activeElement;
    const area = el("textarea", { value: text, className: "unseen" });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus();
    return done;
  }
}
