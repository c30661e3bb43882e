"""A library as a LangChain vector store.

A document is an article: added under its id, replaced under its id, deleted by its id. What a
search finds is a passage. A document of one passage comes back as it was put in; of a longer
one comes the passage, under an id of its own (``ID#3``) and with ``start_index`` and
``end_index`` in its metadata, offsets into the ``page_content`` of the document that
``get_by_ids`` returns for its ``document_id``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from api.langchain.documents import article_of, part_of, read_filters, whole_of
from index.article import Article, Passage
from index.errors import InputError, NotFoundError
from index.load.base import Loaded
from index.snapshot import View
from rag.answer import SearchResult
from rag.pullquote import Pullquote
from rag.question import Filters
from rag.retrieval.fusion import max_score

__all__ = ["PullquoteVectorStore"]


class PullquoteVectorStore(VectorStore):
    """The articles of a library, for whatever takes a LangChain ``VectorStore``.

    ::

        store = PullquoteVectorStore(pullquote)
        store.add_documents(documents)
        store.similarity_search("Who runs Acme?", k=3, filters={"publisher": ["The Wire"]})

    Searching is Pullquote's own: vectors and words together, with its own encoder, so it takes
    no ``Embeddings`` (``PULLQUOTE_ENCODER`` chooses another model). Methods raise the errors of
    :mod:`index.errors`.
    """

    def __init__(self, pullquote: Pullquote) -> None:
        self.pullquote = pullquote

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings | None = None,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Sequence[str | None] | None = None,
        pullquote: Pullquote | None = None,
        path: Path | str | None = None,
        **kwargs: Any,
    ) -> Self:
        """Put texts into a library: an open one, or the one in the folder ``path``, which is
        made if it is not there (``store.pullquote.close()`` closes it).

        Raises ``ValueError`` for an ``embedding``, and unless one of the two is given.
        """
        _refuse(kwargs)
        if embedding is not None:
            raise ValueError(
                "a Pullquote library encodes with its own encoder, not with "
                f"{type(embedding).__name__}: pass embedding=None, and name another model in "
                "PULLQUOTE_ENCODER if you want one"
            )
        if (pullquote is None) == (path is None):
            raise ValueError("say where the texts are to go: pullquote=... or path=...")
        if pullquote is None:
            pullquote = Pullquote.open(Path(path or ""), create=True)
        store = cls(pullquote)
        store.add_texts(texts, metadatas, ids=ids)
        return store

    # Documents

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Sequence[str | None] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """See :meth:`add_documents`. ``ValueError`` when the lists differ in length."""
        texts = list(texts)
        records = metadatas or [{} for _ in texts]
        if len(records) != len(texts):
            raise ValueError(f"{len(texts)} texts with {len(records)} metadatas")
        documents = [
            Document(page_content=text, metadata=metadata)
            for text, metadata in zip(texts, records, strict=True)
        ]
        return self.add_documents(documents, ids=ids, **kwargs)

    def add_documents(
        self,
        documents: list[Document],
        *,
        ids: Sequence[str | None] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Add documents, or replace those whose id is there; unchanged ones cost nothing.

        An id is taken from ``ids``, from the document, or made from text and metadata. Returned
        are the ids, in order. Texts are taken as they are; metadata is kept as JSON (dates
        become ISO strings), and what it says of ``title``, ``publisher``, ``author``,
        ``published_at``, ``language`` and ``url`` can be filtered by and cited.

        Raises ``InputError`` when some cannot be added (the others are), ``ValueError`` when
        there are not as many ids as documents.
        """
        _refuse(kwargs)
        if ids is not None and len(ids) != len(documents):
            raise ValueError(f"{len(documents)} documents with {len(ids)} ids")
        names = ids or [None] * len(documents)
        pairs = [
            article_of(document, name or document.id)
            for document, name in zip(documents, names, strict=True)
        ]
        self._add([item for _, item in pairs])
        return [name for name, _ in pairs]

    def _add(self, items: list[Loaded]) -> None:
        report = self.pullquote.add_articles(items, keep_copies=True)
        if report.failed:
            reasons = "; ".join(str(error) for error in report.failed[:3])
            more = "; ..." if len(report.failed) > 3 else ""
            raise InputError(
                f"{len(report.failed)} of {len(items)} documents could not be added "
                f"(the others were): {reasons}{more}"
            )

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The documents, and passages, of these ids, in order; those that are not there are
        left out."""
        with self.pullquote.library.view() as view:
            documents = [_document(view, id) for id in ids]
        return [document for document in documents if document is not None]

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool:
        """Delete documents; those that are not there are passed over.

        Raises ``InputError`` for the id of a passage, which goes only with its document, and for
        no ids at all: nobody empties a library by leaving an argument out.
        """
        _refuse(kwargs)
        if ids is None:
            raise InputError("say which documents to delete: ids is None")
        while present_ids := self._documents(ids):
            try:
                self.pullquote.remove(present_ids)
            except NotFoundError:
                continue  # Somebody else was faster with one of them.
            break
        return True

    def _documents(self, ids: Sequence[str]) -> list[str]:
        present_ids: list[str] = []
        with self.pullquote.library.view() as view:
            for id in dict.fromkeys(ids):
                if _article(view, id):
                    present_ids.append(id)
                elif passage := _passage(view, id):
                    raise InputError(
                        f"{id} is a passage of {passage.article_id}; delete the whole document, "
                        "or put in a new version of it"
                    )
        return present_ids

    # Searching

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """The ``k`` best passages (at most 100), best first.

        ``filters`` are :class:`rag.question.Filters`, or a dict of them. Copies of one passage
        count once, as everywhere in Pullquote.
        """
        return [document for document, _ in self.similarity_search_with_score(query, k, **kwargs)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """Search like :meth:`similarity_search`, and return each passage with its score: higher is
        better, comparable within one search."""
        filters: Filters = read_filters(kwargs.pop("filters", None))
        _refuse(kwargs)
        results: list[SearchResult] = self.pullquote.search(query, top_k=k, filters=filters)
        return [(part_of(result.article, result.passage), result.score) for result in results]

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        """A score as a share of the greatest one that the settings allow."""
        greatest = max_score(self.pullquote.settings)
        if greatest is None:
            raise NotImplementedError("BM25 alone has no scores between 0 and 1")
        return lambda score: min(1.0, max(0.0, score / greatest))


def _document(view: View, id: str) -> Document | None:
    if article := _article(view, id):
        return whole_of(article)
    if passage := _passage(view, id):
        return part_of(view.article(passage.article_id), passage)
    return None


def _article(view: View, id: str) -> Article | None:
    try:
        return view.article(id)
    except NotFoundError:
        return None


def _passage(view: View, id: str) -> Passage | None:
    passages = view.passages_of(id.rpartition("#")[0])
    return next((passage for passage in passages if passage.id == id), None)


def _refuse(options: dict[str, Any]) -> None:
    """Raise ``TypeError`` for any option: a misspelt filter that filters nothing is worse than an
    error."""
    if options:
        raise TypeError(f"unknown option {', '.join(options)}; a search can be given filters=...")
