"""Resolve the inline mark-up of a page to characters: which words count, and how they are written.

Mark-up carries meaning that the bare characters lack: that a raised 3 is a note and no digit, that
a word is struck out, that a box opens over the text. It is turned into characters in the tree,
before anything reads the tree's text.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

from index.load.html.formula import drawn_characters, formula
from index.load.html.popups import removal, remove_popups, remove_with_brackets
from index.load.html.tags import (
    is_within,
    local_name,
    remove,
    replace_by_text,
    said_of,
    set_name,
    tag_like,
)
from index.load.superscripts import (
    ENGLISH_ORDINALS,
    ORDINALS,
    subscript_text,
    superscript_text,
)
from index.text.normalise import word_set
from index.text.scripts import ENDINGS

__all__ = ["settle_inline", "text_before"]

_DELETIONS = {"del", "s", "strike"}
# How a character is read, above it.
_READINGS = {"rt", "rp", "rtc"}
_STRUCK_CLASS = re.compile(r"(?:^|[\s_-])(?:strike|strike-?through|line-through|struck)(?:$|\s)")
# Parts of sentences that extraction takes for controls, or does not know.
_WORDS = word_set(
    "time button label output meter progress data abbr dfn kbd samp var tt cite mark bdi bdo u ins"
    " small big font acronym legend address"
)
_HEADINGS = word_set("h1 h2 h3")
# What a button that is all of these opens, stands below it.
_OPENERS = word_set("h2 h3 h4 h5 h6 summary dt")
_TEXT_BLOCKS = word_set("p li dd dt td th h1 h2 h3 h4 h5 h6 blockquote figcaption caption span")
_BLOCKS = word_set("p div h1 h2 h3 h4 h5 h6 ul ol table blockquote pre dl section article")
# Words that stand by themselves between the blocks of these are a paragraph.
_CONTAINERS = word_set("div section header main article body")
_SPANS = word_set("b strong em i span font big")
_LEAST_PARAGRAPH_CHARS = 30
_SENTENCE_END = re.compile(rf"[{ENDINGS}][”\"'’»)\]]*\Z")
_ARROW_BACK = re.compile(r"\s*[↩↑↵⏎⬆][\ufe0e\ufe0f]?\s*")
_PICTURE_ADDRESS = re.compile(r"pic\.(?:twitter|x)\.com/\w+")
_QUOTATION_MARKS = re.compile(r"^\s*[“”„«‹\"'‘]|[“”»›\"'’]\s*$")

_NOTE = re.compile(r"(?i)\b(?:foot|end|side)?-?note|\bref(?:erence)?s?\b|\bcit(?:e|ation)|\bfn\b")
_SUPERSCRIPT_STYLE = re.compile(
    r"vertical-align\s*:\s*(?:super|text-top)|(?:^|[;\s])top\s*:\s*-(?:0?\.\d+|[1-9]\d?(?=px|%))|font-variant-position\s*:\s*super"
)
_SUPERSCRIPT_CLASS = re.compile(r"(?:^|[\s_-])(?:super-?script|sup)(?:$|\s)")
_MOST_NOTE_CHARS = 8
_CONTEXT_CHARS, _MOST_SIBLINGS = 100, 200
# A link that is the mark of a note, raised by nothing but the page's styles.
_NOTE_LINK = re.compile(
    r"(?i)\bnote-?ref\b|\b(?:foot|end)-?note-?(?:ref|link|anchor|mark)|\bfn-?ref"
)
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§¶]{1,3}|[a-z]|[ivx]{1,5})[\])]?")
_MARK_IN_BRACKETS = re.compile(r"\[(?:\d{1,3}|[a-z])\]")
_FIGURE_BEFORE = re.compile(r"[\d%]\s\Z")
# Parts of a headline that are a line of their own.
_HEADLINE_PARTS = re.compile(
    r"kicker|eyebrow|categor|(?:sub|over)-?(?:title|head)|badge|label|topic"
)


def _leads_back(element: Any, name: str) -> bool:
    """Whether an element is the arrow that leads from a note to where it is referred to."""
    return name == "a" and bool(_ARROW_BACK.fullmatch("".join(element.itertext())))


def _is_picture_link(link: Any, name: str) -> bool:
    """Whether a link is the address of a post's picture, of which readers see the picture."""
    return name == "a" and bool(_PICTURE_ADDRESS.fullmatch("".join(link.itertext()).strip()))


