"""The words inside a sentence of a page: which count, which do not, and how they are written.

A page's mark-up says things that its bare characters do not: that a raised 3 is a note and no
digit, that a word is struck out, that a box opens over the text. Here it is turned into characters,
in the tree, before anything reads the tree's text.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

from index.load.formula import formula
from index.load.popups import remove_popups
from index.load.tags import is_within, local_name, remove, replace_by_text, set_name, tag_like
from index.text.normalise import word_set

__all__ = ["settle_inline", "text_before"]

_DELETIONS = {"del", "s", "strike"}
_STRUCK_CLASS = re.compile(r"(?:^|[\s_-])(?:strike|strike-?through|line-through|struck)(?:$|\s)")
# Parts of sentences that extraction takes for controls, or does not know.
_WORDS = word_set(
    "time button label output meter progress data abbr dfn kbd samp var tt cite mark bdi bdo u ins"
    " small big font acronym legend address"
)
_TEXT_BLOCKS = word_set("p li dd dt td th h1 h2 h3 h4 h5 h6 blockquote figcaption caption span")
_QUOTATION_MARKS = re.compile(r"^\s*[“”„«‹\"'‘]|[“”»›\"'’]\s*$")

_NOTE = re.compile(r"(?i)\b(?:foot|end|side)?-?note|\bref(?:erence)?s?\b|\bcit(?:e|ation)|\bfn\b")
_NOTE_TEXT = re.compile(r"[\[(]?\s*(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§¶]+)\s*[\])]?"
                        r"(?:\s*[,;–-]\s*\d{1,3})*")  # fmt: skip
_NUMBER = re.compile(r"[-−–+]?\d+(?:[.,]\d+)*")
# What is raised to powers; above any other number stands a note.
_BASE = re.compile(r"(?:^|[^\d.,$€£¥])(?:10|2)$")
_UNIT = re.compile(
    r"(?:^|[^A-Za-z])(?:[kcmdµμn]?m|[a-zA-Z]|mc|sin|cos|tan|log)$|\d\s?(?:ft|in|yd|mi|sec)$"
)
_ENGLISH_ORDINALS = word_set("st nd rd th")
_ORDINALS = _ENGLISH_ORDINALS | word_set(
    "er re e ème eme ère o a os as º ª es r d me mes lle lles te de ter to"
)
_PRICE = re.compile(r"[$€£¥]\s?\d+$")
_SCALE = re.compile(r"\s*(?:thousand|million|billion|trillion|mn|bn|m\b|k\b|per cent|percent|%)")
_CENTS_FROM = 49


def settle_inline(root: Any) -> None:
    """Change the tree under ``root`` so that its text is what a reader sees.

    Struck-out and hidden words and boxes that open over the text go; raised numbers become ``^6``
    or, where they are notes, go; quotations get their marks, formulas their characters; controls
    and times within a sentence become words of it.
    """
    remove_popups(root)
    language = (root.get("lang") or "").lower()
    ordinals = _ENGLISH_ORDINALS if language.startswith("en") else _ORDINALS
    quotations = {node for node in root.iter() if local_name(node) == "q"}
    inner = {node for node in quotations if is_within(node, {"q"})}
    for element in list(root.iter()):
        name = local_name(element)
        if element.getparent() is None or not name:
            continue
        if name in _DELETIONS or _is_struck(element):
            remove(element)
        elif name == "sup":
            replace_by_text(element, _superscript_text(element, ordinals))
        elif name == "sub":
            replace_by_text(element, _subscript_text(element))
        elif name == "math":
            replace_by_text(element, formula(element))
        elif name == "q":
            _quote(element, *(("‘", "’") if element in inner else ("“", "”")))
        elif name == "blockquote":
            _set_apart(element)
        elif name == "footer" and _parent_name(element) == "blockquote":
            set_name(element, "p")
        elif name in _WORDS and _in_sentence(element):
            set_name(element, "span")


def _is_struck(element: Any) -> bool:
    """Whether a style or a class strikes the element out."""
    style, kind = element.get("style") or "", element.get("class") or ""
    return bool(
        (style and "line-through" in style.lower()) or (kind and _STRUCK_CLASS.search(kind.lower()))
    )


def _parent_name(element: Any) -> str:
    parent = element.getparent()
    return "" if parent is None else local_name(parent)


def _in_sentence(element: Any) -> bool:
    """Whether the element is a part of running text: text stands beside it in its block."""
    if not is_within(element, _TEXT_BLOCKS):
        return False
    if local_name(element) not in ("button", "label"):
        return True
    before = text_before(element).strip()
    return bool(before) and not before.endswith((".", "!", "?"))


def text_before(element: Any) -> str:
    """The text of its block that stands before the element."""
    parts: list[str] = []
    while True:
        parent = element.getparent()
        for earlier in element.itersiblings(preceding=True):
            parts.append(earlier.tail or "")
            if local_name(earlier) in ("br", "p", "div"):
                return "".join(reversed(parts))
            parts.append("".join(earlier.itertext()))
        if parent is None:
            break
        parts.append(parent.text or "")
        if local_name(parent) in _TEXT_BLOCKS - {"span"} or local_name(parent) == "div":
            break
        element = parent
    return "".join(reversed(parts))


def _superscript_text(element: Any, ordinals: Set[str]) -> str:
    """What a raised piece of text is written as: ``^6``, ``th``, a space before it, or nothing."""
    text = " ".join("".join(element.itertext()).split())
    before = text_before(element)[-40:]
    if not text or _is_marked_note(element, text):
        return ""
    if re.fullmatch(r"(?i)tm|sm|®|™|℠|©", text):
        return "™" if text.lower() == "tm" else text
    if text.lower().rstrip(".") in ordinals and re.search(r"(?:\d|\b[IVXLC]+|\b[A-Z]\w?)$", before):
        return text
    if _NUMBER.fullmatch(text):
        return _raised_number(text, before, element.tail or "")
    if _NOTE_TEXT.fullmatch(text):
        # A single letter above a letter or a figure of a formula is a power of it.
        return f"^{text}" if text in ("n", "x", "k") and re.search(r"\b\w$", before) else ""
    return f" {text}" if before[-1:].isalnum() else text


def _is_marked_note(element: Any, text: str) -> bool:
    """Whether the mark-up says that this is a note, or what it says can be nothing else."""
    inside = [element, *element.iterdescendants()]
    parent = element.getparent()
    if parent is not None and local_name(parent) == "a":
        inside.append(parent)
    for node in inside:
        attributes = " ".join(node.get(name) or "" for name in ("class", "id", "role", "rel"))
        kind = next((v for k, v in node.attrib.items() if str(k).endswith("type")), "")
        if _NOTE.search(f"{attributes} {kind}"):
            return True
        if local_name(node) == "a" and "#" in (node.get("href") or "") and len(text) <= 8:
            return True
    return bool(re.fullmatch(r"\[.{1,30}\]|[*†‡§¶]+|\d{1,3}(?:\s*[,;]\s*\d{1,3})+", text))


def _raised_number(text: str, before: str, after: str) -> str:
    if re.match(r"\s*[/⁄]", after) and (not before or before[-1].isdigit() or before[-1] == " "):
        return f" {text}" if before[-1:].isdigit() else text
    power = _BASE.search(before) and not _SCALE.match(after)
    if text[0] in "-−–+" or power or _UNIT.search(before):
        return f"^{text}"
    price = _PRICE.search(before) and len(text) == 2 and not _SCALE.match(after)
    if price and int(text) >= _CENTS_FROM:
        return f".{text}"
    return "" if len(text) <= 3 else f" {text}"


def _subscript_text(element: Any) -> str:
    """Lowered text goes on with a letter (CO2, x1) and is set apart from a figure (10_2)."""
    text = " ".join("".join(element.itertext()).split())
    before = text_before(element)[-1:]
    return f"_{text}" if text and before.isdigit() else text


def _set_apart(quotation: Any) -> None:
    """Make a paragraph of words that follow the paragraphs of a quotation: who said it."""
    for block in quotation:
        if local_name(block) in ("p", "div", "ul", "ol") and (block.tail or "").strip():
            paragraph = block.makeelement(tag_like(block, "p"))
            paragraph.text, block.tail = block.tail, None
            for after in list(block.itersiblings()):
                if local_name(after) in ("p", "div", "ul", "ol", "footer"):
                    break
                paragraph.append(after)
            block.addnext(paragraph)


def _quote(element: Any, opening: str, closing: str) -> None:
    if not _QUOTATION_MARKS.search("".join(element.itertext())):
        element.text = opening + (element.text or "").lstrip()
        last = list(element)
        if last:
            last[-1].tail = (last[-1].tail or "").rstrip() + closing
        else:
            element.text = element.text.rstrip() + closing
    set_name(element, "span")
