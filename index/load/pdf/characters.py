"""Turn a page's characters into upright runs that are read from the left.

:mod:`index.load.pdf.layout` always gets lines under each other: a page that is rotated by its file
or by its letters is rotated back, one that is read from the right is mirrored, and columns of
Chinese or Japanese that are read downwards are laid on their side.
"""

from __future__ import annotations

import ctypes
import itertools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from statistics import median
from typing import Any

from index.load.pdf.fragments import Fragment, Page
from index.load.pdf.initials import attach_initials
from index.load.pdf.invisible import invisible_characters
from index.load.pdf.note_marks import without_marks_apart
from index.load.pdf.rules import Rules, rules_of
from index.load.pdf.runs import Baseline, Box, Run, character, from_the_right
from index.load.pdf.strike_outs import Extent, Placed, characters_within, struck_areas, struck_out
from index.text.normalise import clean_line

__all__ = ["TooManyCharacters", "upright_pages"]

# A page of a newspaper has 30,000 characters; a page that is a bomb has millions.
MAX_PAGE_CHARS = 200_000
# Characters of a page that are looked at to tell which ways it is written.
_SAMPLE = 400
# What is written another way than most of its page is a stamp, unless it has as many characters, in
# runs as long as these.
_MIN_ASIDE, _MIN_ASIDE_RUN = 300, 20
# A full stop to the left of a number, where lines are read from the right.
_LEADING_MARKS = re.compile(r"[.,;:!?]+(?=\w)")

Turn = Callable[[Box], Box]


class TooManyCharacters(ValueError):
    """The page has more characters than are read; the argument is their number."""


def upright_pages(page: Any) -> list[Page]:
    """Convert a page of PDFium.

    Text that runs in another direction than most of it, if there is more of it than in a stamp,
    follows on a page of its own. Raises ``TooManyCharacters``.
    """
    from pypdfium2 import raw

    text_page = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text_page)
        if count > MAX_PAGE_CHARS:
            raise TooManyCharacters(count)
        return list(_pages(_Characters(text_page, count, raw), text_page, page))
    finally:
        text_page.close()


class _Characters:
    """The characters of a page of text."""

    def __init__(self, text_page: Any, count: int, raw: Any) -> None:
        self._page, self._raw = text_page, raw
        self.count = count
        self.invisible: frozenset[int] = frozenset()

    def angle(self, at: int) -> int | None:
        """Return the direction in quarter turns to the left; ``None`` for slanted text."""
        radians = self._raw.FPDFText_GetCharAngle(self._page, at)
        quarters = max(0.0, radians) / (math.pi / 2)
        return round(quarters) % 4 if abs(quarters - round(quarters)) < 0.07 else None

    def text(self, numbers: Iterable[int]) -> str:
        parts: list[str] = []
        last = -1
        for at in numbers:
            parts.append(f"{'' if at == last + 1 else ' '}{character(self.code(at))}")
            last = at
        return clean_line("".join(parts))

    def code(self, at: int) -> int:
        return int(self._raw.FPDFText_GetUnicode(self._page, at))

    def baseline(self, turn: Turn) -> Baseline:
        """Make the function that returns the height of the line on which a character stands."""
        x, y = ctypes.c_double(), ctypes.c_double()
        to_x, to_y = ctypes.byref(x), ctypes.byref(y)

        def height(at: int) -> float:
            self._raw.FPDFText_GetCharOrigin(self._page, at, to_x, to_y)
            return turn((x.value, x.value, y.value, y.value))[2]

        return height

    def extent(self, turn: Turn) -> Extent:
        """Make the function that returns from where to where a character is drawn, from the line on
        which it stands."""
        edges = [ctypes.c_double() for _ in range(4)]
        to_edges = [ctypes.byref(edge) for edge in edges]
        baseline = self.baseline(turn)

        def heights(at: int) -> tuple[float, float]:
            if not self._raw.FPDFText_GetCharBox(self._page, at, *to_edges):
                return 0.0, 0.0
            left, right, bottom, top = (edge.value for edge in edges)
            return baseline(at), turn((left, right, bottom, top))[3]

        return heights

    def placed(self, turn: Turn) -> Iterator[Placed]:
        """Yield index, code and boxes (left, right, bottom, top) of each character: on the page,
        and where it is read."""
        box = self._raw.FS_RECTF()
        where = ctypes.byref(box)
        for at in range(self.count):
            if at in self.invisible:
                continue
            if self._raw.FPDFText_GetLooseCharBox(self._page, at, where):
                edges = box.left, box.right, box.bottom, box.top
                yield at, self.code(at), edges, turn(edges)
            else:
                yield at, self.code(at), None, None


