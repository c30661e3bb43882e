"""Keep, of what a reader takes for an answer, what may be about what is asked: not what is of
another numbered thing than the question names ("Bill 47"), an amount of another measure ("How long
...?", "240 dollars"), or a third name where one of two is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evidence import Evidence
from rag.facts.designations import is_about_others
from rag.facts.measure import is_in_other_measure
from rag.facts.names import names
from rag.query.comparison import ask_each_side
from rag.settings import Settings
from rag.text.english import content_stems, stem

__all__ = ["keep_on_subject"]

# What is marked is a name, up to so many characters.
_SHORT = 60


def keep_on_subject(
    question: str, evidence: Sequence[Evidence], settings: Settings
) -> tuple[Evidence, ...]:
    """Keep the evidence that may be about what a question asks for, by the rules that are on."""
    texts = {item.article.id: f"{item.article.title}\n{item.article.text}" for item in evidence}
    if settings.designations and is_about_others(question, list(texts.values())):
        return ()
    return tuple(
        item
        for item in evidence
        if not (settings.measures and _is_in_other_measure(question, item))
        and not (settings.planner and _is_third(question, item))
    )


def _is_in_other_measure(question: str, item: Evidence) -> bool:
    text = item.article.text
    return is_in_other_measure(question, item.sentence.of(text), item.highlight.of(text))


def _is_third(question: str, item: Evidence) -> bool:
    """Whether what is marked is a name that a comparison of two does not have."""
    mark = item.highlight.of(item.article.text)
    if len(mark) > _SHORT or item.highlight == item.sentence:
        return False
    stems, question_stems = _name_stems(mark), _name_stems(question) | content_stems(question)
    return bool(stems) and not stems & question_stems and bool(ask_each_side(question))


def _name_stems(text: str) -> set[str]:
    # A dash before it, as any first word may be capitalised.
    return {stem(word) for name in names(f"- {text}") for word in name.words}
