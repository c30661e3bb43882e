"""A written sentence asked back: each of its facts is taken out, and the reader is asked for it.

"Alibaba will spend 380 billion RMB." becomes "Alibaba will spend how much?", read where the
sentence is said to stand. A fact that the reader gives back is backed; another in its place, given
with confidence, speaks against it (question answering as a check of faithfulness, after Durmus
et al., 2020, and Wang et al., 2020).
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

__all__ = ["ASKED", "Asked", "ask_back", "questions_of"]

# Facts of a sentence that are asked for: each is a reading more.
_MOST_ASKED: Final = 3
# Sentences before and after the one that backs, which say who "it" is.
_AROUND: Final = 1
ASKED: Final = {"asked_back": 1, "asked_otherwise": -1, "asked_whole": 1}


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact of a sentence (``[start, end)`` there) and the sentence with a question in its
    place."""

    kind: str
    start: int
    end: int
    question: str


def questions_of(written: Statement, grounds: Grounds) -> list[Asked]:
    """The facts worth asking for: amounts, then days, then names, the longest first."""
    amounts = [("amount", each.start, each.end) for each in written.amounts]
    when = [("day", each.start, each.end) for each in written.days]
    named = sorted(written.hard_names(grounds.known), key=lambda each: each.start - each.end)
    facts = [*amounts, *when, *(("name", each.start, each.end) for each in named)]
    return [
        Asked(kind, start, end, _put(written.text, kind, start, end))
        for kind, start, end in facts[:_MOST_ASKED]
    ]


def _put(text: str, kind: str, start: int, end: int) -> str:
    """The text with a question word for a fact."""
    fact = text[start:end]
    word = {"day": "when", "name": "what"}.get(kind) or (
        "how much" if any(sign in fact for sign in "$€£¥₹%") else "how many"
    )
    return f"{text[:start]}{word}{text[end:]}".rstrip(" .!") + "?"


def ask_back(
    written: Statement, sentence: GroundSentence, grounds: Grounds, model: Scanner
) -> dict[str, float]:
    """The signals of ``ASKED``, each 0 to 1: the share of facts that ``sentence`` and what stands
    around it give back, how surely another is given in the place of one, and how surely the whole
    sentence, as a question, has an answer there."""
    window = _window(sentence, grounds)
    whole = _best(model, written.text, window)
    back, otherwise = [], [0.0]
    for asked in questions_of(written, grounds):
        best = _best(model, asked.question, window)
        if best is None:
            continue
        same = _same(asked, written, Facts(best.span.of(window.article.text)))
        back.append(float(same))
        if not same:
            otherwise.append(sigmoid(best.margin))
    return {
        "asked_back": sum(back) / len(back) if back else 1.0,
        "asked_otherwise": max(otherwise),
        "asked_whole": sigmoid(whole.margin) if whole else 0.0,
    }


def _best(model: Scanner, question: str, window: Found) -> SentenceScan | None:
    return max(model.scan(question, [window]), key=lambda scan: scan.margin, default=None)


def _window(sentence: GroundSentence, grounds: Grounds) -> Found:
    """The sentence and those beside it, as a passage."""
    found = grounds.passages[sentence.passages[0]]
    spans = found.passage.sentences
    at = spans.index(sentence.span)
    run = tuple(spans[max(at - _AROUND, 0) : at + _AROUND + 1])
    passage = replace(found.passage, span=Span(run[0].start, run[-1].end), sentences=run)
    return Found(found.article, passage)


def _same(asked: Asked, written: Statement, answer: Facts) -> bool:
    """Whether the answer has the fact that was taken out."""
    if asked.kind == "amount":
        amount = next(each for each in written.amounts if each.start == asked.start)
        return any(same_amount(amount, each) for each in answer.every_amount)
    if asked.kind == "day":
        day = next(each for each in written.days if each.start == asked.start)
        return any(same_day(day, each) for each in answer.days)
    name = next(each for each in written.names if each.start == asked.start)
    known = KnownWords([answer.text])
    return any(known.has(word) for word in name.words)
