"""txtai: its embeddings database over paragraphs, with its default index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench.baselines.baseline import extra, passage_result
from index.article import Article
from rag.answer import SearchResult

__all__ = ["Txtai"]

_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)


class Txtai:
    """txtai as a baseline; ``model`` is a sentence-transformers folder.

    txtai's first example splits nothing. Here paragraphs are cut at blank lines, as its
    ``Segmentation(paragraphs=True)`` does, and keep their offsets.
    """

    def __init__(self, model: Path) -> None:
        with extra("txtai"):
            from txtai import Embeddings

        self._model = model
        self._embeddings = Embeddings(path=str(model), gpu=False)
        self._paragraphs: list[tuple[Article, int, int]] = []

    def index(self, articles: Sequence[Article]) -> None:
        self._paragraphs = [
            (article, start, end) for article in articles for start, end in _paragraphs(article)
        ]
        self._embeddings.index(
            (number, article.text[start:end])
            for number, (article, start, end) in enumerate(self._paragraphs)
        )

    def search(self, question: str, *, top_k: int = 20) -> list[SearchResult]:
        hits = self._embeddings.search(question, top_k)
        return [passage_result(*self._paragraphs[int(number)], score) for number, score in hits]

    def describe(self) -> Mapping[str, Any]:
        return {
            "name": "txtai",
            "splitter": "paragraphs",
            "encoder": self._model.name,
            "store": "faiss, defaults",
        }


def _paragraphs(article: Article) -> Iterator[tuple[int, int]]:
    for match in _PARAGRAPH.finditer(article.text):
        yield match.span()
