from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.article import Article
from index.errors import (
    LibraryLocked,
    LibraryMissing,
    LoadError,
    ModelMismatch,
    NotFoundError,
    SchemaTooNew,
    StorageError,
)
from index.filters import Filters
from index.library import Library
from index.search.lexical import LexicalRow
from index.settings import IndexSettings, PassageSettings
from index.store.sqlite.database import SCHEMA, Database
from index.store.sqlite.derived import DerivedLexical
from index.store.sqlite.lock import writing
from index.store.sqlite.passages import PassageTable
from index.store.sqlite.store import SqliteStore
from tests.fakes import FakeEncoder, FakeModels, article
from tests.stores import sqlite_store

CHIPS = article("chips", "Chips are scarce. Acme buys chips.", publisher="Wire")
CATS = article("cats", "Cats sleep a lot. Nobody knows why.", published_at=date(2025, 5, 1))


def reopened(library: Library, models: FakeModels | None = None) -> Library:
    return Library.open(library.folder, library.settings, models or library.models)


def dense(library: Library, text: str, filters: Filters | None = None) -> list[str]:
    with library.view() as view:
        query = library.query_encoder().encode_query(text)
        keys, _ = view.dense(query, 10, view.select(filters or Filters()))
        return [found.article.id for found in view.passages(keys.tolist()) if found]


def lexical(library: Library, text: str, filters: Filters | None = None) -> list[str]:
    with library.view() as view:
        keys, _ = view.lexical(text, 10, view.select(filters or Filters()))
        return [found.article.id for found in view.passages(keys.tolist()) if found]


def many(count: int) -> Iterable[Article]:
    return (article(f"a{i}", f"Story number {i} about topic{i % 7}.") for i in range(count))


def test_added_articles_are_found_by_both_searches(library: Library) -> None:
    report = library.add([CHIPS, CATS])
    assert (report.added, report.passages) == (["chips", "cats"], 2)
    assert dense(library, "Acme buys chips")[0] == "chips"
    assert lexical(library, "who buys chips") == ["chips"]


def test_the_same_again_costs_nothing(library: Library, models: FakeModels) -> None:
    library.add([CHIPS, CATS])
    generation, encoded = library.status()["generation"], models.encoder.encoded
    report = library.add([CHIPS, CATS])
    assert report.unchanged == 2
    assert (library.status()["generation"], models.encoder.encoded) == (generation, encoded)


def test_the_same_content_under_another_id_is_a_copy(library: Library) -> None:
    report = library.add([CHIPS, replace(CHIPS, id="again")])
    assert (report.added, report.unchanged) == (["chips"], 1)
    assert library.add([replace(CHIPS, id="again")]).unchanged == 1


def test_a_copy_may_be_kept_under_its_own_id(library: Library) -> None:
    report = library.add([CHIPS, replace(CHIPS, id="again"), CHIPS], keep_copies=True)
    assert (report.added, report.unchanged) == (["chips", "again"], 1)
    assert library.add([replace(CHIPS, id="third")]).added == []


def test_what_a_program_leaves_with_an_article_comes_back(library: Library) -> None:
    library.add([replace(CHIPS, metadata={"page": 3, "tags": ["a"]}), replace(CATS, metadata={})])
    with library.view() as view:
        known = {each.id: each.metadata for each in view.articles()}
    assert known == {"chips": {"page": 3, "tags": ["a"]}, "cats": {}}
    assert library.add([CHIPS]).updated == ["chips"]
    with library.view() as view:
        assert view.article("chips").metadata is None


def test_a_changed_article_replaces_the_old(library: Library) -> None:
    library.add([CHIPS])
    report = library.add([replace(CHIPS, text="Potatoes are plentiful.")])
    assert report.updated == ["chips"]
    assert lexical(library, "chips scarce") == ["chips"]  # by its title
    assert lexical(library, "scarce") == []
    assert lexical(library, "potatoes") == ["chips"]
    assert library.status()["passages"] == 1


def test_a_removed_article_is_gone_from_every_search(library: Library) -> None:
    library.add([CHIPS, CATS])
    library.remove(["chips"])
    assert "chips" not in dense(library, "Acme buys chips")
    assert lexical(library, "chips") == []
    assert "chips" not in dense(reopened(library), "Acme buys chips")


def test_removing_what_is_not_there_removes_nothing(library: Library) -> None:
    library.add([CHIPS])
    with pytest.raises(NotFoundError, match="nobody"):
        library.remove(["chips", "nobody"])
    assert library.status()["articles"] == 1


