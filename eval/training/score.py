"""Scores of short answers and of rankings.

Exact match and F1 over words as SQuAD's own script defines them (Rajpurkar et al., 2016): lower
case, punctuation and the articles a, an, the left out, the best over all gold answers.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

__all__ = ["auroc", "exact_match", "f1", "normal"]

_DROP: Final = str.maketrans("", "", string.punctuation)
_ARTICLES: Final = re.compile(r"\b(a|an|the)\b")


def normal(text: str) -> str:
    """SQuAD's normal form of an answer."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_DROP)).split())


def exact_match(answer: str, gold: Sequence[str]) -> float:
    """1 when the answer's normal form is that of one of the gold answers."""
    return float(any(normal(answer) == normal(each) for each in gold))


def f1(answer: str, gold: Sequence[str]) -> float:
    """The best word F1 with one of the gold answers."""
    return max((_f1(normal(answer).split(), normal(each).split()) for each in gold), default=0.0)


def _f1(answer: list[str], gold: list[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = sum((Counter(answer) & Counter(gold)).values())
    return 2 * shared / (len(answer) + len(gold))


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """The chance that a positive scores above a negative, ties half (Mann-Whitney).

    NaN when one of the two is absent.
    """
    values, marks = np.asarray(scores, np.float64), np.asarray(positive, bool)
    count = int(marks.sum())
    if not count or count == len(marks):
        return float("nan")
    order = np.sort(values)
    below = np.searchsorted(order, values, side="left")
    ranks = (below + np.searchsorted(order, values, side="right") + 1) / 2
    over = float(ranks[marks].sum()) - count * (count + 1) / 2
    return over / (count * (len(marks) - count))
