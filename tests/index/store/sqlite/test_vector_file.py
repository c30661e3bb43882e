"""The vector file as a library grows: extended in its lists, or built anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.article import Article
from index.encode.base import Floats
from index.filters import Filters
from index.library import Library
from index.search.dense import VectorBase, write_base
from index.settings import IndexSettings
from index.store.base import Keys
from index.store.sqlite import derived
from index.store.sqlite.database import Database
from tests.fakes import FakeModels, article

FACTORY = "IVF4,SQ8"


@pytest.fixture
def grown(tmp_path: Path, models: FakeModels, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """A library of 400 articles whose vector file is written with each change."""
    monkeypatch.setattr(derived, "_REWRITE_MIN", 0)
    monkeypatch.setattr(derived, "_REWRITE_SHARE", 0.0)
    # The similarity of a few vectors is chance.
    monkeypatch.setattr("index.search.dense._LEAST_SIMILARITY", 0.7)
    settings = IndexSettings(vector_index=FACTORY)
    with closing(Library.open(tmp_path / "library", settings, models, create=True)) as library:
        library.add(stories(0, 400))
        yield library


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many vectors each file was built from that is built from now on."""
    counts: list[int] = []

    def count(folder: Path, name: str, factory: str, keys: Keys, vectors: Floats) -> VectorBase:
        counts.append(len(keys))
        return write_base(folder, name, factory, keys, vectors)

    monkeypatch.setattr(derived, "write_base", count)
    return counts


def stories(start: int, stop: int) -> list[Article]:
    return [article(f"a{i}", f"Story {i} is about topic{i % 7}.") for i in range(start, stop)]


def missed(library: Library, ids: Iterable[int]) -> list[int]:
    """Those of the stories that the vector of their own text does not find."""
    encoder, lost = library.query_encoder(), []
    with library.view() as view:
        for i in ids:
            query = encoder.encode_query(stories(i, i + 1)[0].text)
            keys, _ = view.dense(query, 1, view.select(Filters()))
            (found,) = view.passages(keys.tolist())
            if found is None or found.article.id != f"a{i}":
                lost.append(i)
    return lost


def file_of(library: Library) -> VectorBase:
    with closing(Database(library.folder)) as database:
        base = derived.DerivedVectors(database, FACTORY).base()
    assert base is not None
    return base


def test_what_comes_and_goes_is_written_into_the_lists_that_there_are(
    grown: Library, built: list[int]
) -> None:
    before = file_of(grown)
    grown.add(stories(400, 410))
    grown.remove(["a3", "a401"])
    after = file_of(grown)
    assert built == []
    assert after.file != before.file
    assert (after.count, after.similarity) == (408, before.similarity)
    assert missed(grown, (i for i in range(390, 410) if i not in (3, 401))) == []
    assert missed(grown, [3, 401]) == [3, 401]
    assert grown.verify() == []


def test_lists_are_found_anew_for_articles_of_another_kind(
    grown: Library, built: list[int]
) -> None:
    grown.add(article(f"b{i}", f"Quite other words make up number{i}.") for i in range(10))
    assert built == [410]


def test_a_file_of_an_older_pullquote_is_built_anew(grown: Library, built: list[int]) -> None:
    with closing(Database(grown.folder)) as database, database.writing():
        database.set_meta("vector_lists", {"vectors-1.faiss": 1.0})
    grown.add(stories(400, 401))
    assert built == [401]


@pytest.mark.parametrize("damage", [b"", b"damaged"])
def test_a_damaged_file_is_built_anew_by_the_next_change(
    grown: Library, built: list[int], damage: bytes
) -> None:
    (grown.folder / file_of(grown).file).write_bytes(damage)
    grown.add(stories(400, 401))
    assert built == [401]
    assert missed(grown, range(390, 401)) == []


def test_a_kind_that_cannot_be_extended_is_built_at_a_larger_share(
    tmp_path: Path, models: FakeModels, monkeypatch: pytest.MonkeyPatch, built: list[int]
) -> None:
    monkeypatch.setattr(derived, "_REWRITE_MIN", 0)
    settings = IndexSettings(vector_index="IDMap2,HNSW8")
    with closing(Library.open(tmp_path / "other", settings, models, create=True)) as library:
        for start, stop in ((0, 20), (20, 24), (24, 30)):
            library.add(stories(start, stop))
        assert built == [20, 30]
        assert missed(library, range(30)) == []
