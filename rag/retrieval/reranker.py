"""Rerankers: order candidates anew, by a cross-encoder or by the reader's scores.

A cross-encoder reads question and passage together (Nogueira and Cho, 2019, arXiv:1901.04085). Off
unless set: the weighted retrieval is already near what a small one reaches.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from index.errors import ModelError
from index.snapshot import Found
from index.text.passages import with_title
from rag.evidence import Reader
from rag.retrieval.candidate import Candidate

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = ["CrossEncoderReranker", "Reranker", "open_reranker", "rerank"]

_BATCH = 8


@runtime_checkable
class Reranker(Protocol):
    """Scores passages by whether they answer a question."""

    def scores(self, question: str, passages: Sequence[Found]) -> list[float]:
        """Score each passage, larger is better; ``passages`` come best first as retrieved."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers ``CrossEncoder``, from a folder or by its name; imports torch."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import CrossEncoder

            self._model: CrossEncoder = CrossEncoder(name)
        # What a missing or broken model raises depends on the library beneath.
        except Exception as exc:
            raise ModelError(
                f"PULLQUOTE_RERANKER={name}: no cross-encoder can be loaded from there "
                f"({' '.join(str(exc).split())[:200]})"
            ) from exc
        self._mutex = threading.Lock()

    def scores(self, question: str, passages: Sequence[Found]) -> list[float]:
        """Return the model's scores; each passage has its title before it, as in the index."""
        pairs = [(question, _titled_text(hit)) for hit in passages]
        # A model's tokenizer keeps state while it pads.
        with self._mutex:
            scores = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        return [float(score) for score in scores]


def open_reranker(name: str, reader: Callable[[], Reader]) -> Reranker:
    """Open the reranker that the settings name.

    name: ``reader`` for the reader's own scores, else the folder or name of a cross-encoder.
    reader: opens the reader; called only for ``reader``.

    Raises ``ModelError`` when there is no such model, or the reader gives no scores.
    """
    if name != "reader":
        return CrossEncoderReranker(name)
    reader_model = reader()
    if not isinstance(reader_model, Reranker):
        raise ModelError(
            "PULLQUOTE_RERANKER=reader needs a trained reader; set PULLQUOTE_READER=spans"
        )
    return reader_model


def rerank(reranker: Reranker, question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Order the candidates by the reranker's scores, which replace those of retrieval."""
    scores = reranker.scores(question, [candidate.hit for candidate in candidates])
    order = sorted(range(len(candidates)), key=lambda i: (-scores[i], i))
    return [Candidate(candidates[i].hit, scores[i]) for i in order]


def _titled_text(hit: Found) -> str:
    return with_title(hit.article.title, hit.text)
