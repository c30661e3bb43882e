"""txtai: its embeddings database over paragraphs, with its default index and its content, which its
filters need. What is there is embedded again and replaced."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench.baselines.baseline import extra, passage_result, peer_command
from eval.bench.process import Command
from index.article import Article
from rag.answer import SearchResult

__all__ = ["Txtai"]

_COLD_SEARCH = """
import sys
from txtai import Embeddings
folder, question = sys.argv[1:]
embeddings = Embeddings()
embeddings.load(folder)
for hit in embeddings.search(question, 5):
    print(hit["text"])
"""
_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)


class Txtai:
    """txtai as a baseline; ``model`` is a sentence-transformers folder, ``folder`` where it is
    saved.

    txtai's first example splits nothing. Here paragraphs are cut at blank lines, as its
    ``Segmentation(paragraphs=True)`` does, and keep their offsets.
    """

    def __init__(self, model: Path, folder: Path) -> None:
        with extra("txtai"):
            from txtai import Embeddings

        self._model = model
        self._folder = folder
        self._embeddings = Embeddings(path=str(model), gpu=False, content=True)
        if folder.exists():
            self._embeddings.load(str(folder))
        self._paragraphs: dict[str, tuple[Article, int, int]] = {}

    def index(self, articles: Sequence[Article]) -> None:
        self._paragraphs = {
            f"{article.id} {start}": (article, start, end)
            for article in articles
            for start, end in _paragraphs(article)
        }
        self._embeddings.upsert(
            (key, {"text": article.text[start:end], "article": article.id})
            for key, (article, start, end) in self._paragraphs.items()
        )

    def save(self) -> None:
        self._embeddings.save(str(self._folder))

    def cold_search(self, question: str) -> Command:
        return peer_command(_COLD_SEARCH, self._folder, question)

    def search(
        self, question: str, *, top_k: int = 20, article_ids: Collection[str] = ()
    ) -> list[SearchResult]:
        if article_ids:
            parameters = {f"article{number}": key for number, key in enumerate(article_ids)}
            names = ", ".join(f":{name}" for name in parameters)
            query = (
                "select id, text, score from txtai"  # noqa: S608  # names alone, all bound
                f" where similar(:question) and article in ({names})"
            )
            hits = self._embeddings.search(
                query, top_k, parameters={"question": question, **parameters}
            )
        else:
            hits = self._embeddings.search(question, top_k)
        return [passage_result(*self._paragraphs[hit["id"]], hit["score"]) for hit in hits]

    def describe(self) -> Mapping[str, Any]:
        return {
            "name": "txtai",
            "splitter": "paragraphs",
            "encoder": self._model.name,
            "store": "faiss and SQLite, defaults",
        }


def _paragraphs(article: Article) -> Iterator[tuple[int, int]]:
    for match in _PARAGRAPH.finditer(article.text):
        yield match.span()
