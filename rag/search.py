"""Retrieve the passages of a question: search, spelling correction, follow-ups, time preferences,
near-duplicates collapsed, and a reranker where the settings name one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from index.errors import SettingsError
from index.library import Library
from index.snapshot import NO_HYBRID, Selection, View
from rag.evidence import Reader
from rag.query.follow_up import (
    TOPIC_PASSAGES,
    Interpretation,
    Rewriter,
    carry_over,
    concatenate_turns,
    standalone_question,
)
from rag.query.fragment import complete_fragment
from rag.query.spelling import correct_spelling
from rag.query.time_expressions import TimeWord
from rag.question import Question
from rag.retrieval.candidate import Candidate, QueryVariant
from rag.retrieval.hybrid import hybrid_search
from rag.retrieval.recency import boost_preferred
from rag.retrieval.reranker import Reranker, open_reranker, rerank
from rag.settings import Settings

__all__ = ["PassageRetriever"]


class PassageRetriever:
    """Retrieves the passages of a library for a question.

    library: what is searched.
    settings: how it is searched.
    reader: opens the reader; called only where the reader is the reranker.
    rewriter: rewrites follow-ups as standalone questions; without it they are resolved by
        :mod:`rag.query.follow_up`.

    Raises ``SettingsError`` where the settings leave the ranking to a store that makes none.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        reader: Callable[[], Reader],
        rewriter: Rewriter | None,
    ) -> None:
        self.rewriter = rewriter
        self._library = library
        self._settings = settings
        self._reader = reader
        self._reranker: Reranker | None = None
        self._mutex = threading.Lock()
        if settings.fusion == "engine":
            with library.view() as view:
                if not view.has_hybrid:
                    raise SettingsError(NO_HYBRID)

    def retrieve(
        self,
        view: View,
        question: Question,
        k: int,
        time_words: Sequence[TimeWord] = (),
        rewritten: str = "",
    ) -> tuple[list[Candidate], Interpretation | None]:
        """Retrieve the ``k`` best passages, best first.

        view: the state of the library to search.
        question: with its filters and history.
        k: how many passages are wanted.
        time_words: the question's time expressions; preferences among them rank passages higher.
        rewritten: the follow-up as a standalone question, where it has been rewritten already.

        Returns the passages, and how the question was understood where that differs from how it was
        asked (a follow-up, a misspelling).
        """
        selection = view.select(question.filters)
        if selection.empty or not len(view):
            return [], None
        settings = self._settings
        depth = max(k, settings.rerank_passages) if settings.reranker else k
        if time_words:
            depth = max(depth, settings.candidates)
        candidates, standalone = self._search(view, question, depth, selection, rewritten)
        if settings.spelling and not rewritten:
            correction = _correct_spelling(view, question.question, candidates)
            if correction:
                question = question.model_copy(update={"question": correction})
                candidates, standalone = self._search(view, question, depth, selection, rewritten)
                standalone = Interpretation(
                    standalone.reading if standalone else correction,
                    standalone.display if standalone and standalone.display else correction,
                )
        candidates = boost_preferred(candidates, time_words)
        if settings.reranker:
            query = standalone.reading if standalone else question.question
            limit = settings.rerank_passages
            candidates = rerank(self.reranker, query, candidates[:limit]) + candidates[limit:]
        return candidates[:k], standalone

    @property
    def reranker(self) -> Reranker:
        """The reranker that the settings name, opened when first needed."""
        with self._mutex:
            if self._reranker is None:
                self._reranker = open_reranker(self._settings.reranker, self._reader)
            return self._reranker

    def _search(
        self, view: View, question: Question, k: int, selection: Selection, rewritten: str
    ) -> tuple[list[Candidate], Interpretation | None]:
        """Search for the question, with the terms that a follow-up carries over from its
        history."""
        encoder = self._library.query_encoder()

        def search(text: str, k: int, variants: Sequence[QueryVariant] = ()) -> list[Candidate]:
            return hybrid_search(view, encoder, text, k, selection, self._settings, variants)

        text, mode = question.question, self._settings.history
        if not question.history or mode == "none":
            return search(text, k), None
        full = rewritten or self._rewrite(question)
        if full is not None:
            return search(full, k), (Interpretation(full, full) if full != text else None)
        candidates = search(text, max(k, TOPIC_PASSAGES))
        carried_over = carry_over(view, encoder, text, question.history, candidates)
        if not carried_over.variants:
            return candidates[:k], None
        candidates = search(text, k, carried_over.variants)
        return candidates, standalone_question(view, text, carried_over.terms, candidates)

    def _rewrite(self, question: Question) -> str | None:
        """Rewrite a follow-up with the rewriter, or concatenate the turns where the settings say
        so, or complete what is only a phrase; ``None`` where
        :func:`~rag.query.follow_up.carry_over` has to resolve it."""
        if self._settings.history == "concatenate":
            return concatenate_turns(question.question, question.history)
        if self.rewriter is None:
            is_on = self._settings.phrases
            return complete_fragment(question.question, question.history) if is_on else None
        return " ".join(self.rewriter.rewrite(question.question, question.history).split()) or None


def _correct_spelling(view: View, question: str, candidates: Sequence[Candidate]) -> str | None:
    titles = [candidate.hit.article.title for candidate in candidates]
    texts = [candidate.text for candidate in candidates]
    return correct_spelling(question, view.holds, [*titles, *texts])
