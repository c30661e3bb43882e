"""Recognise pages that come instead of an article: bot checks, cookie walls, paywalls, and "page
not found" with a status of success."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from index.load.html.tags import said_of
from index.load.html.wall_phrases import TITLES, asks_to_pay, reports, says
from index.text.scripts import ENDINGS, reads_as_sentence, unspaced_letters

__all__ = ["is_gated", "is_marked_missing", "wall"]

# A page of more words says more than that there is nothing to read.
_MOST_WORDS = 150
# The share of a page's words, alone and under a title of the kind, that make it one.
_MOST_SAYING, _SOME_SAYING = 0.35, 0.15
# The same beside one sentence about something else.
_MOST_BESIDE = 0.6
# Sentences about something else, from which on a page is an article: a report on such pages quotes
# them, and is called after them.
_REPORT = 2
# What a page asks of its readers is put briefly; a longer sentence reports.
_MOST_ASKING = 15
_MOST_TITLE_WORDS = 8
# Lines from a paywall's own to the end of the page.
_LAST_LINES = 4
_PAYWALL = "a login or a paywall"
_GATE = re.compile(
    r"pay-?wall|reg-?wall|meter-?wall|subscri\w+-?wall|metered-?content|subscriber-only|premium-(?:wall|overlay)|piano"
    r"|(?:^|[\s_-])gated?(?:$|[\s_-])"
)
# The classes by which templates, those of WordPress first of all, call such a page; whole ones, as
# an article may be called "post-404" or "hiker-not-found".
_MISSING = re.compile(
    r"(?:^|\s)(?:error-?404|(?:page|template|error-page)-(?:404|not-?found)|404-(?:page|error)"
    r"|error404-\w+|not-?found(?:-page)?)(?:$|\s)"
)
_SENTENCE = re.compile(rf"[^{ENDINGS}\n]+[{ENDINGS}]*")
# Letters that are a word where words are not set apart, about.
_LETTERS_A_WORD = 2


def wall(
    title: str,
    text: str,
    has_gate: bool = False,
    headings: Sequence[str] = (),
    is_missing: bool = False,
) -> str | None:
    """Name the kind of page that came instead of an article; ``None`` for one that may be an
    article.

    Such a page has few words, and a title or sentences of its kind. A report about captchas, or one
    that ends with a request to subscribe, has other sentences besides.

    title, text: the page's, as they were extracted.
    has_gate: whether the page states that its full text is not free (:func:`is_gated`).
    headings: its other titles: the one in its head, and its first heading.
    is_missing: whether the page marks itself as one that is not there (:func:`is_marked_missing`).

    Returns the kind in words that a message can give as the reason ("a check for bots").
    """
    words = _size(text)
    if words > _MOST_WORDS:
        return None
    if has_gate:
        return "the beginning of one behind a login or a paywall"
    if is_missing:
        return "page not found"
    if _ends_at_gate(text):
        return _PAYWALL
    sentences = [sentence for sentence in _SENTENCE.findall(text) if _size(sentence) >= 2]
    names = [title, *headings]
    kinds = {sentence: [kind for kind in TITLES if _says(kind, sentence)] for sentence in sentences}
    others = sum(not said and _is_report(sentence) for sentence, said in kinds.items())
    for kind, title_pattern in TITLES.items():
        saying = sum(_size(sentence) for sentence in sentences if kind in kinds[sentence])
        share = saying / words if words else 0.0
        # Behind a paywall an article begins.
        limit = _MOST_BESIDE if others and kind != _PAYWALL else _MOST_SAYING
        if share >= limit and (others < _REPORT or kind == _PAYWALL):
            return kind
        is_called = any(title_pattern.match(name) or _is_notice(kind, name) for name in names)
        if is_called and others < _REPORT and (share >= _SOME_SAYING or not others):
            return kind
    return None


def _ends_at_gate(text: str) -> bool:
    """Whether one of the last lines, and not the first, says that the rest is to be paid for."""
    lines = [line for line in text.split("\n") if line.strip()]
    last = [line for line in lines[1:][-_LAST_LINES:] if _size(line) <= _MOST_ASKING]
    return any(asks_to_pay(line) and not reports(line) for line in last)


def _size(text: str) -> int:
    """Count the words, by their letters where they are not set apart."""
    return len(text.split()) + unspaced_letters(text) // _LETTERS_A_WORD


def _says(kind: str, sentence: str) -> bool:
    too_long = kind == _PAYWALL and _size(sentence) > _MOST_ASKING
    return not too_long and says(kind, sentence) and not reports(sentence)


def _is_report(sentence: str) -> bool:
    return reads_as_sentence(sentence.strip())


def _is_notice(kind: str, name: str) -> bool:
    """Whether a title is all of a notice."""
    return 0 < _size(name) <= _MOST_TITLE_WORDS and kind != _PAYWALL and says(kind, name)


def is_marked_missing(tree: Any, text: str) -> bool:
    """Whether a page marks the part in which its text stands as a notice that the page asked for is
    not there.

    tree: the parsed page (lxml).
    text: what was extracted from it.
    """
    first = "".join(text.partition("\n")[0].split())
    return any(
        _MISSING.search(said_of(element)) and first in "".join("".join(element.itertext()).split())
        for element in tree.iter("body", "div", "section", "main", "article")
    )


def is_gated(tree: Any, json_ld: Mapping[str, Any]) -> bool:
    """Whether a page marks its text as not free: by an element that offers a subscription in place
    of the text, or by metadata together with words of a paywall.

    tree: the parsed page (lxml).
    json_ld: the article's JSON-LD; empty where the page has none.
    """
    for element in tree.iter("div", "section", "aside"):
        if _GATE.search(said_of(element)):
            text = " ".join("".join(element.itertext()).split())
            if len(text.split()) <= _MOST_WORDS and says(_PAYWALL, text):
                return True
    free = json_ld.get("isAccessibleForFree")
    return (free is False or str(free).lower() == "false") and any(
        says(_PAYWALL, node.text_content()) for node in tree.iter("p", "h2", "h3", "h4")
    )
