"""The stages of one question, in order: rewrite, retrieve, read, resolve copies, compose."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.library import Library
from index.snapshot import View
from rag.answer import Answer
from rag.citing.copies import CanonicalPassages, canonical_evidence
from rag.conversation_reader import ConversationReader
from rag.events import Event, Restart, SearchResults, Sentence
from rag.evidence import Evidence, Reader
from rag.generation.answer_stream import (
    AnsweredPart,
    ComposedAnswer,
    compose_answer,
    compose_parts,
)
from rag.generation.newest import compose_newest, newest_articles
from rag.generation.overviews import compose_summary, compose_timeline
from rag.generation.writer_factory import WriterFactory
from rag.overview import (
    OVERVIEW_PASSAGES,
    Overview,
    opening,
    read_summary,
    read_timeline,
)
from rag.part_reader import PartReader
from rag.pipeline_state import PipelineState, to_search_results
from rag.query.filter_hints import publisher_hint, unknown_publishers, without_publishers
from rag.query.follow_up import Interpretation, names_something
from rag.query.planner import plan_question
from rag.query.small_talk import REPLIES, SmallTalk, find_small_talk
from rag.query.topic import asks_for_news, find_change_topic, find_topic
from rag.query.why import ask_why
from rag.question_reader import QuestionReader, QuestionReading
from rag.reading.network import remembered_outputs
from rag.retrieval.candidate import Candidate
from rag.search import PassageRetriever
from rag.settings import Settings
from rag.silence import HOW_TO_ADD, Silence, explain_silence, undated_hint
from rag.updates import STORY_PASSAGES

if TYPE_CHECKING:
    from rag.generation.writer import Writer

__all__ = ["AnswerPipeline"]


@dataclass(frozen=True, slots=True)
class _WholeReading:
    """What was read for a question that has no parts.

    answer: what answers it; where nothing does, the rest says what there is instead.
    changes: a timeline, where it is asked what has changed and no sentence says so.
    passages: what a chat model gets to see.
    leads: sentences that may be near an answer.
    silence: what to say of there being none.
    """

    answer: QuestionReading
    changes: Overview | None
    passages: CanonicalPassages
    leads: tuple[Evidence, ...]
    silence: Silence | None


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
        self._questions = QuestionReader(settings, reader)
        self._conversation = ConversationReader(retriever, self._questions, settings)
        self._parts = PartReader(retriever, self._questions, settings.threshold)

    def run(
        self, state: PipelineState, writer: Writer | None, final: bool
    ) -> Generator[Event, None, None]:
        """Run the stages and yield their events, the last of which is the answer.

        state: the question; the stages add to it.
        writer: writes the answer; with ``None`` it quotes.
        final: keep the sentences written before the chat model failed.
        """
        talk = find_small_talk(state.question.question) if self._settings.small_talk else None
        if talk:
            yield from self._reply(state, talk)
            return
        rewritten = self._rewrite_follow_up(state, writer)
        with self._library.view() as view:
            candidates = self._retrieve(view, state, rewritten)
            yield SearchResults(state.search_results)
            if not candidates:
                yield _abstain_unread(view, state)
                return
            with state.clock.stage("read"), remembered_outputs():
                overview = self._read_overview(view, state, candidates)
            if overview or state.question.timeline:
                yield from self._tell(view, state, overview)
                return
            with state.clock.stage("read"), remembered_outputs():
                parts = self._read_parts(view, state, candidates, writer)
                whole = None if parts else self._read_whole(view, state, candidates, bool(writer))
        if whole:
            yield from self._answer_whole(state, writer, whole, final)
            return
        composition = yield from compose_parts(parts)
        yield state.answer(composition, min(p.confidence for p in parts if p.evidence))

    def _answer_whole(
        self, state: PipelineState, writer: Writer | None, whole: _WholeReading, final: bool
    ) -> Generator[Event, None, None]:
        """Compose the answer to a question that has no parts, or abstain."""
        confidence = whole.answer.reading.confidence
        if whole.changes:
            composition = yield from compose_timeline(whole.changes.evidence)
            yield state.answer(composition, whole.changes.confidence)
        elif not self._questions.passes(whole.answer.reading):
            yield state.abstain("not_in_articles", confidence, whole.leads, whole.silence)
        else:
            with state.clock.stage("write"):
                composition = yield from self._compose(state, writer, whole, final)
            yield state.answer(composition, confidence)

    def _reply(self, state: PipelineState, talk: SmallTalk) -> Generator[Event, None, None]:
        """Reply to small talk with a few words, or with what the newest articles begin with."""
        if talk != "news":
            yield SearchResults(())
            yield state.reply(REPLIES[talk])
            return
        with self._library.view() as view:
            state.index_generation = view.generation
            state.search_results = newest_articles(view, state.question.filters)
            yield SearchResults(state.search_results)
            articles = [result.article for result in state.search_results]
            if any(list(opening(view, article)) for article in articles):
                yield state.answer((yield from compose_newest(view, articles)), 1.0)
            else:
                yield _abstain_unread(view, state)

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
        """Rewrite a follow-up with the chat model; empty where that is not wanted, or fails. Runs
        before the library is opened, as no view is held open while waiting for a provider."""
        why = ask_why(state.question.question, state.question.history)
        if why and self._settings.small_talk:
            return why
        resolves = self._settings.history == "resolve" and self._retriever.rewriter is None
        if writer is None or not state.question.history or not resolves:
            return ""
        state.rewriter = self._writers.rewriter(writer)
        with state.clock.stage("rewrite"):
            return state.rewriter.rewrite(state.question.question, state.question.history)

    def _retrieve(self, view: View, state: PipelineState, rewritten: str) -> list[Candidate]:
        """Retrieve candidates, best first, as many as any of the later stages needs."""
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
        topics = self._topic_of(question.question), find_change_topic(question.question)
        is_wide = question.timeline or any(topic is not None for topic in topics)
        return max(depth, OVERVIEW_PASSAGES) if is_wide else depth

    def _topic_of(self, question: str) -> str | None:
        return find_topic(question) if self._settings.overviews else None

    def _read_overview(
        self, view: View, state: PipelineState, candidates: Sequence[Candidate]
    ) -> Overview | None:
        """Read the articles for a timeline or a summary, where one is asked for and there is
        something to quote."""
        selection, read = view.select(state.question.filters), self._reader().read
        topic = self._topic_of(state.asked)
        if state.question.timeline:
            threshold = self._settings.threshold
            overview = read_timeline(view, selection, state.asked, candidates, read, threshold)
        elif topic is not None:
            newest = asks_for_news(state.asked)
            overview = read_summary(view, selection, topic, candidates, read, newest)
        else:
            return None
        return overview if overview.evidence else None

    def _read_changes(
        self,
        view: View,
        state: PipelineState,
        candidates: Sequence[Candidate],
        whole: QuestionReading,
    ) -> Overview | None:
        """Read a timeline where it is asked what has changed in a story and no sentence says so;
        ``None`` unless the articles are of several days."""
        topic = find_change_topic(state.asked)
        if topic is None or not self._settings.overviews or self._questions.passes(whole.reading):
            return None
        selection, read = view.select(state.question.filters), self._reader().read
        threshold = self._settings.threshold
        changes = read_timeline(view, selection, topic, candidates, read, threshold)
        days = {item.article.published_at for item in changes.evidence}
        return changes if len(days) > 1 else None

    def _read_parts(
        self,
        view: View,
        state: PipelineState,
        candidates: Sequence[Candidate],
        writer: Writer | None,
    ) -> list[AnsweredPart]:
        """Answer the parts of a question separately; nothing where it has none, a chat model
        writes, or no part is answered: then the question is asked as a whole. So is one in a
        conversation of which a part has no name: it may be about what was said before."""
        if not self._settings.planner or writer is not None:
            return []
        if state.question.history:
            questions = plan_question(state.question.question)
            if len(questions) < 2 or not all(map(names_something, questions)):
                return []
            state.interpretation = None
        else:
            questions = plan_question(state.asked)
            if len(questions) == 1:
                state.interpretation = Interpretation(questions[0], questions[0])
        if len(questions) < 2:
            return []
        return self._parts.read(view, state, questions, candidates, self._depth(state))

    def _read_whole(
        self, view: View, state: PipelineState, candidates: Sequence[Candidate], writes: bool
    ) -> _WholeReading:
        """Read for a question that has no parts. ``writes``: whether a chat model gets to see
        passages."""
        answer = self._conversation.read(view, state, candidates)
        selection = view.select(state.question.filters)
        read = candidates[: self._settings.read_passages] if writes else []
        return _WholeReading(
            answer,
            self._read_changes(view, state, candidates, answer),
            CanonicalPassages(view, selection, [item.hit for item in read]),
            canonical_evidence(view, selection, self._leads(answer)),
            self._silence(view, state, answer, candidates),
        )

    def _silence(
        self,
        view: View,
        state: PipelineState,
        question_reading: QuestionReading,
        candidates: Sequence[Candidate],
    ) -> Silence | None:
        """What to say where there is no answer."""
        if self._questions.passes(question_reading.reading) or not self._settings.hints:
            return None
        elsewhere = self._elsewhere(view, state) or unknown_publishers(
            state.question.filters, [name for name, _ in view.publishers()]
        )
        return explain_silence(
            view,
            state.asked,
            elsewhere=elsewhere,
            is_unsaid=question_reading.is_unsaid,
            encoder=self._settings.encoder,
            language=candidates[0].hit.article.language,
            texts=[
                f"{a.title}\n{a.author or ''}\n{a.text}"
                for a in {i.hit.article.id: i.hit.article for i in candidates}.values()
            ],
        )

    def _elsewhere(self, view: View, state: PipelineState) -> str | None:
        """Name publishers whose articles answer, where those asked for do not."""
        filters = state.question.filters
        if not filters.publisher:
            return None
        open_filters = filters.model_copy(update={"publisher": ()})
        # Standalone by now: what was said before need not be resolved again.
        question = state.question.model_copy(
            update={"question": state.asked, "history": (), "filters": open_filters}
        )
        candidates, _ = self._retriever.retrieve(
            view, question, self._settings.read_passages, state.time_words
        )
        unfiltered = self._questions.read(view, state.asked, candidates, state.asked_time_words)
        if not self._questions.passes(unfiltered):
            return None
        return without_publishers(filters, [item.article for item in unfiltered.evidence])

    def _leads(self, whole: QuestionReading) -> tuple[Evidence, ...]:
        """Select the sentences to show as leads: what somebody says whose words are asked for, and
        else none unless one is probably near an answer."""
        reading = whole.reading
        if reading.confidence >= self._settings.threshold:
            return ()
        is_likely = reading.nearness >= self._settings.lead_threshold
        return whole.statements or (reading.nearest if is_likely else ())

    def _compose(
        self,
        state: PipelineState,
        writer: Writer | None,
        whole: _WholeReading,
        final: bool,
    ) -> Generator[Sentence | Restart, None, ComposedAnswer]:
        answer = whole.answer
        return compose_answer(
            writer,
            state.asked,
            whole.passages.hits,
            replace(answer.reading, evidence=answer.updates.evidence),
            asides=answer.updates.asides(),
            more=answer.more,
            also_in=whole.passages.also_in,
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
