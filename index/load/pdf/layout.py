"""Order runs of characters on pages into paragraphs, in reading order.

Columns: a gutter is a strip of the page with lines of prose on both sides that few lines cross.
What crosses it (a headline, a wide picture's caption) divides the page into bands; in each band the
left side is read before the right. The idea is that of recursive XY-cuts (Nagy and Seth, 1984),
with lines across the gutter taken for cuts.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from index.load.pdf.fragments import Fragment, Page
from index.load.pdf.running_heads import furniture
from index.text.hyphenation import Vocabulary

__all__ = ["flow", "largest_lines"]

_DEPTH = 6
# Paragraphs in smaller type (notes, captions) that may stand at the foot of a column.
_MOST_INSERTED = 6
# Characters: what is shorter is more likely the cell of a table than a line of a column.
_CELL = 18
_END = re.compile(r"[.!?:;…。！？][”\"'’»)\]]*$")
_MARKER = re.compile(r"[•▪◦●■*–—-]|\(?\d{1,3}[.)]|\(?[a-z][.)]")
_BULLET = re.compile(r"^([•▪◦●■*–—-]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
# Chinese, Japanese and their punctuation.
_SPACELESS = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_DIVISION = re.compile(r"[^\W\d_][-\u00ad\u2010]$")


@dataclass(slots=True)
class _Column:
    """Lines under each other, with the left and right edges of the column."""

    lines: list[Fragment]
    left: float = field(init=False)
    right: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = min(line.left for line in self.lines)
        self.right = max(line.right for line in self.lines)


def flow(pages: list[Page]) -> list[str]:
    """Return the paragraphs of the pages, without running heads, feet and page numbers."""
    boilerplate = furniture(pages)
    columns: list[_Column] = []
    for page in pages:
        fragments = [fragment for fragment in page.fragments if id(fragment) not in boilerplate]
        columns += (_Column(lines) for lines in _reading_order(_with_markers(fragments)))
    vocabulary = Vocabulary(fragment.text for page in pages for fragment in page.fragments)
    step = _usual_step(columns)
    indents = _indents(columns, step)
    paragraphs: list[list[Fragment]] = []
    current: list[Fragment] = []
    edge = 0.0
    for column in columns:
        for number, line in enumerate(column.lines):
            before = column.lines[number - 1] if number else None
            if before is not None:
                new = _starts(before, line, column, step)
            else:
                current = _interrupted(paragraphs, line)
                new = not current or _ends(current[-1], line, edge)
                if new and indents and current and _fills(current[-1], line, edge):
                    new = _stands_in(line, column)
            if new:
                current = []
                paragraphs.append(current)
            current.append(line)
        edge = column.right
    return [_join([line.text for line in lines], vocabulary) for lines in paragraphs]


def _interrupted(paragraphs: list[list[Fragment]], line: Fragment) -> list[Fragment]:
    """Return the paragraph that a line at the top of a column or page may go on with: the last one,
    or the last in the line's size before notes and captions in smaller type; empty without one."""
    for paragraph in reversed(paragraphs[-_MOST_INSERTED - 1 :]):
        if line.size - paragraph[-1].size <= 0.15 * line.size:
            return paragraph
    return paragraphs[-1] if paragraphs else []


def largest_lines(pages: list[Page]) -> list[str]:
    """Return the first page's lines in its largest type, if that is larger than the text's."""
    first = pages[0].fragments
    sizes = Counter(
        round(fragment.size) for page in pages for fragment in page.fragments for _ in fragment.text
    )
    usual = sizes.most_common(1)[0][0]
    prose = [fragment for fragment in first if len(fragment.text) > 3]
    if not prose or (largest := max(fragment.size for fragment in prose)) < 1.15 * usual:
        return []
    lines = [line for column in _reading_order(prose) for line in column]
    selection = [line for line in lines if line.size > 0.93 * largest]
    return [line.text for line in selection] if len(selection) <= 5 else []


# Reading order


