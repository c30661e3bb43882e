// The card that a footnote shows while it is pointed at or has the focus: its sentence in its
// paragraph. It can be pointed at itself, and Esc puts it away.

import { context } from "./context.js";
import { byId, el } from "./element.js";
import { provenance } from "./source.js";

const WAIT = 140;
const GAP = 10;

const card = el("div", { id: "card", className: "card", role: "tooltip", hidden: true });
let pending = null;
let owner = null;

card.addEventListener("pointerenter", () => clearTimeout(pending));
card.addEventListener("pointerleave", () => later(hide));
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
document.addEventListener("scroll", hide, { passive: true });

/** Show the card of a citation beside `button` while it is pointed at or has the focus. */
export function carded(button, citation, results) {
  const open = () => show(button, citation, results());
  button.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && later(open));
  button.addEventListener("pointerleave", () => later(hide));
  button.addEventListener("focus", () => button.matches(":focus-visible") && later(open));
  button.addEventListener("blur", hide);
  button.addEventListener("click", hide);
}

function later(act) {
  clearTimeout(pending);
  pending = setTimeout(act, WAIT);
}

function show(button, citation, results) {
  if (!button.isConnected) return;
  card.replaceChildren(
    el("p", { className: "card-title", dir: "auto" }, citation.document_title || citation.document_id),
    provenance(citation),
    context([citation], results),
  );
  if (!card.isConnected) document.body.append(card);
  card.hidden = false;
  owner = button;
  button.setAttribute("aria-describedby", card.id);
  place(button);
}

function place(button) {
  const mark = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const room = document.documentElement.clientWidth - width - GAP;
  card.style.left = `${Math.max(GAP, Math.min(mark.left - width / 3, room))}px`;
  // Below, where it covers what is yet to be read, unless the question box is there.
  const below = mark.bottom + GAP;
  const floor = byId("ask").getBoundingClientRect().top;
  card.style.top = `${below + height <= floor ? below : Math.max(GAP, mark.top - height - GAP)}px`;
}

function hide() {
  clearTimeout(pending);
  owner?.removeAttribute("aria-describedby");
  owner = null;
  card.hidden = true;
}
