"""The stages of one question, in order: rewrite, retrieve, read, resolve copies, compose."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.library import Library
from index.snapshot import View
from rag.citing.copies import CanonicalPassages, canonical_evidence
from rag.events import Event, Restart, SearchResults, Sentence
from rag.evidence import Evidence, Reader, Reading
from rag.generation.answer_stream import ComposedAnswer, compose_answer
from rag.generation.writer_factory import WriterFactory
from rag.pipeline_state import PipelineState, to_search_results
from rag.retrieval.candidate import Candidate
from rag.retrieval.recency import PRIORITY_CONFIDENCE, priority_candidates
from rag.search import PassageRetriever
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.generation.writer import Writer

__all__ = ["AnswerPipeline"]


class AnswerPipeline:
    """Answers questions from a library.

    library: where the articles are.
    settings: those of the whole.
    retriever: finds the passages.
    writers: gives the chat model's rewriter.
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
        writer: what writes the answer; without one it quotes.
        final: keep the sentences written before the chat model failed.
        """
        rewritten = self._rewrite_follow_up(state, writer)
        with self._library.view() as view:
            candidates = self._retrieve(view, state, rewritten)
            yield SearchResults(state.search_results)
            if not candidates:
                yield state.abstain("nothing_matches_filters" if len(view) else "empty_library")
                return
            with state.clock.stage("read"):
                candidates = candidates[: self._settings.read_passages]
                reading = self._read(state, candidates)
                selection = view.select(state.question.filters)
                evidence = canonical_evidence(view, selection, reading.evidence)
                leads = canonical_evidence(view, selection, self._leads(reading))
                hits = [candidate.hit for candidate in candidates] if writer else []
                passages = CanonicalPassages(view, selection, hits)
        if not evidence or reading.confidence < self._settings.threshold:
            yield state.abstain("not_in_articles", reading.confidence, leads)
            return
        with state.clock.stage("write"):
            reading = replace(reading, evidence=evidence)
            composition = yield from self._compose(state, writer, passages, reading, final)
        yield state.answer(composition, reading.confidence)

    def _rewrite_follow_up(self, state: PipelineState, writer: Writer | None) -> str:
        """Rewrite a follow-up with the chat model; empty where that is not wanted, or fails.

        Done before the library is opened: no view is held open while a provider is waited for.
        """
        resolves = self._settings.history == "resolve" and self._retriever.rewriter is None
        if writer is None or not state.question.history or not resolves:
            return ""
        state.rewriter = self._writers.rewriter(writer)
        with state.clock.stage("rewrite"):
            return state.rewriter.rewrite(state.question.question, state.question.history)

    def _retrieve(self, view: View, state: PipelineState, rewritten: str) -> list[Candidate]:
        """Retrieve candidates, best first: as many as are shown or read, whichever is more."""
        state.index_generation = view.generation
        candidates: list[Candidate] = []
        if len(view):
            with state.clock.stage("retrieve"):
                depth = max(state.question.top_k, self._settings.read_passages)
                candidates, state.standalone_question = self._retriever.retrieve(
                    view, state.question, depth, state.time_words, rewritten
                )
        state.search_results = to_search_results(candidates[: state.question.top_k])
        return candidates

    def _read(self, state: PipelineState, candidates: Sequence[Candidate]) -> Reading:
        """Read the candidates, those that time preferences put first alone where that suffices."""
        question = state.standalone_question or state.question.question
        least_confidence = max(self._settings.threshold, PRIORITY_CONFIDENCE)
        if priority := priority_candidates(candidates, state.time_words):
            reading = self._reader().read(question, [candidate.hit for candidate in priority])
            if reading.evidence and reading.confidence >= least_confidence:
                return reading
        return self._reader().read(question, [candidate.hit for candidate in candidates])

    def _leads(self, reading: Reading) -> tuple[Evidence, ...]:
        """Select the sentences to show where there is no answer: none unless one of them likely
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
        final: bool,
    ) -> Generator[Sentence | Restart, None, ComposedAnswer]:
        return compose_answer(
            writer,
            state.standalone_question or state.question.question,
            passages.hits,
            reading,
            also_in=passages.also_in,
            keep_unsupported=self._settings.unsupported == "flag",
            final=final,
            spent_seconds=state.rewriter.seconds if state.rewriter else 0.0,
        )
