"""Normalise and compare texts as SQuAD's official evaluation does (Rajpurkar et al. 2016, 2018).

Lower case, without ASCII punctuation, without the articles a, an and the, single spaces.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

__all__ = ["best", "contains", "exact_match", "normalise", "token_f1", "without_articles", "words"]

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalise(text: str) -> str:
    """Normalise a text: the official ``normalize_answer``."""
    return without_articles(text.lower().translate(_PUNCTUATION))


def without_articles(text: str) -> str:
    """Leave out the articles of a text in lower case, and all but single spaces."""
    return " ".join(_ARTICLES.sub(" ", text).split())


def words(text: str) -> list[str]:
    """Return the words of the normalised text."""
    return normalise(text).split()


def exact_match(prediction: str, gold: str) -> float:
    """Return 1 when both texts are equal once normalised: the official ``compute_exact``."""
    return float(normalise(prediction) == normalise(gold))


def token_f1(prediction: str, gold: str) -> float:
    """Compute F1 over the bags of words: the official ``compute_f1``; two empty texts give 1."""
    predicted_words, gold_words = words(prediction), words(gold)
    if not predicted_words or not gold_words:
        return float(predicted_words == gold_words)
    overlap = sum((Counter(predicted_words) & Counter(gold_words)).values())
    if not overlap:
        return 0.0
    precision, recall = overlap / len(predicted_words), overlap / len(gold_words)
    return 2 * precision * recall / (precision + recall)


def best(score: Callable[[str, str], float], prediction: str, gold: Sequence[str]) -> float:
    """Return the highest score with any of the gold answers; 0 without one."""
    return max((score(prediction, answer) for answer in gold), default=0.0)


def contains(text: str, *answers: str) -> bool:
    """Whether the words of one of the answers stand in ``text`` in a row; false for an empty
    answer."""
    text_words = f" {normalise(text)} "
    phrases = (normalise(answer) for answer in answers)
    return any(answer and f" {answer} " in text_words for answer in phrases)
