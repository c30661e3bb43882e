"""Backups taken and put back while others read and write."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from index.article import Article
from index.errors import InputError, LibraryCorrupt, LibraryLocked, LibraryMissing, SchemaTooNew
from index.library import Library
from index.store.sqlite.backup import Contents, back_up
from index.store.sqlite.lock import writing
from tests.fakes import article
from tests.index.store.derived_files import CATS, CHIPS, DOGS, lexical
from tests.stores import restore_library

Reopened = Callable[[], Library]


def test_what_was_backed_up_is_put_back(
    library: Library, reopened: Reopened, tmp_path: Path
) -> None:
    library.add([CHIPS, CATS])
    file = tmp_path / "backup.sqlite"
    contents = back_up(library.folder, file)
    assert (contents.articles, stat.S_IMODE(file.stat().st_mode)) == (2, 0o600)
    before = library.status()
    library.remove(["chips"])
    library.add([DOGS])
    generation = library.status()["generation"]
    assert restore_library(library.folder, file, overwrite=True) == contents
    # Whoever has it open sees it, as does who opens it.
    for each in (library, reopened()):
        assert sorted(lexical(each, "chips dogs cats")) == ["cats", "chips"]
        assert (each.verify(), each.problems) == ([], [])
        assert each.status()["corpus_hash"] == before["corpus_hash"]
        assert each.status()["generation"] > generation
    left = {path.name for path in tmp_path.iterdir()} | {
        path.name for path in library.folder.iterdir() if path.name.startswith(".")
    }
    assert left == {"backup.sqlite", "library"}


def test_neither_overwrites_unless_told(library: Library, tmp_path: Path) -> None:
    library.add([CHIPS])
    file = tmp_path / "backup.sqlite"
    back_up(library.folder, file)
    with pytest.raises(InputError, match="--yes"):
        back_up(library.folder, file)
    with pytest.raises(InputError, match="1 articles, which would be gone"):
        restore_library(library.folder, file)
    with pytest.raises(InputError, match="in the library itself"):
        back_up(library.folder, library.folder / "library.sqlite", overwrite=True)
    library.add([CATS])
    assert back_up(library.folder, file, overwrite=True).articles == 2
    assert restore_library(library.folder, file, overwrite=True).articles == 2


def test_a_library_is_made_of_a_backup(
    library: Library, tmp_path: Path, reopened: Reopened
) -> None:
    library.add([CHIPS])
    back_up(library.folder, tmp_path / "backup.sqlite")
    restore_library(tmp_path / "new", tmp_path / "backup.sqlite")
    again = Library.open(tmp_path / "new", library.settings, library.models)
    assert (lexical(again, "chips"), again.verify()) == (["chips"], [])
    again.close()
    with pytest.raises(LibraryMissing):
        back_up(tmp_path / "none", tmp_path / "other.sqlite")
    assert not (tmp_path / "other.sqlite").exists()


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5000])


def _garble(file: Path) -> None:
    file.write_bytes(b"no database " * 1000)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _reworded(file: Path) -> None:
    _sql(file, "UPDATE articles SET text = replace(text, 'scarce', 'plenty')")


def _shifted(file: Path) -> None:
    _sql(file, "UPDATE passages SET sentences = x'00000000ffffff00'")


def _without(file: Path) -> None:
    _sql(file, "DELETE FROM passages")


def _sql(file: Path, statement: str) -> None:
    database = sqlite3.connect(file)
    database.execute(statement)
    database.commit()
    database.close()


@pytest.mark.parametrize("damage", [_cut, _garble, _empty, _reworded, _shifted, _without])
def test_a_damaged_backup_is_refused_and_nothing_changes(
    library: Library, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    library.add([CHIPS])
    file = tmp_path / "backup.sqlite"
    back_up(library.folder, file)
    damage(file)
    library.add([CATS])
    with pytest.raises(LibraryCorrupt, match=r"backup\.sqlite"):
        restore_library(library.folder, file, overwrite=True)
    assert sorted(lexical(library, "chips cats")) == ["cats", "chips"]
    assert library.verify() == []


def test_a_newer_backup_is_refused(library: Library, tmp_path: Path) -> None:
    library.add([CHIPS])
    file = tmp_path / "backup.sqlite"
    back_up(library.folder, file)
    _sql(file, "PRAGMA user_version = 99")
    with pytest.raises(SchemaTooNew, match=r"backup\.sqlite was written by a newer Pullquote"):
        restore_library(library.folder, file, overwrite=True)


def test_a_damaged_library_is_not_backed_up(library: Library, tmp_path: Path) -> None:
    library.add([CHIPS])
    _sql(library.folder / "library.sqlite", "UPDATE articles SET text = 'Changed.'")
    with pytest.raises(LibraryCorrupt, match="'chips' is not as it was written"):
        back_up(library.folder, tmp_path / "backup.sqlite")
    assert [path.name for path in tmp_path.iterdir()] == ["library"]


@pytest.mark.parametrize("at", [0, 100, 5000])
def test_a_damaged_library_is_replaced(
    library: Library, tmp_path: Path, reopened: Reopened, at: int
) -> None:
    library.add([CHIPS])
    file = tmp_path / "backup.sqlite"
    back_up(library.folder, file)
    library.add([CATS])
    library.close()
    database = library.folder / "library.sqlite"
    data = bytearray(database.read_bytes())
    data[at : at + 2000] = b"\xff" * 2000
    database.write_bytes(data)
    restore_library(library.folder, file, overwrite=True)
    again = reopened()
    assert (lexical(again, "chips cats"), again.verify()) == (["chips"], [])


def test_nothing_is_restored_while_another_writes(library: Library, tmp_path: Path) -> None:
    library.add([CHIPS])
    back_up(library.folder, tmp_path / "backup.sqlite")
    with writing(library.folder, 0), pytest.raises(LibraryLocked, match="process"):
        restore_library(library.folder, tmp_path / "backup.sqlite", overwrite=True, lock_timeout=0)


def test_what_servers_said_of_other_articles_goes(library: Library, tmp_path: Path) -> None:
    library.add([CHIPS])
    back_up(library.folder, tmp_path / "backup.sqlite")
    (library.folder / "fetched.sqlite").write_bytes(b"")
    restore_library(library.folder, tmp_path / "backup.sqlite", overwrite=True)
    assert not (library.folder / "fetched.sqlite").exists()


def test_each_backup_under_writes_is_one_state(
    library: Library, tmp_path: Path, reopened: Reopened
) -> None:
    """Every write adds a pair of articles; a backup with half of one would be no state."""
    library.add(_pair(0))
    writer, stop = reopened(), threading.Event()
    written = [0]

    def write() -> None:
        while not stop.is_set() and written[0] < 12:
            written[0] += 1
            writer.add(_pair(written[0]))

    thread = threading.Thread(target=write)
    thread.start()
    seen: list[Contents] = []
    try:
        for number in range(3):
            acknowledged = written[0]
            seen.append(back_up(library.folder, tmp_path / f"{number}.sqlite"))
            assert seen[-1].articles >= 2 * acknowledged
    finally:
        stop.set()
        thread.join()
    assert all(contents.articles % 2 == 0 for contents in seen)
    restore_library(library.folder, tmp_path / "2.sqlite", overwrite=True)
    assert len(lexical(library, "pair")) == min(10, seen[2].articles)
    assert library.verify() == []


def test_who_reads_sees_before_or_after_a_restore(
    library: Library, tmp_path: Path, reopened: Reopened
) -> None:
    library.add([CHIPS])
    file = tmp_path / "backup.sqlite"
    back_up(library.folder, file)
    library.remove(["chips"])
    library.add([CATS])
    reader, stop = reopened(), threading.Event()
    states: set[tuple[str, ...]] = set()

    def read() -> None:
        while not stop.is_set():
            with reader.view() as view:
                states.add(tuple(each.id for each in view.articles()))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for _ in range(2):
            restore_library(library.folder, file, overwrite=True)
            library.remove(["chips"])
            library.add([CATS])
    finally:
        stop.set()
        thread.join()
    assert states <= {("cats",), ("chips",), ()}
    assert lexical(reader, "cats chips") == ["cats"]


def test_what_a_killed_backup_left_is_removed(library: Library, tmp_path: Path) -> None:
    library.add([CHIPS])
    dead, living = tmp_path / ".backup.sqlite-0123abcd", tmp_path / ".backup.sqlite-4567cdef"
    others = tmp_path / ".backup.sqlite-archive"
    others.mkdir()
    dead.mkdir()
    (dead / "library.sqlite").write_bytes(b"half")
    living.mkdir()
    with FileLock(living / "in-use.lock"):
        back_up(library.folder, tmp_path / "backup.sqlite")
    assert (dead.exists(), living.exists(), others.exists()) == (False, True, True)


def test_an_older_copy_of_the_file_is_a_backup_too(
    library: Library, tmp_path: Path, reopened: Reopened
) -> None:
    """As people made them before there was a command."""
    library.add([CHIPS])
    library.close()
    shutil.copy(library.folder / "library.sqlite", tmp_path / "copy.sqlite")
    again = reopened()
    again.add([CATS])
    restore_library(again.folder, tmp_path / "copy.sqlite", overwrite=True)
    assert lexical(again, "chips cats") == ["chips"]


def _pair(number: int) -> list[Article]:
    return [
        article(f"{side}{number}", f"The {side} of pair {number} is written here.")
        for side in ("left", "right")
    ]
