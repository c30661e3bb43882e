"""From a question to the passages that are read: slips mended, follow-ups resolved, words of time
heard, copies collapsed, reranked where the settings say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.library import Library
from index.snapshot import Selection, View
from rag.evidence import Reader
from rag.query.follow_up import NEAREST, Rewriter, carry, concatenated, standalone
from rag.query.spelling import respelt
from rag.query.time_expressions import TimeWord
from rag.question import Question
from rag.retrieval.hybrid import Retrieved, Wording, retrieve
from rag.retrieval.recency import prefer
from rag.retrieval.reranker import Reranker, open_reranker, rerank
from rag.settings import Settings

__all__ = ["Finder"]


class Finder:
    """Finds passages in a library; ``reader`` is asked for only where it is the reranker."""

    def __init__(
        self,
        library: Library,
        settings: Settings,
        reader: Callable[[], Reader],
        rewriter: Rewriter | None = None,
    ) -> None:
        self.rewriter = rewriter
        self._library = library
        self._settings = settings
        self._reader = reader
        self._reranker: Reranker | None = None

    def __call__(
        self,
        view: View,
        asked: Question,
        k: int,
        words: Sequence[TimeWord] = (),
        full: str = "",
    ) -> tuple[list[Retrieved], str | None]:
        """The ``k`` best passages, and the question in full where history had to be read.

        ``full`` is a follow-up that has been said in full already.
        """
        selection = view.select(asked.filters)
        if selection.empty or not len(view):
            return [], None
        settings = self._settings
        depth = max(k, settings.rerank_passages) if settings.reranker else k
        if words:
            depth = max(depth, settings.candidates)
        found, understood = self._find(view, asked, depth, selection, full)
        if settings.spelling and not full and (mended := _respelt(view, asked.question, found)):
            asked = asked.model_copy(update={"question": mended})
            found, understood = self._find(view, asked, depth, selection, full)
            understood = understood or mended
        found = prefer(found, words)
        if settings.reranker:
            question = understood or asked.question
            first = rerank(self.reranker, question, found[: settings.rerank_passages])
            found = first + found[settings.rerank_passages :]
        return found[:k], understood

    @property
    def reranker(self) -> Reranker:
        """What the settings name as reranker; made when first needed."""
        if self._reranker is None:
            self._reranker = open_reranker(self._settings.reranker, self._reader)
        return self._reranker

    def _find(
        self, view: View, asked: Question, k: int, selection: Selection, said: str
    ) -> tuple[list[Retrieved], str | None]:
        encoder = self._library.query_encoder()

        def find(question: str, k: int, wordings: Sequence[Wording] = ()) -> list[Retrieved]:
            return retrieve(view, encoder, question, k, selection, self._settings, wordings)

        question, mode = asked.question, self._settings.history
        if not asked.history or mode == "none":
            return find(question, k), None
        full = said or self._in_full(asked)
        if full is not None:
            return find(full, k), (full if full != question else None)
        found = find(question, max(k, NEAREST))
        carried = carry(view, encoder, question, asked.history, found)
        if not carried.wordings:
            return found[:k], None
        found = find(question, k, carried.wordings)
        return found, standalone(view, question, carried.terms, found)

    def _in_full(self, asked: Question) -> str | None:
        """A follow-up as the rewriter says it, or the turns in one line where settings want that;
        ``None`` where it has to be resolved by scores."""
        if self._settings.history == "concatenate":
            return concatenated(asked.question, asked.history)
        if self.rewriter is None:
            return None
        return " ".join(self.rewriter.rewrite(asked.question, asked.history).split()) or None


def _respelt(view: View, question: str, found: Sequence[Retrieved]) -> str | None:
    articles = [each.found.article for each in found]
    spans = [each.found.passage.span.of(each.found.article.text) for each in found]
    return respelt(question, view.holds, [*(article.title for article in articles), *spans])
