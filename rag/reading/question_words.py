"""Whether evidence has words of the question that it is to answer."""

from __future__ import annotations

from rag.evidence import Evidence
from rag.facts.saying import verb_stems
from rag.text.english import content_stems

__all__ = ["has_more_words", "has_word"]


def has_word(question: str, evidence: Evidence) -> bool:
    """Whether a sentence has a word of the question, other than one of saying."""
    stems = content_stems(_sentence(evidence))
    return bool((content_stems(question) - verb_stems()) & stems)


def has_more_words(question: str, first: Evidence, second: Evidence) -> bool:
    """Whether one sentence, with its article's title, has more words of a question than another
    with its own."""
    stems = content_stems(question)
    counts = [
        len(stems & content_stems(f"{item.article.title} {_sentence(item)}"))
        for item in (first, second)
    ]
    return counts[0] > counts[1]


def _sentence(evidence: Evidence) -> str:
    return evidence.sentence.of(evidence.article.text)
