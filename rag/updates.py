"""Answer from developing stories: the state that was asked for leads, other states are marked as
earlier or later.

What answers a question may be superseded by another article of the same story. Each article is read
by itself; of those that answer (alone, or because the reader quotes them beside the others), one
leads, and differing statements of the others follow as "earlier" or "later". A newer article that
says otherwise and almost answers is named as well: the reader may have missed that things changed.
An answer is never suppressed by this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from index.article import Article
from index.logistic import scale_odds
from index.snapshot import Found, View
from rag.citing.quotations import Aside
from rag.evidence import Evidence, Reading
from rag.query.asked_state import AskedState
from rag.reading.question_words import has_more_words, has_word
from rag.retrieval.live_blogs import entry_of, newer_passages
from rag.state_comparison import (
    YES_NO,
    amount_kinds,
    are_comparable,
    differs,
    fact_of,
    is_like,
    is_same_fact,
    supersedes,
)
from rag.text.english import day_in_words

__all__ = [
    "STORY_PASSAGES",
    "Updates",
    "lead_with_newest_entry",
    "resolve_updates",
    "with_confidence_of_lead",
]

# Passages among which a story's other articles are looked for.
STORY_PASSAGES: Final = 12
_MOST_OTHERS: Final = 2
# Of the threshold, for what almost answers: a state of a story whose other state is told with an
# amount, or a newer article that has a word of the question.
_ALMOST: Final = 0.75
# The same of yes and no, where the question names the newest state ("still") and what is said has a
# word of it.
_HARDLY: Final = 0.2
# Of the odds of an older entry of a live blog, for a newer one that may lead in its place.
_NEARLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Updates:
    """The evidence of an answer by the state that it reports.

    ``evidence`` answers, best first; ``earlier`` and ``later`` are older and newer states, article
    by article, the newest first. ``perhaps_later``: what the newest article says otherwise, where
    that only almost answers.
    """

    evidence: tuple[Evidence, ...]
    earlier: tuple[Evidence, ...] = ()
    later: tuple[Evidence, ...] = ()
    perhaps_later: tuple[Evidence, ...] = ()

    def map(self, move: Callable[[Sequence[Evidence]], tuple[Evidence, ...]]) -> Updates:
        """Return the same states with their evidence moved to the copies to cite."""
        states = self.evidence, self.earlier, self.later, self.perhaps_later
        return Updates(*map(move, states))

    def asides(self) -> tuple[Aside, ...]:
        """Make the other states' quotations, each introduced by its day and, where both are short
        facts, by the difference."""
        lead = self.evidence[0]
        return (
            *_asides("earlier", "Earlier", self.earlier, lead),
            *_asides("later", "Later", self.later, lead),
            *_asides("later", "Perhaps later", self.perhaps_later, lead),
        )


def resolve_updates(
    question: str,
    reading: Reading,
    siblings: Sequence[Article],
    target: AskedState,
    read: Callable[[Article], Reading],
    threshold: float,
) -> Updates:
    """Choose which article of a story leads, and what others state differently.

    question: standalone, without its words for a state of the story.
    reading: of all that was read; it answers.
    siblings: the other articles of the story.
    target: the state of the story that the question asks for.
    read: reads what was retrieved of an article by itself.
    threshold: the confidence from which that answers.
    """
    best = reading.evidence[0]
    answers = _by_article(reading.evidence)
    answering = {best.article.id: best}
    almost: list[Evidence] = []
    for article in siblings:
        alone = read(article)
        if _is_state(alone, best, target, threshold):
            head = replace(alone.evidence[0], score=alone.confidence)
            # Without a word of the question it often answers something else.
            is_sure = head.score >= reading.confidence
            if is_sure or article.id in answers or target.is_explicit or has_word(question, head):
                answers[article.id] = [head, *alone.evidence[1:]]
            else:
                almost.append(head)
        elif article.id not in answers and _almost_answers(question, alone, target, threshold):
            # Of yes and no either may be said in other words: "given up his post".
            is_open = YES_NO.match(question)
            almost += [head for head in alone.evidence[:1] if is_open or has_word(question, head)]
        state = answers.get(article.id)
        if state and is_like(question, state[0], best) and supersedes(question, state[0], best):
            answering[article.id] = state[0]
    days = {id: day for id, item in answering.items() if (day := item.article.published_at)}
    lead_day = target.choose(list(days.values())) if len(days) > 1 else None
    if lead_day is None:
        return _name_newer(question, Updates(reading.evidence), best, almost, target)
    of_day = [answering[id] for id, day in days.items() if day == lead_day]
    lead = max(of_day, key=lambda item: (item.article.id == best.article.id, item.score))
    if target.kind == "newest" and is_same_fact(lead, best):
        # What has not changed is quoted where it is said best.
        lead = best
    updates = _split(reading, lead, [answering[id] for id in days], answers[lead.article.id])
    return _name_newer(question, updates, lead, almost, target)


def _by_article(evidence: Sequence[Evidence]) -> dict[str, list[Evidence]]:
    groups: dict[str, list[Evidence]] = {}
    for item in evidence:
        groups.setdefault(item.article.id, []).append(item)
    return groups


def lead_with_newest_entry(
    view: View, question: str, updates: Updates, read: Callable[[Sequence[Found]], Reading]
) -> Updates:
    """Let a newer entry of a live blog lead, where it answers otherwise than the older one that
    leads, which follows.

    view: the state of the library.
    question: as in ``resolve_updates``.
    updates: what answers.
    read: reads passages; without evidence where they do not answer.
    """
    lead = updates.evidence[0]
    hits = newer_passages(view, lead.article, lead.sentence)
    newer = read(hits).evidence if hits else ()
    if not newer or not _is_newer_state(question, newer[0], lead):
        return updates
    lead_entry = entry_of(lead.article.text, lead.sentence)
    older = tuple(
        item
        for item in updates.evidence
        if item.article.id == lead.article.id
        and entry_of(item.article.text, item.sentence) == lead_entry
    )
    rest = tuple(
        item
        for item in updates.evidence
        if item not in older and item.sentence != newer[0].sentence
    )
    return replace(updates, evidence=(*newer, *rest), earlier=(*older, *updates.earlier))


def with_confidence_of_lead(reading: Reading, updates: Updates, threshold: float) -> Reading:
    """Give a reading that answers the confidence of what leads: another state of the story than the
    one that answers best is as sure as it is by itself, and ``threshold`` at least."""
    lead = updates.evidence[:1]
    if not lead or lead == reading.evidence[:1]:
        return reading
    return replace(reading, confidence=max(lead[0].score, threshold))


def _is_newer_state(question: str, newer: Evidence, lead: Evidence) -> bool:
    """Whether an entry tells a newer state of what is asked: it answers otherwise, and as surely,
    or nearly so with no fewer words of the question. Most entries are on something else, of which
    one has an answer of the kind that is asked for ("Who was driving?")."""
    if not is_like(question, newer, lead) or not differs(newer, lead):
        return False
    is_near = newer.score >= scale_odds(lead.score, _NEARLY)
    is_sure = newer.score >= lead.score
    has_words = is_near and not has_more_words(question, lead, newer)
    return (is_sure or has_words) and supersedes(question, newer, lead)


def _name_newer(
    question: str,
    updates: Updates,
    lead: Evidence,
    almost: Sequence[Evidence],
    target: AskedState,
) -> Updates:
    """Add the newest of the articles that almost answer, where it is newer than all that answer and
    says otherwise than the one that leads. It leads itself where the newest state is asked for and
    it has more words of the question: "Why was the toll lowered?" no rise of it answers."""
    answering = (*updates.evidence, *updates.later)
    newest_day = max(map(_day, answering))
    rivals = [
        item
        for item in almost
        if _day(item) > newest_day
        and is_like(question, item, lead)
        # What was so before the lead already is nothing newer.
        and all(differs(item, state) for state in (lead, *updates.earlier))
    ]
    newest = tuple(sorted(rivals, key=_day)[-1:])
    if newest and target.kind == "newest" and has_more_words(question, newest[0], lead):
        return Updates(newest, (*updates.later, *updates.evidence, *updates.earlier))
    return replace(updates, perhaps_later=newest)


def _is_state(alone: Reading, best: Evidence, target: AskedState, threshold: float) -> bool:
    """Whether an article by itself tells a state of what is asked. Where the question has words for
    a state and another one is told with an amount, one of the same kind may be a little less
    sure."""
    if not alone.evidence or alone.confidence >= threshold:
        return bool(alone.evidence)
    kinds = amount_kinds(best)
    is_alike = bool(kinds) and kinds == amount_kinds(alone.evidence[0])
    return target.is_explicit and is_alike and alone.confidence >= threshold * _ALMOST


def _almost_answers(question: str, alone: Reading, target: AskedState, threshold: float) -> bool:
    """Whether an article by itself almost answers, where the newest state is asked for. "Is the
    strike still going on?" no article answers that tells how it ended."""
    is_open = target.is_newest_named and YES_NO.match(question) is not None
    if target.kind != "newest" or not alone.evidence:
        return False
    share = _HARDLY if is_open and has_word(question, alone.evidence[0]) else _ALMOST
    return alone.confidence >= threshold * share