def _with_markers(fragments: list[Fragment]) -> list[Fragment]:
    """Join the bullets and numbers of lists, which some programs write after all else, to the
    lines that they stand before."""
    by_height = sorted(fragments, key=lambda fragment: fragment.middle)
    heights = [fragment.middle for fragment in by_height]
    marker_ids: set[int] = set()
    for marker in fragments:
        if marker.is_row or not _MARKER.fullmatch(marker.text):
            continue
        first, last = bisect_left(heights, marker.bottom), bisect_right(heights, marker.top)
        behind = [
            line for line in by_height[first:last]
            if 0 <= line.left - marker.right < 2 * marker.size and not line.is_row
        ]  # fmt: skip
        line = min(behind, key=lambda line: line.left, default=None)
        if (
            line is not None
            and line.bottom < marker.middle < line.top
            and id(line) not in marker_ids
        ):
            line.text, line.left = f"{marker.text} {line.text}", marker.left
            line.gaps = []
            marker_ids.add(id(marker))
    return [fragment for fragment in fragments if id(fragment) not in marker_ids]


def _reading_order(fragments: list[Fragment], depth: int = 0) -> list[list[Fragment]]:
    """Return columns of lines in reading order."""
    if not fragments:
        return []
    gutter = _gutter(fragments) if depth < _DEPTH else None
    if gutter is None:
        return [_lines(fragments)]
    start, end = gutter
    columns: list[list[Fragment]] = []
    band: list[Fragment] = []
    for fragment in sorted(fragments, key=lambda fragment: -fragment.top):
        if fragment.left < start and fragment.right > end:
            columns += _sides(band, start, depth)
            band = []
            if columns and columns[-1][-1].left < start and columns[-1][-1].right > end:
                columns[-1].append(fragment)
            else:
                columns.append([fragment])
        else:
            band.append(fragment)
    return columns + _sides(band, start, depth)


def _sides(band: list[Fragment], gutter: float, depth: int) -> list[list[Fragment]]:
    left_side = [fragment for fragment in band if fragment.left < gutter]
    right_side = [fragment for fragment in band if fragment.left >= gutter]
    return _reading_order(left_side, depth + 1) + _reading_order(right_side, depth + 1)


def _gutter(fragments: list[Fragment]) -> tuple[float, float] | None:
    """Find the left and right edge of the strip between columns; ``None`` where there are no
    columns."""
    if len(fragments) < 8:
        return None
    lefts = sorted(fragment.left for fragment in fragments)
    rights = sorted(fragment.right for fragment in fragments)
    edges = sorted({round(x, 1) for x in (*lefts, *rights)})
    best: tuple[float, float, float] | None = None
    size = median(fragment.size for fragment in fragments)
    for start, end in itertools.pairwise(edges):
        # Those that begin before the strip's middle and end after it cross the strip.
        middle = (start + end) / 2
        crossing = bisect_left(lefts, middle) - bisect_right(rights, middle)
        if end - start < 0.45 * size or crossing > 0.3 * len(fragments):
            continue
        score = (end - start) - crossing * size
        if (best is None or score > best[0]) and _is_prose(fragments, start, end):
            best = score, start, end
    return None if best is None else best[1:]


def _is_prose(fragments: list[Fragment], start: float, end: float) -> bool:
    """Whether both sides of a strip have lines of prose beside each other, not cells of a table."""
    middle = (start + end) / 2
    sides = (
        [fragment for fragment in fragments if fragment.right <= middle],
        [fragment for fragment in fragments if fragment.left >= middle],
    )
    if not all(sides) or min(map(_usual_length, sides)) < _CELL:
        return False
    left_side, right_side = sides
    tops = sorted(fragment.middle for fragment in right_side)
    beside = [
        fragment for fragment in left_side
        if bisect_left(tops, fragment.top) - bisect_right(tops, fragment.bottom - fragment.size) > 0
    ]  # fmt: skip
    if min(len(left_side), len(right_side)) < 3:
        return len(left_side) > 3 and _go_on_below(beside, left_side)
    return len(beside) >= 3


def _usual_length(fragments: list[Fragment]) -> int:
    """Return the length of the fragment in which the middle one of all characters stands: lines of
    prose may be drawn word by word where they are spaced out."""
    lengths = sorted(len(fragment.text) for fragment in fragments)
    sums = list(itertools.accumulate(lengths))
    return lengths[bisect_left(sums, sums[-1] / 2)]


def _go_on_below(lines: list[Fragment], column: list[Fragment]) -> bool:
    """Whether lines beside the few lines of another column go on in the line below them, and not in
    that column, as cells of a table do."""
    below = sorted(column, key=lambda line: -line.middle)
    pairs = [(line, next_line) for line, next_line in itertools.pairwise(below) if line in lines]
    return any(
        next_line.text[:1].islower() and not _END.search(line.text) for line, next_line in pairs
    )


