"""Turn a page's characters into upright runs that are read from the left.

:mod:`index.load.layout` always gets lines under each other: a page that is rotated by its file or
by its letters is rotated back, one that is read from the right is mirrored, and columns of Chinese
or Japanese that are read downwards are laid on their side.
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

from index.load.layout import Fragment, Page
from index.load.pdf_invisible import invisible_characters
from index.load.pdf_rules import Rules, rules_of
from index.load.pdf_tables import with_table_rows
from index.load.superscripts import subscript_text, superscript_text
from index.text.normalise import clean_line

__all__ = ["TooManyCharacters", "upright_pages"]

# A page of a newspaper has 30,000 characters; a page that is a bomb has millions.
MAX_PAGE_CHARS = 200_000
# Characters of a page that are looked at to tell which ways it is written.
_SAMPLE = 400
# What is written another way than most of its page is a stamp, unless it has as many characters, in
# runs as long as these.
_MIN_ASIDE, _MIN_ASIDE_RUN = 300, 20
# Of the size of the characters around: how small those of a mark are, and how far off the line.
_SMALL, _OFF_LINE = 0.8, 0.2
# Between two characters with a line between them, and between cells as close as words.
_GAP, _WIDE_GAP = 0.1, 0.75
# Of the size of an initial over several lines: that of the text beside it, at most.
_INITIAL = 0.6
_HYPHENS = {0x02, 0xAD, 0xFFFE}
_LIGATURES = (("\ufb00", "\ufb06"), ("\ufb1d", "\ufdff"), ("\ufe70", "\ufefc"))

# A full stop to the left of a number, where lines are read from the right.
_LEADING_MARKS = re.compile(r"[.,;:!?]+(?=\w)")

Box = tuple[float, float, float, float]
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
            parts.append(f"{'' if at == last + 1 else ' '}{_character(self.code(at))}")
            last = at
        return clean_line("".join(parts))

    def code(self, at: int) -> int:
        return int(self._raw.FPDFText_GetUnicode(self._page, at))

    def boxes(self) -> Iterator[tuple[int, int, Box | None]]:
        """Yield index, code and box (left, right, bottom, top) of each character."""
        box = self._raw.FS_RECTF()
        where = ctypes.byref(box)
        for at in range(self.count):
            if at in self.invisible:
                continue
            there = self._raw.FPDFText_GetLooseCharBox(self._page, at, where)
            yield at, self.code(at), (box.left, box.right, box.bottom, box.top) if there else None


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
    edges = _edges(page)
    for number, (angle, _) in enumerate(angles.most_common() or [(-quarters % 4, 0)]):
        turn = _turn(-angle % 4, width, height)
        rules = rules_of(page, turn)
        fragments, outside = _runs(characters, angle, turn, edges, rules)
        sizes = (height, width) if angle % 2 else (width, height)
        if angle == 0 and _is_vertical(fragments):
            rules = Rules()
            fragments, outside = _runs(characters, angle, _turn(3, width, height), edges, rules)
            sizes = height, width
        if number and not _is_text(fragments):
            continue
        if _is_from_the_right(fragments):
            fragments = _join_from_the_left(fragments)
            _mirror(fragments, sizes[0])
            rules = rules.mirror(sizes[0])
        yield Page(*sizes, with_table_rows(fragments, rules), outside, "" if number else words)


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
    characters: _Characters, angle: int, turn: Turn, edges: Box, rules: Rules
) -> tuple[list[Fragment], str]:
    """Return runs of characters on one line without a gap wide enough for a gutter, and the
    characters that stand beside the page.

    edges: the page's left, bottom, right and top.
    rules: the lines drawn on it, which end a run.
    """
    fragments: list[Fragment] = []
    outside: list[str] = []
    run = _Run()
    for at, code, box in characters.boxes():
        if code in (0x0D, 0x0A):
            run.line_ended = True
        elif code in (0x20, 0x09, 0xA0) or code == 0:
            run.space = True
        elif box is not None:
            place = turn(box)
            if run.is_divided(place, rules) or not run.take(code, place):
                run.settle()
                run = _Run()
                if _is_outside(box, edges):
                    outside.append(_character(code))
                elif characters.angle(at) == angle:
                    fragments.append(run.begin(_character(code), place))
    run.settle()
    return fragments, "".join(outside)


def _is_outside(box: Box, edges: Box) -> bool:
    """Whether the middle of a character lies outside the page."""
    x, y = (box[0] + box[1]) / 2, (box[2] + box[3]) / 2
    left, bottom, right, top = edges
    return not (left <= x <= right and bottom <= y <= top)


class _Run:
    """A fragment in construction. ``mark``: the raised characters at its end so far."""

    def __init__(self) -> None:
        self.fragment: Fragment | None = None
        self.mark = ""
        self.space = self.line_ended = False

    def begin(self, char: str, box: Box) -> Fragment:
        self.fragment = Fragment(char, *box)
        return self.fragment

    def is_divided(self, box: Box, rules: Rules) -> bool:
        """Whether a line runs down between the run and a character behind a gap."""
        run = self.fragment
        if run is None or not rules.down or box[0] - run.right < _GAP * run.size:
            return False
        return rules.divides(run.right, box[0], (box[2] + box[3]) / 2)

    def take(self, code: int, box: Box) -> bool:
        """Append a character to the run if it belongs there; says whether it did."""
        run = self.fragment
        if run is None:
            return False
        if box[2] == run.bottom and box[3] == run.top and not (self.mark or self.line_ended):
            # Nearly all characters are as high as the one before them: this is quick.
            if not _continues(run, box):
                return False
            self._put(run, _character(code), box)
            return True
        if initial := _is_initial(run, code, box):
            run.bottom, run.top = box[2], box[3]
        height = _height(run, box)
        if self.line_ended:
            # PDFium ends a line before and behind raised characters and large initials too.
            if not (self.mark or height or initial) or _gap(run, box) > 0.5 * run.size:
                return False
            self.line_ended = False
        if not _continues(run, box):
            return False
        char = _character(code)
        if height > 0:
            self.mark += char
        else:
            if self.mark:
                self.settle()
            if height < 0 and not self.space:
                char = subscript_text(run.text, char)
            if not height:
                run.bottom, run.top = min(run.bottom, box[2]), max(run.top, box[3])
        self._put(run, "" if self.mark else char, box)
        return True

    def _put(self, run: Fragment, char: str, box: Box) -> None:
        if char:
            if self.space and box[0] - run.right > _WIDE_GAP * run.size:
                run.gaps.append((len(run.text) + 1, run.right, box[0]))
            run.text += f" {char}" if self.space else char
            self.space = False
        if box[1] > run.right:
            run.right = box[1]
        if box[0] < run.left:
            run.left = box[0]

    def settle(self) -> None:
        """Write the raised characters, which are complete."""
        if self.fragment is not None and self.mark:
            self.fragment.text += superscript_text(self.fragment.text, self.mark)
            self.mark = ""


def _continues(run: Fragment, box: Box) -> bool:
    """Whether a character belongs to the run before it: same line, same size, no gutter."""
    left, right, bottom, top = box
    size = max(run.size, top - bottom)
    if not run.bottom < (bottom + top) / 2 < run.top:
        return False
    if _from_the_right(run.text[-1]) or _from_the_right(run.text[0]):
        return run.left - 1.1 * size < right and left < run.right + 1.1 * size
    return -2 * size < left - run.right < 1.1 * size


def _gap(run: Fragment, box: Box) -> float:
    return max(box[0] - run.right, run.left - box[1])


def _height(run: Fragment, box: Box) -> int:
    """1 for a small character above the run's line, -1 for one below it, else 0."""
    _, _, bottom, top = box
    if top - bottom >= _SMALL * run.size:
        return 0
    if bottom - run.bottom > _OFF_LINE * run.size:
        return 1
    return -1 if run.top - top > 2 * _OFF_LINE * run.size and bottom < run.bottom else 0