def test_everything_may_be_removed(library: Library) -> None:
    library.add([CHIPS])
    library.remove(["chips"])
    assert dense(reopened(library), "chips") == []
    assert library.add([CHIPS]).added == ["chips"]
    assert dense(library, "chips") == ["chips"]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(publisher=("WIRE",)), ["chips"]),
        (Filters(article_ids=("cats", "dogs")), ["cats"]),
    ],
)
def test_filters_select_before_the_search(
    library: Library, filters: Filters, ids: list[str]
) -> None:
    library.add([CHIPS, CATS])
    assert sorted(dense(library, "chips cats", filters)) == ids
    assert sorted(lexical(library, "chips cats", filters)) == ids


def test_a_filtered_search_does_not_come_back_short(library: Library) -> None:
    library.add([*many(300), *(replace(CATS, id=f"c{i}", title=f"{i}") for i in range(12))])
    found = dense(library, "story number topic3", Filters(published_from=date(2025, 1, 1)))
    assert len(found) == 10


def test_what_cannot_be_added_is_reported_and_the_rest_goes_on(library: Library) -> None:
    bad: list[Article | LoadError] = [
        LoadError("a.txt", "binary"),
        replace(CHIPS, text="Other text under the id."),
        article("lone", "broken \ud800"),
        article("empty", " "),
        replace(CATS, id="odd", url="https://example.org/\ud800"),
        article("", "No id at all."),
        article("long", "x" * 5_000_001),
        article("address", "No such address.", url="http://[x"),
        article("tangled", "Too deep.", metadata=_nested(5_000)),
        article("nested", "Too deep for another Python.", metadata=_nested(101)),
        article("number", "Too long.", metadata={"n": 10**5_000}),
        article("object", "Not JSON.", metadata={"o": object()}),
        article("half \ud800", "An id that nobody can write."),
    ]
    report = library.add([CHIPS, *bad, CATS])
    assert report.added == ["chips", "cats"]
    reasons = " | ".join(each.reason for each in report.failed)
    words = "binary|was used before|surrogate|no sentence|no id|limit|no address|JSON|100 levels"
    for expected in words.split("|"):
        assert expected in reasons
    assert len(report.failed) == len(bad)


def _nested(levels: int) -> dict[str, object]:
    inner: dict[str, object] = {}
    for _ in range(levels):
        inner = {"inner": inner}
    return inner


def test_there_must_be_a_library(tmp_path: Path, models: FakeModels) -> None:
    with pytest.raises(LibraryMissing, match="pullquote add"):
        Library.open(tmp_path / "none", IndexSettings(), models)
    assert not (tmp_path / "none").exists()


def test_a_newer_schema_is_refused_and_left_alone(library: Library) -> None:
    library.add([CHIPS])
    with closing(sqlite3.connect(library.folder / "library.sqlite")) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    with pytest.raises(SchemaTooNew, match="newer"):
        reopened(library)


def test_other_weights_are_refused(library: Library) -> None:
    library.add([CHIPS])
    other = reopened(library, FakeModels(FakeEncoder(weights="w2")))
    with pytest.raises(ModelMismatch, match=r"w1.*w2.*--reencode"):
        other.add([CATS])
    assert other.status()["articles"] == 1
    other.reencode()
    assert other.add([CATS]).added == ["cats"]


def test_another_encoder_name_is_refused_when_asking(library: Library) -> None:
    library.add([CHIPS])
    settings = IndexSettings(encoder="other/model")
    other = Library.open(library.folder, settings, library.models)
    with pytest.raises(ModelMismatch, match="other/model"):
        other.query_encoder()


def test_other_passage_settings_are_refused(library: Library) -> None:
    library.add([CHIPS])
    settings = IndexSettings(passages=PassageSettings(min_words=20, max_words=40))
    other = Library.open(library.folder, settings, library.models)
    with pytest.raises(ModelMismatch, match="cut with"):
        other.add([CATS])


def test_one_writer_at_a_time(library: Library) -> None:
    settings = library.settings.model_copy(update={"lock_timeout": 0.0})
    other = Library.open(library.folder, settings, library.models)
    with writing(library.folder, 0), pytest.raises(LibraryLocked, match=str(os.getpid())):
        other.add([CHIPS])


def test_a_full_disk_loses_nothing(library: Library) -> None:
    library.add([CHIPS])
    assert isinstance(library.store, SqliteStore)
    database = library.store._connections.of_thread()
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageError, match="disk is full"):
        library.add(many(200))
    database.execute("PRAGMA max_page_count = 1000000")
    assert dense(library, "Acme buys chips") == ["chips"]
    assert len(library.add(many(200)).added) == 200
    assert library.verify() == []


def test_batches_done_before_a_failure_stay(library: Library) -> None:
    def interrupted() -> Iterable[Article]:
        yield from many(256)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add(interrupted())
    assert library.status()["articles"] == 256
    assert library.verify() == []


