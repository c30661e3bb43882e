"""Vector files, rights, read-only folders, and indexes made by another analysis."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import LibraryCorrupt, StorageError
from index.filters import Filters
from index.library import Library
from index.search.lexical import LexicalIndex, LexicalRow
from index.search.lexical_files import Origin
from index.settings import IndexSettings
from index.store.sqlite.database import Database
from index.store.sqlite.lock import writing
from tests.fakes import FakeModels, article
from tests.index.store.derived_files import (
    CATS,
    CHIPS,
    DOGS,
    lexical,
)


def _name_vector_file(library: Library, name: object, field: str = "file") -> None:
    database = Database(library.folder)
    with database.writing():
        database.set_meta("vector_base", {**database.meta("vector_base"), field: name})
    database.close()


ODD_RECORDS: list[tuple[str, object]] = [
    *[("file", None), ("file", 7), ("file", ["x"]), ("file", {}), ("file", True)],
    *[("last_key", "5"), ("last_key", 1 << 70), ("last_key", -1), ("last_key", 0.5)],
    *[("count", None), ("sha256", 3), ("factory", []), ("more", 1)],
]


@pytest.mark.parametrize(("field", "value"), ODD_RECORDS)
def test_what_describes_no_vector_file_is_a_damaged_record(
    library: Library, reopened: Callable[[], Library], field: str, value: object
) -> None:
    library.add([CHIPS, CATS])
    _name_vector_file(library, value, field)
    again = reopened()
    query = again.query_encoder().encode_query("Acme buys chips")
    with again.view() as view:
        keys, _ = view.dense(query, 1, view.select(Filters()))
        (found,) = view.passages(keys.tolist())
    assert found is not None
    assert found.article.id == "chips"
    assert "not described" in again.problems[0]
    assert any("not described" in wrong for wrong in reopened().verify())
    assert reopened().repair()
    assert reopened().verify() == []


@pytest.mark.parametrize(("field", "value"), [("weights", None), ("weights", 7), ("dim", "64")])
def test_what_describes_no_encoder_is_a_damaged_record(
    library: Library, reopened: Callable[[], Library], field: str, value: object
) -> None:
    library.add([CHIPS])
    with closing(Database(library.folder)) as database, database.writing():
        database.set_meta("encoder", {**database.meta("encoder"), field: value})
    with pytest.raises(LibraryCorrupt, match="encoder"):
        reopened().add([DOGS])


def test_the_next_writer_makes_a_missing_vector_file_anew(
    library: Library, reopened: Callable[[], Library]
) -> None:
    library.add([CHIPS, CATS])
    (file,) = library.folder.glob("vectors-*.faiss")
    file.unlink()
    again = reopened()
    with again.view() as view:
        assert len(view) == 2
    assert "missing" in again.problems[0]
    again.add([DOGS])
    assert (reopened().verify(), len(list(library.folder.glob("vectors-*.faiss")))) == ([], 1)


@pytest.mark.parametrize("name", ["../outside.faiss", "library.sqlite", "vectors-7.faiss"])
def test_no_file_outside_the_library_is_a_vector_file(
    library: Library, reopened: Callable[[], Library], tmp_path: Path, name: str
) -> None:
    library.add([CHIPS, CATS])
    (file,) = library.folder.glob("vectors-*.faiss")
    outside = tmp_path / "outside.faiss"
    shutil.copy(file, outside)
    (library.folder / "vectors-7.faiss").symlink_to(outside)
    _name_vector_file(library, name)
    again = reopened()
    query = again.query_encoder().encode_query("Acme buys chips")
    with again.view() as view:
        keys, _ = view.dense(query, 1, view.select(Filters()))
        assert [found and found.article.id for found in view.passages(keys.tolist())] == ["chips"]
    assert "is no vector file of this library" in again.problems[0]
    assert any("is no vector file" in each for each in again.verify())
    assert "is no vector file" in again.repair()[0]
    assert (again.verify(), outside.exists()) == ([], True)


def test_a_lexical_folder_elsewhere_is_left_alone(
    library: Library, reopened: Callable[[], Library], tmp_path: Path
) -> None:
    library.add([CHIPS])
    elsewhere = tmp_path / "elsewhere"
    (library.folder / "lexical").rename(elsewhere)
    (library.folder / "lexical").symlink_to(elsewhere)
    before = sorted(file.name for file in elsewhere.iterdir())
    again = reopened()
    assert "a link to another place" in again.verify()[0]
    again.add([CATS])
    assert sorted(file.name for file in elsewhere.iterdir()) == before
    assert (lexical(again, "cats"), again.verify()) == (["cats"], [])


@pytest.mark.parametrize("change", [lambda library: library.add([CATS]), Library.repair])
def test_vector_files_of_writers_that_were_killed_go(
    library: Library, change: Callable[[Library], object]
) -> None:
    library.add([CHIPS])
    (used,) = library.folder.glob("vectors-*.faiss")
    for name in ("vectors-1-0123abcd.faiss", "vectors-2.faiss.part"):
        (library.folder / name).write_bytes(b"left")
    (library.folder / "vectors-of-mine.txt").write_text("not ours")
    change(library)
    left = sorted(file.name for file in library.folder.glob("vectors-*"))
    assert left == sorted([used.name, "vectors-of-mine.txt"])


def test_files_are_for_their_owner_alone(tmp_path: Path, models: FakeModels) -> None:
    before = os.umask(0)
    try:
        library = Library.open(tmp_path / "private", IndexSettings(), models, create=True)
        library.add([CHIPS, CATS])
        library.add([replace(CHIPS, text="Chips are back.")])
        with writing(library.folder, 0):
            open_to_others = [
                path.name
                for path in [library.folder, *library.folder.rglob("*")]
                if stat.S_IMODE(path.lstat().st_mode) & 0o077
                # tantivy's locks are empty, and in a folder that nobody else may enter.
                and path.suffix != ".lock"
            ]
        library.close()
    finally:
        os.umask(before)
    assert open_to_others == []


# What is imported late is imported before: nobody may read a standard library that is root's.
_AS_NOBODY = """
import email.parser, json, os, sys
from pathlib import Path
from index.errors import StorageError
from index.filters import Filters
from index.library import Library
from index.search.analyzer import analysis_version
from index.settings import IndexSettings
from tests.fakes import FakeModels
analysis_version()
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
for folder in sys.argv[1:]:
    library = Library.open(Path(folder), IndexSettings(), FakeModels())
    with library.view() as view:
        keys, _ = view.lexical("who buys chips", 10, view.select(Filters()))
        ids = [found.article.id for found in view.passages(keys.tolist()) if found]
    print(json.dumps([ids, library.problems, os.access(folder, os.W_OK)]))
    library.close()
