"""LlamaIndex: its sentence splitter and in-memory vector index, both with their defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench.baselines.baseline import extra, passage_result
from index.article import Article
from rag.answer import SearchResult

__all__ = ["LlamaIndex"]


class LlamaIndex:
    """LlamaIndex as a baseline; ``model`` is a sentence-transformers folder."""

    def __init__(self, model: Path) -> None:
        with extra("llama-index-embeddings-huggingface"):
            from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._model = model
        self._embedding = HuggingFaceEmbedding(model_name=str(model), device="cpu")
        self._articles: dict[str, Article] = {}
        self._index: Any = None

    def index(self, articles: Sequence[Article]) -> None:
        with extra("llama-index-core"):
            from llama_index.core import Document, VectorStoreIndex

        self._articles = {article.id: article for article in articles}
        documents = [Document(text=article.text, id_=article.id) for article in articles]
        self._index = VectorStoreIndex.from_documents(documents, embed_model=self._embedding)

    def search(self, question: str, *, top_k: int = 20) -> list[SearchResult]:
        hits = self._index.as_retriever(similarity_top_k=top_k).retrieve(question)
        results = []
        for hit in hits:
            article = self._articles[hit.node.ref_doc_id]
            start = hit.node.start_char_idx or 0
            end = hit.node.end_char_idx or start + len(hit.node.text)
            results.append(passage_result(article, start, end, float(hit.score or 0.0)))
        return results

    def describe(self) -> Mapping[str, Any]:
        return {
            "name": "llamaindex",
            "splitter": "SentenceSplitter, defaults",
            "encoder": self._model.name,
            "store": "SimpleVectorStore",
        }
