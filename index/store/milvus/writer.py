"""The one who may write to a library in Milvus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from index.store.base import NewArticle
from index.store.milvus.change import Change
from index.store.milvus.collections import name_hash
from index.store.milvus.documents import (
    Document,
    article_document,
    item_documents,
    item_of,
    version_document,
)
from index.store.milvus.engine import Row, chunks, listing
from index.store.milvus.families import FamilyPlacement
from index.store.milvus.passages import passage_row
from index.store.milvus.snapshot import MilvusSnapshot
from index.store.sync_changes import Dropped, KeptByHand, Moved, Put, Restamped, SyncChange

__all__ = ["MilvusWriter", "apply_sync_changes"]

# Makes a change of the newest state, which is published when the block ends without an error.
Changing = Callable[[], AbstractContextManager[Change]]


class MilvusWriter:
    """See :class:`index.store.base.Writer`."""

    def __init__(
        self,
        newest: Callable[[], MilvusSnapshot],
        changing: Changing,
        count: Callable[[], list[str]],
    ) -> None:
        self._newest = newest
        self._changing = changing
        self._count = count

    @property
    def records(self) -> MilvusSnapshot:
        return self._newest()

    def write(
        self, articles: Sequence[NewArticle], metadata: Mapping[str, Any], anew: bool = False
    ) -> dict[str, str]:
        """Write a batch of articles, and what the index is made with now."""
        records = self.records
        copies: dict[str, str] = {}
        with self._changing() as change:
            change.state.metadata |= metadata
            for new in articles[:1]:
                change.use_vectors_of(new.vectors.shape[1], anew)
            replaced_articles = self._take_out(records, change, articles)
            families = FamilyPlacement(records, replaced_articles)
            keys = [change.next_key() for _ in articles]
            for new, key in zip(articles, keys, strict=True):
                if original := families.place(new, key):
                    copies[new.article.id] = original
            for new, key in zip(articles, keys, strict=True):
                change.put(article_document(new, key, families.family_of[key]))
                for ordinal, (spans, vector) in enumerate(
                    zip(new.passages, new.vectors, strict=True)
                ):
                    change.put_passage(passage_row(new.article, key, ordinal, spans, vector))
            change.state.articles += len(articles)
            change.state.count_languages((new.article.language for new in articles), 1)
            _move_families(records, change, families.merges, replaced_articles)
        return copies

    def _take_out(
        self, records: MilvusSnapshot, change: Change, articles: Sequence[NewArticle]
    ) -> set[int]:
        """Drop what these articles take the place of; the numbers of that."""
        rows = {
            row["name"]: row
            for row in records.rows_by_owner("article", [a.article.id for a in articles])
        }
        updates = [
            new.article.id for new in articles if new.keep_previous and new.article.id in rows
        ]
        bodies = records.bodies(rows[id]["document"] for id in updates)
        for id in updates:
            change.put(version_document(rows[id]["version"], bodies[rows[id]["document"]]))
        return _drop(change, list(rows.values()))

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles that are there, with their history and everything beside them."""
        records = self.records
        with self._changing() as change:
            _drop(change, list(records.rows_by_owner("article", ids)))
            for kind in ("version", "hand"):
                rows = records.rows_by_owner(kind, ids)
                change.drop_documents(row["document"] for row in rows)

    def incomplete(self) -> list[str]:
        """Articles without any passage."""
        records = self.records
        rows = records.rows('kind == "article"', ["article", "name"])
        present = records.articles_with_passages(row["article"] for row in rows)
        return sorted(row["name"] for row in rows if row["article"] not in present)

    def repair(self) -> list[str]:
        """Count again what the state says of its own. Says what was wrong."""
        return self._count()