def _is_initial(run: Fragment, code: int, box: Box) -> bool:
    """Whether a run is a drop cap and the character the next of its word."""
    if len(run.text) > 1 or not run.text.isupper() or not chr(code).isalpha():
        return False
    size = box[3] - box[2]
    near = run.top - run.size / 2 < (box[2] + box[3]) / 2 < run.top and box[0] >= run.left
    return near and size < _INITIAL * run.size and _gap(run, box) < size


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
        _from_the_right(char) for fragment in fragments for char in fragment.text if char.isalpha()
    )
    return letters[True] > letters[False]


def _join_from_the_left(fragments: list[Fragment]) -> list[Fragment]:
    """Join, in lines that are read from the right, neighbouring words that are read from the left,
    with the marks at their end behind them."""
    result: list[Fragment] = []
    for fragment in fragments:
        text = fragment.text
        if any(map(_from_the_right, text)):
            result.append(fragment)
            continue
        if marks := _LEADING_MARKS.match(text):
            fragment.text, fragment.gaps = f"{text[marks.end() :]}{marks[0]}", []
        last = result[-1] if result else None
        if last is not None and not any(map(_from_the_right, last.text)):
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


def _from_the_right(char: str) -> bool:
    return char > "\u0590" and unicodedata.bidirectional(char) in ("R", "AL")


def _character(code: int) -> str:
    if code in _HYPHENS:
        return "\u00ad"
    if code < 0x2000:
        return chr(code)
    # Letters drawn as one (U+FB01), or as they look within a word (U+FE8E), are searched for as
    # they are written.
    char = chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
    is_ligature = any(first <= char <= last for first, last in _LIGATURES)
    return unicodedata.normalize("NFKC", char) if is_ligature else char
