// The page of one article, at the place that its address names.

import * as api from "./api.js";
import { byId, el } from "./element.js";
import { offer } from "./key.js";
import { articleLink, fragment, idIn, placeIn } from "./link.js";
import { setArticle } from "./reading.js";
import { at } from "./root.js";
import { T, speak } from "./strings.js";

const id = idIn(window.location.pathname);
let article = null;

async function load() {
  try {
    article = await api.article(id);
    show();
  } catch (error) {
    const missing = error.status === 404;
    const words = missing ? T.noSuchArticle(id) : api.told(error);
    byId("article").replaceChildren(el("h1", {}, T.notToBeHad), el("p", { className: "failed", role: "alert" }, words));
    byId("ask").hidden = missing;
  }
}

function show() {
  byId("article").replaceChildren(setArticle(article, placeIn(window.location.hash), { heading: "h1" }));
  document.title = T.title(article.title || article.id);
  byId("article").querySelector("mark")?.scrollIntoView({ block: "center" });
}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const question = byId("question").value.trim();
  if (question) window.location.assign(at("/") + fragment([{ question }], { article_ids: [id] }));
});
window.addEventListener("hashchange", () => article && show());
// What is selected can be linked to.
document.addEventListener("selectionchange", () => {
  const chosen = selected();
  byId("link-here").hidden = !chosen;
  if (chosen) byId("link-here").href = articleLink({ id, ...chosen });
});

/** The place of the selection in the text, in code points; nothing where none is selected in it. */
function selected() {
  const selection = document.getSelection();
  const text = document.querySelector(".reading .text");
  if (!text || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = Array.from(before.toString()).length;
  const end = start + Array.from(range.toString()).length;
  return end > start ? { start, end } : null;
}

speak();
byId("question").placeholder = T.askArticle;
offer(load);
load();
