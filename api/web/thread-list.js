// The panel of threads: open, rename, delete; and the question set that verdicts make.

import { download } from "./clipboard.js";
import { act, el, say } from "./element.js";
import { T } from "./strings.js";
import { deleteThread, renameThread, threads } from "./threads.js";
import { clearVerdicts, questionSet, verdicts } from "./verdicts.js";
import { day, unbroken } from "./words.js";

/** The panel's content. `open` shows a thread again; `gone` hears of one that was deleted. */
export function threadList({ open, gone }) {
  const list = el("ul", { className: "shelf" });
  const none = el("p", { className: "count" }, T.noThreads);
  const fill = () => {
    list.replaceChildren(...threads().map((thread) => item(thread, { open, gone, fill })));
    none.hidden = list.childElementCount > 0;
  };
  fill();
  return el(
    "section",
    { className: "articles threads" },
    el("h2", { id: "panel-title", tabIndex: -1 }, T.threads),
    none,
    list,
    questionSetSection(),
  );
}

function item(thread, { open, gone, fill }) {
  const { id, name, at, turns } = thread;
  const title = act(name, () => open(thread), { className: "title", dir: "auto" });
  const rename = act(T.rename, () => item.replaceChildren(renaming(thread, fill)));
  rename.setAttribute("aria-label", T.renameOf(name));
  const remove = act(T.delete, () => {
    deleteThread(id);
    gone(id);
    fill();
    document.getElementById("panel-title").focus();
    say(T.deleted(name));
  });
  remove.setAttribute("aria-label", T.deleteOf(name));
  const about = [day(at), turns.length > 1 && T.questions(turns.length)].filter(Boolean).map(unbroken).join(", ");
  const item = el(
    "li",
    {},
    title,
    el("span", { className: "provenance" }, about),
    el("span", { className: "item-acts" }, rename, remove),
  );
  return item;
}

function renaming({ id, name }, fill) {
  const field = el("input", { type: "text", value: name, required: true, dir: "auto", aria: { label: T.nameOf } });
  const form = el("form", { className: "row" }, field, el("button", { type: "submit", className: "plain" }, T.keep));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    renameThread(id, field.value.trim() || name);
    fill();
    document.getElementById("panel-title").focus();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    // Nor is it for the watcher of the panel.
    event.preventDefault();
    fill();
  });
  queueMicrotask(() => field.select());
  return form;
}

function questionSetSection() {
  const section = el("section", { className: "question-set" });
  const fill = () => {
    const many = verdicts().length;
    const keep = act(T.download, async () => download("questions.jsonl", "application/jsonl", await questionSet()));
    const clear = act(T.clearVerdicts, () => {
      clearVerdicts();
      fill();
    });
    section.replaceChildren(
      el("h3", {}, T.questionSet),
      ...(many
        ? [
            el("p", {}, T.questionSetText(many), " ", el("code", {}, T.questionSetCommand)),
            el("p", { className: "acts" }, keep, clear),
          ]
        : [el("p", {}, T.noVerdicts)]),
    );
  };
  fill();
  return section;
}
