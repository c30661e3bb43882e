"""Another order for what retrieval found: by a cross-encoder, or by how well the reader answers.

A cross-encoder reads question and passage together (Nogueira and Cho, 2019, arXiv:1901.04085).
Off unless set: the weighted retrieval is already near what a small one reaches.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from index.errors import ModelError
from index.snapshot import Found
from index.text.passages import with_title
from rag.evidence import Reader
from rag.retrieval.hybrid import Retrieved

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = ["CrossEncoderReranker", "Reranker", "open_reranker", "rerank"]

_BATCH = 8


@runtime_checkable
class Reranker(Protocol):
    """Scores passages by whether they answer a question."""

    def scores(self, question: str, passages: Sequence[Found]) -> list[float]:
        """One score a passage, larger is better; ``passages`` come best first as retrieved."""
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
        """The model's own scores, the title before each passage as when it is indexed."""
        pairs = [(question, _text(found)) for found in passages]
        # A model's tokenizer keeps state while it pads.
        with self._mutex:
            scores = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        return [float(score) for score in scores]


def open_reranker(name: str, reader: Callable[[], Reader]) -> Reranker:
    """The reader's own scores for ``reader``, else the cross-encoder of that name. ``reader`` opens
    the reader, which is done only for the first.

    Raises ``ModelError`` when there is no such model, or the reader gives no scores.
    """
    if name != "reader":
        return CrossEncoderReranker(name)
    opened = reader()
    if not isinstance(opened, Reranker):
        raise ModelError(
            "PULLQUOTE_RERANKER=reader needs a trained reader; set PULLQUOTE_READER=spans"
        )
    return opened


def rerank(reranker: Reranker, question: str, found: Sequence[Retrieved]) -> list[Retrieved]:
    """The same passages by the reranker's scores, which replace those of retrieval."""
    scores = reranker.scores(question, [each.found for each in found])
    order = sorted(range(len(found)), key=lambda i: (-scores[i], i))
    return [Retrieved(found[i].found, scores[i]) for i in order]


def _text(found: Found) -> str:
    return with_title(found.article.title, found.passage.span.of(found.article.text))
