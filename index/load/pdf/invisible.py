"""Find the characters of a PDF page that are drawn so that nobody sees them."""

from __future__ import annotations

import ctypes
from typing import Any

__all__ = ["invisible_characters"]

# Render modes of text: drawn not at all, and only to clip by.
_UNSEEN_MODES = (3, 7)
_WHITE = (255, 255, 255)
# Points: what is lower cannot be read.
_LEAST_HEIGHT = 0.8

Box = tuple[float, float, float, float]


def invisible_characters(text_page: Any, count: int, page: Any) -> frozenset[int]:
    """Return the numbers of the characters that are not drawn, transparent, lower than a point, or
    white where nothing is behind them.

    Where most characters are not drawn they are the text layer of a scan, and none is returned.
    """
    from pypdfium2 import raw

    unseen = {at for at in range(count) if _is_undrawn(text_page, at, raw)}
    if 2 * len(unseen) >= count:
        unseen = set()
    white = {at for at in range(count) if at not in unseen and _is_white(text_page, at, raw)}
    if white:
        boxes = _backgrounds(page, raw)
        white = {at for at in white if not _is_over(text_page, at, boxes, raw)}
    return frozenset(at for at in unseen | white if raw.FPDFText_GetUnicode(text_page, at) > 0x20)


def _is_undrawn(text_page: Any, at: int, raw: Any) -> bool:
    text_object = raw.FPDFText_GetTextObject(text_page, at)
    if text_object and raw.FPDFTextObj_GetTextRenderMode(text_object) in _UNSEEN_MODES:
        return True
    box = _box(text_page, at, raw)
    if box is not None and max(box[1] - box[0], box[3] - box[2]) < _LEAST_HEIGHT:
        return bool(raw.FPDFText_GetUnicode(text_page, at) > 0x20)
    colour = _colour(raw.FPDFText_GetFillColor, text_page, at)
    return colour is not None and colour[3] == 0


def _is_white(text_page: Any, at: int, raw: Any) -> bool:
    colour = _colour(raw.FPDFText_GetFillColor, text_page, at)
    return colour is not None and colour[:3] == _WHITE


def _colour(read: Any, *where: Any) -> tuple[int, int, int, int] | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not read(*where, *map(ctypes.byref, parts)):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _box(text_page: Any, at: int, raw: Any) -> Box | None:
    box = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text_page, at, ctypes.byref(box)):
        return None
    return box.left, box.right, box.bottom, box.top


def _backgrounds(page: Any, raw: Any) -> list[Box]:
    """Return where pictures and coloured areas are, before which white letters can be read."""
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING,
             raw.FPDF_PAGEOBJ_FORM)  # fmt: skip
    boxes: list[Box] = []
    for item in page.get_objects(filter=kinds, max_depth=3):
        if item.type == raw.FPDF_PAGEOBJ_PATH:
            colour = _colour(raw.FPDFPageObj_GetFillColor, item.raw)
            if colour is not None and colour[:3] == _WHITE:
                continue
        left, bottom, right, top = item.get_bounds()
        boxes.append((left, right, bottom, top))
    return boxes


def _is_over(text_page: Any, at: int, boxes: list[Box], raw: Any) -> bool:
    box = _box(text_page, at, raw)
    if box is None:
        return False
    x, y = (box[0] + box[1]) / 2, (box[2] + box[3]) / 2
    return any(left <= x <= right and bottom <= y <= top for left, right, bottom, top in boxes)
