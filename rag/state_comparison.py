"""Compare two states of a developing story: whether both answer one question, and what differs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from index.text.patterns import lazy_regex
from index.text.shingles import same_words
from rag.evidence import Evidence
from rag.facts.counts import clause_stems, counted_noun
from rag.facts.names import names
from rag.facts.polarity import find_polarity
from rag.facts.quantities import Amount, amounts
from rag.reading.question_words import has_word
from rag.text.english import content_stems

__all__ = [
    "YES_NO",
    "amount_kinds",
    "are_comparable",
    "differs",
    "fact_of",
    "is_like",
    "is_same_fact",
    "supersedes",
]

# Facts up to so many characters are set against each other.
_SHORT_FACT: Final = 60
_ANY_KIND: Final = "any"
YES_NO: Final = lazy_regex(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must)\b",
    re.IGNORECASE,
)
_ASKS_FOR_AMOUNT: Final = lazy_regex(
    r"(?:by |for |at )?(?:how (?!(?:do|does|did|is|was|are|were|can|will|would|has|have|well)\b)"
    r"|what (?:share|percentage|proportion|number|sum|price)\b)",
    re.IGNORECASE,
)


def is_like(question: str, first: Evidence, second: Evidence) -> bool:
    """Whether two answers may be to one question: two amounts are of the same, and where a question
    asks for an amount, both are one. Yes or no may be answered either way."""
    if YES_NO.match(question):
        return True
    first_kinds, second_kinds = amount_kinds(first), amount_kinds(second)
    if first_kinds and second_kinds:
        return bool(first_kinds & second_kinds) or _ANY_KIND in first_kinds | second_kinds
    return first_kinds == second_kinds or not _ASKS_FOR_AMOUNT.match(question)


def supersedes(question: str, evidence: Evidence, best: Evidence) -> bool:
    """Whether a state of the story may stand in place of another: it is a short fact with a name or
    an amount, or its sentence has a word of the question. What else is true of the matter is no
    other state of it, nor is a count of other things."""
    if YES_NO.match(question) or has_word(question, evidence):
        return True
    fact = " ".join(fact_of(evidence).split())
    is_fact = len(fact) <= _SHORT_FACT and bool(amounts(fact) or names(fact))
    return is_fact and not _counts_other_things(question, evidence, best)


def differs(first: Evidence, second: Evidence) -> bool:
    """Whether two answers differ in their words, and neither is a part of the other."""
    first_words, second_words = (" ".join(same_words(fact_of(item))) for item in (first, second))
    return first_words not in second_words and second_words not in first_words


def is_same_fact(first: Evidence, second: Evidence) -> bool:
    """Whether two answers are the same short words."""
    first_words, second_words = (same_words(fact_of(item)) for item in (first, second))
    return first_words == second_words and len(fact_of(second)) <= _SHORT_FACT


def are_comparable(facts: Sequence[str], second: Evidence, lead: Evidence) -> bool:
    """Whether two short facts can be set against each other: amounts with the same unit, one count
    each of the same, or names alone."""
    if any(len(fact) > _SHORT_FACT for fact in facts):
        return False
    numbers = [amounts(fact) for fact in facts]
    if not any(numbers):
        # "The Oakline is not affected" is no other answer to which ones are.
        is_denied = any(find_polarity(_text(item)).denials for item in (second, lead))
        return not is_denied and all(map(names, facts))
    if not all(numbers):
        return False
    units = [{kind for _, kind in readings[0].readings if kind} for readings in numbers]
    if any(units):
        return bool(units[0] & units[1])
    counts = _count(second), _count(lead)
    if counts[0] is None or counts[1] is None:
        return False
    stems = clause_stems(_text(second), counts[0]), clause_stems(_text(lead), counts[1])
    return bool(stems[0] & stems[1])


def fact_of(evidence: Evidence) -> str:
    return evidence.highlight.of(evidence.article.text)


def _counts_other_things(question: str, evidence: Evidence, best: Evidence) -> bool:
    """Whether an answer counts what neither the question nor the best answer speaks of."""
    amount, best_amount = _count(evidence), _count(best)
    if amount is None or best_amount is None:
        return False
    noun = counted_noun(_text(evidence), amount)
    return bool(noun) and noun not in content_stems(question) | clause_stems(
        _text(best), best_amount
    )


def _count(evidence: Evidence) -> Amount | None:
    """The one amount of an answer, where it is a mere number."""
    start, end = (
        at - evidence.sentence.start for at in (evidence.highlight.start, evidence.highlight.end)
    )
    inner_amounts = [
        item for item in amounts(_text(evidence)) if item.start < end and start < item.end
    ]
    is_plain = len(inner_amounts) == 1 and {kind for _, kind in inner_amounts[0].readings} == {""}
    return inner_amounts[0] if is_plain else None


def _text(evidence: Evidence) -> str:
    return evidence.sentence.of(evidence.article.text)


def amount_kinds(evidence: Evidence) -> set[str]:
    """What the first amount of an answer is of: percent, a currency, a length; "" for a count."""
    text, start = evidence.article.text, evidence.sentence.start
    first, last = (at - start for at in (evidence.highlight.start, evidence.highlight.end))
    for amount in amounts(evidence.sentence.of(text)):
        kinds = {kind for _, kind in amount.readings}
        # The unit may stand behind what the reader marked, or not at all: "4.7 million are left".
        if first < amount.end and amount.start < last and kinds != {"ordinal"}:
            return {_ANY_KIND} if kinds == {""} and amount.magnitude > 1 else kinds
    return set()
