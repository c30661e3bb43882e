"""Check a written sentence with the reader: each of its facts is replaced by a question word and
asked for.

"Alibaba will spend 380 billion RMB." becomes "Alibaba will spend how much?", which the reader
answers from the sentences that back it. A fact that the reader returns is backed; another one in
its place, with high confidence, contradicts it (question answering as a check of faithfulness,
after Durmus et al., 2020, and Wang et al., 2020).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from index.article import Span
from index.logistic import sigmoid
from index.snapshot import Found
from rag.facts.dates import same_day
from rag.facts.names import KnownWords
from rag.facts.quantities import same_amount
from rag.grounding.alignment import Facts, Grounds, GroundSentence, Statement
from rag.reading.spans import Scanner, SentenceScan

__all__ = ["ASK_BACK_SIGNS", "FactQuestion", "ask_back", "questions_of"]

# Facts of a sentence that are asked for: each is a reading more.
_MOST_ASKED: Final = 3
# Sentences before and after the one that backs, which say who "it" is.
_AROUND: Final = 1
ASK_BACK_SIGNS: Final = {"asked_back": 1, "asked_otherwise": -1, "asked_whole": 1}


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """A fact of a sentence (``[start, end)`` there) and the sentence with a question word in its
    place."""

    kind: str
    start: int
    end: int
    question: str


def questions_of(statement: Statement, grounds: Grounds) -> list[FactQuestion]:
    """Make questions for the facts worth asking for: amounts, then days, then names, the longest
    first."""
    amounts = [("amount", amount.start, amount.end) for amount in statement.amounts]
    when = [("day", day.start, day.end) for day in statement.days]
    longest_names = sorted(
        statement.hard_names(grounds.vocabulary), key=lambda name: name.start - name.end
    )
    facts = [*amounts, *when, *(("name", name.start, name.end) for name in longest_names)]
    return [
        FactQuestion(kind, start, end, _put(statement.text, kind, start, end))
        for kind, start, end in facts[:_MOST_ASKED]
    ]


def _put(text: str, kind: str, start: int, end: int) -> str:
    """Replace a fact in the text by its question word."""
    fact = text[start:end]
    word = {"day": "when", "name": "what"}.get(kind) or (
        "how much" if any(sign in fact for sign in "$€£¥₹%") else "how many"
    )
    return f"{text[:start]}{word}{text[end:]}".rstrip(" .!") + "?"


def ask_back(
    statement: Statement, sentence: GroundSentence, grounds: Grounds, model: Scanner
) -> dict[str, float]:
    """Ask the reader for each fact of a statement, in a sentence and what surrounds it.

    Returns the features of ``ASK_BACK_SIGNS``, 0 to 1: the share of facts that the reader returns,
    how confidently it returns another in place of one, and how confidently the whole statement, as
    a question, has an answer there.
    """
    window = _window(sentence, grounds)
    whole = _best(model, statement.text, window)
    back, otherwise = [], [0.0]
    for question in questions_of(statement, grounds):
        best = _best(model, question.question, window)
        if best is None:
            continue
        confirmed_fact = _confirms(question, statement, Facts(best.span.of(window.article.text)))
        back.append(float(confirmed_fact))
        if not confirmed_fact:
            otherwise.append(sigmoid(best.margin))
    return {
        "asked_back": sum(back) / len(back) if back else 1.0,
        "asked_otherwise": max(otherwise),
        "asked_whole": sigmoid(whole.margin) if whole else 0.0,
    }


def _best(model: Scanner, question: str, window: Found) -> SentenceScan | None:
    return max(model.scan(question, [window]), key=lambda scan: scan.margin, default=None)


def _window(sentence: GroundSentence, grounds: Grounds) -> Found:
    """Make a passage of the sentence and those beside it."""
    result = grounds.passages[sentence.passages[0]]
    spans = result.passage.sentences
    at = spans.index(sentence.span)
    run = tuple(spans[max(at - _AROUND, 0) : at + _AROUND + 1])
    passage = replace(result.passage, span=Span(run[0].start, run[-1].end), sentences=run)
    return Found(result.article, passage)


def _confirms(question: FactQuestion, statement: Statement, answer: Facts) -> bool:
    """Whether the answer has the fact that was replaced."""
    if question.kind == "amount":
        amount = next(amount for amount in statement.amounts if amount.start == question.start)
        return any(same_amount(amount, candidate) for candidate in answer.every_amount)
    if question.kind == "day":
        day = next(day for day in statement.days if day.start == question.start)
        return any(same_day(day, candidate) for candidate in answer.days)
    name = next(name for name in statement.names if name.start == question.start)
    vocabulary = KnownWords([answer.text])
    return any(vocabulary.has(word) for word in name.words)
