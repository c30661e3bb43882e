"""Detect the boilerplate lines of a page (menus, share bars, credits, adverts), each with a reason.

There are three steps, the surest first. Rules look at a line's own words
(:mod:`index.boilerplate.rules`); then at its neighbours: the headlines under "Most read", the
caption above a credit, the number below a date. Other lines are classified
(:mod:`index.boilerplate.classifier`) if the text came as a page. To drop a sentence of the article
is much worse than to keep a menu, so a line that reads as prose, continues the line before or
stands in a text without any prose is never classified.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.boilerplate.classifier import (
    LineScorer,
    Surroundings,
    is_sentence,
    prose,
    solicits,
    spared,
    terminal,
)
from index.boilerplate.credits import is_credit
from index.boilerplate.day_headings import day_headings
from index.boilerplate.headings import OPEN_HEADING, RELATED_HEADING
from index.boilerplate.omission import Omission
from index.boilerplate.rules import Place, byline, may_be_names, sure
from index.text.captions import is_caption
from index.text.dates import stamp
from index.text.scripts import reads_as_sentence
from index.text.source_line import source_day

__all__ = ["Layout", "by_rule", "furniture", "is_scored", "surroundings"]

# Reasons that rest on how a line is set, which a row of a table shares.
_LOOKS_LIKE_A_ROW = {"navigation", "credit", "counter", "date"}
# Longer lines are paragraphs; only rules about cookies and the like judge them.
_MAX_SCORED_CHARS = 300
_MIN_CAPTION_WORDS = 6
# A figure, or a cell under its heading ("Seats: 31").
_TELLS = re.compile(r" \| [^|]*(?:\d|\w: \S)")
_LAST_WORDS = re.compile(r"[.!。][”\"’')\]»]*\Z")
_QUOTATION = re.compile(r">(?!>)\s?\S")
# What a headline has seldom: a question, a label ("Schools: 31"), an amount.
_FACT = re.compile(
    r"\?\W*\Z|^\W*[\w’' -]{1,40}: \S|[$€£¥]\s?\d"
    r"|\d\s?(?:%|(?:m|bn|million|billion|per ?cent|crowns|euros?|dollars|pounds|k[mg]|tonn?e?s)\b)"
)
_LIST_MARK = re.compile(r"(?:[-*•–]|\d{1,2}[.)])\s")


Row = Literal["no", "maybe", "sure"]


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a text that are not blank. ``numbers``: their line numbers; ``places``: where
    each stands; ``has_prose``: whether the text has a paragraph at all; ``rows``: whether each is a
    row of a table."""

    lines: tuple[str, ...]
    numbers: tuple[int, ...]
    places: tuple[Place, ...]
    has_prose: bool
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, text: str, table_rows: Collection[str] = ()) -> Layout:
        """Compute the layout of a text. ``table_rows``: lines that are known to be rows of
        tables."""
        numbered_lines = [(i, line) for i, line in enumerate(text.split("\n")) if line.strip()]
        lines = tuple(line.strip() for _, line in numbered_lines)
        paragraphs = [
            i
            for i, line in enumerate(lines)
            if prose(line) and not is_caption(line) and not sure(line, "body")
        ]
        # Adverts are whole sentences too.
        paragraphs = [i for i in paragraphs if not solicits(lines[i])] or paragraphs
        first, last = (paragraphs[0], paragraphs[-1]) if paragraphs else (-1, len(lines))
        if not paragraphs:
            # Of a few short lines, what stands above the first sentence is the head all the same.
            first = next((i for i, line in enumerate(lines) if _is_said(line)), -1)
        if headings := day_headings(lines, first, last, _is_said):
            first, last = headings[0], max(last, headings[-1] + 1)
        places: list[Place] = [
            "head" if i < first else "tail" if i > last else "body" for i in range(len(lines))
        ]
        numbers = tuple(i for i, _ in numbered_lines)
        table_lines = frozenset(table_rows)
        rows: list[Row] = [
            "sure" if line in table_lines else row
            for line, row in zip(lines, _rows(lines), strict=True)
        ]
        return cls(lines, numbers, tuple(places), bool(paragraphs), tuple(rows))

    def is_row(self, i: int) -> bool:
        """Whether line ``i`` is a row of a table: cells separated by `` | ``, as loaders write
        them, with another row beside it.

        Bars of links above and below an article look the same, so there it takes three rows with
        equally many cells, or a figure or a heading's colon in them.
        """
        return self.rows[i] == "sure" or (self.rows[i] == "maybe" and self.places[i] == "body")

    def is_listed(self, i: int) -> bool:
        """Whether line ``i`` is an item of a list of two or more, below the first paragraph."""
        if self.places[i] == "head" or not _LIST_MARK.match(self.lines[i]):
            return False
        near = [j for j in (i - 1, i + 1) if 0 <= j < len(self.lines)]
        return any(_LIST_MARK.match(self.lines[j]) for j in near)

    def part(self, place: Place) -> list[str]:
        return [
            line
            for line, line_place in zip(self.lines, self.places, strict=True)
            if line_place == place
        ]

    def attached(self, rules: Collection[int]) -> range:
        """Return the lines from the article's paragraphs to the nearest one that a rule decided, on
        either side: those next to the last paragraph may still be the article's."""
        above = [i for i in rules if self.places[i] == "head"]
        below = [i for i in rules if self.places[i] == "tail"]
        return range(max(above, default=0), min(below, default=len(self.lines) - 1) + 1)

    def goes_on(self, i: int) -> bool:
        """Whether line ``i`` is part of a paragraph that was broken into lines."""
        return self._continues(i - 1, i) or self._continues(i, i + 1)

    def _continues(self, i: int, j: int) -> bool:
        if i < 0 or j >= len(self.lines) or self.numbers[j] != self.numbers[i] + 1:
            return False
        if terminal(self.lines[i]) or _LIST_MARK.match(self.lines[j]):
            return False
        return self.lines[j][:1].islower() or len(self.lines[i].split()) >= 8


