// The page: a thread of questions, the form under it, the panel beside it.

import { Adding } from "./adding.js";
import * as api from "./api.js";
import { articleOf, forgetArticles } from "./context.js";
import { act, byId, el, say } from "./element.js";
import { clearExamples, hasExamples, offerExamples } from "./examples.js";
import { Filters } from "./filters.js";
import { keepActs } from "./keeping.js";
import { offer } from "./key.js";
import { fragment, parse } from "./link.js";
import { Mode } from "./mode.js";
import { Panel } from "./panel.js";
import { setArticle } from "./reading.js";
import { libraryName } from "./root.js";
import { Shelf } from "./shelf.js";
import { pageLink } from "./source.js";
import { T, speak } from "./strings.js";
import { isOf, keepThread, threadLike } from "./threads.js";
import { threadList } from "./thread-list.js";
import { Turn } from "./turn.js";
import { today } from "./words.js";

// Turns that go along with a follow-up: enough to know what "it" is.
const HISTORY = 10;

speak();
byId("library").textContent = libraryName();
byId("library").hidden = !libraryName();
const box = byId("question");
const thread = byId("thread");
const filters = new Filters(choiceChanged);
const mode = new Mode();
const panel = new Panel();
const adding = new Adding({ opened: openShelf, changed: libraryChanged });
const shelf = new Shelf({ open: openArticle, changed: libraryChanged, adding, filters });
// Where a keyboard is at hand, the question can be typed at once; elsewhere one would cover the answer.
const KEYBOARD = window.matchMedia("(hover: hover) and (pointer: fine)");

let turns = [];
let asking = null;
// The kept thread that this one is.
let threadId = null;
// How many articles there are, once that is known.
let total = null;

// Whether the user has scrolled since the question was asked.
let moved = false;

// Settled once the server has said what it can do, or could not be asked.
let known = null;

// What is being fetched for the panel; the last one that was asked for wins.
let wanted = 0;
// Counts the threads, so that one which is being reopened ends when another begins.
let threads = 0;

// Asking

function turnOf({ question, timeline }, asked) {
  const turn = new Turn(question, timeline, {
    open: openArticle,
    link: () => linkTo(turn, asked),
    addArticles: openShelf,
    clearFilters: () => {
      filters.value = {};
      choiceChanged();
      box.focus();
    },
    ask,
    asked: () => turns.map((each) => each.question),
    say,
  });
  turns.push(turn);
  thread.append(turn.element);
  return turn;
}

async function ask(question, { timeline = false, record = true } = {}) {
  stop(record);
  const controller = new AbortController();
  asking = controller;
  const history = historyOf(turns);
  const asked = filters.value;
  const turn = turnOf({ question, timeline }, asked);
  if (record) window.history.pushState(null, "", linkTo(turn, asked));
  setForm();
  turn.show();
  moved = false;
  readyToType();
  say(T.looking);
  try {
    let finished = false;
    // A link that is opened asks at once: whether there is a choice has to be known by then.
    await known;
    const request = { question, timeline, filters: asked, history, ...mode.value };
    for await (const event of api.ask(request, controller.signal)) {
      finished = turn.take(event) || finished;
    }
    if (!finished) throw new api.Problem(0, T.brokeOff);
    if (asking === controller && !moved) turn.show();
    say(turn.spoken);
    keep(turn, asked);
  } catch (error) {
    if (error.name === "AbortError") turn.fail(T.stopped, () => again(turn));
    else turn.fail(api.told(error), () => again(turn));
  } finally {
    if (asking === controller) asking = null;
    setForm();
  }
}

/** The focus goes to the question, unless it is somewhere on purpose. */
function readyToType() {
  const { activeElement: active } = document;
  const lost = !active?.isConnected || active === document.body || thread.contains(active) || byId("front").contains(active);
  if (!KEYBOARD.matches) box.blur();
  else if (lost) box.focus({ preventScroll: true });
}

/** Keep the thread in this browser, up to the answer that has just come. */
function keep(turn, asked) {
  if (!turns.includes(turn)) return;
  threadId ??= crypto.getRandomValues(new Uint32Array(2)).join("-");
  const answered = turns.filter((each) => each.answer);
  keepThread({ id: threadId, at: new Date().toISOString(), filters: asked, turns: answered });
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
  const until = turns.slice(0, turns.indexOf(turn) + 1);
  return new URL(fragment(until, asked), window.location.href).href;
}

/** The choice of sources stands in the address. */
function choiceChanged() {
  const address = window.location.pathname + fragment(turns, filters.value);
  window.history.replaceState(null, "", address);
}

function again(turn) {
  turns = turns.filter((each) => each !== turn);
  turn.element.remove();
  ask(turn.question, { timeline: turn.timeline, record: false });
}

/** Stop answering; `all`: also what else is to be asked of a thread that is being reopened. */
function stop(all = true) {
  if (all) threads += 1;
  asking?.abort();
  asking = null;
}

function setForm() {
  const begun = turns.length > 0;
  box.placeholder = begun ? T.askFurther : total === 0 ? T.noArticlesYet : "";
  byId("ask-label").textContent = begun ? T.askFurther : T.askArticles;
  byId("new-thread").hidden = !begun;
  byId("keep").hidden = !turns.some((turn) => turn.answer);
  byId("front").hidden = begun || !hasExamples();
  byId("welcome").hidden = begun || total !== 0;
  byId("stop").hidden = !asking;
  byId("submit").hidden = Boolean(asking);
  document.body.classList.toggle("begun", begun);
  document.title = T.title(turns.at(-1)?.question);
  grow();
}

