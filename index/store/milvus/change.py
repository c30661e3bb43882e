"""A change of a library in Milvus: gathered, written for the next generation, then published."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from index.errors import ModelMismatch
from index.store.milvus.collections import FOREVER
from index.store.milvus.documents import Document, rows_of
from index.store.milvus.engine import Engine, Row, chunks, listing
from index.store.milvus.lease import Lease
from index.store.milvus.partitions import by_year, partition_name
from index.store.milvus.state import State, end_passages, save

__all__ = ["Change"]

_KEY_AND_DAY: Final = ("key", "day")


class Change:
    """What a writer adds and takes away. Nothing is sent before :meth:`publish`."""

    def __init__(self, engine: Engine, before: State) -> None:
        self._engine = engine
        self._before = before
        self.state = replace(
            before,
            generation=before.generation + 1,
            metadata=dict(before.metadata),
            commits=list(before.commits),
            retirements=list(before.retirements),
            years=None if before.years is None else list(before.years),
            languages=None if before.languages is None else dict(before.languages),
        )
        self._records: list[Row] = []
        self._passages: list[Row] = []
        self._dead_documents: set[int] = set()
        self._dead_articles: set[int] = set()

    def next_key(self) -> int:
        key = self.state.next_key
        self.state.next_key += 1
        return key

    def put(self, document: Document) -> None:
        """Add a document."""
        rows = rows_of(document, self.state.next_key)
        self.state.next_key += len(rows)
        self._records += [self._new(row) for row in rows]

    def put_again(self, rows: Iterable[Mapping[str, Any]], **columns: Any) -> None:
        """Put all rows of one document again, with other columns, in place of themselves."""
        rows = sorted(rows, key=lambda row: row["part"])
        self.drop_documents(row["document"] for row in rows)
        first = self.state.next_key
        self.state.next_key += len(rows)
        for part, row in enumerate(rows):
            more = columns if not part else {}
            again = {**row, **more, "key": first + part, "document": first}
            self._records.append(self._new(again))

    def put_passage(self, row: Mapping[str, Any]) -> None:
        """Add a passage; its key is drawn here."""
        self._passages.append(self._new({**row, "key": self.next_key()}))
        self.state.passages += 1

    def drop_documents(self, documents: Iterable[int]) -> None:
        self._dead_documents.update(documents)

    def drop_passages(self, articles: Iterable[int]) -> None:
        """Take away the passages of articles, by their numbers."""
        self._dead_articles.update(articles)

    def use_vectors_of(self, dim: int, anew: bool) -> None:
        """Have a collection for vectors of so many numbers. ``ModelMismatch`` where there is one
        for others, unless all passages are written ``anew``, into another one."""
        state = self.state
        if state.collection and not anew:
            if state.dim != dim:
                raise ModelMismatch(
                    f"{self._engine.address.label} holds vectors of {state.dim} numbers, not of "
                    f"{dim}; index everything again with pullquote doctor --reencode"
                )
            return
        if state.collection:
            state.retirements.append((state.collection, state.generation))
            state.passages = 0
        state.years = []
        state.collection = f"{self._engine.address.name}_passages_{state.generation}"
        state.dim = dim

    def publish(self, lease: Lease) -> State:
        """Write everything, and last the state that readers go by."""
        engine, state = self._engine, self.state
        if state.collection != self._before.collection:
            engine.create_passages(state.collection, state.dim)
        else:
            dead = self._dead_rows(state.collection, "article", self._dead_articles)
            state.passages -= len(dead)
            end_passages(engine, state, dead, state.generation)
        if dead := self._dead_rows(engine.records, "document", self._dead_documents):
            engine.set_died(engine.records, [row["key"] for row in dead], state.generation)
        engine.upsert(engine.records, self._records)
        self._write_passages()
        state.note_commit(time.time())
        lease.check()
        save(engine, state)
        return state

    def _write_passages(self) -> None:
        """Write the passages, by year into partitions where the collection has them."""
        engine, state = self._engine, self.state
        if state.years is None:
            engine.upsert(state.collection, self._passages)
            return
        for year, rows in by_year(self._passages):
            partition = partition_name(year)
            if year and year not in state.years:
                engine.add_partition(state.collection, partition)
                state.years.append(year)
            engine.upsert(state.collection, rows, partition)

    def _dead_rows(self, collection: str, column: str, numbers: set[int]) -> list[Row]:
        return [
            row
            for part in chunks(sorted(numbers))
            for row in self._engine.query(
                collection, f"{column} in {listing(part)} and {self._before.visible}", _KEY_AND_DAY
            )
        ]

    def _new(self, row: Mapping[str, Any]) -> Row:
        return {**row, "born": self.state.generation, "died": FOREVER}
