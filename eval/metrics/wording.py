"""Whether a text says an answer, word for word.

Words are compared as SQuAD's evaluation does (:mod:`eval.metrics.squad`), but for numbers: it runs
the digits together, so that "3.5" is "35" and "2-0" is "20". Here what separates digits stays, but
for the commas of thousands. Curly quotation marks and long dashes are as good as plain ones.
"""

from __future__ import annotations

import re
import string

from eval.metrics.squad import without_articles

__all__ = ["says"]

_STRAIGHT = str.maketrans("\u2018\u2019\u02bc\u201c\u201d\u2010\u2011\u2013\u2212", "'''\"\"----")
_SEPARATORS = ".,:/-"
# Between digits too these are no part of the number: "$3-$4", "25%-30%".
_SIGNS = str.maketrans("", "", "$%")
_OTHERS = str.maketrans("", "", "".join(set(string.punctuation) - set(_SEPARATORS)))
_THOUSANDS = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,3}(?:,\d{3})+(?!\d)")
# A group where it stands between digits.
_SEPARATOR_RUN = re.compile(rf"(?<=\d)([{_SEPARATORS}]+)(?=\d)|[{_SEPARATORS}]+")


def says(text: str, *answers: str) -> bool:
    """Whether the words of one of the answers stand in ``text`` in a row; false for an empty
    answer."""
    text_words = f" {_normalise(text)} "
    phrases = (_normalise(answer) for answer in answers)
    return any(answer and f" {answer} " in text_words for answer in phrases)


def _normalise(text: str) -> str:
    plain = text.lower().translate(_STRAIGHT).translate(_SIGNS)
    plain = _THOUSANDS.sub(lambda number: number[0].replace(",", ""), plain)
    return without_articles(_SEPARATOR_RUN.sub(r"\1", plain).translate(_OTHERS))
