"""Name a newer article that says that whoever leads an answer has gone.

"Who heads the bank?" may be answered best by an article of last year, while one of this week tells
of the end and of no successor, or in words that the reader takes for no answer. That is said below
the answer, and suppresses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from index.article import Article
from index.snapshot import View
from rag.evidence import Evidence
from rag.facts.endings import says_ended
from rag.facts.names import names
from rag.reading.statements import is_statement
from rag.text.article_sentences import article_sentences
from rag.updates import Updates

__all__ = ["name_departure"]

# "Who heads the bank?", "who is the mayor", and nothing that is past.
_PRESENT: Final = re.compile(
    r"^(?:and |so |but )?(?:who|which [a-z]+|what)(?:['’]s|\s+(?:is|are|(?:now |currently )?"
    r"[a-z]{3,}s))\b",
    re.IGNORECASE,
)
_LONGEST_FACT: Final = 60


def name_departure(
    view: View,
    question: str,
    updates: Updates,
    story: Callable[[Article], Sequence[Article]],
    score: float,
) -> Updates:
    """Add the sentence of the newest article of the story which says that the one who leads the
    answer has gone; the same where the question is of the past or names nobody, or where nothing of
    the kind is said.

    view: the state of the library.
    question: standalone.
    updates: what answers.
    story: finds the other articles of a story.
    score: the probability to give the sentence.
    """
    lead = updates.evidence[0]
    fact, day = lead.highlight.of(lead.article.text), lead.article.published_at
    fact_names = names(fact) if len(fact) <= _LONGEST_FACT else []
    if updates.perhaps_later or not day or len(fact_names) != 1 or not _PRESENT.match(question):
        return updates
    name = fact[fact_names[0].start : fact_names[0].end]
    answering = {item.article.id for item in (*updates.evidence, *updates.later)}
    newer = [article for article in story(lead.article) if (article.published_at or day) > day]
    newer.sort(key=lambda article: article.published_at or date.min, reverse=True)
    for article in newer:
        for span in article_sentences(view, article.id):
            sentence = span.of(article.text)
            is_said = article.id not in answering and is_statement(article.text, span)
            if is_said and says_ended(sentence, name):
                return replace(updates, perhaps_later=(Evidence(article, span, span, score),))
    return updates