function clear() {
  stop();
  turns = [];
  threadId = null;
  thread.replaceChildren();
  box.value = "";
  byId("keep").open = false;
  grow();
  setForm();
}

// The panel

async function openArticle(place, opener) {
  const mine = ++wanted;
  let content;
  try {
    const article = await api.article(place.id);
    const alone = act(T.askThisArticle, () => {
      filters.value = { article_ids: [article.id] };
      filters.name(article);
      choiceChanged();
      panel.close();
      box.focus();
    });
    content = setArticle(article, place, { acts: [pageLink(place, article.title || article.id), alone] });
  } catch (error) {
    content = el(
      "section",
      { className: "articles" },
      el("h2", { id: "panel-title", tabIndex: -1 }, T.notToBeHad),
      el("p", { className: "failed" }, error.status === 404 ? T.noSuchArticle(place.id) : api.told(error)),
    );
  }
  // Another one was asked for in the meantime.
  if (mine === wanted) panel.show(content, { opener, back: panel.element.contains(opener) });
}

function openShelf(opener) {
  wanted += 1;
  panel.show(shelf.render(), { opener: opener instanceof Element ? opener : undefined });
}

function openThreads(opener) {
  wanted += 1;
  const gone = (id) => {
    if (id === threadId) threadId = null;
  };
  panel.show(threadList({ open: showThread, gone }), { opener });
}

function showThread(kept) {
  panel.close();
  filters.value = kept.filters;
  nameArticles();
  restore(kept);
  window.history.pushState(null, "", linkTo(turns.at(-1), kept.filters));
  readyToType();
}

/** Show a kept thread as it was answered. */
function restore(kept) {
  clear();
  threadId = kept.id;
  for (const each of kept.turns) turnOf(each, kept.filters).finish(each.answer);
  setForm();
  turns.at(-1)?.show();
}

async function libraryChanged() {
  forgetArticles();
  shelf.refresh();
  await refresh();
}

function begin() {
  known = api.version().then(
    (said) => {
      byId("version").textContent = T.version(said.version ?? "");
      mode.offer(said);
    },
    () => {},
  );
  refresh();
}

/** What the page says of the library: how many, which publishers and languages, what to ask. */
async function refresh() {
  try {
    const [found, publishers, languages] = await Promise.all([
      api.articles({ limit: 1 }),
      api.publishers(),
      api.languages(),
    ]);
    total = found.total;
    byId("today").textContent = `${today()} · `;
    byId("size").textContent = T.count(total);
    filters.offer(publishers, languages);
    if (total) offerExamples(ask, setForm);
    else clearExamples();
  } catch (error) {
    byId("size").textContent = error.message;
  }
  setForm();
}

/** What the chosen articles are called, where a link named only their ids. */
function nameArticles() {
  for (const id of filters.value.article_ids ?? []) {
    articleOf(id).then((article) => filters.name(article), () => {});
  }
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
  filters.details.open = byId("keep").open = false;
  grow();
  ask(question, { timeline: byId("over-time").checked });
});

box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  // Enter that ends the composing of a character (229: in Safari) is not meant for the form.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
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
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    panel.close();
    box.focus();
  } else if (document.activeElement === document.body && !panel.isOpen && /^[\p{L}\p{N}]$/u.test(event.key)) {
    // Typing goes into the question, wherever it begins.
    box.focus();
  }
});

for (const kind of ["wheel", "touchmove"]) {
  window.addEventListener(kind, () => (moved = true), { passive: true });
}
// What has the focus must not lie behind the box that stays.
new ResizeObserver(([{ target }]) => {
  const behind = document.body.classList.contains("begun") ? target.offsetHeight + 8 : 0;
  document.documentElement.style.scrollPaddingBottom = `${behind}px`;
}).observe(byId("ask"));
byId("stop").addEventListener("click", () => {
  stop();
  box.focus();
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  box.focus();
});
byId("keep-acts").append(...keepActs(() => turns.filter((turn) => turn.answer)));
byId("open-articles").addEventListener("click", (event) => openShelf(event.currentTarget));
byId("open-threads").addEventListener("click", (event) => openThreads(event.currentTarget));
byId("choose-articles").addEventListener("click", (event) => openShelf(event.currentTarget));
byId("welcome-add").addEventListener("click", (event) => openShelf(event.currentTarget));
byId("welcome-samples").addEventListener("click", () => {
  openShelf();
  adding.samples();
});
byId("panel-back").addEventListener("click", () => openShelf());
for (const id of ["new-thread", "home"]) {
  byId(id).addEventListener("click", (event) => {
    event.preventDefault();
    panel.close();
    clear();
    window.history.pushState(null, "", window.location.pathname + fragment([], filters.value));
    box.focus();
  });
}

async function reopen() {
  const { questions, filters: asked } = parse(window.location.hash);
  clear();
  filters.value = asked;
  nameArticles();
  const mine = threads;
  await known;
  if (mine !== threads) return;
  const kept = questions.length > 0 && threadLike(questions, asked);
  // What was answered from the library as it is now need not be asked again.
  const current = kept && isOf(await api.generation(), kept);
  if (mine !== threads) return;
  if (current) return restore(kept);
  for (const { question, timeline } of questions) {
    if (mine === threads) await ask(question, { timeline, record: false });
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
