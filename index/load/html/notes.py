"""Find the notes of a page, and the remarks of its editors, by the links that lead to them and
back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.load.html.page_blocks import HEADINGS
from index.load.html.popups import removal, remove_with_brackets
from index.load.html.tags import is_within, local_name, remove, replace_by_text, set_name

__all__ = ["is_note", "settle_notes"]

# The role by which a note is known from then on.
_NOTE = "doc-footnote"
_BLOCKS = {"p", "li", "div", "aside", "dd", "td", "section"}
_LINE = {"a", "span", "sup", "b", "i", "em", "strong", "small", "font"}
_MARK = r"[\[(]?(?:\d{1,3}|[*†‡§¶]{1,3}|[a-z]|[ivx]{1,5}|\^|[↩↑↵⏎⬆][\ufe0e\ufe0f]?)[\])]?[.:]?"
_MARKS = re.compile(rf"(?:{_MARK}[\s,]*)*")
_MOST_MARK_CHARS = 30
_SIDE_NOTE = re.compile(r"(?i)(?:^|\s)(?:side|margin|foot)-?note(?:-?(?:text|content))?(?:$|\s)")
_LEAST_NOTE_WORDS = 3
# The remarks of those who wrote together, as Google Docs and Word name them.
_REMARK = re.compile(r"#(?:cmnt_ref|_msoanchor_)\d+")
_TO_REMARK = re.compile(r"#(?:cmnt|_msocom_)\d+")


def settle_notes(root: Any) -> list[tuple[str, str]]:
    """Give the notes of a page the role of notes, without their marks and those that refer to them;
    remove the remarks of editors, which are returned, each with the reason."""
    links = [link for link in root.iter("a") if (link.get("href") or "").startswith("#")]
    removals: list[tuple[str, str]] = []
    for link in links:
        target = link.get("href")
        if _TO_REMARK.fullmatch(target):
            remove_with_brackets(_whole_mark(link))
        elif _REMARK.fullmatch(target) and (remark := _box(link)) is not None:
            parts = remark if local_name(remark[0]) in _BLOCKS else [remark]
            removals += [pair for part in parts for pair in removal(part, "remark")]
            remove(remark)
    for note in [node for node in root.iter("span", "small") if _is_side_note(node)]:
        _put_behind_block(note)
    for mark, label in list(_pairs(root, links)):
        note = _block(label)
        if note is None:
            continue
        note.set("role", _NOTE)
        for box in (note, *note.iterancestors()):
            if local_name(box) == "aside":
                set_name(box, "div")
        _remove_mark(label)
        if mark.getparent() is not None:
            remove_with_brackets(_whole_mark(mark))
    return removals


def _is_side_note(element: Any) -> bool:
    """Whether a part of a line is a note by the page's own word, with words other than a mark."""
    if not _SIDE_NOTE.search(element.get("class") or ""):
        return False
    block, words = _block(element), " ".join(element.itertext()).split()
    return block is not None and len(words) >= _LEAST_NOTE_WORDS and "".join(
        "".join(block.itertext()).split()
    ) != "".join(words)  # fmt: skip


def _put_behind_block(note: Any) -> None:
    """Make a note amid a sentence a paragraph behind it. It stands in a block."""
    block: Any = _block(note)
    whole = note.makeelement(note.tag, {"role": _NOTE})
    whole.text, whole[:] = note.text, list(note)
    replace_by_text(note, "")
    set_name(whole, "p")
    if local_name(block) == "p":
        whole.tail, block.tail = block.tail, None
        block.addnext(whole)
    else:
        block.append(whole)


def is_note(element: Any) -> bool:
    """Whether an element is a note, or part of one, that :func:`settle_notes` found."""
    return any(node.get("role") == _NOTE for node in (element, *element.iterancestors()))


def _pairs(root: Any, links: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the links to notes, each with the link that leads back from the note."""
    places = {link: place for place, link in enumerate(links)}
    by_name: dict[str, Any] = {}
    for element in root.iter():
        for name in filter(None, (element.get("id"), element.get("name"))):
            by_name.setdefault(name, element)
    for label in links:
        place = by_name.get(label.get("href")[1:])
        if place is None or local_name(place) not in _LINE or is_within(label, HEADINGS):
            continue
        mark = next((link for link in place.iter("a") if link in places), None)
        if mark is None or places[mark] >= places[label]:
            continue
        note = by_name.get(mark.get("href")[1:])
        are_marks = _is_mark(mark) and _is_mark(label)
        if are_marks and note is not None and (note is label or note in label.iterancestors()):
            yield mark, label


def _is_mark(link: Any) -> bool:
    text = link.xpath("string()").strip()
    return len(text) <= _MOST_MARK_CHARS and bool(_MARKS.fullmatch(text))


def _whole_mark(link: Any) -> Any:
    """Return a mark with the elements around it that have nothing else."""
    parent = link.getparent()
    while parent is not None and local_name(parent) in _LINE and _is_mark(parent):
        link, parent = parent, parent.getparent()
    return link


def _remove_mark(label: Any) -> None:
    """Remove the mark of a note with its brackets or full stop, and the space behind it."""
    if label.getparent() is None:
        return
    whole = _whole_mark(label)
    whole.tail = re.sub(r"\A[\])]?[.:]?\s*", "", whole.tail or "")
    parent, before = whole.getparent(), whole.getprevious()
    if before is None and (parent.text or "").strip() in ("[", "("):
        parent.text = None
    replace_by_text(whole, "")


def _block(label: Any) -> Any | None:
    return next((node for node in label.iterancestors() if local_name(node) in _BLOCKS), None)


def _box(label: Any) -> Any | None:
    """Return the block that begins with a label, with those that continue it."""
    block = _block(label)
    around = None if block is None else block.getparent()
    if around is not None and local_name(around) == "div" and around[0] is block:
        return around
    return block
