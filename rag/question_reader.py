"""What answers one standalone question: read, put in order of what is asked, and made readable.

The stages between retrieval and composing, for a whole question or a part of one: reading; reading
again without the words that ask for a state of a story; somebody's words; lists; updates; copies;
antecedents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from index.article import Article
from index.filters import Filters
from index.logistic import scale_odds
from index.snapshot import Found, View
from rag.citing.antecedents import readable_alone
from rag.citing.copies import canonical_evidence
from rag.citing.interviews import with_answers
from rag.citing.lists import (
    ListReading,
    has_amount,
    is_table_row,
    lead_with_count,
    read_list,
)
from rag.citing.marks import mark_named_part
from rag.evidence import Evidence, Reader, Reading
from rag.grounding.asked_subject import keep_on_subject
from rag.grounding.voices import VoiceReading, keep_attributed, read_voices, with_claim
from rag.query.asked_state import (
    AskedState,
    ask_within_period,
    find_asked_state,
    without_state_words,
)
from rag.query.comparison import ask_each_side
from rag.query.list_question import (
    is_count_question,
    is_extreme_question,
    is_list_question,
)
from rag.query.speaker_question import SpeakerQuestion, find_speaker_question
from rag.query.time_expressions import TimeWord
from rag.retrieval.candidate import Candidate
from rag.retrieval.recency import PRIORITY_CONFIDENCE, priority_candidates
from rag.retrieval.siblings import choose_passages
from rag.retrieval.stories import articles_of_story
from rag.settings import Settings
from rag.state_comparison import is_like
from rag.updates import (
    Updates,
    lead_with_newest_entry,
    resolve_updates,
    with_confidence_of_lead,
)

__all__ = ["QuestionReader", "QuestionReading"]

# Articles of a story that are read by themselves.
_MOST_ARTICLES: Final = 4
_MOST_LEADS: Final = 3
# Articles of a story that answer alike by themselves, where all of them together do not.
_LEAST_RIVALS: Final = 2
# By how much the odds fall of what is about another numbered thing, measure or matter than is
# asked for: what was sure (.9) is a lead then. No corpus says how much it should be.
_OTHERS_ODDS: Final = 0.04


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """What answers a question.

    reading: the reader's; an answer only where it passes the threshold.
    updates: its evidence by the state of the story that it tells.
    more: sentences of a list that are evidence and not quoted.
    is_unsaid: whether the articles found have no statement by the one whose words are asked for.
    statements: what that one says otherwise, where nothing answers.
    """

    reading: Reading
    updates: Updates
    more: int = 0
    is_unsaid: bool = False
    statements: tuple[Evidence, ...] = ()


class QuestionReader:
    """Reads candidates for questions.

    settings: those of the whole.
    reader: opens the reader when it is first needed.
    """

    def __init__(self, settings: Settings, reader: Callable[[], Reader]) -> None:
        self._settings = settings
        self._reader = reader

    def passes(self, reading: Reading) -> bool:
        """Whether a reading answers."""
        return bool(reading.evidence) and reading.confidence >= self._settings.threshold

    def answer(
        self,
        view: View,
        filters: Filters,
        question: str,
        candidates: Sequence[Candidate],
        time_words: Sequence[TimeWord],
    ) -> QuestionReading:
        """Read the candidates for a question, and put what answers it in order.

        filters: the question's.
        candidates: what was retrieved, best first.
        time_words: the question's words of time.
        """
        target = find_asked_state(question, time_words)
        first_reading = self.read(view, question, candidates, time_words)
        plain = without_state_words(question, time_words)
        story = self._story(view, question, plain, candidates)
        original = question
        question, reading = self._read_state(view, question, candidates, time_words, first_reading)
        names_time = any(word.effect != "newest" for word in time_words)
        if self._settings.updates and not self.passes(reading) and not names_time:
            reading = self._read_rivals(story, reading, target)
        asked_words = find_speaker_question(question) if self._settings.speakers else None
        if asked_words:
            story = story.keep_attributed(asked_words)
        voices = self._read_voices(view, question, asked_words, candidates, reading)
        own_reading = self._believe_less(original, voices.reading)
        enumeration = self._read_list(story, question, own_reading)
        reading = enumeration.reading
        updates = self._resolve_updates(plain, reading, story, target)
        if not self._is_state_asked(story, updates, target, first_reading):
            return QuestionReading(first_reading, Updates(first_reading.evidence))
        selection = view.select(filters)

        def prepare(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
            items = [mark_named_part(original, item) for item in evidence]
            canonical = canonical_evidence(view, selection, items)
            return readable_alone(view, canonical, self._settings.readability)

        if self.passes(reading):
            reading = with_confidence_of_lead(reading, updates, self._settings.threshold)
        return QuestionReading(
            reading, updates.map(prepare), enumeration.more, voices.is_silent, voices.statements
        )

    def _resolve_updates(
        self, plain: str, reading: Reading, story: _Story, target: AskedState
    ) -> Updates:
        """Put what answers in the order of the states of its story that were asked for."""
        if not self._settings.updates or not self.passes(reading):
            return Updates(reading.evidence)
        siblings = story.siblings(reading.evidence[0].article)
        threshold = self._settings.threshold
        updates = resolve_updates(plain, reading, siblings, target, story.read, threshold)
        if target.kind != "newest":
            return updates
        return lead_with_newest_entry(
            story.view, plain, updates, lambda hits: self._read_entries(story.view, plain, hits)
        )

    def _believe_less(self, question: str, reading: Reading) -> Reading:
        """Doubt a reading that quotes nothing but what is about something else than is asked."""
        if not self.passes(reading):
            return reading
        evidence = keep_on_subject(question, reading.evidence, self._settings)
        if not evidence:
            return self._with_doubt(reading)
        if len(evidence) < len(reading.evidence):
            confidence = min(reading.confidence, evidence[0].score)
            return replace(reading, evidence=evidence, confidence=confidence)
        return reading

    def doubt(self, result: QuestionReading) -> QuestionReading:
        """Lower the confidence of what answers, as of what is about another matter."""
        reading = self._with_doubt(result.reading)
        updates = result.updates if self.passes(reading) else Updates(())
        return replace(result, reading=reading, updates=updates)

    def _with_doubt(self, reading: Reading) -> Reading:
        """Lower the confidence of a reading; what then no longer answers stays as a lead."""
        confidence = scale_odds(reading.confidence, _OTHERS_ODDS)
        if confidence >= self._settings.threshold:
            return replace(reading, confidence=confidence)
        nearest = (*reading.evidence, *reading.nearest)[:_MOST_LEADS]
        nearness = max(reading.nearness, reading.confidence)
        return replace(
            reading, evidence=(), confidence=confidence, nearest=nearest, nearness=nearness
        )

    def _story(
        self, view: View, question: str, plain: str, candidates: Sequence[Candidate]
    ) -> _Story:
        """The articles among the candidates, to be read by themselves, each once: for the question
        and, where that is not answered, for its ``plain`` wording."""
        wordings = list(dict.fromkeys((question, plain)))

        @cache
        def read_article(article: str) -> Reading:
            hits = [item.hit for item in candidates if item.hit.article.id == article]
            readings: list[Reading] = []
            for wording in wordings:
                readings.append(self._read_hits(view, wording, hits))
                if self.passes(readings[-1]):
                    break
            return max(readings, key=lambda reading: reading.confidence)

        articles = {item.hit.article.id: item.hit.article for item in candidates}

        @cache
        def siblings(article: Article, topic: str) -> list[Article]:
            others = [other for id, other in articles.items() if id != article.id]
            return articles_of_story(view, article, others, topic)[:_MOST_ARTICLES]

        return _Story(view, plain, siblings, read_article)

    def read(
        self,
        view: View,
        question: str,
        candidates: Sequence[Candidate],
        time_words: Sequence[TimeWord],
    ) -> Reading:
        """Read the best candidates and other passages of their articles; those that time
        preferences put first alone where that suffices."""
        many = self._settings.read_passages
        least_confidence = max(self._settings.threshold, PRIORITY_CONFIDENCE)
        if priority := priority_candidates(candidates[:many], time_words):
            reading = self._read_hits(view, question, [candidate.hit for candidate in priority])
            if reading.evidence and reading.confidence >= least_confidence:
                return reading

        def passages_of(article: Article) -> list[Found]:
            return [Found(article, passage) for passage in view.passages_of(article.id)]

        hits = [candidate.hit for candidate in candidates]
        return self._read_hits(view, question, choose_passages(hits, many, passages_of))

    def _read_entries(self, view: View, question: str, hits: Sequence[Found]) -> Reading:
        """Read entries of a live blog, for a question that they have to answer by themselves."""
        reading = self._read_hits(view, question, hits)
        return reading if self.passes(reading) else replace(reading, evidence=())

    def _read_hits(self, view: View, question: str, hits: Sequence[Found]) -> Reading:
        """Read passages; what an interview asks is no answer, but what is said to it."""
        reading = self._reader().read(question, hits)
        if not self._settings.statements:
            return reading
        evidence, nearest, further = (
            with_answers(view, items)
            for items in (reading.evidence, reading.nearest, reading.further)
        )
        return replace(reading, evidence=evidence, nearest=nearest, further=further)

    def _read_state(
        self,
        view: View,
        question: str,
        candidates: Sequence[Candidate],
        time_words: Sequence[TimeWord],
        reading: Reading,
    ) -> tuple[str, Reading]:
        """Read once more, where a question is not answered, without its words for a state of a
        story: what was published in the short time that it names ("in March"), or all for a
        question with "now" or "at first". The question and the reading as they were where that
        does not answer either."""
        if self.passes(reading) or not self._settings.updates:
            return question, reading
        if period := ask_within_period(question, time_words):
            hits = [item.hit for item in candidates if period.holds(item.hit.article.published_at)]
            within = self._read_hits(view, period.question, hits[: self._settings.read_passages])
            return (period.question, within) if self.passes(within) else (question, reading)
        plain = without_state_words(question, time_words)
        if plain == question:
            return question, reading
        stateless = self.read(view, plain, candidates, time_words)
        return (plain, stateless) if self.passes(stateless) else (question, reading)

    def _read_rivals(self, story: _Story, reading: Reading, target: AskedState) -> Reading:
        """Read the articles of a story by themselves where all of them together do not answer:
        states of a story that differ make a reader doubt each. At least two have to answer alike,
        or the one whose state is asked for; the reading as it was where they do not."""
        if not reading.nearest:
            return reading
        article = reading.nearest[0].article
        members = [article, *story.siblings(article)]
        if target.is_explicit:
            days = [day for member in members if (day := member.published_at)]
            asked_day = target.choose(days) if len(set(days)) > 1 else None
            asked = [m for m in members if asked_day and m.published_at == asked_day]
            if passing := list(filter(self.passes, map(story.read, asked))):
                return max(passing, key=lambda state: state.confidence)
            members = [member for member in members if member not in asked]
        rivals: list[Reading] = []
        # The nearest, which is the likeliest to answer, is read last: where too few of the others
        # do, it need not be.
        for left, member in zip(range(len(members), 0, -1), reversed(members), strict=True):
            if len(rivals) + left < _LEAST_RIVALS:
                return reading
            rivals += filter(self.passes, [story.read(member)])
        rivals.reverse()
        rivals.sort(key=lambda rival: -rival.confidence)
        is_rivalled = any(
            is_like(story.question, rival.evidence[0], rivals[0].evidence[0])
            for rival in rivals[1:]
        )
        return rivals[0] if is_rivalled else reading

    def _is_state_asked(
        self, story: _Story, updates: Updates, target: AskedState, first_reading: Reading
    ) -> bool:
        """Whether what leads may stand for "now" or "the latest", or for "at first": where the
        question as it was put is not answered, an article that another of its story follows, or
        goes before, does not."""
        is_first = target.kind == "first"
        is_named = target.is_newest_named or is_first
        if not is_named or self.passes(first_reading) or not updates.evidence:
            return True
        lead = updates.evidence[0].article
        day = lead.published_at
        days = [sibling.published_at for sibling in story.siblings(lead, is_strict=True)]
        return not any(
            rival and day and (rival < day if is_first else rival > day) for rival in days
        )

    def _read_voices(
        self,
        view: View,
        question: str,
        asked_words: SpeakerQuestion | None,
        candidates: Sequence[Candidate],
        reading: Reading,
    ) -> VoiceReading:
        """Keep, of what answers a question for somebody's words, what is said by them."""
        if asked_words is None or not reading.confidence:
            return VoiceReading(reading)
        voices = read_voices(
            view,
            asked_words,
            reading,
            [item.hit for item in candidates],
            lambda hits: self._read_hits(view, asked_words.wording or question, hits),
            self._settings.threshold,
        )
        return replace(voices, reading=with_claim(view, asked_words, voices.reading))

    def _read_list(self, story: _Story, question: str, reading: Reading) -> ListReading:
        """Quote, of what answers, all of a list where one is asked for, and a number first."""
        if not self._settings.lists or not self.passes(reading):
            return ListReading(reading)
        if is_list_question(question) and not ask_each_side(question):
            # Every article of the story may have items of its own.
            siblings = story.siblings(reading.evidence[0].article)
            states = filter(self.passes, map(story.read, siblings))
            further = [item for state in states for item in (*state.evidence, *state.further)]
            whole = replace(reading, further=(*reading.further, *further))
            return read_list(story.view, whole, question)
        if is_extreme_question(question) and is_table_row(reading.evidence[0]):
            # Which row is first is read off all of them.
            return read_list(story.view, reading, question)
        is_count = is_count_question(question)
        reading = lead_with_count(reading) if is_count else reading
        if not is_count or has_amount(reading.evidence[0]):
            return ListReading(reading)
        return read_list(story.view, reading)


@dataclass(frozen=True, slots=True)
class _Story:
    """The articles among the candidates of a question that tell one story, read by themselves.

    question: without its words for a state of the story.
    find_siblings: finds the other articles of the story of one, for what is asked.
    read_article: reads what was retrieved of an article, by its id.
    """

    view: View
    question: str
    find_siblings: Callable[[Article, str], list[Article]]
    read_article: Callable[[str], Reading]

    def keep_attributed(self, asked_words: SpeakerQuestion) -> _Story:
        """The same story, of which only what is attributed as a question asks is read."""
        view, read_article = self.view, self.read_article
        return replace(
            self, read_article=lambda id: keep_attributed(view, asked_words, read_article(id))
        )

    def siblings(self, article: Article, is_strict: bool = False) -> list[Article]:
        """The other articles of the story of one, as many as are read: the nearest first.
        ``is_strict``: whatever the question is."""
        return self.find_siblings(article, "" if is_strict else self.question)

    def read(self, article: Article) -> Reading:
        return self.read_article(article.id)
