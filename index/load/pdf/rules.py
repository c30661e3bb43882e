"""Read the lines that are drawn on a PDF page: the rules of its tables."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Line", "Rules", "rules_of"]

# Points: how thick a filled area is at most that is a line, and how short a line is none.
_THICK, _SHORT = 2.5, 4.0
# A drawing or a map has more.
_MOST_SEGMENTS = 20_000

Box = tuple[float, float, float, float]
# A line: its height (or its place from the low_x), and from where to where it runs.
Line = tuple[float, float, float]


@dataclass(slots=True)
class Rules:
    """``across``: ``(height, low_x, high_x)`` of each line. ``down``: ``(place, bottom, top)``. All
    in points."""

    across: list[Line] = field(default_factory=list)
    down: list[Line] = field(default_factory=list)

    def add(self, box: Box) -> None:
        """Add a line, given as a thin box: low_x, high_x, bottom, top."""
        low_x, high_x, bottom, top = box
        width, height = high_x - low_x, top - bottom
        if height <= _THICK and width >= _SHORT:
            self.across.append(((bottom + top) / 2, low_x, high_x))
        elif width <= _THICK and height >= _SHORT:
            self.down.append(((low_x + high_x) / 2, bottom, top))

    def add_area(self, box: Box) -> None:
        """Add the four edges of an area."""
        low_x, high_x, bottom, top = box
        if min(high_x - low_x, top - bottom) <= _THICK:
            self.add(box)
            return
        for edge in ((low_x, low_x, bottom, top), (high_x, high_x, bottom, top),
                     (low_x, high_x, bottom, bottom), (low_x, high_x, top, top)):  # fmt: skip
            self.add(edge)

    def mirror(self, width: float) -> Rules:
        """Return the same on a page that is mirrored from left to high_x."""
        across = [(at, width - high_x, width - low_x) for at, low_x, high_x in self.across]
        return Rules(across, [(width - at, bottom, top) for at, bottom, top in self.down])

    def divides(self, low_x: float, high_x: float, height: float) -> bool:
        """Whether a line runs down between two places at a height."""
        return any(low_x <= at <= high_x and low <= height <= high for at, low, high in self.down)


def rules_of(page: Any, turn: Callable[[Box], Box]) -> Rules:
    """Return the lines of a page of PDFium.

    turn: maps a box of the page to where it is read.
    """
    from pypdfium2 import raw

    rules = Rules()
    segments = 0
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=1):
        segments += raw.FPDFPath_CountSegments(item.raw)
        if segments > _MOST_SEGMENTS:
            return Rules()
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(item.raw, ctypes.byref(fill), ctypes.byref(stroke))
        if stroke.value:
            for box in _lines(item.raw, raw):
                rules.add(turn(box))
        elif fill.value:
            for points in _outlines(item.raw, raw):
                xs, ys = zip(*points, strict=True)
                rules.add_area(turn((min(xs), max(xs), min(ys), max(ys))))
    return rules


def _lines(path: Any, raw: Any) -> Iterator[Box]:
    """Yield the box of each straight line of a path."""
    for points in _outlines(path, raw):
        for (x, y), (next_x, next_y) in itertools.pairwise(points):
            yield min(x, next_x), max(x, next_x), min(y, next_y), max(y, next_y)


def _outlines(path: Any, raw: Any) -> Iterator[list[tuple[float, float]]]:
    """Yield the corners of each part of a path that is drawn in one go, on the page."""
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path, ctypes.byref(matrix))
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for number in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        place = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(place)
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points
