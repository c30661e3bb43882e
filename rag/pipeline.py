"""The stages of one question, in order: rewrite, retrieve, read, resolve copies, compose."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.article import Article
from index.library import Library
from index.snapshot import Found, View
from rag.answer import Answer
from rag.citing.antecedents import readable_alone
from rag.citing.copies import CanonicalPassages, canonical_evidence
from rag.citing.lists import has_amount, lead_with_count, read_list
from rag.events import Event, Restart, SearchResults, Sentence
from rag.evidence import Evidence, Reader, Reading
from rag.generation.answer_stream import (
    AnsweredPart,
    ComposedAnswer,
    compose_answer,
    compose_parts,
)
from rag.generation.newest import newest_articles
from rag.generation.overviews import compose_summary, compose_timeline
from rag.generation.writer_factory import WriterFactory
from rag.grounding.voices import read_voices
from rag.overview import (
    OVERVIEW_PASSAGES,
    Overview,
    asks_for_overview,
    read_summary,
    read_timeline,
)
from rag.pipeline_state import PipelineState, to_search_results
from rag.query.asked_state import ask_within_period, find_asked_state
from rag.query.filter_hints import publisher_hint, unknown_publishers, without_publishers
from rag.query.follow_up import Interpretation
from rag.query.list_question import is_count_question, is_list_question
from rag.query.planner import plan_question
from rag.query.small_talk import REPLIES, SmallTalk, ask_why, find_small_talk
from rag.query.speaker_question import find_speaker_question
from rag.query.topic import find_topic
from rag.retrieval.candidate import Candidate
from rag.retrieval.recency import PRIORITY_CONFIDENCE, priority_candidates
from rag.retrieval.siblings import choose_passages
from rag.search import PassageRetriever
from rag.settings import Settings
from rag.silence import HOW_TO_ADD, Silence, explain_silence, undated_hint
from rag.updates import STORY_PASSAGES, Updates, resolve_updates

if TYPE_CHECKING:
    from rag.generation.writer import Writer

__all__ = ["AnswerPipeline"]


class AnswerPipeline:
    """Answers questions from a library.

    library: the articles.
    settings: of the library and its answers.
    retriever: finds the passages.
    writers: makes the chat model's rewriter.
    reader: opens the reader when it is first needed.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        retriever: PassageRetriever,
        writers: WriterFactory,
        reader: Callable[[], Reader],
    ) -> None:
        self._library = library
        self._settings = settings
        self._retriever = retriever
        self._writers = writers
        self._reader = reader

    def run(
        self, state: PipelineState, writer: Writer | None, final: bool
    ) -> Generator[Event, None, None]:
        """Run the stages and yield their events, the last of which is the answer.

        state: the question; the stages add to it.
        writer: writes the answer; with ``None`` it quotes.
        final: keep the sentences written before the chat model failed.
        """
        if talk := find_small_talk(state.question.question):
            yield from self._reply(state, talk)
            return
        rewritten = self._rewrite_follow_up(state, writer)
        with self._library.view() as view:
            candidates = self._retrieve(view, state, rewritten)
            yield SearchResults(state.search_results)
            if not candidates:
                yield _abstain_unread(view, state)
                return
            with state.clock.stage("read"):
                overview = self._read_overview(view, state, candidates)
            if overview or state.question.timeline:
                yield from self._tell(view, state, overview)
                return
            with state.clock.stage("read"):
                parts = self._read_parts(view, state, writer)
                if not parts:
                    reading, updates = self._answer(view, state, state.asked, candidates)
                    selection = view.select(state.question.filters)
                    leads = canonical_evidence(view, selection, self._leads(reading))
                    read = candidates[: self._settings.read_passages] if writer else []
                    passages = CanonicalPassages(view, selection, [item.hit for item in read])
                    silence = self._silence(view, state, reading)
        if parts:
            composition = yield from compose_parts(parts)
            yield state.answer(composition, min(p.confidence for p in parts if p.evidence))
            return
        if not self._passes(reading):
            yield state.abstain("not_in_articles", reading.confidence, leads, silence)
            return
        with state.clock.stage("write"):
            composition = yield from self._compose(state, writer, passages, reading, updates, final)
        yield state.answer(composition, reading.confidence)

    def _reply(self, state: PipelineState, talk: SmallTalk) -> Iterator[Event]:
        """Reply to small talk: with a few words, or with the newest articles."""
        if talk != "news":
            yield SearchResults(())
            yield state.reply(REPLIES[talk])
            return
        with self._library.view() as view:
            state.index_generation = view.generation
            words, state.search_results = newest_articles(view, state.question.filters)
            yield SearchResults(state.search_results)
            yield state.reply(words) if words else _abstain_unread(view, state)

    def _tell(
        self, view: View, state: PipelineState, overview: Overview | None
    ) -> Generator[Event, None, None]:
        """Compose a timeline or a summary, or abstain where there is nothing to compose."""
        if overview is None:
            hint = undated_hint(state.search_results) if state.question.timeline else None
            silence = explain_silence(view, state.asked, elsewhere=hint)
            yield state.abstain("not_in_articles", silence=silence)
            return
        compose = compose_timeline if state.question.timeline else compose_summary
        yield state.answer((yield from compose(overview.evidence)), overview.confidence)

    def _rewrite_follow_up(self, state: PipelineState, writer: Writer | None) -> str:
        """Rewrite a follow-up with the chat model; empty where that is not wanted, or fails.

        This runs before the library is opened: no view is held open while waiting for a provider.
        """
        if why := ask_why(state.question.question, state.question.history):
            return why
        resolves = self._settings.history == "resolve" and self._retriever.rewriter is None
        if writer is None or not state.question.history or not resolves:
            return ""
        state.rewriter = self._writers.rewriter(writer)
        with state.clock.stage("rewrite"):
            return state.rewriter.rewrite(state.question.question, state.question.history)

    def _retrieve(self, view: View, state: PipelineState, rewritten: str) -> list[Candidate]:
        """Retrieve candidates, best first: as many as are shown, read or searched for other
        articles of a story, whichever is most."""
        state.index_generation = view.generation
        candidates: list[Candidate] = []
        if len(view):
            with state.clock.stage("retrieve"):
                candidates, state.interpretation = self._retriever.retrieve(
                    view, state.question, self._depth(state), state.time_words, rewritten
                )
        state.search_results = to_search_results(candidates[: state.question.top_k])
        return candidates

    def _depth(self, state: PipelineState) -> int:
        question = state.question
        depth = max(question.top_k, self._settings.read_passages, STORY_PASSAGES)
        wide = asks_for_overview(question.question, question.timeline)
        return max(depth, OVERVIEW_PASSAGES) if wide else depth

    def _read_overview(
        self, view: View, state: PipelineState, candidates: Sequence[Candidate]
    ) -> Overview | None:
        """Read the articles for a timeline or a summary, where one is asked for and there is
        something to quote."""
        selection, read = view.select(state.question.filters), self._reader().read
        topic = find_topic(state.asked)
        if state.question.timeline:
            threshold = self._settings.threshold
            overview = read_timeline(view, selection, state.asked, candidates, read, threshold)
        elif topic is not None:
            overview = read_summary(view, selection, topic, candidates, read)
        else:
            return None
        return overview if overview.evidence else None

    def _read_parts(
        self, view: View, state: PipelineState, writer: Writer | None
    ) -> list[AnsweredPart]:
        """Answer the parts of a question separately.

        Returns nothing where it has no parts, a chat model writes, or no part is answered; then the
        question is asked as a whole.
        """
        if not self._settings.planner or writer is not None or state.question.history:
            return []
        questions = plan_question(state.asked)
        if len(questions) == 1:
            state.interpretation = Interpretation(questions[0], questions[0])
        if len(questions) < 2:
            return []
        parts = [self._read_part(view, state, question) for question in questions]
        return parts if any(part.evidence for part in parts) else []

    def _read_part(self, view: View, state: PipelineState, question: str) -> AnsweredPart:
        part = state.question.model_copy(update={"question": question})
        candidates, _ = self._retriever.retrieve(view, part, self._depth(state), state.time_words)
        reading, updates = self._answer(view, state, question, candidates)
        if not self._passes(reading):
            return AnsweredPart(question, reading.confidence)
        return AnsweredPart(question, reading.confidence, updates.evidence, updates.asides())

    def _answer(
        self, view: View, state: PipelineState, question: str, candidates: Sequence[Candidate]
    ) -> tuple[Reading, Updates]:
        """Read the candidates for a question, and put what answers it in order."""
        reading = self._read(view, state, question, candidates)
        if not self._passes(reading):
            question, reading = self._read_period(state, question, candidates, reading)
        reading = self._read_voices(view, state, question, candidates, reading)
        reading = self._read_list(view, state, question, reading)
        updates = self._updates(view, state, question, candidates, reading)
        selection = view.select(state.question.filters)
        return reading, updates.moved(
            lambda evidence: readable_alone(
                view, question, canonical_evidence(view, selection, evidence)
            )
        )

    def _read(
        self, view: View, state: PipelineState, question: str, candidates: Sequence[Candidate]
    ) -> Reading:
        """Read the best candidates and other passages of their articles; only those that time
        preferences put first, where these suffice."""
        many = self._settings.read_passages
        least_confidence = max(self._settings.threshold, PRIORITY_CONFIDENCE)
        if priority := priority_candidates(candidates[:many], state.time_words):
            reading = self._reader().read(question, [candidate.hit for candidate in priority])
            if reading.evidence and reading.confidence >= least_confidence:
                return reading

        def passages_of(article: Article) -> list[Found]:
            return [Found(article, passage) for passage in view.passages_of(article.id)]

        ranked = [candidate.hit for candidate in candidates]
        return self._reader().read(question, choose_passages(ranked, many, passages_of))

    def _read_voices(
        self,
        view: View,
        state: PipelineState,
        question: str,
        candidates: Sequence[Candidate],
        reading: Reading,
    ) -> Reading:
        """Keep, of the evidence for a question about somebody's words, what is attributed to
        them."""
        asked_words = find_speaker_question(question)
        if asked_words is None or not reading.confidence:
            return reading
        voices = read_voices(
            view,
            asked_words,
            reading,
            [item.hit for item in candidates],
            lambda hits: self._reader().read(question, hits),
            self._settings.threshold,
        )
        state.is_unsaid = voices.is_silent
        return voices.reading

    def _read_list(
        self, view: View, state: PipelineState, question: str, reading: Reading
    ) -> Reading:
        """Quote all items where a list is asked for, and put an amount first where a number is."""
        if not self._passes(reading):
            return reading
        is_count = is_count_question(question)
        reading = lead_with_count(reading) if is_count else reading
        if not is_list_question(question) and (not is_count or has_amount(reading.evidence[0])):
            return reading
        enumeration = read_list(view, reading)
        state.more = enumeration.more
        return enumeration.reading

    def _silence(self, view: View, state: PipelineState, reading: Reading) -> Silence | None:
        """Explain why there is no answer; ``None`` where there is one."""
        if self._passes(reading):
            return None
        elsewhere = self._elsewhere(view, state, reading) or unknown_publishers(
            state.question.filters, [name for name, _ in view.publishers()]
        )
        return explain_silence(
            view,
            state.asked,
            elsewhere=elsewhere,
            is_unsaid=state.is_unsaid,
            encoder=self._settings.encoder,
        )

    def _elsewhere(self, view: View, state: PipelineState, reading: Reading) -> str | None:
        """Name the publishers whose articles answer, where those asked for do not."""
        filters = state.question.filters
        if self._passes(reading) or not filters.publisher:
            return None
        open_filters = filters.model_copy(update={"publisher": ()})
        question = state.question.model_copy(update={"filters": open_filters})
        candidates, _ = self._retriever.retrieve(
            view, question, self._settings.read_passages, state.time_words
        )
        unfiltered = self._read(view, state, state.asked, candidates)
        if not self._passes(unfiltered):
            return None
        return without_publishers(filters, [item.article for item in unfiltered.evidence])

    def _read_period(
        self,
        state: PipelineState,
        question: str,
        candidates: Sequence[Candidate],
        reading: Reading,
    ) -> tuple[str, Reading]:
        """Read what was published in a short period that the question names, for the question
        without that name: news of March does not say "in March".

        Returns the question and the reading that answers, or both unchanged.
        """
        target = ask_within_period(question, state.time_words) if self._settings.updates else None
        if target is None:
            return question, reading
        hits = [item.hit for item in candidates if target.holds(item.hit.article.published_at)]
        within = self._reader().read(target.question, hits[: self._settings.read_passages])
        return (target.question, within) if self._passes(within) else (question, reading)

    def _passes(self, reading: Reading) -> bool:
        return bool(reading.evidence) and reading.confidence >= self._settings.threshold

    def _updates(
        self,
        view: View,
        state: PipelineState,
        question: str,
        candidates: Sequence[Candidate],
        reading: Reading,
    ) -> Updates:
        """Find what other articles of the answering story state, and choose which of them leads."""
        if not self._settings.updates or not self._passes(reading):
            return Updates(reading.evidence)
        return resolve_updates(
            view,
            reading,
            candidates,
            find_asked_state(question, state.time_words),
            lambda hits: self._reader().read(question, hits),
            self._settings.threshold,
        )

    def _leads(self, reading: Reading) -> tuple[Evidence, ...]:
        """Select the sentences to show where there is no answer: none unless one of them probably
        answers or stands beside an answer."""
        is_likely = reading.nearness >= self._settings.lead_threshold
        abstains = reading.confidence < self._settings.threshold
        return reading.nearest if is_likely and abstains else ()

    def _compose(
        self,
        state: PipelineState,
        writer: Writer | None,
        passages: CanonicalPassages,
        reading: Reading,
        updates: Updates,
        final: bool,
    ) -> Generator[Sentence | Restart, None, ComposedAnswer]:
        return compose_answer(
            writer,
            state.asked,
            passages.hits,
            replace(reading, evidence=updates.evidence),
            asides=updates.asides(),
            more=state.more,
            also_in=passages.also_in,
            keep_unsupported=self._settings.unsupported == "flag",
            final=final,
            spent_seconds=state.rewriter.seconds if state.rewriter else 0.0,
        )


def _abstain_unread(view: View, state: PipelineState) -> Answer:
    """Abstain where there is nothing to read."""
    if not len(view):
        return state.abstain("empty_library", silence=Silence(hint=HOW_TO_ADD))
    names = [name for name, _ in view.publishers()]
    hint = publisher_hint(state.question.filters, names)
    return state.abstain("nothing_matches_filters", silence=Silence(hint=hint))
