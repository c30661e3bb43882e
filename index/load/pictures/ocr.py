"""Recognise the text of pictures with RapidOCR, which the extra ``ocr`` installs.

`RapidOCR <https://github.com/RapidAI/RapidOCR>`_ (Apache 2.0, as are the PP-OCR networks inside its
wheel of 27 MB) finds lines and reads them with onnxruntime; nothing is downloaded or reported. The
lines are ordered like those of a PDF. Each line has a confidence; that of a paragraph is the lowest
of its lines.
"""

from __future__ import annotations

import importlib.util
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from statistics import median
from typing import Any

from index.boilerplate.classifier import terminal
from index.load.html.page_blocks import fold
from index.load.pdf.fragments import Fragment, Page
from index.load.pictures.ocr_spaces import DrawnLine, with_spaces
from index.load.reader import allow_seconds
from index.text.scripts import unspaced_letters

__all__ = ["INSTALL", "MAX_PAGES", "RecognisedLine", "confidences", "is_installed", "join_cut",
           "recognise", "with_low_quotes"]  # fmt: skip

INSTALL = "to have pictures read, run pip install -c constraints.txt -e '.[ocr]'"
# Each takes seconds, and an article is waited for ten minutes.
MAX_PAGES = 100
_SECONDS_A_PAGE = 60
_MOST_PIXELS_A_SIDE = 4_000
# A line that it is less sure of is rather a speck than words.
_LEAST_SURE = 0.5
# The mean of a page that is the right way up is above this.
_SURE = 0.88
# Shares of the usual height of a line, between which a line is one as any other.
_LOW, _HIGH = 0.65, 1.3
# Two commas, or a comma and half a mark, before a word.
_TWO_COMMAS = re.compile(r"(?:^|(?<=[\s(\[]))(?:,\s?,|‚\s?[,‚])(?=\w)")


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """``confidence``: a probability, as the network states it."""

    text: str
    confidence: float


def is_installed() -> bool:
    """Whether the extra is installed, so that pictures can be read."""
    return importlib.util.find_spec("rapidocr") is not None


def recognise(image: Any, points_a_pixel: float) -> tuple[Page, list[RecognisedLine]]:
    """Recognise a picture (of PIL): the page that it shows, and its lines with their confidence.

    A picture that lies on its side or is upside down is turned.
    """
    import numpy as np

    picture, drawn_lines = _upright(image.convert("RGB"))
    texts = map(with_low_quotes, with_spaces(drawn_lines, np.asarray(picture.convert("L"))))
    height = picture.height * points_a_pixel
    fragments: list[Fragment] = []
    lines: list[RecognisedLine] = []
    for line, text in zip(drawn_lines, texts, strict=True):
        if line.confidence < _LEAST_SURE or not text.strip():
            continue
        xs, ys = ([float(point[axis]) * points_a_pixel for point in line.box] for axis in (0, 1))
        fragments.append(Fragment(text, min(xs), max(xs), height - max(ys), height - min(ys)))
        lines.append(RecognisedLine(text, line.confidence))
    _make_even(fragments)
    return Page(picture.width * points_a_pixel, height, fragments), lines


def with_low_quotes(text: str) -> str:
    """Return a line with the quotation marks that German and other languages begin with, for which
    the recogniser has two commas."""
    return _TWO_COMMAS.sub("„", text)


def _upright(image: Any) -> tuple[Any, list[DrawnLine]]:
    """Return the picture as it is read, and its lines.

    Lines that run from top to bottom lie on their side. The recogniser turns each of them to its
    left, so that it reads them where that is right, and is unsure where they are upside down.
    """
    from PIL import Image

    lines = _lines(image)
    if not lines:
        return image, lines
    is_sure = _mean_confidence(lines) >= _SURE
    if _lie_on_side(lines):
        turn = Image.Transpose.ROTATE_90 if is_sure else Image.Transpose.ROTATE_270
        image = image.transpose(turn)
        return image, _lines(image)
    if not is_sure:
        turned = image.transpose(Image.Transpose.ROTATE_180)
        turned_lines = _lines(turned)
        if _mean_confidence(turned_lines) > _mean_confidence(lines):
            return turned, turned_lines
    return image, lines


def _mean_confidence(lines: Sequence[DrawnLine]) -> float:
    """Return the mean confidence of the characters; 0 without any."""
    chars = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / chars if chars else 0.0


def _lie_on_side(lines: Sequence[DrawnLine]) -> bool:
    """Whether most of the characters stand in lines from top to bottom, and are not those of a
    script that is written so."""
    chars = sum(len(line.text) for line in lines)
    on_side = [line for line in lines if _is_tall(line)]
    tall_chars = sum(len(line.text) for line in on_side)
    vertical = sum(unspaced_letters(line.text) for line in on_side)
    return 2 * tall_chars > chars and 2 * vertical < tall_chars


def _is_tall(line: DrawnLine) -> bool:
    xs, ys = ([float(point[axis]) for point in line.box] for axis in (0, 1))
    return max(ys) - min(ys) > 1.5 * (max(xs) - min(xs))


def _make_even(fragments: Sequence[Fragment]) -> None:
    """Give lines of about the usual height that height: a box ends where its letters do, and "no
    one" is lower than "Lady"."""
    if not fragments:
        return
    usual = median(fragment.size for fragment in fragments)
    for fragment in fragments:
        if _LOW * usual < fragment.size < _HIGH * usual:
            middle = fragment.middle
            fragment.bottom, fragment.top = middle - usual / 2, middle + usual / 2


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


def _lines(image: Any) -> list[DrawnLine]:
    import numpy as np

    allow_seconds(_SECONDS_A_PAGE)
    # OpenCV's order of colours.
    result = _engine()(np.asarray(image)[:, :, ::-1])
    if result.boxes is None or result.txts is None:
        return []
    places = result.word_results if len(result.word_results) == len(result.txts) else result.txts
    return [
        DrawnLine(str(text), float(score), box.tolist(), _centres(str(text), characters))
        for box, text, score, characters in zip(
            result.boxes, result.txts, result.scores, places, strict=True
        )
    ]


def _centres(text: str, characters: Any) -> list[float]:
    """Return the middles of the characters of a line; empty where they are not the line's."""
    if isinstance(characters, str) or "".join(c for c, _, _ in characters) != text.replace(" ", ""):
        return []
    return [(box[0][0] + box[1][0]) / 2 for _, _, box in characters]


@lru_cache(maxsize=1)
def _engine() -> Any:
    import onnxruntime
    from rapidocr import RapidOCR

    onnxruntime.disable_telemetry_events()
    return RapidOCR(params={
        "Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 2,
        # It takes some lines of an upright page for upside down; here the whole page is turned.
        "Global.use_cls": False,
        # Lines that are padded to the longest of a batch lose their spaces.
        "Rec.rec_batch_num": 1,
        "Global.max_side_len": _MOST_PIXELS_A_SIDE,
        "Global.return_word_box": True, "Global.return_single_char_box": True,
    })  # fmt: skip
