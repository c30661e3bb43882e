"""Compose overviews: a summary, or a timeline with a heading for each day."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import date
from itertools import groupby

from rag.citing.markers import AnswerBuilder
from rag.citing.quotations import Aside
from rag.contract import TimelineRecord
from rag.events import Sentence
from rag.evidence import Evidence
from rag.generation.answer_stream import ComposedAnswer
from rag.text.english import day_in_words

__all__ = ["compose_summary", "compose_timeline"]


def compose_summary(
    evidence: Sequence[Evidence],
) -> Generator[Sentence, None, ComposedAnswer]:
    """Compose a summary: the sentences of each article in reading order. What articles of several
    days tell may have changed: the newest come first, with those that have no day, older ones below
    their day. Yields every sentence, returns the whole."""
    builder = AnswerBuilder()
    newest = max(map(_day, evidence))
    dateless = [item for item in evidence if not item.article.published_at]
    of_newest = [item for item in evidence if item not in dateless and _day(item) == newest]
    yield from builder.quote((*of_newest, *dateless))
    older = [item for item in evidence if item not in dateless and _day(item) < newest]
    for day, quotations in groupby(sorted(older, key=_day, reverse=True), key=_day):
        aside = Aside("earlier", f"Earlier, {day_in_words(day)}:", tuple(quotations))
        yield from builder.quote_aside(aside)
    return _whole(builder)


def compose_timeline(
    evidence: Sequence[Evidence],
) -> Generator[Sentence, None, ComposedAnswer]:
    """Compose a timeline: for each day a heading of ours, and below it the quotations of that day.
    Yields every sentence, returns the whole.

    evidence: of articles with days, in any order.
    """
    builder = AnswerBuilder()
    records = []
    by_day = sorted(evidence, key=_day)
    for day, quotations in groupby(by_day, key=_day):
        before = len(builder.citations)
        yield builder.say(f"{day_in_words(day)}:")
        yield from builder.quote(tuple(quotations), separator="\n")
        numbers = tuple(citation.number for citation in builder.citations[before:])
        records.append(TimelineRecord(day=day, citations=numbers))
    return _whole(builder, tuple(records))


def _day(evidence: Evidence) -> date:
    return evidence.article.published_at or date.min


def _whole(builder: AnswerBuilder, timeline: tuple[TimelineRecord, ...] = ()) -> ComposedAnswer:
    return ComposedAnswer(
        builder.text,
        tuple(builder.citations),
        own_words=tuple(builder.own_words),
        timeline=timeline,
    )
