"""Write lists of an article as trafilatura keeps them: each item in a paragraph with its mark, none
within another. It loses short items, the marks of items in paragraphs, the numbers that a browser
counts, and what stands in a list within an item ("Dogs stay outside." and the fines)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from typing import Any, Final

from index.load.html.blocks import OWN_MARK
from index.load.html.tags import is_within, local_name, tag_like

__all__ = ["flatten_lists"]

_LISTS = frozenset(("ul", "ol"))
_ASIDE = frozenset(("nav", "header", "footer", "aside", "menu", "form"))
_BLOCKS = frozenset(
    {
        *(*_LISTS, "p", "div", "section", "article", "table", "blockquote", "figure", "pre", "dl"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "img", "iframe", "video"),
    }
)
# Characters of a paragraph that is no label.
_PARAGRAPH = 40


def flatten_lists(tree: Any, *, as_divisions: bool = False) -> None:
    """Put the items of each list within an item behind that item, and what each says into a
    paragraph with its mark.

    Only lists that stand among paragraphs and say something outside of links: a menu or a list of
    other stories stays as it is.

    as_divisions: make the items plain divisions, for what puts a mark of its own before items.
    """
    homes = {
        paragraph.getparent()
        for paragraph in tree.iter("p", "{*}p")
        if len("".join(paragraph.itertext())) >= _PARAGRAPH
    }
    for whole in [element for element in tree.iter() if _is_list(element)]:
        if _is_of_text(whole, homes) and not is_within(whole, _LISTS | _ASIDE):
            _flatten(whole, as_divisions)


def _is_of_text(whole: Any, homes: Set[Any]) -> bool:
    """Whether a list stands among paragraphs, or in a box among them and is counted: steps of a
    recipe. Those of links are other stories."""
    around = whole.getparent()
    if around in homes:
        return True
    is_counted = local_name(whole) == "ol" and next(whole.iter("a", "{*}a"), None) is None
    return is_counted and around is not None and around.getparent() in homes


def _flatten(whole: Any, as_divisions: bool) -> None:
    marks = dict(_marks(whole))
    speaking = {item for item in marks if _says_more(item)}
    for inner in reversed([element for element in whole.iterdescendants() if _is_list(element)]):
        item = inner.getparent()
        if item in speaking:
            _lift(inner, item)
    for item in [element for element in whole.iter() if local_name(element) == "li"]:
        if item in speaking or item not in marks:
            _wrap(item, marks.get(item, ""))
            if as_divisions:
                item.tag = tag_like(item, "div")


def _is_list(element: Any) -> bool:
    return local_name(element) in _LISTS


def _says_more(item: Any) -> bool:
    """Whether an item says something outside of links and of lists within it."""
    texts = [item.text]
    for child in item:
        if local_name(child) not in (*_LISTS, "a"):
            texts.append("".join(child.itertext()))
        texts.append(child.tail)
    return any(text and text.strip() for text in texts)


def _lift(inner: Any, item: Any) -> None:
    """Put the items of a list behind the item that it stands in, and what follows it there behind
    those."""
    after = list(inner.itersiblings())
    rest, inner.tail = inner.tail, None
    item.remove(inner)
    items = [child for child in inner if isinstance(child.tag, str)]
    if after or (rest and rest.strip()):
        last = item.makeelement(tag_like(item, "li"))
        last.text = rest
        last.extend(after)
        items.append(last)
    for child in reversed(items):
        item.addnext(child)


def _wrap(item: Any, mark: str) -> None:
    """Put what an item says outside of blocks into paragraphs, and its mark before the first."""
    mark = _take_label(item) or mark
    item[:] = list(_in_blocks(item))
    item.text = None
    first = next((child for child in item if local_name(child) and _has_words(child)), None)
    if first is not None and local_name(first) == "p":
        text = (first.text or "").lstrip()
        first.text = text if OWN_MARK.match(text) else mark + text


def _in_blocks(item: Any) -> Iterator[Any]:
    """Yield the blocks of an item; each run of words between them is made a paragraph. What has no
    words (a comment, an icon) stays as it is."""
    run = _run(item, item.text)
    for child in list(item):
        if local_name(child) not in _BLOCKS:
            run.append(child)
            continue
        yield from [run] if _has_words(run) else list(run)
        run, child.tail = _run(item, child.tail), None
        yield child
    yield from [run] if _has_words(run) else list(run)


def _run(item: Any, text: str | None) -> Any:
    paragraph = item.makeelement(tag_like(item, "p"))
    paragraph.text = text
    return paragraph


def _has_words(element: Any) -> bool:
    return bool(element.xpath("string()").strip())


def _take_label(item: Any) -> str:
    """Remove the mark that stands in an element of its own before an item's paragraph, as
    LibreOffice writes it, and return it; empty where there is none."""
    label = next(iter(item), None)
    if label is None or local_name(label) != "span" or (item.text or "").strip():
        return ""
    text, after = "".join(label.itertext()).strip(), label.getnext()
    is_before = after is not None and local_name(after) == "p" and not (label.tail or "").strip()
    if not is_before or not OWN_MARK.fullmatch(f"{text} "):
        return ""
    item.remove(label)
    return f"{text} "


def _marks(whole: Any) -> Iterator[tuple[Any, str]]:
    """Yield each item of a list and of those within it with its mark: "- ", or what is counted."""
    for element in whole.iter():
        if not _is_list(element):
            continue
        items = [item for item in element if local_name(item) == "li"]
        step = -1 if element.get("reversed") is not None else 1
        number = _whole_number(element.get("start"), len(items) if step < 0 else 1)
        for item in items:
            number = _whole_number(item.get("value"), number)
            is_counted = local_name(element) == "ol" and element.get("type", "1") in _NUMBERING
            yield item, f"{_NUMBERING[element.get('type', '1')](number)}. " if is_counted else "- "
            number += step


def _whole_number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text.strip()) else default


def _letter(number: int) -> str:
    return chr(ord("a") + number - 1) if 1 <= number <= 26 else str(number)


_NUMBERING: Final[dict[str, Callable[[int], str]]] = {
    "1": str,
    "a": _letter,
    "A": lambda number: _letter(number).upper(),
}