def settle_inline(root: Any) -> list[tuple[str, str]]:
    """Change the tree under ``root`` so that its text is what a reader sees.

    Struck-out and hidden words and boxes that open over the text are removed; raised numbers become
    ``^6``, or go where they are notes; quotations get their marks, formulas their characters;
    controls and times in a sentence become words of it. Returns what was hidden or struck out.
    """
    removals = remove_popups(root)
    language = (root.get("lang") or "").lower()
    ordinals = ENGLISH_ORDINALS if language.startswith("en") else ORDINALS
    inner = {node for node in root.iter() if local_name(node) == "q" and is_within(node, {"q"})}
    for element in list(root.iter()):
        name = local_name(element)
        if element.getparent() is None or not name:
            continue
        if name in _DELETIONS or _is_struck(element):
            removals += removal(element, "struck out")
            remove(element)
        elif name in _READINGS or _is_picture_link(element, name):
            remove(element)
        elif _is_note_link(element, name) or _leads_back(element, name):
            remove_with_brackets(element)
        elif name == "sup" or _is_raised(element, name):
            replace_by_text(element, _superscript_text(element, ordinals))
        elif name == "sub":
            replace_by_text(element, _subscript_text(element))
        elif name == "math":
            replace_by_text(element, formula(element))
        elif name == "img" and (characters := drawn_characters(element)):
            replace_by_text(element, characters)
        elif name == "br" and _parent_name(element) in _HEADINGS:
            element.tail = f" {element.tail or ''}"
        elif name == "q":
            _quote(element, *(("‘", "’") if element in inner else ("“", "”")))
        elif name == "blockquote":
            _set_apart(element)
            _take_out_of_figure(element)
        elif name == "footer" and _parent_name(element) == "blockquote":
            _settle_footer(element)
        elif _is_of_line(element, name):
            set_name(element, "span")
        elif name == "span" and _parent_name(element) in _HEADINGS:
            _set_apart_in_headline(element)
        elif (name in _SPANS or "-" in name) and any(_is_part(node, name) for node in element):
            # What stands beside the blocks in it is a part of the text as they are.
            set_name(element, "div")
        elif (name in _SPANS or "-" in name) and _stands_alone(element):
            set_name(element, "p")
    return removals


def _settle_footer(element: Any) -> None:
    """Make a quotation's footer a paragraph; an open one takes in all that follows it."""
    has_blocks = any(local_name(node) in _BLOCKS for node in element.iterdescendants())
    set_name(element, "div" if has_blocks else "p")


def _is_part(node: Any, around: str) -> bool:
    """Whether an element inside another one of this name is a block; an element of the page's own
    making inside another may be one."""
    return local_name(node) in _BLOCKS or ("-" in around and "-" in local_name(node))


def _stands_alone(element: Any) -> bool:
    """Whether an element of a line is a line of its own: no other words stand between it and the
    blocks around it, of which there is one at least, or others of its kind that are sentences as
    it is."""
    parent, before, after = element.getparent(), element.getprevious(), element.getnext()
    is_container = local_name(parent) in _CONTAINERS or "-" in local_name(parent)
    if not is_container or (element.tail or "").strip():
        return False
    text = parent.text if before is None else before.tail
    # A paragraph is one of those that were spans as this one.
    blocks = _BLOCKS | {"header", "figure", "aside", "main"}
    neighbours = {node: local_name(node) for node in (before, after) if node is not None}
    others = {name for node, name in neighbours.items() if not _is_like(node, element)}
    if (text or "").strip() or not neighbours or not others <= blocks | {"br"}:
        return False
    length = len("".join(element.itertext()).strip())
    has_blocks = any(local_name(node) in _BLOCKS for node in element.iterdescendants())
    is_apart = bool(others & blocks) or others != set(neighbours.values())
    return length >= _LEAST_PARAGRAPH_CHARS and not has_blocks and is_apart


