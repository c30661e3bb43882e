"""Remove boxes within the text of a page that are told by what they say and hold: "Most read" above
links, a form for a newsletter, a word about the author.

Classes seldom say what such a box is, and extraction takes its sentences for the article's. What is
sure is a heading of that kind above links, in any of some languages; nothing else is removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.boilerplate.classifier import terminal
from index.boilerplate.headings import ABOUT_THE_AUTHOR, RELATED_HEADING
from index.boilerplate.phrases import whole
from index.load.html.blocks import BLOCKS
from index.load.html.page_blocks import HEADINGS
from index.load.html.tags import local_name, remove, set_name

__all__ = ["remove_boxes", "unwrap_forms"]

_BOXES = {"div", "section", "aside", "ul", "ol", "figure", "nav", "form"}
_MOST_HEADING_CHARS = 60
# A box has less of the page's characters than this; what has more is the article itself.
_MOST_OF_PAGE = 0.4
_MOST_BOX_WORDS = 80
_LINKED = 0.6
# Fields of a form that nobody fills in; words of a paragraph that is no label.
_SILENT_FIELDS = {"hidden", "submit", "button", "image", "reset"}
_SENTENCE_WORDS = 6
_HEADINGS_OF_BOXES = {
    "advert": whole(
        r"from our (?:sponsors?|partners?)|sponsored(?: content)?|advertisement|anzeige|publicité"
        r"|publicidad|pubblicità"
    ),
    "contact": whole(
        r"(?:media|press) (?:contacts?|enquiries|inquiries)|pressekontakt|contacts? presse"
        r"|contacto (?:de )?prensa|contatti stampa|ufficio stampa|perscontact"
    ),
}
_CONTENTS = whole(
    r"(?:table of )?contents|in this (?:article|story)|on this page|inhalt(?:sverzeichnis)?"
    r"|(?:au )?sommaire|table des matières|índice|in questo articolo|inhoud"
)
# What leads to an offer, and what is said beside it.
_TO_OFFER = re.compile(
    r"(?i)/(?:subscri\w*|abo(?:nn\w*)?|suscri\w*|abbon\w*|donat\w*|give|spenden|member\w*|offers?)"
    r"(?:[/?#-]|\Z)|\b(?:offers?|offres?|angebote?|(?:free )?trial|ofertas?|offert[ae])\b"
)
_OFFER = re.compile(
    r"(?i)[£$€]\s?\d|\d\s?(?:€|euros?\b|pounds?\b)|\b(?:free trial|(?:first|per|a) month|unlimited"
    r"|cancel|subscribers?|abonn\w+|suscri\w+|abbona\w+|kostenlos|monatlich|par mois|al mes[e]?)\b"
)
_NEWSLETTER = re.compile(r"(?i)news-?letter|e-?mail|inbox|posteingang|boîte mail|briefing|correo")
_SIGN_UP = re.compile(
    r"(?i)\b(?:sign (?:me )?up|subscribe|register|join|abonnieren|anmelden|eintragen|bestellen"
    r"|(?:je )?m[’']inscri\w+|s[’']inscrire|(?:je )?m[’']abonne|s[’']abonner|inscrivez|abonnez"
    r"|suscr[ií]b\w+|ap[úu]nta\w+|reg[ií]str\w+|iscriv\w+|abbonati|inschrijven|aanmelden"
    r"|inscreva|assine|prenumerera|tilaa|zapisz)\b"
)


def remove_boxes(root: Any, title: str) -> list[tuple[str, str]]:
    """Remove the boxes from the tree; returns their words, each with the reason.

    title: the article's headline, which no box holds.
    """
    whole = max(1, _length(root))
    removals: list[tuple[str, str]] = []
    for heading in [node for node in root.iter() if _may_head(node)]:
        if heading.getparent() is None or not _is_below(heading, root):
            continue
        words = _text(heading)
        if words == title:
            continue
        if RELATED_HEADING.fullmatch(words.rstrip(":")):
            removals += _remove_links(heading, whole, "related")
        elif _CONTENTS.fullmatch(words.rstrip(":")):
            removals += _remove_links(heading, whole, "navigation")
        elif ABOUT_THE_AUTHOR.fullmatch(words.rstrip(":")):
            removals += _removed(_box_around(heading, whole), "author")
        for reason, wording in _HEADINGS_OF_BOXES.items():
            if heading.getparent() is not None and wording.fullmatch(words.rstrip(":")):
                removals += _removed(_small_box(heading, whole), reason)
    for form in list(root.iter("form", "{*}form", "a", "{*}a", "button", "{*}button")):
        if form.getparent() is not None and _is_below(form, root):
            box = _sign_up_box(form, whole)
            is_offer = box is not None and not _NEWSLETTER.search(_wording(box))
            removals += _removed(box, "offer" if is_offer else "newsletter")
    return removals


def unwrap_forms(root: Any) -> None:
    """Make parts of the page of the forms that ask nothing and have paragraphs, or hold the whole
    article: a script sends them."""
    for form in list(root.iter("form", "{*}form")):
        fields = (*form.iter("input", "{*}input"), *form.iter("textarea", "select"))
        has_fields = any(
            (field.get("type") or "text").lower() not in _SILENT_FIELDS for field in fields
        )
        has_headline = next(form.iter("h1", "{*}h1"), None) is not None
        prose = (_text(node) for node in form.iter("p", "{*}p"))
        has_sentence = any(
            len(text.split()) >= _SENTENCE_WORDS and terminal(text) for text in prose
        )
        if has_headline or (has_sentence and not has_fields):
            set_name(form, "div")


def _is_below(node: Any, root: Any) -> bool:
    return any(ancestor is root for ancestor in node.iterancestors())


def _may_head(node: Any) -> bool:
    """Whether an element may be a heading: named so, or a short line by itself."""
    name = local_name(node)
    if name not in HEADINGS and name not in ("p", "div", "span", "strong", "b"):
        return False
    if any(local_name(child) in BLOCKS for child in node):
        return False
    length = len(node.xpath("string()"))
    return 3 <= length <= _MOST_HEADING_CHARS and not (node.tail or "").strip()


def _small_box(heading: Any, whole: int) -> Any | None:
    """Return the box of a few words that a heading opens: with it alone in a line, or all of it."""
    line = heading
    while _is_only_child(line) and local_name(line) not in BLOCKS:
        line = line.getparent()
    box = _box_around(line, whole)
    return box if box is not None and len(_text(box).split()) <= _MOST_BOX_WORDS else None


def _remove_links(heading: Any, whole: int, reason: str) -> list[tuple[str, str]]:
    """Remove the box of links that a heading opens, or where it stands amid the text itself, the
    heading and the blocks of links below it."""
    line = heading
    while _is_only_child(line) and (
        local_name(line) not in BLOCKS or local_name(line.getparent()) in ("header", "p", *HEADINGS)
    ):
        line = line.getparent()
    box = _box_around(line, whole)
    if box is not None:
        first = next(_texts_below(line), None)
        if first is not None and _link_share(first) > _LINKED:
            return _removed(box, reason)
    links = list(_links_below(line))
    if not links:
        return []
    return [pair for node in [line, *links] for pair in _removed(node, reason)]


def _is_only_child(node: Any) -> bool:
    parent = node.getparent()
    return parent is not None and len(parent) == 1 and not (parent.text or "").strip()


def _box_around(heading: Any, whole: int) -> Any | None:
    """Return the box that begins with a heading; ``None`` where the heading stands in the text."""
    parent = heading.getparent()
    while parent is not None and local_name(parent) in ("header", "hgroup"):
        heading, parent = parent, parent.getparent()
    if parent is None or not _may_be_box(parent) or _length(parent) > _MOST_OF_PAGE * whole:
        return None
    before = [node for node in heading.itersiblings(preceding=True) if _text(node)]
    if before or (parent.text or "").strip() or next(parent.iter("h1", "{*}h1"), None) is not None:
        return None
    return parent


def _may_be_box(element: Any) -> bool:
    # A cell that is a row by itself is one of a layout.
    return local_name(element) in _BOXES or (
        local_name(element) == "td" and _is_only_child(element)
    )


def _texts_below(line: Any) -> Iterator[Any]:
    """Yield the blocks of text after a heading, within its parent."""
    for sibling in line.itersiblings():
        for node in sibling.iter():
            is_text = local_name(node) in BLOCKS | {"a"} and (node.text or "").strip()
            if is_text or (local_name(node) in ("p", "li", *HEADINGS) and _text(node)):
                yield node


def _links_below(line: Any) -> Iterator[Any]:
    """Yield the blocks right below a heading that are links and nothing else."""
    for sibling in line.itersiblings():
        if _text(sibling) and _link_share(sibling) <= _LINKED:
            return
        if _text(sibling):
            yield sibling
        if (sibling.tail or "").strip():
            return


def _sign_up_box(control: Any, whole: int) -> Any | None:
    """Return the box around a form, link or button to sign up for a newsletter: a few words, with
    a heading or a line above it that names one."""
    name = local_name(control)
    if name == "form":
        fields = [*control.iter("input", "{*}input")]
        is_sign_up = any((field.get("type") or "").lower() == "email" for field in fields)
    else:
        is_sign_up = len(_text(control)) <= 40 and bool(
            _SIGN_UP.search(_text(control)) or _leads_to_offer(control)
        )
    if not is_sign_up:
        return None
    box = control if name == "form" else None
    for ancestor in control.iterancestors():
        if local_name(ancestor) not in _BOXES | {"p"}:
            break
        words = _text(ancestor)
        too_much = len(words.split()) > _MOST_BOX_WORDS or _length(ancestor) > _MOST_OF_PAGE * whole
        if too_much or next(ancestor.iter("h1", "{*}h1"), None) is not None:
            break
        if local_name(ancestor) != "p" and len(words) > len(_text(control)):
            is_offer = _stands_alone(control) and _OFFER.search(words)
            is_box = name == "form" or is_offer or _NEWSLETTER.search(_wording(ancestor))
            return ancestor if is_box else box
    return box


def _wording(box: Any) -> str:
    """Return the words of a box, and those by which the page calls its parts."""
    names = (
        f"{node.get('class') or ''} {node.get('placeholder') or ''}"
        for node in box.iter() if local_name(node)
    )  # fmt: skip
    return f"{_text(box)} {' '.join(names)}"


def _leads_to_offer(control: Any) -> bool:
    return bool(_TO_OFFER.search(f"{_text(control)} {control.get('href') or ''}"))


def _stands_alone(control: Any) -> bool:
    """Whether a link or button is no part of a sentence."""
    parent, before = control.getparent(), control.getprevious()
    if local_name(parent) not in _BOXES | {"td"}:
        return _text(parent) == _text(control)
    text_before = parent.text if before is None else before.tail
    return not (text_before or "").strip() and not (control.tail or "").strip()


def _removed(box: Any | None, reason: str) -> list[tuple[str, str]]:
    """Remove a box, if there is one; returns its words, with the reason."""
    if box is None or box.getparent() is None:
        return []
    words = " ".join(" ".join(box.itertext()).split())
    remove(box)
    return [(words, reason)] if words else []


def _link_share(element: Any) -> float:
    whole = len(_text(element))
    if local_name(element) == "a" or any(
        local_name(node) == "a" for node in element.iterancestors()
    ):
        return 1.0
    return sum(len(_text(link)) for link in element.iter("a", "{*}a")) / whole if whole else 0.0


def _text(element: Any) -> str:
    return " ".join(element.xpath("string()").split()) if local_name(element) else ""


def _length(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())