def _lines(fragments: list[Fragment]) -> list[Fragment]:
    """Join the fragments at one height to lines, from top to bottom."""
    lines: list[Fragment] = []
    for fragment in sorted(fragments, key=lambda fragment: -fragment.middle):
        last = lines[-1] if lines else None
        is_row = fragment.is_row or (last is not None and last.is_row)
        if last is not None and last.bottom < fragment.middle < last.top and not is_row:
            first, second = sorted((last, fragment), key=lambda fragment: fragment.left)
            lines[-1] = Fragment(
                f"{first.text} {second.text}",
                first.left,
                max(first.right, second.right),
                min(first.bottom, second.bottom) if first.size < second.size else first.bottom,
                first.top,
                first.cells + second.cells,
            )
        else:
            lines.append(fragment)
    return lines


# Paragraphs


def _usual_step(columns: list[_Column]) -> float:
    """Return the usual distance from line to line, in units of the upper line's size."""
    steps = [
        (upper.middle - lower.middle) / max(upper.size, 0.1)
        for column in columns
        for upper, lower in itertools.pairwise(column.lines)
        if not (upper.is_row or lower.is_row)
    ]
    return median(steps) if steps else 1.2


def _starts(before: Fragment, line: Fragment, column: _Column, step: float) -> bool:
    """Whether a line begins a paragraph, given the line above it."""
    if before.is_row or line.is_row:
        return True
    size = max(before.size, 0.1)
    if abs(line.size - size) > 0.15 * size:
        return True
    if (before.middle - line.middle) / size > 1.3 * step:
        return True
    if _BULLET.match(line.text) or (before.cells > 1 and line.cells > 1):
        return True
    sentence_ends = bool(_END.search(before.text))
    if _stands_in(line, column) and not line.text[:1].islower():
        # An item's further lines stand further in; lines of a quotation stand in all alike.
        alone = before.left - column.left < 0.2 * size and not _BULLET.match(before.text)
        if alone or sentence_ends:
            return True
    width = column.right - column.left
    short = column.right - before.right > 0.2 * width
    return short and sentence_ends and not line.text[:1].islower()


def _ends(last: Fragment, line: Fragment, edge: float) -> bool:
    """Whether a paragraph ends with ``last``, before a new column or page."""
    if last.is_row or line.is_row or abs(last.size - line.size) > 0.15 * max(last.size, 0.1):
        return True
    if _DIVISION.search(last.text) or line.text[:1].islower():
        return False
    full = _fills(last, line, edge)
    return bool(_END.search(last.text)) or not full or bool(_BULLET.match(line.text))


def _fills(last: Fragment, line: Fragment, edge: float) -> bool:
    """Whether a line in the text's size reaches the right edge of its column."""
    same_size = abs(last.size - line.size) <= 0.15 * max(last.size, 0.1)
    return same_size and edge - last.right < 0.15 * max(edge - last.left, 0.1)


def _stands_in(line: Fragment, column: _Column) -> bool:
    return line.left - column.left > 0.5 * line.size


def _indents(columns: list[_Column], step: float) -> bool:
    """Whether the document begins paragraphs with an indented line."""
    firsts = [
        _stands_in(line, column)
        for column in columns
        for before, line in itertools.pairwise(column.lines)
        if _starts(before, line, column, step)
        and not _BULLET.match(line.text)
        and not (before.is_row or line.is_row)
    ]
    return sum(firsts) > 0.6 * len(firsts)


def _join(lines: list[str], vocabulary: Vocabulary) -> str:
    """Join the lines of a paragraph, and the halves of divided words."""
    text = lines[:1]
    for before, line in itertools.pairwise(lines):
        if not _DIVISION.search(before[-2:]) or not line[:1].isalpha():
            text += [line] if _touches(before, line) else [" ", line]
        else:
            hyphen = "-" if vocabulary.keeps_hyphen(before, line) else ""
            text[-1] = text[-1][:-1] + hyphen
            text.append(line)
    return "".join(text)


def _touches(before: str, line: str) -> bool:
    """Whether no space belongs between the words of two lines: after a dash, and in scripts without
    spaces."""
    if re.search(r"\w[-–—/]$", before[-2:]):
        return True
    return bool(_SPACELESS.match(before[-1:]) and _SPACELESS.match(line[:1]))
