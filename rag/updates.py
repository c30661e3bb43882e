"""Answer from developing stories: the state that was asked for leads, other states are marked as
earlier or later.

What answers a question may be superseded by another article of the same story. Each article is read
by itself; of those that answer (alone, or because the reader quotes them beside the others), one
leads, and differing statements of the others follow as "earlier" or "later". An answer is never
suppressed by this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final, Literal

from index.article import Article
from index.snapshot import Found, View
from index.text.shingles import same_words
from rag.citing.quotations import Aside
from rag.evidence import Evidence, Reading
from rag.facts.names import names
from rag.facts.quantities import amounts
from rag.query.asked_state import AskedState
from rag.retrieval.candidate import Candidate
from rag.retrieval.stories import articles_of_story

__all__ = ["STORY_PASSAGES", "Updates", "resolve_updates"]

# Passages among which a story's other articles are looked for.
STORY_PASSAGES: Final = 12
_MOST_ARTICLES: Final = 4
_MOST_OTHERS: Final = 2
# Facts up to so many characters are set against each other.
_SHORT_FACT: Final = 60

ReadPassages = Callable[[Sequence[Found]], Reading]


@dataclass(frozen=True, slots=True)
class Updates:
    """The evidence of an answer by the state that it reports.

    ``evidence`` answers, best first; ``earlier`` and ``later`` are older and newer states, article
    by article, the newest first.
    """

    evidence: tuple[Evidence, ...]
    earlier: tuple[Evidence, ...] = ()
    later: tuple[Evidence, ...] = ()

    def moved(self, move: Callable[[Sequence[Evidence]], tuple[Evidence, ...]]) -> Updates:
        """Return the same states with their evidence moved to the copies to cite."""
        return Updates(move(self.evidence), move(self.earlier), move(self.later))

    def asides(self) -> tuple[Aside, ...]:
        """Make the other states' quotations, each introduced by its day and, where both are short
        facts, by the difference."""
        lead = self.evidence[0]
        return (*_asides("earlier", self.earlier, lead), *_asides("later", self.later, lead))


def resolve_updates(
    view: View,
    reading: Reading,
    candidates: Sequence[Candidate],
    target: AskedState,
    read: ReadPassages,
    threshold: float,
) -> Updates:
    """Choose which article of a story leads, and what others state differently.

    view: the state of the library.
    reading: of all that was read; it answers.
    candidates: what was retrieved, best first.
    target: the state of the story that the question asks for.
    read: reads passages for the question.
    threshold: the confidence from which an article answers by itself.
    """
    best = reading.evidence[0]
    answering = {best.article.id: best}
    quotations = {item.article.id: item for item in reversed(reading.evidence)}
    for article in _others(view, best.article, candidates):
        hits = [item.hit for item in candidates if item.hit.article.id == article.id]
        alone = read(hits)
        best_answer = quotations.get(article.id)
        if alone.evidence and alone.confidence >= threshold:
            best_answer = replace(alone.evidence[0], score=alone.confidence)
        if best_answer and _is_like(best_answer, best):
            answering[article.id] = best_answer
    days = {id: day for id, item in answering.items() if (day := item.article.published_at)}
    lead_day = target.choose(list(days.values())) if len(days) > 1 else None
    if lead_day is None:
        return Updates(reading.evidence)
    of_day = [answering[id] for id, day in days.items() if day == lead_day]
    lead = max(of_day, key=lambda item: (item.article.id == best.article.id, item.score))
    return _split(reading, lead, [answering[id] for id in days])


def _others(view: View, article: Article, candidates: Sequence[Candidate]) -> list[Article]:
    """Return the other articles of the story, as many as are read: the nearest to the question."""
    articles = {item.hit.article.id: item.hit.article for item in candidates}
    articles.pop(article.id, None)
    return articles_of_story(view, article, articles.values())[:_MOST_ARTICLES]


def _split(reading: Reading, lead: Evidence, answering: Sequence[Evidence]) -> Updates:
    """Separate the lead, with what else its article states, from what is of another day of the
    story."""
    ids = {item.article.id for item in answering} - {lead.article.id}
    lead_evidence = [item for item in reading.evidence if item.article.id not in ids]
    lead_evidence.sort(key=lambda item: item.article.id != lead.article.id)
    if lead.article.id not in {item.article.id for item in lead_evidence}:
        lead_evidence.insert(0, lead)
    day = _day(lead)
    quotations = {item.article.id for item in reading.evidence}
    other_states = sorted(
        (
            item
            for item in answering
            if _day(item) != day and (item.article.id in quotations or _differs(item, lead))
        ),
        key=_day,
        reverse=True,
    )
    earlier = [item for item in other_states if _day(item) < day]
    later = [item for item in other_states if _day(item) > day]
    # Of what came later the newest alone: that is how things stand. What the reader quotes stays.
    shown_ids = {item.article.id for item in (*earlier[:_MOST_OTHERS], *later[:1])} | quotations
    return Updates(
        tuple(lead_evidence), *(_all_quoted(reading, item, shown_ids) for item in (earlier, later))
    )


def _all_quoted(
    reading: Reading, states: Sequence[Evidence], shown_ids: Collection[str]
) -> tuple[Evidence, ...]:
    """Return, for each article that is kept, what the reader quotes of it or else what answers
    alone."""
    evidence: list[Evidence] = []
    for state in states:
        if state.article.id in shown_ids:
            quotations = [item for item in reading.evidence if item.article.id == state.article.id]
            evidence += quotations or [state]
    return tuple(evidence)


def _asides(
    role: Literal["earlier", "later"], states: Sequence[Evidence], lead: Evidence
) -> Iterator[Aside]:
    for _, group in groupby(states, key=lambda item: item.article.id):
        quotations = tuple(group)
        yield Aside(role, _introduction(role.capitalize(), quotations[0], lead), quotations)


def _day(evidence: Evidence) -> date:
    return evidence.article.published_at or date.min


def _is_like(left: Evidence, right: Evidence) -> bool:
    """Whether two answers can belong to one question: if one is an amount, so is the other."""
    return bool(amounts(_said(left))) == bool(amounts(_said(right)))


def _differs(left: Evidence, right: Evidence) -> bool:
    """Whether two answers differ in their words, and neither is a part of the other."""
    left_words, right_words = (" ".join(same_words(_said(item))) for item in (left, right))
    return left_words not in right_words and right_words not in left_words


def _introduction(word: str, right: Evidence, lead: Evidence) -> str:
    day = _day(right)
    introduction = f"{word}, {day.day} {day:%B %Y}"
    facts = [" ".join(_said(item).split()) for item in (right, lead)]
    if all(len(item) <= _SHORT_FACT and (amounts(item) or names(item)) for item in facts):
        introduction += f" (“{facts[0]}”, not “{facts[1]}”)"
    return f"{introduction}:"


def _said(evidence: Evidence) -> str:
    return evidence.highlight.of(evidence.article.text)
