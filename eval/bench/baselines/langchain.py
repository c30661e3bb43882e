"""Plain LangChain: recursive character splitter 1000/200, Hugging Face embeddings, FAISS."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench.baselines.baseline import extra, passage_result
from index.article import Article
from rag.answer import SearchResult

__all__ = ["LangChain"]

CHUNK, OVERLAP = 1000, 200


class LangChain:
    """LangChain as a baseline.

    ``model`` is a sentence-transformers folder. Chunk sizes are in characters.
    """

    def __init__(self, model: Path) -> None:
        with extra("langchain-text-splitters"):
            from langchain_text_splitters import RecursiveCharacterTextSplitter
        # The package that LangChain would have instead pins a huggingface_hub that
        # sentence-transformers 6 has left behind; the class is the same.
        with extra("langchain-community"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from langchain_community.embeddings import HuggingFaceEmbeddings

        self._model = model
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._embeddings = HuggingFaceEmbeddings(
                model_name=str(model), model_kwargs={"device": "cpu"}
            )
        self._articles: dict[str, Article] = {}
        self._store: Any = None

    def index(self, articles: Sequence[Article]) -> None:
        with extra("langchain-community"):
            from langchain_community.vectorstores import FAISS

        self._articles = {article.id: article for article in articles}
        chunks = self._splitter.create_documents(
            [article.text for article in articles], [{"id": article.id} for article in articles]
        )
        self._store = FAISS.from_documents(chunks, self._embeddings)

    def search(self, question: str, *, top_k: int = 20) -> list[SearchResult]:
        hits = self._store.similarity_search_with_score(question, k=top_k)
        results = []
        for chunk, distance in hits:
            start = int(chunk.metadata["start_index"])
            article = self._articles[chunk.metadata["id"]]
            end = start + len(chunk.page_content)
            results.append(passage_result(article, start, end, -float(distance)))
        return results

    def describe(self) -> Mapping[str, Any]:
        return {
            "name": "langchain",
            "splitter": f"RecursiveCharacterTextSplitter {CHUNK}/{OVERLAP}",
            "encoder": self._model.name,
            "store": "FAISS, IndexFlatL2",
        }
