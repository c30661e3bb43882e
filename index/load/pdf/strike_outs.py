"""Find the characters of a PDF page that are struck out: by an annotation, which says so, or by a
line.

Of a line the file has letters and the line, which nothing joins. A line strikes out what it runs
through, from the first letter to the last: underlines, bars of fractions and the rules of tables
touch no letter, and what belongs to a drawing does not end where words do.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from index.load.pdf.rules import Line, Rules
from index.load.pdf.runs import Box

__all__ = ["Extent", "Placed", "characters_within", "struck_areas", "struck_out"]

# Of the height of a letter: from where to where a line that strikes it out runs.
_LOW, _HIGH = 0.25, 0.8
# In the same unit: how far off the edge of a character a line begins and ends; how far it reaches
# beyond a word at most, or stays behind; how wide a space within is; and how far off the line
# raised characters are.
_EDGE, _BEYOND, _BEHIND, _SPACE, _NEAR = 0.08, 0.6, 0.12, 2.5, 1.5
# How many of the letters that it crosses a line has to cross in their middle.
_SHARE = 0.8
# A page has fewer annotations, and areas; each is compared with all characters.
_MOST_AREAS = 500
# Points: how far the parts of a line lie apart that are drawn one by one.
_TOUCH = 0.7

# The number of a character, its code, and its box: on the page, and where it is read.
Placed = tuple[int, int, Box | None, Box | None]
# The height of the line on which the character of a number stands, and how high it reaches.
Extent = Callable[[int], tuple[float, float]]


def struck_areas(page: Any) -> list[Box]:
    """Return the areas that a page's annotations strike out (``/StrikeOut``), as left, right,
    bottom and top on the page; those that viewers do not show are left out."""
    from pypdfium2 import raw

    areas: list[Box] = []
    hiding_flags = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_AREAS)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            is_strike = raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_STRIKEOUT
            if is_strike and not raw.FPDFAnnot_GetFlags(annotation) & hiding_flags:
                areas += _quadrilaterals(annotation, raw)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return areas[:_MOST_AREAS]


def _quadrilaterals(annotation: Any, raw: Any) -> Iterator[Box]:
    """Yield the box around each stretch of text that an annotation marks."""
    corners = raw.FS_QUADPOINTSF()
    for number in range(min(raw.FPDFAnnot_CountAttachmentPoints(annotation), _MOST_AREAS)):
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, number, ctypes.byref(corners)):
            xs = corners.x1, corners.x2, corners.x3, corners.x4
            ys = corners.y1, corners.y2, corners.y3, corners.y4
            yield min(xs), max(xs), min(ys), max(ys)


def characters_within(placed: Sequence[Placed], areas: Sequence[Box]) -> frozenset[int]:
    """Return the numbers of the characters whose middle lies in one of the areas."""
    numbers: set[int] = set()
    for left, right, bottom, top in areas:
        for number, _, box, _ in placed:
            if box is None:
                continue
            x, y = (box[0] + box[1]) / 2, (box[2] + box[3]) / 2
            if left <= x <= right and bottom <= y <= top:
                numbers.add(number)
    return frozenset(numbers)


def struck_out(
    placed: Sequence[Placed], extent: Extent, rules: Rules
) -> tuple[frozenset[int], Rules]:
    """Return the numbers of the characters that are struck out, and the rules without the lines
    that do it."""
    lines = _joined(rules.across)
    heights = [line[0] for line in lines]
    crossed: dict[int, list[int]] = {}
    for order, (_, code, _, place) in enumerate(placed):
        if place is None or not chr(code).isalnum():
            continue
        left, right, bottom, top = place
        at = bisect_left(heights, bottom)
        while at < len(heights) and heights[at] < top:
            if lines[at][1] <= (left + right) / 2 <= lines[at][2]:
                crossed.setdefault(at, []).append(order)
            at += 1
    numbers: set[int] = set()
    strokes: list[Line] = []
    for at, orders in crossed.items():
        if span := _span(placed, orders, extent, lines[at]):
            numbers.update(placed[order][0] for order in span)
            strokes.append(lines[at])
    if not numbers:
        return frozenset(), rules
    rest = [line for line in rules.across if not any(_is_part(line, whole) for whole in strokes)]
    return frozenset(numbers), Rules(rest, rules.down)


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Join the lines that go on where another ends, as they are drawn word by word."""
    joined: list[Line] = []
    last: dict[int, int] = {}
    for height, low_x, high_x in sorted(lines, key=lambda line: line[1]):
        level = round(height / _TOUCH)
        at = last.get(level, -1)
        if at >= 0 and low_x <= joined[at][2] + _TOUCH:
            joined[at] = *joined[at][:2], max(joined[at][2], high_x)
        else:
            last[level] = len(joined)
            joined.append((height, low_x, high_x))
    return sorted(joined)


def _is_part(line: Line, whole: Line) -> bool:
    near = abs(line[0] - whole[0]) <= _TOUCH
    return near and whole[1] - _TOUCH <= line[1] and line[2] <= whole[2] + _TOUCH


def _span(
    placed: Sequence[Placed], orders: Sequence[int], extent: Extent, line: Line
) -> Sequence[int]:
    """Return where, among all characters, those are that a line strikes out; empty if it is no
    such line."""
    height, low_x, high_x = line
    letters: list[int] = []
    middle: list[int] = []
    size = 0.0
    for order in orders:
        base, top = extent(placed[order][0])
        if base < height < top:
            letters.append(order)
            if _LOW * (top - base) < height - base < _HIGH * (top - base):
                middle.append(order)
                size = max(size, top - base)
    if not middle or len(middle) < _SHARE * len(letters):
        return ()

    def is_below(order: int) -> bool:
        place = placed[order][3]
        if place is None or not low_x <= (place[0] + place[1]) / 2 <= high_x:
            return False
        return abs((place[2] + place[3]) / 2 - height) < _NEAR * size

    first, last = min(middle), max(middle)
    while first and is_below(first - 1):
        first -= 1
    while last + 1 < len(placed) and is_below(last + 1):
        last += 1
    span = [order for order in range(first, last + 1) if is_below(order)]
    if len(middle) == 1 and _is_barred(placed, middle[0]):
        return ()
    is_within = all(chr(code).isalnum() for _, code, _, _ in placed[last : last + 2])
    edges = sorted((place[0], place[1]) for order in span if (place := placed[order][3]))
    return span if _is_ended(line, edges, size, is_within) else ()


def _is_ended(
    line: Line, edges: Sequence[tuple[float, float]], size: float, is_within: bool
) -> bool:
    """Whether a line begins and ends as characters do, given their left and right edges, and has
    no gap between them wider than a space.

    is_within: it may end within a word.
    """
    _, low_x, high_x = line
    if abs(low_x - edges[0][0]) > _EDGE * size:
        return False
    reach = low_x
    for left, right in edges:
        if left - reach > _SPACE * size:
            return False
        reach = max(reach, right)
    beyond = (high_x - reach) / size
    return abs(beyond) <= _EDGE if is_within else -_BEHIND <= beyond <= _BEYOND


def _is_barred(placed: Sequence[Placed], order: int) -> bool:
    """Whether a character is a letter within a word, which a bar makes another (``ħ``)."""
    around = [chr(placed[at][1]) for at in (order - 1, order + 1) if 0 <= at < len(placed)]
    return chr(placed[order][1]).isalpha() and any(map(str.isalpha, around))