def apply_sync_changes(
    records: MilvusSnapshot, change: Change, source: str, changes: Sequence[SyncChange]
) -> None:
    """Put what is known of a source into a change, in order."""
    items = _Items(records, source)
    for sync_change in changes:
        match sync_change:
            case Put(name, item):
                items.latest[name] = item_documents(source, name, item)
            case Restamped(name, stamp):
                body = items.body(name)
                if body is not None:
                    item = item_of({**body, "stamp": stamp})
                    items.latest[name] = item_documents(source, name, item)
            case Dropped(name):
                items.latest[name] = []
            case KeptByHand(articles):
                _keep_by_hand(records, change, articles)
            case Moved(articles, old, new):
                _move(records, change, articles, old, new)
    for row in items.rows():
        change.drop_documents([row["document"]])
    for documents in items.latest.values():
        for document in documents:
            change.put(document)


class _Items:
    """The items of a source that a change concerns: ``latest`` has them as they are to be."""

    def __init__(self, records: MilvusSnapshot, source: str) -> None:
        self._records = records
        self._source = source
        self.latest: dict[str, list[Document]] = {}

    def body(self, name: str) -> Mapping[str, Any] | None:
        """Return an item's body as it is to be, else as it is."""
        if name in self.latest:
            return next((document.body for document in self.latest[name]), None)
        rows = [row for row in self._rows([name]) if row["kind"] == "item"]
        return next(iter(self._records.bodies(row["document"] for row in rows).values()), None)

    def rows(self) -> Iterator[Row]:
        """Return the rows of all that ``latest`` replaces."""
        return self._rows(list(self.latest))

    def _rows(self, names: Sequence[str]) -> Iterator[Row]:
        owner = f'kind in ["item","hold"] and owner == "{name_hash(self._source)}"'
        for part in chunks([name_hash(name) for name in names]):
            condition = f"{owner} and content in {listing(part)}"
            yield from self._records.rows(condition, ["document", "kind"])


def _drop(change: Change, rows: Sequence[Row]) -> set[int]:
    """Take articles out; their numbers."""
    numbers = {row["article"] for row in rows}
    change.drop_documents(row["document"] for row in rows)
    change.drop_passages(numbers)
    change.state.articles -= len(rows)
    change.state.count_languages((row["language"] for row in rows), -1)
    return numbers


def _move_families(
    records: MilvusSnapshot, change: Change, merges: Mapping[int, int], replaced_articles: set[int]
) -> None:
    """Have stored articles in the family that theirs was merged into."""
    for old, new in merges.items():
        for row in records.rows(f'kind == "article" and family == {old}'):
            if row["article"] not in replaced_articles:
                change.put_again(records.rows(f"document == {row['document']}", ["*"]), family=new)


def _keep_by_hand(records: MilvusSnapshot, change: Change, ids: Sequence[str]) -> None:
    present = {row["name"] for row in records.rows_by_owner("hand", ids)}
    for id in dict.fromkeys(ids):
        if id not in present:
            change.put(Document("hand", id, id, {}, [f"h{name_hash(id)}"]))


def _move(records: MilvusSnapshot, change: Change, ids: Sequence[str], old: str, new: str) -> None:
    """Say where articles lie now; their numbers and passages stay."""
    for row in list(records.rows_by_owner("article", ids, ["*"])):
        body = records.bodies([row["document"]])[row["document"]]
        source = body["article"]["source"]
        if not source.startswith(old):
            continue
        article = {**body["article"], "source": new + source[len(old) :]}
        columns = {
            name: row[name] for name in row if name not in ("key", "document", "part", "parts")
        }
        columns = {
            name: columns[name]
            for name in columns
            if name not in ("body", "vector", "born", "died")
        }
        change.drop_documents([row["document"]])
        document = Document("article", row["name"], row["name"], {**body, "article": article})
        change.put(_with_columns(document, columns))


def _with_columns(document: Document, row: Row) -> Document:
    """Copy a document, with the columns and tags of a row."""
    columns = {name: row[name] for name in row if name not in ("kind", "owner", "name", "tags")}
    return Document(
        document.kind, document.owner, document.name, document.body, list(row["tags"]), columns
    )