def _is_like(node: Any, element: Any) -> bool:
    """Whether two elements of one name beside each other are sentences, each by itself."""
    if local_name(node) != local_name(element):
        return False
    texts = ["".join(part.itertext()).strip() for part in (node, element)]
    return all(len(text) >= _LEAST_PARAGRAPH_CHARS and _SENTENCE_END.search(text) for text in texts)


def _is_struck(element: Any) -> bool:
    """Whether a style or a class strikes the element out."""
    style, kind = element.get("style") or "", element.get("class") or ""
    return bool(
        (style and "line-through" in style.lower()) or (kind and _STRUCK_CLASS.search(kind.lower()))
    )


def _parent_name(element: Any) -> str:
    parent = element.getparent()
    return "" if parent is None else local_name(parent)


def _is_of_line(element: Any, name: str) -> bool:
    """Whether the words of an element that may be more than that are a part of the line around."""
    is_word = name in _WORDS and _in_sentence(element)
    is_heading = name == "button" and _is_all_of_heading(element)
    return is_word or is_heading or _is_code_in_line(element, name)


def _is_all_of_heading(button: Any) -> bool:
    """Whether a button has all the words of a heading, as in an accordion."""
    heading = button.getparent()
    if _parent_name(button) not in _OPENERS or is_within(button, {"nav", "aside", "footer"}):
        return False
    return "".join(heading.itertext()).strip() == "".join(button.itertext()).strip() != ""


def _is_code_in_line(element: Any, name: str) -> bool:
    """Whether an element is code amid other words, whose line breaks are the mark-up's."""
    if name != "code" or "\n" not in (element.text or "") or is_within(element, {"pre"}):
        return False
    return bool((element.tail or "").strip() or text_before(element).strip())


def _in_sentence(element: Any) -> bool:
    """Whether the element is part of running text: other text stands beside it in its block."""
    if not is_within(element, _TEXT_BLOCKS):
        return False
    if local_name(element) not in ("button", "label"):
        return True
    if before := text_before(element).strip():
        return not before.endswith((".", "!", "?"))
    # A sentence that begins with it goes on in small letters, or with what a label is of.
    after = _text_after(element).lstrip()
    return after[:1].islower() or (local_name(element) == "label" and after[:1].isdigit())


def _text_after(element: Any) -> str:
    """Return the beginning of the text behind an element, within its parent."""
    after = element.getnext()
    if (element.tail or "").strip() or after is None:
        return element.tail or ""
    return "" if local_name(after) in _BLOCKS | {"br"} else after.xpath("string()")


def text_before(element: Any) -> str:
    """Return the text of the element's block that stands before it, or the end of it."""
    parts: list[str] = []
    length = 0
    while True:
        parent = element.getparent()
        for number, earlier in enumerate(element.itersiblings(preceding=True)):
            parts.append(earlier.tail or "")
            if local_name(earlier) in ("br", "p", "div"):
                return "".join(reversed(parts))
            parts.append("".join(earlier.itertext()))
            length += len(parts[-1].strip()) + len(parts[-2].strip())
            # What stands further back than this, nobody asks for.
            if length >= _CONTEXT_CHARS or number >= _MOST_SIBLINGS:
                return "".join(reversed(parts))
        if parent is None:
            break
        parts.append(parent.text or "")
        if local_name(parent) in _TEXT_BLOCKS - {"span"} or local_name(parent) == "div":
            break
        element = parent
    return "".join(reversed(parts))


def _superscript_text(element: Any, ordinals: Set[str]) -> str:
    """Write a raised piece of text: ``^6``, ``th``, a space before it, or nothing."""
    text = " ".join("".join(element.itertext()).split())
    before, after = text_before(element)[-40:], element.tail or ""
    characters = superscript_text(before, text, after, ordinals, _is_marked_note(element, text))
    return characters if after else characters.rstrip()