def _is_said(line: str) -> bool:
    return (is_sentence(line) or reads_as_sentence(line)) and not sure(line, "body")


def _rows(lines: Sequence[str]) -> Iterator[Row]:
    """Classify each line as a table's row: "no", "maybe" (within an article) or "sure"."""
    for has_bars, group in itertools.groupby(lines, lambda line: " | " in line):
        rows = list(group)
        if not has_bars or len(rows) < 2:
            no_row: Row = "no"
            yield from itertools.repeat(no_row, len(rows))
            continue
        figures = sum(bool(_TELLS.search(row)) for row in rows)
        alike = len({row.count(" | ") for row in rows}) == 1
        sure_of_it = figures * 2 >= len(rows) or (len(rows) > 2 and alike)
        kind: Row = "sure" if sure_of_it else "maybe"
        yield from itertools.repeat(kind, len(rows))


def furniture(
    layout: Layout,
    title: str,
    scorer: LineScorer | None,
    repeated: Mapping[str, int] | None = None,
    settled: Mapping[str, bool] | None = None,
) -> list[Omission]:
    """List the lines to leave out, in order.

    scorer: judges what no rule decides; with ``None`` such lines stay.
    repeated: in how many other articles of the publisher a line stands.
    settled: lines that were classified before in this article, and whether they were dropped; they
        are not classified again.
    """
    reasons = by_rule(layout, title)
    if scorer and layout.has_prose:
        reasons |= _by_score(layout, reasons, scorer, repeated or {}, settled or {})
    return [Omission(layout.numbers[i], layout.lines[i], reasons[i]) for i in sorted(reasons)]


def by_rule(layout: Layout, title: str) -> dict[int, str]:
    """Return ``{line: reason}`` for the lines that rules decide; blank lines are not counted."""
    reasons: dict[int, str] = {}
    # Beside quotations ">>" begins one within another, and no link.
    has_quotations = any(_QUOTATION.match(line) for line in layout.lines)
    for i, (line, place) in enumerate(zip(layout.lines, layout.places, strict=True)):
        if has_quotations and line.startswith(">>"):
            continue
        reason = _alone(line, place, title)
        if reason and not (layout.is_row(i) and reason in _LOOKS_LIKE_A_ROW):
            reasons[i] = reason
    # One above the article is its source; several are a list.
    sources = [i for i, line in enumerate(layout.lines) if source_day(line)]
    if len(sources) == 1 and layout.places[sources[0]] == "head":
        reasons.setdefault(sources[0], "date")
    reasons = _without_last_lines(layout, reasons)
    reasons |= _related_headlines(layout, reasons)
    reasons |= _captions(layout, reasons)
    return _without_stray_numbers(layout, reasons)


def _without_last_lines(layout: Layout, reasons: dict[int, str]) -> dict[int, str]:
    """Remove from ``reasons`` the bars of names that directly follow the last paragraph, with no
    other boilerplate between: such a list ("Kiel → Oslo → Bergen") may be the end of an article."""
    last_lines: set[int] = set()
    if layout.has_prose:
        for i, (line, place) in enumerate(zip(layout.lines, layout.places, strict=True)):
            if place != "tail" or i not in reasons:
                continue
            if reasons[i] != "navigation" or not may_be_names(line):
                break
            last_lines.add(i)
    return {i: reason for i, reason in reasons.items() if i not in last_lines}


