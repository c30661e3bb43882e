"""A reader for tests: the sentence that shares most words with the question, and its number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.article import Span
from index.snapshot import Found
from rag.evidence import Evidence, Reading
from tests.first_look import FirstLook

__all__ = ["KeywordReader"]


class KeywordReader(FirstLook):
    """Quotes the best sentence of each article that shares two long words with the question; one
    that shares a single word may touch on it.

    The answer is what stands in guillemets in it, else its first number, else all of it.
    """

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        asked = _words(question)
        best: dict[str, tuple[int, Evidence]] = {}
        for found in passages:
            for span in found.passage.sentences:
                text = span.of(found.article.text)
                shared = len(asked & _words(text))
                if shared > best.get(found.article.id, (0,))[0]:
                    evidence = Evidence(found.article, span, _answering(span, text), 0.9)
                    best[found.article.id] = (shared, evidence)
        ranked = sorted(best.values(), key=lambda each: -each[0])
        nearest = tuple(each for _, each in ranked)
        quoted = tuple(each for shared, each in ranked if shared > 1)
        return Reading(quoted, 0.9 if quoted else 0.05, nearest, 0.9 if nearest else 0.05)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 4}


def _answering(sentence: Span, text: str) -> Span:
    found = re.search(r"(?<=«).+?(?=»)|\d[\d.,]*\d|\d", text)
    if not found:
        return sentence
    return Span(sentence.start + found.start(), sentence.start + found.end())
