"""Answers of a story that moved on: the state that was asked for leads, others are told apart.

What answers a question may be superseded by what another article of the same story answers. Each
article is read by itself; of those that answer (alone, or beside the others for the reader quotes
them), one leads, and what others say otherwise follows as "earlier" or "later". An answer is never
silenced by this.
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
    """The evidence of an answer by the state that it tells.

    ``evidence`` answers, best first; ``earlier`` and ``later`` are older and newer states, article
    by article, the newest first.
    """

    evidence: tuple[Evidence, ...]
    earlier: tuple[Evidence, ...] = ()
    later: tuple[Evidence, ...] = ()

    def moved(self, move: Callable[[Sequence[Evidence]], tuple[Evidence, ...]]) -> Updates:
        """The same states with their evidence moved to the copies that are to be cited."""
        return Updates(move(self.evidence), move(self.earlier), move(self.later))

    def asides(self) -> tuple[Aside, ...]:
        """The other states as quotations of their own, each introduced by its day and, where
        both are short facts, by what is said differently."""
        lead = self.evidence[0]
        return (*_asides("earlier", self.earlier, lead), *_asides("later", self.later, lead))


def resolve_updates(
    view: View,
    reading: Reading,
    candidates: Sequence[Candidate],
    asked: AskedState,
    read: ReadPassages,
    threshold: float,
) -> Updates:
    """Choose which article of a story leads, and what others say otherwise.

    view: the state of the library.
    reading: of all that was read; it answers.
    candidates: what was retrieved, best first.
    asked: the state of the story that the question asks for.
    read: reads passages for the question.
    threshold: the confidence from which an article answers by itself.
    """
    best = reading.evidence[0]
    answering = {best.article.id: best}
    quoted = {each.article.id: each for each in reversed(reading.evidence)}
    for article in _others(view, best.article, candidates):
        hits = [each.hit for each in candidates if each.hit.article.id == article.id]
        alone = read(hits)
        found = quoted.get(article.id)
        if alone.evidence and alone.confidence >= threshold:
            found = replace(alone.evidence[0], score=alone.confidence)
        if found and _is_like(found, best):
            answering[article.id] = found
    days = {id: day for id, each in answering.items() if (day := each.article.published_at)}
    chosen = asked.choose(list(days.values())) if len(days) > 1 else None
    if chosen is None:
        return Updates(reading.evidence)
    of_day = [answering[id] for id, day in days.items() if day == chosen]
    lead = max(of_day, key=lambda each: (each.article.id == best.article.id, each.score))
    return _split(reading, lead, [answering[id] for id in days])


def _others(view: View, article: Article, candidates: Sequence[Candidate]) -> list[Article]:
    """The other articles of the story, as many as are read: the nearest to the question."""
    found = {each.hit.article.id: each.hit.article for each in candidates}
    found.pop(article.id, None)
    return articles_of_story(view, article, found.values())[:_MOST_ARTICLES]


def _split(reading: Reading, lead: Evidence, answering: Sequence[Evidence]) -> Updates:
    """The lead with what else its article says, then what is of another day of the story."""
    ids = {each.article.id for each in answering} - {lead.article.id}
    own = [each for each in reading.evidence if each.article.id not in ids]
    own.sort(key=lambda each: each.article.id != lead.article.id)
    if lead.article.id not in {each.article.id for each in own}:
        own.insert(0, lead)
    day = _day(lead)
    quoted = {each.article.id for each in reading.evidence}
    others = sorted(
        (
            each
            for each in answering
            if _day(each) != day and (each.article.id in quoted or _differs(each, lead))
        ),
        key=_day,
        reverse=True,
    )
    earlier = [each for each in others if _day(each) < day]
    later = [each for each in others if _day(each) > day]
    # Of what came later the newest alone: that is how things stand. What the reader quotes stays.
    kept = {each.article.id for each in (*earlier[:_MOST_OTHERS], *later[:1])} | quoted
    return Updates(tuple(own), *(_all_quoted(reading, each, kept) for each in (earlier, later)))


def _all_quoted(
    reading: Reading, states: Sequence[Evidence], kept: Collection[str]
) -> tuple[Evidence, ...]:
    """Of each article that is kept, what the reader quotes of it or else what answers alone."""
    found: list[Evidence] = []
    for state in states:
        if state.article.id in kept:
            quoted = [each for each in reading.evidence if each.article.id == state.article.id]
            found += quoted or [state]
    return tuple(found)


def _asides(
    role: Literal["earlier", "later"], states: Sequence[Evidence], lead: Evidence
) -> Iterator[Aside]:
    for _, group in groupby(states, key=lambda each: each.article.id):
        quoted = tuple(group)
        yield Aside(role, _introduction(role.capitalize(), quoted[0], lead), quoted)


def _day(evidence: Evidence) -> date:
    return evidence.article.published_at or date.min


def _is_like(one: Evidence, other: Evidence) -> bool:
    """Whether two answers may be to one question: where one is an amount, so is the other."""
    return bool(amounts(_said(one))) == bool(amounts(_said(other)))


def _differs(one: Evidence, other: Evidence) -> bool:
    """Whether two answers are not the same words, nor one of them a part of the other."""
    words, others = (" ".join(same_words(_said(each))) for each in (one, other))
    return words not in others and others not in words


def _introduction(word: str, other: Evidence, lead: Evidence) -> str:
    day = _day(other)
    introduction = f"{word}, {day.day} {day:%B %Y}"
    said = [" ".join(_said(each).split()) for each in (other, lead)]
    if all(len(each) <= _SHORT_FACT and (amounts(each) or names(each)) for each in said):
        introduction += f" (“{said[0]}”, not “{said[1]}”)"
    return f"{introduction}:"


def _said(evidence: Evidence) -> str:
    return evidence.highlight.of(evidence.article.text)
