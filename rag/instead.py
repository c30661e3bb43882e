"""Whether a sentence speaks of another than was asked for: the mark of a near miss.

"What did Baidu invest?" is not answered by what Alibaba invested, nor 2022 by 2024, though all the
other words fit. What the question names is looked for in the sentence, the two before it and the
title; where it is not there and the sentence names something else of its kind, that is told. So is
a sentence that says the opposite of what is asked: "Which firm did not sign?" is not answered by
one that signed, nor "Who lost?" by who won.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from index.view import Found
from rag.facts.amounts import same_amount
from rag.facts.days import Day, same_day
from rag.facts.names import KnownWords
from rag.facts.polarity import contrary, denied
from rag.grounds import Facts

__all__ = ["INSTEAD", "instead"]

INSTEAD: Final = ("name_instead", "figure_instead", "opposite")
# Sentences before one that may say who "it" is, and of which year it speaks.
_BEFORE: Final = 2

_facts = lru_cache(maxsize=4096)(Facts)


def instead(question: str, found: Found, sentence: int) -> tuple[float, float, float]:
    """The values of ``INSTEAD``, 0 or 1, for a sentence of a passage (its number there)."""
    spans, text = found.passage.sentences, found.article.text
    own = _facts(spans[sentence].of(text))
    before = " ".join(span.of(text) for span in spans[max(0, sentence - _BEFORE) : sentence])
    around = _facts(f"{found.article.title}. {before}")
    asked = _facts(question)
    days = _another_day(asked, own, around, found)
    return (
        float(_another_name(asked, own, around)),
        float(days or _another_amount(asked, own)),
        float(_opposite(question, own.text)),
    )


def _another_name(asked: Facts, own: Facts, around: Facts) -> bool:
    wanted = [name for name in asked.names if not name.first]
    if not wanted:
        return False
    there, said = KnownWords([own.text, around.text]), KnownWords([asked.text])
    lacking = any(there.missing(name) > 0 for name in wanted)
    return lacking and any(said.missing(name) == 1 for name in own.names if not name.first)


def _another_day(asked: Facts, own: Facts, around: Facts, found: Found) -> bool:
    published = found.article.published_at
    there = [*own.days, *around.days, *([Day.of(published)] if published else [])]
    lacking = [day for day in asked.days if not any(same_day(day, each) for each in there)]
    # "In February" does not speak against 2025.
    return any(day.years is None or each.years for day in lacking for each in own.days)


def _another_amount(asked: Facts, own: Facts) -> bool:
    lacking = any(
        not any(same_amount(amount, each) for each in own.every_amount) for amount in asked.amounts
    )
    return lacking and bool(own.amounts)


def _opposite(asked: str, said: str) -> bool:
    question, sentence = denied(asked), denied(said)
    stated = bool(question.denied & sentence.stated) and not sentence.denials
    return stated or contrary(asked, said)
