// The clipboard, and files to keep.

import { act, el } from "./element.js";
import { toMarkdown } from "./markdown.js";
import { toRich } from "./rich.js";
import { T } from "./strings.js";

/** Answers for the clipboard: rich text for a word processor, Markdown for everything else. */
export function copyRich(turns) {
  return { text: toMarkdown(turns), html: toRich(turns).outerHTML };
}

/** A quiet button that copies what `make` gives (`{text, html}`) and says so. */
export function copyButton(label, make, say) {
  const button = act(label, async () => {
    button.textContent = (await copied(make())) ? T.copied : T.copyRefused;
    button.addEventListener("blur", () => (button.textContent = label), { once: true });
    say(button.textContent);
  });
  return button;
}

async function copied({ text, html }) {
  try {
    if (html && window.ClipboardItem) {
      const kinds = { "text/plain": text, "text/html": html };
      const blobs = Object.entries(kinds).map(([type, value]) => [type, new Blob([value], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    } else await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedTheOldWay(text, html);
  }
}

/** Without TLS the clipboard is there only on loopback; the old way still works. */
function copiedTheOldWay(text, html) {
  const before = document.activeElement;
  const area = el("textarea", { value: text, className: "unseen" });
  const fill = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    if (html) event.clipboardData.setData("text/html", html);
  };
  document.body.append(area);
  area.select();
  area.addEventListener("copy", fill);
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}

/** Give the text as a file to keep. */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = el("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
