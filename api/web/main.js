// The page: a thread of questions, the form under it, the panel beside it.

import * as api from "./api.js";
import { byId, el, say } from "./element.js";
import { examples } from "./examples.js";
import { Filters } from "./filters.js";
import { offer } from "./key.js";
import { fragment, parse } from "./link.js";
import { Mode } from "./mode.js";
import { Panel } from "./panel.js";
import { setArticle } from "./reading.js";
import { Shelf } from "./shelf.js";
import { Turn } from "./turn.js";
import { Uploads } from "./uploads.js";
import { count, today } from "./words.js";

// Turns that go along with a follow-up: enough to know what "it" is.
const HISTORY = 10;

const box = byId("question");
const thread = byId("thread");
const filters = new Filters();
const mode = new Mode();
const panel = new Panel();
const uploads = new Uploads({ opened: openShelf, changed: libraryChanged });
const shelf = new Shelf({ open: openArticle, changed: libraryChanged, uploads });

let turns = [];
let asking = null;
// Articles that the examples are made from.
const SAMPLED = 200;

// Settled once the server has said what it can do, or could not be asked.
let known = null;

// What is being fetched for the panel; the last one that was asked for wins.
let wanted = 0;
// Counts the threads, so that one which is being reopened ends when another begins.
let threads = 0;

// Asking

async function ask(question, { record = true } = {}) {
  stop();
  const controller = new AbortController();
  asking = controller;
  const history = historyOf(turns);
  const asked = filters.value;
  const turn = new Turn(question, {
    open: openArticle,
    link: () => linkTo(turn, asked),
    addArticles: openShelf,
    clearFilters: () => {
      filters.value = {};
      box.focus();
    },
    say,
  });
  turns.push(turn);
  thread.append(turn.element);
  if (record) window.history.pushState(null, "", linkTo(turn, asked));
  setForm();
  turn.focus();
  say("Looking through the articles");
  try {
    let finished = false;
    // A link that is opened asks at once: whether there is a choice has to be known by then.
    await known;
    const request = { question, filters: asked, history, ...mode.value };
    for await (const event of api.ask(request, controller.signal)) {
      if (event.event === "error") throw new api.Problem(0, event.data.detail ?? event.data.title);
      finished = turn.take(event) || finished;
    }
    if (!finished) throw new api.Problem(0, "The answer broke off.");
    say(turn.spoken);
  } catch (error) {
    if (error.name === "AbortError") turn.fail("Stopped.", () => again(turn));
    else turn.fail(error.message, () => again(turn));
  } finally {
    if (asking === controller) asking = null;
    setForm();
  }
}

/** The turns before this one, as the contract has them; what failed was never said. */
function historyOf(earlier) {
  return earlier
    .filter((turn) => turn.answer)
    .flatMap((turn) => [
      { role: "user", content: turn.question },
      { role: "assistant", content: turn.answer.answer },
    ])
    .slice(-HISTORY);
}

function linkTo(turn, asked) {
  const questions = turns.slice(0, turns.indexOf(turn) + 1).map((each) => each.question);
  return new URL(fragment(questions, asked), window.location.href).href;
}

function again(turn) {
  turns = turns.filter((each) => each !== turn);
  turn.element.remove();
  ask(turn.question, { record: false });
}

function stop() {
  asking?.abort();
  asking = null;
}

function setForm() {
  const begun = turns.length > 0;
  byId("ask-label").textContent = begun ? "Ask further" : "Ask the articles";
  byId("new-thread").hidden = !begun;
  byId("front").hidden = begun || !byId("examples").childElementCount;
  byId("stop").hidden = !asking;
  byId("submit").hidden = Boolean(asking);
  document.body.classList.toggle("begun", begun);
}

function clear() {
  threads += 1;
  stop();
  turns = [];
  thread.replaceChildren();
  box.value = "";
  grow();
  setForm();
}

// The panel

async function openArticle(place, opener) {
  const mine = ++wanted;
  let content;
  try {
    content = setArticle(await api.article(place.id), place);
  } catch (error) {
    content = el(
      "section",
      { className: "articles" },
      el("h2", { id: "panel-title", tabIndex: -1 }, "Not to be had"),
      el("p", { className: "failed" }, error.message),
    );
  }
  // Another one was asked for in the meantime.
  if (mine === wanted) panel.show(content, { opener, back: panel.element.contains(opener) });
}

function openShelf(opener) {
  wanted += 1;
  panel.show(shelf.render(), { opener: opener instanceof Element ? opener : undefined });
}

async function libraryChanged() {
  shelf.refresh();
  await refresh();
}

function begin() {
  known = api.version().then(
    (said) => {
      byId("version").textContent = `Pullquote ${said.version ?? ""}`;
      mode.offer(said);
    },
    () => {},
  );
  refresh();
}

/** What the page says of the library: how many, which publishers, what to ask. */
async function refresh() {
  try {
    const [{ articles, total }, publishers] = await Promise.all([
      api.articles({ limit: SAMPLED }),
      api.publishers(),
    ]);
    byId("edition").textContent = `${today()} · ${count(total, "article")}`;
    filters.offer(publishers);
    byId("examples").replaceChildren(...examples(articles, ask));
    box.placeholder = total ? "" : "There are no articles yet: drop files here to add them";
  } catch (error) {
    byId("edition").textContent = error.message;
  }
  setForm();
}

// The keyboard, and the rest of the page

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value.trim();
  if (!question) return;
  box.value = "";
  grow();
  ask(question);
});

box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  // Enter that ends the composing of a character is not meant for the form.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("ask").requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (panel.isOpen) panel.close();
    else if (asking) stop();
    else if (document.activeElement === box) box.blur();
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    panel.close();
    box.focus();
  }
});

byId("stop").addEventListener("click", () => {
  stop();
  box.focus();
});
byId("open-articles").addEventListener("click", (event) => openShelf(event.currentTarget));
byId("panel-back").addEventListener("click", () => openShelf());
for (const id of ["new-thread", "home"]) {
  byId(id).addEventListener("click", (event) => {
    event.preventDefault();
    panel.close();
    window.history.pushState(null, "", window.location.pathname);
    clear();
    box.focus();
  });
}

async function reopen() {
  clear();
  const { questions, filters: asked } = parse(window.location.hash);
  filters.value = asked;
  const mine = threads;
  for (const question of questions) {
    if (mine === threads) await ask(question, { record: false });
  }
}

window.addEventListener("popstate", reopen);
offer(begin);
begin();
if (window.location.hash.length > 1) reopen();
else {
  setForm();
  box.focus();
}