def _die_after_the_lexical_commit(folder: Path) -> None:
    database = Database(folder)
    with writing(folder, 5), database.writing(passages=True) as revision:
        with DerivedLexical(database).changing(revision) as index:
            index.add([LexicalRow(999, 999, "en", "ghost", "A ghost passage.")])
        os._exit(9)


def test_a_writer_killed_midway_leaves_a_whole_library(library: Library) -> None:
    library.add([CHIPS])
    process = multiprocessing.get_context("spawn").Process(
        target=_die_after_the_lexical_commit, args=(library.folder,)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 9
    again = reopened(library)
    assert lexical(again, "ghost passage") == []
    assert again.add([CATS]).added == ["cats"]
    assert again.verify() == []


def test_a_damaged_vector_file_is_noticed_survived_and_mended(library: Library) -> None:
    library.add([CHIPS, CATS])
    (file,) = library.folder.glob("vectors-*.faiss")
    file.write_bytes(file.read_bytes()[:-10])
    again = reopened(library)
    assert dense(again, "Acme buys chips")[0] == "chips"
    assert "checksum" in again.problems[0]
    assert "checksum" in again.repair()[0]
    assert again.verify() == []
    assert reopened(library).problems == []


def test_a_lost_lexical_index_is_made_again(library: Library) -> None:
    library.add([CHIPS])
    for file in (library.folder / "lexical").iterdir():
        file.unlink()
    assert lexical(reopened(library), "chips") == ["chips"]


def test_a_reader_keeps_its_generation(library: Library) -> None:
    library.add([CHIPS, CATS])
    reader = reopened(library)
    query = reader.query_encoder().encode_query("chips")
    with reader.view() as view:
        library.remove(["chips"])
        keys, _ = view.dense(query, 5, view.select(Filters()))
        assert {found.article.id for found in view.passages(keys.tolist()) if found} == {
            "chips",
            "cats",
        }
    assert dense(reader, "chips") == ["cats"]


def test_many_changes_rewrite_the_vector_file(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.sqlite.derived._REWRITE_MIN", 20)
    library.add(many(10))
    counts = [library.status()["vector_base"]["count"]]
    library.add(many(40))
    counts.append(library.status()["vector_base"]["count"])
    library.remove([f"a{i}" for i in range(25)])
    last = library.status()["vector_base"]
    assert [*counts, last["count"]] == [10, 40, 15]
    assert [file.name for file in library.folder.glob("vectors-*")] == [last["file"]]


def test_encoding_anew_rewrites_it(library: Library) -> None:
    library.add([CHIPS])
    before = library.status()["vector_base"]["file"]
    library.reencode()
    assert library.status()["vector_base"]["file"] != before


def test_small_changes_do_not(library: Library) -> None:
    library.add(many(10))
    before = library.status()["vector_base"]
    library.add([CHIPS])
    library.remove(["a3"])
    assert library.status()["vector_base"] == before
    again = reopened(library)
    assert dense(again, "Acme buys chips")[0] == "chips"
    assert "a3" not in dense(again, "Story number 3 about topic3")


def test_what_came_and_went_between_two_files_is_not_counted(library: Library) -> None:
    library.add(many(10))
    library.add([CHIPS])
    library.remove(["chips"])
    with reopened(library).view() as view:
        assert len(view) == 10
    library.remove([f"a{i}" for i in range(10)])
    with reopened(library).view() as view:
        assert len(view) == 0


def test_keys_are_never_used_twice(library: Library) -> None:
    library.add([CHIPS])
    with library.view() as view:
        (old,) = view.passages_of("chips")
    library.remove(["chips"])
    library.add([CHIPS])
    with library.view() as view:
        (new,) = view.passages_of("chips")
    assert new.key > old.key


def test_vectors_and_generation_agree_between_store_and_file(library: Library) -> None:
    library.add(many(50))
    keys, vectors = PassageTable(Database(library.folder)).vectors()
    with library.view() as view:
        found, scores = view.dense(vectors[7], 1, view.select(Filters()))
    assert found.tolist() == [keys[7]]
    assert scores[0] == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)


def test_nothing_on_disk_is_a_pickle(library: Library) -> None:
    library.add([CHIPS])
    names = {file.suffix for file in library.folder.rglob("*") if file.is_file()}
    assert not names & {".pkl", ".pickle", ".npy", ".joblib"}
    assert json.dumps(library.status())


def test_two_first_writers_make_one_library(tmp_path: Path) -> None:
    def make(number: int) -> int:
        store = sqlite_store(tmp_path / str(number // 8))
        with store.reading() as records:
            found = records.counts()[0]
        store.close()
        return found

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(make, range(64))) == [0] * 64
