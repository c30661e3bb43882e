"""Join the pages of a text that has form feeds between them, as programs write that convert
documents: heads, feet and page numbers stand in the middle of its sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from index.load.page_figures import digits_aside, ends_as_sentence, is_running

__all__ = ["join_pages"]

_MOST_CHARS = 100
# Lines at each edge of a page: a head and a number.
_MOST_LINES = 2
_LEAST_SHARE = 0.5
_SENTENCE_END = re.compile(r"[.!?:;…。！？][”\"’»)\]]*\Z")


def join_pages(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the text in one piece, and ``(line, reason)`` of what stood around its pages: lines
    that most pages have in the same place, digits aside."""
    pages = [page.strip() for page in text.split("\f")]
    pages = list(filter(None, pages))
    left_out: list[tuple[str, str]] = []
    if len(pages) < 2:
        return text, ()
    for is_head in (True, False):
        for _ in range(_MOST_LINES):
            pages, lines = _without_edge(pages, is_head)
            left_out += ((line, "running head") for line in lines)
    joined = pages[0]
    for page in pages[1:]:
        joined += ("\n\n" if _SENTENCE_END.search(joined) else "\n") + page
    return joined, tuple(left_out)


def _without_edge(pages: list[str], is_head: bool) -> tuple[list[str], list[str]]:
    """Return the pages without their first or last lines where most have the same one, and these
    lines."""
    edges: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, page in enumerate(pages):
        line = _edge(page, is_head)
        edges[digits_aside(line)].append((number, line.strip().casefold()))
    least = max(2, _LEAST_SHARE * len(pages))
    heads = {key for key, lines in edges.items() if len(lines) >= least and _is_head(lines)}
    rest: list[str] = []
    lines: list[str] = []
    for page in pages:
        line = _edge(page, is_head)
        if len(line) <= _MOST_CHARS and digits_aside(line) in heads:
            page = page[len(line) :] if is_head else page[: -len(line)]
            lines.append(line.strip())
        rest.append(page.strip("\n") if is_head else page.strip())
    return [page for page in rest if page.strip()] or pages, lines


def _edge(page: str, is_head: bool) -> str:
    return page.partition("\n")[0] if is_head else page.rpartition("\n")[2]


def _is_head(lines: Sequence[tuple[int, str]]) -> bool:
    if len({line for _, line in lines}) == 1:
        return True
    return is_running(lines) and not any(ends_as_sentence(line) for _, line in lines)