def _pages(characters: _Characters, text_page: Any, page: Any) -> Iterator[Page]:
    invisible = invisible_characters(text_page, characters.count, page)
    words = characters.text(sorted(invisible))
    characters.invisible = invisible
    width, height = page.get_size()
    quarters = page.get_rotation() // 90
    if quarters % 2:
        # Boxes are where they are before the page is turned.
        width, height = height, width
    angles = Counter(
        angle
        for at in range(0, characters.count, max(1, characters.count // _SAMPLE))
        if not chr(characters.code(at)).isspace() and (angle := characters.angle(at)) is not None
    )
    edges, areas = _edges(page), struck_areas(page)
    for number, (angle, _) in enumerate(angles.most_common() or [(-quarters % 4, 0)]):
        turn = _turn(-angle % 4, width, height)
        rules = rules_of(page, turn)
        placed = list(characters.placed(turn))
        struck, rules = struck_out(placed, characters.extent(turn), rules)
        struck |= characters_within(placed, areas)
        baseline = characters.baseline(turn)
        fragments, outside = _runs(characters, angle, placed, edges, rules, baseline, struck)
        sizes = (height, width) if angle % 2 else (width, height)
        if angle == 0 and _is_vertical(fragments):
            rules = Rules()
            turn = _turn(3, width, height)
            # The characters lie on their side, and stand on no line.
            placed = list(characters.placed(turn))
            fragments, outside = _runs(characters, angle, placed, edges, rules)
            sizes = height, width
        if number and not _is_text(fragments):
            continue
        if _is_from_the_right(fragments):
            fragments = _join_from_the_left(fragments)
            _mirror(fragments, sizes[0])
            rules = rules.mirror(sizes[0])
        struck_words = characters.text(sorted(struck))
        yield Page(*sizes, fragments, outside, "" if number else words, struck_words, rules)


def _edges(page: Any) -> Box:
    """Return the page's left, bottom, right and top; the file may state them for all its pages
    together."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    if not raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box)):
        return 0.0, 0.0, *page.get_size()
    return box.left, box.bottom, box.right, box.top


def _turn(quarters: int, width: float, height: float) -> Turn:
    """Make the function that maps a box when the page is rotated to the right by ``quarters``
    quarter turns."""

    def turn_box(box: Box) -> Box:
        left, right, bottom, top = box
        match quarters:
            case 1:
                return bottom, top, width - right, width - left
            case 2:
                return width - right, width - left, height - top, height - bottom
            case 3:
                return height - top, height - bottom, left, right
        return box

    return turn_box


def _runs(
    characters: _Characters,
    angle: int,
    placed: Iterable[Placed],
    edges: Box,
    rules: Rules,
    baseline: Baseline | None = None,
    struck: frozenset[int] = frozenset(),
) -> tuple[list[Fragment], str]:
    """Return runs of characters on one line without a gap wide enough for a gutter, and the
    characters that stand beside the page.

    edges: the page's left, bottom, right and top.
    rules: the lines drawn on it, which end a run.
    struck: the characters that are left out, and whose place stays.
    """
    fragments: list[Fragment] = []
    outside: list[str] = []
    run = Run(baseline)
    for at, code, box, place in placed:
        if code in (0x0D, 0x0A):
            run.line_ended = True
        elif code in (0x20, 0x09, 0xA0) or code == 0:
            run.space = True
        elif box is not None and place is not None:
            is_divided = run.is_divided(place, rules)
            if at in struck:
                run = (run.successor() if is_divided else run).skip(place)
            elif is_divided or not run.take(at, code, place):
                run = run.successor()
                if _is_outside(box, edges):
                    outside.append(character(code))
                elif characters.angle(at) == angle:
                    fragments.append(run.begin(at, character(code), place))
    run.settle()
    return attach_initials(without_marks_apart(fragments)), "".join(outside)


def _is_outside(box: Box, edges: Box) -> bool:
    """Whether the middle of a character lies outside the page."""
    x, y = (box[0] + box[1]) / 2, (box[2] + box[3]) / 2
    left, bottom, right, top = edges
    return not (left <= x <= right and bottom <= y <= top)


def _is_text(fragments: list[Fragment]) -> bool:
    lengths = [len(fragment.text) for fragment in fragments]
    return sum(lengths) >= _MIN_ASIDE and median(lengths) >= _MIN_ASIDE_RUN


def _is_vertical(fragments: list[Fragment]) -> bool:
    """Whether most characters have the next one below them, in scripts that may be written so."""
    short = [
        fragment for fragment in fragments if len(fragment.text) == 1 and _is_wide(fragment.text)
    ]
    if len(short) < 8 or len(short) < 0.7 * sum(len(fragment.text) for fragment in fragments):
        return False
    below = sum(
        abs(upper.left - lower.left) < 0.5 * upper.size
        and 0 < upper.middle - lower.middle < 2 * upper.size
        for upper, lower in itertools.pairwise(short)
    )
    return below > 0.6 * len(short)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) == "W"


def _is_from_the_right(fragments: list[Fragment]) -> bool:
    letters = Counter(
        from_the_right(char) for fragment in fragments for char in fragment.text if char.isalpha()
    )
    return letters[True] > letters[False]


def _join_from_the_left(fragments: list[Fragment]) -> list[Fragment]:
    """Join, in lines that are read from the right, neighbouring words that are read from the left,
    with the marks at their end behind them."""
    result: list[Fragment] = []
    for fragment in fragments:
        text = fragment.text
        if any(map(from_the_right, text)):
            result.append(fragment)
            continue
        if marks := _LEADING_MARKS.match(text):
            fragment.text, fragment.gaps = f"{text[marks.end() :]}{marks[0]}", []
        last = result[-1] if result else None
        if last is not None and not any(map(from_the_right, last.text)):
            first, second = sorted((fragment, last), key=lambda part: part.left)
            beside = second.left - first.right < 1.1 * first.size
            same_line = last.bottom < fragment.middle < last.top
            if same_line and beside and any(map(str.isalpha, first.text)):
                first.text, first.right = f"{first.text} {second.text}", second.right
                first.gaps = []
                result[-1] = first
                continue
        result.append(fragment)
    return result


def _mirror(fragments: list[Fragment], width: float) -> None:
    for fragment in fragments:
        fragment.left, fragment.right = width - fragment.right, width - fragment.left
        fragment.gaps = []
