"""Join the characters of a page to runs: what stands on one line, without a gutter in it.

What is raised or lowered is told by the line on which a character stands (its origin), and not by
its box: of letters drawn as one (``fi``), and in fonts that do not state how far they reach, boxes
end on the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from index.load.pdf.fragments import Fragment, Initial
from index.load.pdf.rules import Rules
from index.load.superscripts import subscript_text, superscript_text

__all__ = [
    "INITIAL",
    "SMALL_BESIDE_INITIAL",
    "Baseline",
    "Box",
    "Run",
    "character",
    "from_the_right",
]

# Of the size of the characters around: how small those of a mark are at most, and how far off
# the line at least. Browsers raise by a third and make it a sixth smaller.
_SMALL, _OFF_LINE = 0.93, 0.2
_DROP, _LEVEL = 0.25, 0.05
# How far letters reach below the line, of their height above it.
_DESCENT = 0.3
# Between two characters with a line between them, and between cells as close as words.
_GAP, _WIDE_GAP = 0.1, 0.75
# Between the words on both sides of a raised character, before and behind which PDFium ends a line.
_SPACE = 0.12
# Between a word and one before it that is not read.
_NEAR = 0.5
# A large letter at the beginning of a text, with its quotation mark; and of its size, that of the
# text beside it, at most.
INITIAL = re.compile(r"[“„«\"‘']?[^\W\d_]")
SMALL_BESIDE_INITIAL = 0.6
_HYPHENS = {0x02, 0xAD, 0xFFFE}
_LIGATURES = (("\ufb00", "\ufb06"), ("\ufb1d", "\ufdff"), ("\ufe70", "\ufefc"))

Box = tuple[float, float, float, float]
# The height of the line on which the character of a number stands.
Baseline = Callable[[int], float]


class Run:
    """A fragment in construction. ``mark``: the raised characters at its end so far.

    baseline: ``None`` where characters do not stand on the line that is read.
    struck: where the characters before the first are that are not read.
    """

    def __init__(self, baseline: Baseline | None, struck: Box | None = None) -> None:
        self.fragment: Fragment | None = None
        self._baseline = baseline
        self._struck = struck
        # The number of the last character that was neither raised nor lowered.
        self._level = 0
        self.mark = ""
        self.space = self.line_ended = False

    def begin(self, at: int, char: str, box: Box) -> Fragment:
        bottom, top = box[2:]
        self._level = at
        if self._baseline is not None:
            line = self._baseline(at)
            if bottom > line - _LEVEL * (top - line):
                bottom = line - _DESCENT * (top - line)
        self.fragment = Fragment(char, *box[:2], bottom, top)
        struck, run = self._struck, self.fragment
        if struck is not None and struck[2] < run.middle < struck[3]:
            # Not from cell to cell.
            is_near = -_LEVEL < _gap(run, struck) / run.size < _NEAR
            if is_near:
                self._put(run, "", struck)
        return run

    def skip(self, box: Box) -> Run:
        """Leave room for a character that is not read, and return the run to go on with."""
        run = self.fragment
        self.settle()
        if run is not None and _continues(run, box):
            # PDFium ends a line before and behind raised characters too.
            self.line_ended = False
            self._put(run, "", box)
            return self
        struck = self._struck if run is None else None
        if struck is not None and struck[2] < (box[2] + box[3]) / 2 < struck[3]:
            box = min(struck[0], box[0]), max(struck[1], box[1]), struck[2], struck[3]
        return Run(self._baseline, box)

    def successor(self) -> Run:
        """Return the run behind this one."""
        self.settle()
        return Run(self._baseline, self._struck if self.fragment is None else None)

    def is_divided(self, box: Box, rules: Rules) -> bool:
        """Whether a line runs down between the run and a character behind a gap."""
        run = self.fragment
        if run is None or not rules.down or box[0] - run.right < _GAP * run.size:
            return False
        return rules.divides(run.right, box[0], (box[2] + box[3]) / 2)

    def take(self, at: int, code: int, box: Box) -> bool:
        """Append the character of a number to the run if it belongs there; says whether it did."""
        run = self.fragment
        if run is None:
            return False
        if box[2] == run.bottom and box[3] == run.top and not (self.mark or self.line_ended):
            # Nearly all characters are as high as the one before them: this is quick.
            if not _continues(run, box):
                return False
            self._put(run, character(code), box)
            return True
        if initial := self._begins_with_initial(at, code, box):
            run.initial = Initial(run.left, run.right, run.bottom, run.top, box[0])
            run.bottom, run.top = box[2], box[3]
            self.space = False
        height = self._height(at, box)
        if self.line_ended:
            # PDFium ends a line before and behind raised characters and large initials too.
            is_near = initial or _gap(run, box) <= 0.5 * run.size
            if not (is_near and (self.mark or height or initial)):
                return False
            self.line_ended = False
            self.space = self.space or (not initial and box[0] - run.right > _SPACE * run.size)
        if not _continues(run, box):
            return False
        char = character(code)
        if height > 0:
            self.mark += char
        else:
            if self.mark:
                self.settle()
            if height < 0 and not self.space:
                char = subscript_text(run.text, char)
            if not height:
                self._level = at
                run.bottom, run.top = min(run.bottom, box[2]), max(run.top, box[3])
        self._put(run, "" if self.mark else char, box)
        return True

    def _begins_with_initial(self, at: int, code: int, box: Box) -> bool:
        """Whether the run is an initial, over several lines or higher than its own, and the
        character the next of its word."""
        run = self.fragment
        assert run is not None
        if len(run.text) > 2 or not INITIAL.fullmatch(run.text) or not chr(code).isalpha():
            return False
        size = box[3] - box[2]
        if size >= SMALL_BESIDE_INITIAL * run.size or _gap(run, box) >= size or box[0] < run.left:
            return False
        if run.top - run.size / 2 < (box[2] + box[3]) / 2 < run.top:
            return True
        rise = self._baseline(at) - self._baseline(self._level) if self._baseline else size
        return abs(rise) < _LEVEL * size

    def _height(self, at: int, box: Box) -> int:
        """1 for a character above the run's line, -1 for a small one below it, else 0."""
        run = self.fragment
        assert run is not None
        _, _, bottom, top = box
        is_small = top - bottom < _SMALL * run.size
        is_high = bottom - run.bottom > _OFF_LINE * run.size
        if not (is_small or is_high):
            return 0
        is_low = is_small and bottom < run.bottom
        if self._baseline is not None:
            rise = (self._baseline(at) - self._baseline(self._level)) / run.size
            is_high = is_high and rise > (_LEVEL if is_small else _OFF_LINE)
            is_low = is_low and rise < -_LEVEL
        elif not is_small:
            return 0
        return 1 if is_high else -1 if is_low and run.top - top > _DROP * run.size else 0

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
    if from_the_right(run.text[-1]) or from_the_right(run.text[0]):
        return run.left - 1.1 * size < right and left < run.right + 1.1 * size
    return -2 * size < left - run.right < 1.1 * size


def _gap(run: Fragment, box: Box) -> float:
    return max(box[0] - run.right, run.left - box[1])


def from_the_right(char: str) -> bool:
    return char > "\u0590" and unicodedata.bidirectional(char) in ("R", "AL")


def character(code: int) -> str:
    if code in _HYPHENS:
        return "\u00ad"
    if code < 0x2000:
        return chr(code)
    # Letters drawn as one (U+FB01), or as they look within a word (U+FE8E), are searched for as
    # they are written.
    char = chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
    is_ligature = any(first <= char <= last for first, last in _LIGATURES)
    return unicodedata.normalize("NFKC", char) if is_ligature else char