def _is_raised(element: Any, name: str) -> bool:
    """Whether an element raises its text by a style or a class, as ``<sup>`` does."""
    if name not in ("span", "small", "a", "b", "i", "em", "strong", "font"):
        return False
    style, kind = element.get("style") or "", (element.get("class") or "").lower()
    is_high = bool(
        (style and _SUPERSCRIPT_STYLE.search(style.lower()))
        or (kind and _SUPERSCRIPT_CLASS.search(kind))
    )
    return is_high and len("".join(element.itertext()).strip()) <= _MOST_NOTE_CHARS


def _is_note_link(element: Any, name: str) -> bool:
    """Whether a link is the mark of a note: short, and marked as a note by the page; or a figure
    that links to a place of the page, at the end of a word or number."""
    if name not in ("a", "cite", "span", "small"):
        return False
    kind = next((v for k, v in element.attrib.items() if str(k).endswith("type")), "")
    attributes = " ".join(element.get(name) or "" for name in ("class", "role", "rel"))
    text = "".join(element.itertext()).strip()
    if len(text) > _MOST_NOTE_CHARS:
        return False
    if name == "a" and _NOTE_LINK.search(f"{attributes} {kind}"):
        return True
    is_apart = _char_before(element).isspace()
    leads_down = name == "a" and (element.get("href") or "").startswith("#")
    if leads_down and is_apart and _MARK_IN_BRACKETS.fullmatch(text):
        # "14 [7]"; after a word it may be one of the sentence: "as in [7]".
        return bool(_FIGURE_BEFORE.search(text_before(element)))
    if not _MARK.fullmatch(text) or is_apart:
        return False
    if leads_down:
        return not text.isalpha()
    return bool(_NOTE.search(f"{attributes} {kind}")) and not text.isalpha()


def _char_before(element: Any) -> str:
    """Return the character before the element in its line; a space at the line's beginning."""
    parent, before = element.getparent(), element.getprevious()
    text = parent.text if before is None else before.tail
    if not text and before is not None:
        text = before.text
    return text[-1] if text else " "


def _set_apart_in_headline(part: Any) -> None:
    """Put spaces around a part of a headline that the page's styles put on a line of its own."""
    if not _HEADLINE_PARTS.search(said_of(part)):
        return
    if not _char_before(part).isspace():
        part.text = f" {part.text or ''}"
    if not part.tail:
        part.tail = " " if part.getnext() is not None else part.tail
    elif not part.tail[0].isspace():
        part.tail = f" {part.tail}"


def _is_marked_note(element: Any, text: str) -> bool:
    """Whether the mark-up says that this is a note, or the text can be nothing else."""
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
    return bool(re.fullmatch(r"\d{1,3}(?:\s*[,;]\s*\d{1,3})+", text))


def _subscript_text(element: Any) -> str:
    """Write a lowered piece of text: joined to a letter (CO2, x1), set off from a digit (10_2)."""
    text = " ".join("".join(element.itertext()).split())
    return subscript_text(text_before(element)[-1:], text)


def _set_apart(quotation: Any) -> None:
    """Make a paragraph of the words after the paragraphs of a quotation, which name the speaker."""
    for block in quotation:
        if local_name(block) in ("p", "div", "ul", "ol") and (block.tail or "").strip():
            paragraph = block.makeelement(tag_like(block, "p"))
            paragraph.text, block.tail = block.tail, None
            for after in list(block.itersiblings()):
                if local_name(after) in ("p", "div", "ul", "ol", "footer"):
                    break
                paragraph.append(after)
            block.addnext(paragraph)


def _take_out_of_figure(quotation: Any) -> None:
    """Turn a figure that holds a quotation and no picture into a part of the text."""
    figure = quotation.getparent()
    if figure is None or local_name(figure) != "figure" or figure.find(".//{*}img") is not None:
        return
    set_name(figure, "div")
    for caption in figure.iter("{*}figcaption"):
        set_name(caption, "p")


def _quote(element: Any, opening: str, closing: str) -> None:
    is_marked = _char_before(element) in '“„«‹"‘' or _QUOTATION_MARKS.search(
        "".join(element.itertext())
    )
    if not is_marked:
        element.text = opening + (element.text or "").lstrip()
        last = list(element)
        if last:
            last[-1].tail = (last[-1].tail or "").rstrip() + closing
        else:
            element.text = element.text.rstrip() + closing
    set_name(element, "span")