def _alone(line: str, place: Place, title: str) -> str | None:
    if is_caption(line):
        return None
    when = stamp(line)
    if when and (place != "body" or re.match(r"\W*(?:first |last )?(?:publ|post|upd)", line, re.I)):
        return "date"
    if place == "head":
        if title and _fold(line) == _fold(title):
            return "title"
        if byline(line):
            return "byline"
    return sure(line, place)


def _fold(line: str) -> str:
    return " ".join(re.findall(r"\w+", line.casefold()))


def _related_headlines(layout: Layout, reasons: Mapping[int, str]) -> dict[int, str]:
    """Find the headlines under a heading such as "Most read".

    Within the article the last of them may be the article's own next heading; it stays unless it is
    a list item like the others. There "More on the budget" heads the article's own lines: links
    below it were found in the page.
    """
    more: dict[int, str] = {}
    ends = _ends_of_blocks(layout.lines)
    # A heading below another one is one of the headlines there.
    block_end = 0
    for i, line in enumerate(layout.lines):
        if i < block_end or not RELATED_HEADING.match(line):
            continue
        if layout.places[i] == "body" and OPEN_HEADING.match(line):
            continue
        block_end = ends[i + 1]
        block = list(range(i + 1, block_end))
        ends_before_prose = block and block[-1] + 1 < len(layout.lines)
        if ends_before_prose and not _LIST_MARK.match(layout.lines[block[-1]]):
            block.pop()
        if 2 * sum(bool(_FACT.search(layout.lines[j])) for j in block) > len(block):
            continue
        if block and (layout.places[i] != "head" or ends_before_prose):
            more |= {j: "related" for j in [i, *block] if j not in reasons}
    return more


def _ends_of_blocks(lines: Sequence[str]) -> list[int]:
    """Find, for each line and for the end, the first line from there on that is no headline:
    headlines seldom end in a full stop, last sentences of articles always do."""
    ends = [len(lines)] * (len(lines) + 1)
    for i in reversed(range(len(lines))):
        prose_like = prose(lines[i]) or _LAST_WORDS.search(lines[i])
        ends[i] = i if prose_like else ends[i + 1]
    return ends


def _captions(layout: Layout, reasons: Mapping[int, str]) -> dict[int, str]:
    return {
        i: "caption"
        for i, line in enumerate(layout.lines[:-1])
        if i not in reasons
        and reasons.get(i + 1) == "credit"
        and not terminal(line)
        and len(line.split()) >= _MIN_CAPTION_WORDS
        and layout.numbers[i + 1] - layout.numbers[i] <= 2
    }


def _without_stray_numbers(layout: Layout, reasons: dict[int, str]) -> dict[int, str]:
    """Keep bare numbers, unless they stand beside other boilerplate, where they count shares."""
    bare = {
        i
        for i, reason in reasons.items()
        if reason != "date" and re.fullmatch(r"[\d.,]+\s*[kKmM]?\W*", layout.lines[i])
    }
    remaining = {i: reason for i, reason in reasons.items() if i not in bare}
    for i in sorted(bare):
        if i - 1 in remaining or (i + 1 in remaining and i + 1 not in bare):
            remaining[i] = reasons[i]
    return remaining


def _by_score(
    layout: Layout,
    rules: Mapping[int, str],
    scorer: LineScorer,
    repetition: Mapping[str, int],
    judgements: Mapping[str, bool],
) -> dict[int, str]:
    reasons: dict[int, str] = {}
    core = layout.attached(rules)
    for i, line in enumerate(layout.lines):
        if not is_scored(layout, i, rules):
            continue
        around = surroundings(layout, i, rules, repetition, core)
        if line in judgements:
            if judgements[line]:
                reasons[i] = "scored"
        elif layout.is_listed(i) and not around.repeated and not around.cut_off:
            continue
        elif not spared(line, around) and scorer(line, around) >= scorer.threshold:
            reasons[i] = "scored"
    return reasons


def is_scored(layout: Layout, i: int, rules: Mapping[int, str]) -> bool:
    """Whether the classifier may judge line ``i``."""
    line = layout.lines[i]
    if layout.is_row(i) or layout.goes_on(i) or is_caption(line):
        return False
    return len(line) <= _MAX_SCORED_CHARS and i not in rules


def surroundings(
    layout: Layout,
    i: int,
    rules: Mapping[int, str],
    repetition: Mapping[str, int],
    core: Collection[int],
) -> Surroundings:
    """Describe the place of line ``i`` for the classifier. ``core`` is the result of
    :meth:`Layout.attached`."""
    return Surroundings(
        place=layout.places[i],
        cut_off=i not in core,
        sure_before=i - 1 in rules,
        sure_after=i + 1 in rules,
        before_credit=i + 1 < len(layout.lines) and is_credit(layout.lines[i + 1]),
        repeated=repetition.get(layout.lines[i], 0),
    )
