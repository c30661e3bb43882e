"""Text made comparable, as SQuAD's official evaluation does it (Rajpurkar et al. 2016, 2018).

Lower case, without ASCII punctuation, without the articles a, an and the, single spaces.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

__all__ = ["best", "contains", "exact_match", "normalise", "token_f1", "words"]

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalise(text: str) -> str:
    """The official ``normalize_answer``."""
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def words(text: str) -> list[str]:
    """The words that are left of ``text`` when it is normalised."""
    return normalise(text).split()


def exact_match(prediction: str, gold: str) -> float:
    """The official ``compute_exact``: 1 when both are the same once normalised."""
    return float(normalise(prediction) == normalise(gold))


def token_f1(prediction: str, gold: str) -> float:
    """The official ``compute_f1``: F1 over the bags of words; two empty texts agree."""
    predicted_words, gold_words = words(prediction), words(gold)
    if not predicted_words or not gold_words:
        return float(predicted_words == gold_words)
    overlap = sum((Counter(predicted_words) & Counter(gold_words)).values())
    if not overlap:
        return 0.0
    precision, recall = overlap / len(predicted_words), overlap / len(gold_words)
    return 2 * precision * recall / (precision + recall)


def best(score: Callable[[str, str], float], prediction: str, gold: Sequence[str]) -> float:
    """The highest score with any of the gold answers; 0 without one."""
    return max((score(prediction, answer) for answer in gold), default=0.0)


def contains(text: str, *answers: str) -> bool:
    """The words of one of the answers stand in ``text`` in a row. Nothing stands nowhere."""
    text_words = f" {normalise(text)} "
    phrases = (normalise(answer) for answer in answers)
    return any(answer and f" {answer} " in text_words for answer in phrases)