"""


def test_what_cannot_be_written_is_searched(models: FakeModels) -> None:
    """As on a read-only file system: nobody may write to the folder. The index in one library is
    that library's, and in the other it is not."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        folders = [Path(made) / "current", Path(made) / "other"]
        for folder in folders:
            library = Library.open(folder, IndexSettings(), models, create=True)
            library.add([CHIPS, CATS])
            library.close()
        (folders[1] / "lexical" / "origin.json").unlink()
        for path in Path(made).rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        child = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, *map(str, folders)],
            capture_output=True,
            text=True,
            check=False,
        )
        for folder in folders:
            folder.chmod(0o755)
            (folder / "lexical").chmod(0o755)
    assert child.returncode == 0, child.stderr
    current, other = map(json.loads, child.stdout.splitlines())
    assert current == [["chips"], [], False]
    assert (other[0], len(other[1]), other[2]) == (["chips"], 1, False)


def test_an_index_of_other_terms_is_made_anew(
    library: Library, reopened: Callable[[], Library]
) -> None:
    """A library from when every language was stemmed as English, and nothing said of what the
    index was made."""
    german = article("haus", "Die Häuser am Fluss sind alt.", title="Fluss", language="de")
    library.add([german])
    assert lexical(library, "ein Haus") == ["haus"]
    library.close()
    database = Database(library.folder)
    with database.writing():
        database.execute("DELETE FROM meta WHERE key = 'passages_revision'")
    database.execute("DELETE FROM meta WHERE key = 'passages_revision'")
    row = LexicalRow(1, 1, "en", german.title, german.text)
    LexicalIndex.rebuilt(library.folder / "lexical", [row], "old")
    (library.folder / "lexical" / "origin.json").unlink()
    database.close()
    again = reopened()
    assert lexical(again, "ein Haus") == ["haus"]
    assert again.verify() == []


def test_an_index_made_by_another_analysis_is_made_anew(
    library: Library, reopened: Callable[[], Library]
) -> None:
    library.add([CHIPS])
    origin = Origin.read(library.folder / "lexical")
    assert origin is not None
    replace(origin, analysis="1, of old").write(library.folder / "lexical")
    assert "another state" in reopened().verify()[0]
    assert lexical(reopened(), "chips") == ["chips"]
    again = Origin.read(library.folder / "lexical")
    assert again is not None
    assert (again.analysis, again.revision) == (origin.analysis, origin.revision)


def test_what_was_removed_is_not_in_the_file(
    library: Library, reopened: Callable[[], Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def connect_elsewhere(*args: Any, **options: Any) -> sqlite3.Connection:
        """As SQLite does by itself on most systems, though not on Debian."""
        connection: sqlite3.Connection = connect(*args, **options)
        connection.execute("PRAGMA secure_delete = OFF")
        return connection

    monkeypatch.setattr("index.store.sqlite.database.sqlite3.connect", connect_elsewhere)
    other = reopened()
    other.add([article("secret", "Zanzibar was bought. " * 500), CATS])
    other.remove(["secret"])
    for each in (other, library):
        each.close()
    assert b"Zanzibar" not in (library.folder / "library.sqlite").read_bytes()


def test_an_empty_library_has_no_faults_and_a_closed_one_no_open_file(library: Library) -> None:
    assert library.verify() == []
    folder = str(library.folder.resolve())
    assert any(path.startswith(folder) for path in _open_files())
    library.close()
    assert not any(path.startswith(folder) for path in _open_files())


def _open_files() -> list[str]:
    paths = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            paths.append(str(descriptor.readlink()))
    return paths


def test_an_error_of_the_disk_that_ends_a_transaction_is_told(library: Library) -> None:
    library.add([CHIPS])
    with closing(Database(library.folder)) as database:

        def fail() -> None:
            with database.reading():
                # As SQLite does when it cannot read.
                database.execute("ROLLBACK")
                raise sqlite3.OperationalError("disk I/O error")

        with pytest.raises(StorageError, match="disk I/O error"):
            fail()
        with database.reading():
            assert database.generation == library.status()["generation"]
