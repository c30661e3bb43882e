"""Remove lines of an article that are a short label and a link to another one, in any language:
"Leggi anche: ...", and labels above a list of nothing but such links.

They are told by their form: nothing but a label of a few words that ends no sentence, and the
headline of another page of the site. A link to a source, a document or a person is none.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from index.load.html.tags import local_name, remove
from index.text.normalise import word_set
from index.text.scripts import unspaced_letters

__all__ = ["remove_link_lines"]

_LINES = {"p", "div", "blockquote"}
_LISTS = {"ul", "ol"}
_BLOCKS = _LINES | _LISTS | {"table", "section", "article", "figure", "img", "h1", "h2", "h3"}
_MOST_LABEL_WORDS, _MOST_LABEL_CHARS = 5, 40
# A headline has so many words, or so many letters in scripts without spaces.
_LEAST_WORDS, _LEAST_LETTERS = 4, 6
_MARK = re.compile(r"\s*[:：|»›>→•–—-]+\s*\Z")
_SENTENCE_END = re.compile(r"[.。…;,]\Z")
_DOCUMENT = re.compile(r"(?i)\.(?:pdf|docx?|xlsx?|csv|zip|odt|pptx?|mp[34])\Z")
# Before these stands what the article rests on, whoever has it.
_SOURCES = word_set(
    "source sources via data report study photo photos picture video document statement update"
    " correction note quelle quellen foto studie bericht korrektur fuente fuentes fonte fonti"
    " fontes bron bronnen źródło źródła источник источники джерело zdroj zdroje källa kilde lähde"
    " πηγή kaynak forrás izvor sursa fotos vidéo 出典 来源 來源 출처 المصدر מקור nguồn sumber"
)


def remove_link_lines(root: Any, url: str | None) -> list[tuple[str, str]]:
    """Remove such lines from the tree; returns their words, each with the reason.

    url: the page's own address, where it is known.
    """
    removals: list[tuple[str, str]] = []
    for link in list(root.iter("a", "{*}a")):
        line = _line_of(link)
        if line is not None and _is_headline(link, url):
            removals.append((_text(line), "related"))
            remove(line)
    for links in list(root.iter("ul", "{*}ul", "ol", "{*}ol")):
        above = links.getprevious()
        if above is not None and _is_label_of_links(above, links, url):
            removals += [(_text(node), "related") for node in (above, links)]
            remove(above)
            remove(links)
    return removals


def _line_of(link: Any) -> Any | None:
    """Return the line that a link ends and that begins with a label, if it is nothing else."""
    line = link.getparent()
    while line is not None and local_name(line) not in _LINES:
        if local_name(line) in ("li", "td", "th", "figcaption", "figure", "body", "html"):
            return None
        line = line.getparent()
    if line is None or line.getparent() is None:
        return None
    if any(local_name(node) in _BLOCKS for node in line.iterdescendants()):
        return None
    whole, words = _text(line), _text(link)
    if not words or len(whole) > len(words) + _MOST_LABEL_CHARS or not whole.endswith(words):
        return None
    label = whole.removesuffix(words)
    is_set_apart = _MARK.search(label) or _is_emphasised(line, label) or _has_break(line)
    return line if is_set_apart and _is_label(label) else None


def _is_label(text: str) -> bool:
    words = re.findall(r"\w+", text.casefold())
    bare = _MARK.sub("", text).strip()
    return (
        0 < len(words) <= _MOST_LABEL_WORDS
        and not _SENTENCE_END.search(bare)
        and not re.search(r"\d|[“”\"«»]", text)
        and _SOURCES.isdisjoint(words)
    )


def _is_emphasised(line: Any, label: str) -> bool:
    """Whether the label is in bold or the like by itself."""
    first = next(iter(line), None)
    return first is not None and local_name(first) != "a" and _text(first) == label.strip()


def _has_break(line: Any) -> bool:
    return next(line.iter("br", "{*}br"), None) is not None


def _is_headline(link: Any, url: str | None) -> bool:
    """Whether a link leads to another page of the site and may be its headline."""
    text, target = _text(link), (link.get("href") or "").strip()
    try:
        page, goal = urlsplit(url or ""), urlsplit(urljoin(url or "", target))
    except ValueError:
        return False
    if not target or target.startswith("#") or _DOCUMENT.search(goal.path):
        return False
    if goal.scheme not in ("http", "https", ""):
        return False
    if page.netloc and goal.netloc.removeprefix("www.") != page.netloc.removeprefix("www."):
        return False
    is_long = len(text.split()) >= _LEAST_WORDS or unspaced_letters(text) >= _LEAST_LETTERS
    return is_long and not _SENTENCE_END.search(text)


def _is_label_of_links(above: Any, links: Any, url: str | None) -> bool:
    """Whether a line above a list is a label, and each item of the list a link alone."""
    if local_name(above) not in ("p", "div", "strong", "b", "h2", "h3", "h4", "h5", "h6"):
        return False
    label, items = _text(above), [item for item in links if local_name(item) == "li"]
    if (above.tail or "").strip() or not _is_label(label) or len(label) > _MOST_LABEL_CHARS:
        return False
    return bool(items) and all(_is_link(item, url) for item in items)


def _is_link(item: Any, url: str | None) -> bool:
    links = list(item.iter("a", "{*}a"))
    return len(links) == 1 and _text(item) == _text(links[0]) and _is_headline(links[0], url)


def _text(element: Any) -> str:
    return " ".join(element.xpath("string()").split())
