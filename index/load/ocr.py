"""Recognise the text of pictures with RapidOCR, which the extra ``ocr`` installs.

`RapidOCR <https://github.com/RapidAI/RapidOCR>`_ (Apache 2.0, as are the PP-OCR networks inside its
wheel of 27 MB) finds lines and reads them with onnxruntime; nothing is downloaded or reported. The
lines are ordered like those of a PDF. Each line has a confidence; that of a paragraph is the lowest
of its lines.
"""

from __future__ import annotations

import importlib.util
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from index.boilerplate.classifier import terminal
from index.load.layout import Fragment, Page
from index.load.page_blocks import fold
from index.load.reader import allow_seconds

__all__ = ["INSTALL", "MAX_PAGES", "RecognisedLine", "confidences", "is_installed", "join_cut",
           "recognise"]  # fmt: skip

INSTALL = "install the extra ocr to have pictures read: pip install 'pullquote[ocr]'"
# Each takes seconds, and an article is waited for ten minutes.
MAX_PAGES = 100
_SECONDS_A_PAGE = 60
# A line that it is less sure of is rather a speck than words.
_LEAST_SURE = 0.5


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """``confidence``: a probability, as the network states it."""

    text: str
    confidence: float


def is_installed() -> bool:
    """Whether the extra is installed, so that pictures can be read."""
    return importlib.util.find_spec("rapidocr") is not None


def recognise(image: Any, points_a_pixel: float) -> tuple[Page, list[RecognisedLine]]:
    """Recognise a picture (of PIL): the page that it shows, and its lines with their confidence."""
    import numpy as np

    allow_seconds(_SECONDS_A_PAGE)
    # OpenCV's order of colours.
    pixels = np.asarray(image.convert("RGB"))[:, :, ::-1]
    result = _engine()(pixels)
    height = image.height * points_a_pixel
    fragments: list[Fragment] = []
    lines: list[RecognisedLine] = []
    for box, text, score in _results(result):
        if score < _LEAST_SURE or not text.strip():
            continue
        xs, ys = ([float(point[axis]) * points_a_pixel for point in box] for axis in (0, 1))
        fragments.append(Fragment(text, min(xs), max(xs), height - max(ys), height - min(ys)))
        lines.append(RecognisedLine(text, score))
    return Page(image.width * points_a_pixel, height, fragments), lines


def join_cut(paragraphs: Sequence[str]) -> list[str]:
    """Join paragraphs where the next continues in lower case: the heights of recognised lines mark
    the ends of paragraphs less reliably than those of a font."""
    texts: list[str] = []
    for paragraph in paragraphs:
        if texts and paragraph[:1].islower() and not terminal(texts[-1]):
            texts[-1] += f" {paragraph}"
        else:
            texts.append(paragraph)
    return texts


def confidences(paragraphs: Sequence[str], lines: Sequence[RecognisedLine]) -> tuple[float, ...]:
    """Return the confidence of each paragraph; 1 where it has none of the lines."""
    keys = [fold(paragraph) for paragraph in paragraphs]
    whole = "\n".join(keys)
    starts = list(accumulate((len(key) + 1 for key in keys), initial=0))
    sure = [1.0] * len(keys)
    for line in lines:
        at = whole.find(key) if (key := fold(line.text)) else -1
        if at >= 0:
            number = bisect_right(starts, at) - 1
            sure[number] = min(sure[number], round(line.confidence, 3))
    return tuple(sure)


def _results(result: Any) -> Iterator[tuple[Any, str, float]]:
    if result.boxes is None or result.txts is None:
        return
    for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        yield box, str(text), float(score)


@lru_cache(maxsize=1)
def _engine() -> Any:
    import onnxruntime
    from rapidocr import RapidOCR

    onnxruntime.disable_telemetry_events()
    return RapidOCR(params={"Global.log_level": "critical",
                            "EngineConfig.onnxruntime.intra_op_num_threads": 2})  # fmt: skip
