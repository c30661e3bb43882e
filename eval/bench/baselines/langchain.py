"""Plain LangChain: recursive character splitter 1000/200, Hugging Face embeddings, FAISS, and the
indexing API with a record manager, which leaves out what is there."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench.baselines.baseline import extra, passage_result, peer_command
from eval.bench.process import Command
from index.article import Article
from index.encode.base import Floats
from rag.answer import SearchResult

__all__ = ["LangChain"]

CHUNK, OVERLAP = 1000, 200
# A whole process that asks a saved index: its folder, the model and the question are the arguments.
# LangChain keeps chunks as a pickle, and wants to be told that it is our own.
_COLD_SEARCH = """
import sys, warnings
warnings.simplefilter("ignore")
from langchain_community.embeddings import HuggingFaceEmbeddings
from langchain_community.vectorstores import FAISS
folder, model, question = sys.argv[1:]
embeddings = HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})
store = FAISS.load_local(folder, embeddings, allow_dangerous_deserialization=True)
for chunk in store.similarity_search(question, k=5):
    print(chunk.page_content)
"""


class LangChain:
    """LangChain as a baseline.

    ``model`` is a sentence-transformers folder, ``folder`` where it is saved. Chunk sizes are in
    characters.
    """

    def __init__(self, model: Path, folder: Path | None = None) -> None:
        with extra("langchain-text-splitters"):
            from langchain_text_splitters import RecursiveCharacterTextSplitter
        # The package that LangChain would have instead pins a huggingface_hub that
        # sentence-transformers 6 has left behind; the class is the same.
        with extra("langchain-community"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from langchain_classic.indexes import SQLRecordManager
            from langchain_community.embeddings import HuggingFaceEmbeddings
            from langchain_community.vectorstores import FAISS

        self._model = model
        self._folder = folder
        path = f"/{folder / 'records.db'}" if folder else ""
        self._records = SQLRecordManager("articles", db_url=f"sqlite://{path}")
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
        if folder and folder.exists():
            self._store = FAISS.load_local(
                str(folder), self._embeddings, allow_dangerous_deserialization=True
            )

    def index(self, articles: Sequence[Article]) -> None:
        import faiss
        from langchain_community.docstore.in_memory import InMemoryDocstore
        from langchain_community.vectorstores import FAISS
        from langchain_core.indexing import index

        if self._store is None:
            flat = faiss.IndexFlatL2(len(self._embeddings.embed_query("")))
            self._store = FAISS(self._embeddings, flat, InMemoryDocstore(), {})
        if self._folder:
            self._folder.mkdir(exist_ok=True)
        self._records.create_schema()
        index(
            self._chunks(articles),
            self._records,
            self._store,
            cleanup="incremental",
            source_id_key="id",
            key_encoder="sha256",
        )

    def index_encoded(
        self, articles: Sequence[Article], encode: Callable[[Sequence[str]], Floats]
    ) -> int:
        """Index the articles with vectors of another encoder, which have to have the length of its
        own; returns how many chunks there are."""
        with extra("langchain-community"):
            from langchain_community.vectorstores import FAISS

        chunks = self._chunks(articles)
        texts = [chunk.page_content for chunk in chunks]
        self._store = FAISS.from_embeddings(
            list(zip(texts, encode(texts).tolist(), strict=True)),
            self._embeddings,
            [chunk.metadata for chunk in chunks],
        )
        return len(chunks)

    def save(self) -> None:
        self._store.save_local(str(self._folder))

    def cold_search(self, question: str) -> Command:
        return peer_command(_COLD_SEARCH, self._folder, self._model, question)

    def _chunks(self, articles: Sequence[Article]) -> list[Any]:
        self._articles = {article.id: article for article in articles}
        return list(
            self._splitter.create_documents(
                [article.text for article in articles], [{"id": article.id} for article in articles]
            )
        )

    def search(
        self, question: str, *, top_k: int = 20, article_ids: Collection[str] = ()
    ) -> list[SearchResult]:
        condition = {"id": {"$in": list(article_ids)}} if article_ids else None
        hits = self._store.similarity_search_with_score(question, k=top_k, filter=condition)
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
