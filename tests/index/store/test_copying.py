"""Copying between stores: everything arrives, a copy goes on, and what is wrong is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.encode.base import Floats
from index.errors import LibraryCorrupt, LibraryError, ModelMismatch
from index.filters import Filters
from index.ingest.provenance import Provenance
from index.library import Library
from index.settings import IndexSettings
from index.store.base import Store
from index.store.copying import CopyReport, copy_store
from index.store.opening import open_place
from rag.health import Check, check_library
from tests.fakes import FakeModels, article
from tests.index.store.memory import MemoryStore
from tests.index.store.memory_snapshot import MemorySnapshot
from tests.index.store.milvus_lite import release_lite
from tests.index.store.store_access import new
from tests.stores import sqlite_store

ARTICLES = [
    article("chips", "Chips are scarce. Acme buys chips.", language="en", publisher="Wire"),
    article("cats", "Cats sleep a lot.", language="en", published_at=date(2025, 5, 1)),
    article("dogs", "Dogs bark at night.", language="en", metadata={"desk": 7}),
    article("owls", "Owls hunt at night.", language="en"),
]


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Store]:
    """A library of four articles, one in its second version, one whose provenance is known."""
    library = Library.open(tmp_path / "source", IndexSettings(), FakeModels(), create=True)
    library.add([replace(ARTICLES[0], text="Chips were plentiful."), *ARTICLES[1:3]])
    library.add([ARTICLES[0]])
    owls = new(ARTICLES[3], provenance=Provenance("hash", "text", (), (3, 5)))
    with library.store.writing() as writer:
        writer.write([owls], {})
    yield library.store
    library.close()


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Store]:
    store = sqlite_store(tmp_path / "target")
    yield store
    store.close()


def test_a_copy_has_everything_and_is_searched(source: Store, target: Store) -> None:
    assert copy_store(source, target, batch=2) == CopyReport(articles=4, passages=4, present=0)
    with source.searching() as here, target.searching() as there:
        assert list(there.articles()) == list(here.articles()) != []
        assert there.metadata("encoder") == here.metadata("encoder") is not None
        assert there.stored(["chips"])["chips"].version == 2
        assert there.provenance("owls") == here.provenance("owls") is not None
        keys, _ = there.lexical(["bark"], 5, there.select(Filters()))
        assert [found and found.article.id for found in there.passages(keys.tolist())] == ["dogs"]


def test_a_copy_that_was_interrupted_goes_on(source: Store, target: Store) -> None:
    def interrupt(done: int, total: int) -> None:
        assert total == 4
        raise KeyboardInterrupt

    library = Library(Path("copy"), target, IndexSettings(), FakeModels())
    with pytest.raises(KeyboardInterrupt):
        copy_store(source, target, interrupt, batch=2)
    # Whoever opens it is told, and it is not copied on as if it were whole.
    (problem,) = library.problems
    assert "not finished (2 of 4 articles)" in problem
    assert Check("copy", False, problem) in check_library(library)
    with pytest.raises(LibraryError, match="not whole"):
        copy_store(target, MemoryStore())
    assert copy_store(source, target).present == 2
    assert library.problems == []
    assert all(check.ok for check in check_library(library))
    assert copy_store(source, target).present == 4


def test_a_copy_is_not_finished_before_it_is_verified(source: Store, target: Store) -> None:
    def damage(done: int, total: int) -> None:
        if done == total:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        copy_store(source, target, damage)
    library = Library(Path("copy"), target, IndexSettings(), FakeModels())
    assert "4 of 4 articles" in library.problems[0]
    copy_store(source, target)
    assert library.problems == []


def test_a_copy_that_is_brought_up_to_date_is_not_finished_meanwhile(
    source: Store, target: Store
) -> None:
    copy_store(source, target)
    Library(Path(), source, IndexSettings(), FakeModels()).add(
        [article("birds", "Birds sing at dawn.", language="en")]
    )
    library = Library(Path("copy"), target, IndexSettings(), FakeModels())
    messages: list[str] = []
    copy_store(source, target, lambda done, total: messages.extend(library.problems), batch=2)
    assert messages
    assert library.problems == []


def test_what_the_source_has_not_is_not_mixed_with_it(source: Store, target: Store) -> None:
    library = Library(Path(), target, IndexSettings(), FakeModels())
    library.add([article("birds", "Birds sing.", language="en")])
    with pytest.raises(LibraryError, match="1 articles that"):
        copy_store(source, target)


def test_another_model_is_refused(source: Store, target: Store) -> None:
    with target.writing() as writer:
        writer.write([], {"encoder": {"name": "another"}})
    with pytest.raises(ModelMismatch, match="another"):
        copy_store(source, target)


class _Zeros(MemorySnapshot):
    """Has vectors that nobody wrote."""

    def vectors(self, keys: Sequence[int]) -> Floats:
        return np.zeros_like(super().vectors(keys))


class _ForgetfulStore(MemoryStore):
    @contextmanager
    def searching(self) -> Iterator[MemorySnapshot]:
        yield _Zeros(self._state)


def test_a_copy_that_differs_is_found(source: Store) -> None:
    with pytest.raises(LibraryCorrupt, match="not as they were"):
        copy_store(source, _ForgetfulStore(), batch=1)


def test_a_library_goes_to_milvus_and_back(source: Store, target: Store, tmp_path: Path) -> None:
    pytest.importorskip("pymilvus", reason="needs the extra cluster")
    pytest.importorskip("milvus_lite", reason="needs the extra cluster")
    there = open_place(f"milvus://{tmp_path}/there.db", IndexSettings(), create=True)
    try:
        assert copy_store(source, there).articles == 4
        assert copy_store(there, target).articles == 4
    finally:
        there.close()
        release_lite(tmp_path / "there.db")
    with source.reading() as first, target.reading() as last:
        assert list(first.articles()) == list(last.articles())