def _split(
    reading: Reading,
    lead: Evidence,
    answering: Sequence[Evidence],
    lead_answers: Sequence[Evidence],
) -> Updates:
    """Separate the lead, with what else its article states, from what is of another day of the
    story."""
    ids = {item.article.id for item in answering} - {lead.article.id}
    lead_evidence = [item for item in reading.evidence if item.article.id not in ids]
    lead_evidence.sort(key=lambda item: item.article.id != lead.article.id)
    if lead.article.id not in {item.article.id for item in lead_evidence}:
        lead_evidence = [*lead_answers, *lead_evidence]
    day = _day(lead)
    quotations = {item.article.id for item in reading.evidence}
    rivals = sorted(
        (
            item
            for item in answering
            if _day(item) != day and (item.article.id in quotations or differs(item, lead))
        ),
        key=_day,
        reverse=True,
    )
    earlier = [item for item in rivals if _day(item) < day]
    later = [item for item in rivals if _day(item) > day]
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
    role: Literal["earlier", "later"], words: str, states: Sequence[Evidence], lead: Evidence
) -> Iterator[Aside]:
    """Make an aside of each article, introduced by ``words``; a sentence that was added to make
    another readable stands at the end of ``states``, and belongs to that one's article."""
    by_article: dict[str, list[Evidence]] = {}
    for item in states:
        by_article.setdefault(item.article.id, []).append(item)
    for quotations in by_article.values():
        yield Aside(role, _introduction(words, quotations[0], lead), tuple(quotations))


def _day(evidence: Evidence) -> date:
    return evidence.article.published_at or date.min


def _introduction(word: str, second: Evidence, lead: Evidence) -> str:
    entry = entry_of(second.article.text, second.sentence)
    is_of_entry = second.article.id == lead.article.id and entry is not None
    if entry and is_of_entry:
        is_first = entry.span.start <= second.sentence.start <= entry.span.start + len(entry.clock)
        # The first sentence of an entry begins with its time.
        introduction = word if is_first else f"{word}, {entry.clock}"
    else:
        introduction = f"{word}, {day_in_words(_day(second))}"
    facts = [" ".join(fact_of(item).split()) for item in (second, lead)]
    if differs(second, lead) and are_comparable(facts, second, lead):
        introduction += f" (“{facts[0]}”, not “{facts[1]}”)"
    return f"{introduction}:"
