// What can be done with a whole thread: take it along in some format.

import { copyButton, copyRich, download } from "./clipboard.js";
import { act, say } from "./element.js";
import { toMarkdown } from "./markdown.js";
import { cited, toBibtex, toCsl } from "./references.js";
import { toPage } from "./rich.js";
import { T } from "./strings.js";

/** The buttons; `answered` gives the turns that have an answer. */
export function keepActs(answered) {
  const file = (ending) => `${T.fileName}.${ending}`;
  return [
    copyButton(T.richText, () => copyRich(answered()), say),
    act(T.markdown, () => download(file("md"), "text/markdown", toMarkdown(answered()))),
    act(T.html, () => download(file("html"), "text/html", toPage(answered(), answered()[0].question))),
    act(T.bibtex, async () => download(file("bib"), "application/x-bibtex", toBibtex(await cited(answered())))),
    act(T.csl, async () => download(file("json"), "application/json", toCsl(await cited(answered())))),
  ];
}
