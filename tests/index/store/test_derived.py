"""Files of a library that are damaged, missing, of another time, or of somebody else's making."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.error_mapping import lexical_errors
from index.errors import LibraryCorrupt
from index.filters import Filters
from index.library import Library
from index.search.lexical import LexicalIndex, LexicalRow
from index.search.lexical_files import Origin
from index.settings import IndexSettings
from index.store.database import Database
from index.store.derived import DerivedLexical
from index.store.lock import writing
from tests.fakes import FakeModels, article

CHIPS = article("chips", "Chips are scarce. Acme buys chips.", language="en")
CATS = article("cats", "Cats sleep a lot. Nobody knows why.", language="en")
DOGS = article("dogs", "Dogs bark at night. The moon does not mind.", language="en")


@pytest.fixture
def reopened(library: Library) -> Iterator[Callable[[], Library]]:
    """The library as another process would open it."""
    opened: list[Library] = []

    def reopen() -> Library:
        opened.append(Library.open(library.folder, library.settings, library.models))
        return opened[-1]

    yield reopen
    for each in opened:
        each.close()


def lexical(library: Library, question: str) -> list[str]:
    with library.view() as view:
        keys, _ = view.lexical(question, 10, view.select(Filters()))
        return [found.article.id for found in view.passages(keys.tolist()) if found]


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 4
    replaced(file, bytes(data))


def replaced(file: Path, data: bytes) -> None:
    """Another file in its place: whoever has mapped the first one has it still."""
    file.unlink()
    file.write_bytes(data)


def part(library: Library, suffix: str) -> Path:
    (file, *_) = sorted((library.folder / "lexical").glob(f"*{suffix}"))
    return file


def copied(library: Library, to: Path) -> None:
    """A copy of the store alone, as a backup has it."""
    source = sqlite3.connect(library.folder / "library.sqlite")
    target = sqlite3.connect(to)
    source.backup(target)
    source.close()
    target.close()


def restored(library: Library, copy: Path) -> None:
    library.close()
    for file in library.folder.glob("library.sqlite*"):
        file.unlink()
    shutil.copy(copy, library.folder / "library.sqlite")


def test_a_store_put_back_from_a_copy_is_not_searched_by_newer_indexes(
    library: Library, reopened: Callable[[], Library], tmp_path: Path
) -> None:
    library.add([CHIPS])
    copied(library, tmp_path / "copy")
    library.add([CATS])
    restored(library, tmp_path / "copy")
    # The same keys are given out again, for another article.
    again = reopened()
    again.add([DOGS])
    assert lexical(again, "cats sleep") == []
    assert lexical(again, "dogs bark") == ["dogs"]
    assert again.verify() == []


def test_the_doctor_sees_a_store_put_back_from_a_copy(
    library: Library, reopened: Callable[[], Library], tmp_path: Path
) -> None:
    library.add([CHIPS])
    copied(library, tmp_path / "copy")
    library.remove(["chips"])
    library.add([CATS])
    restored(library, tmp_path / "copy")
    again = reopened()
    assert any("another state" in each and "--repair" in each for each in again.verify())
    assert any("another state" in each for each in again.repair())
    assert again.verify() == []
    assert lexical(again, "chips") == ["chips"]


@pytest.mark.parametrize("changed", ["replace(text, 'scarce', 'scarcf')", "CAST(x'43FF' AS TEXT)"])
def test_a_changed_text_is_reported_and_stays(
    library: Library, reopened: Callable[[], Library], changed: str
) -> None:
    library.add([CHIPS, CATS])
    database = sqlite3.connect(library.folder / "library.sqlite")
    database.execute(f"UPDATE articles SET text = {changed} WHERE id = 'chips'")  # noqa: S608
    database.commit()
    database.close()
    (wrong,) = reopened().verify()
    assert "'chips' is not as it was written; it cannot be made anew" in wrong
    assert reopened().repair() == []
    assert reopened().verify() == [wrong]


@pytest.mark.parametrize("suffix", [".term", ".idx", ".store", ".fast", ".fieldnorm", ".pos"])
@pytest.mark.parametrize("damage", ["flipped", "cut", "missing"])
def test_a_damaged_lexical_file_is_found_and_made_anew(
    library: Library, reopened: Callable[[], Library], suffix: str, damage: str
) -> None:
    library.add([CHIPS, CATS])
    file = part(library, suffix)
    if damage == "flipped":
        flip(file, 3)
    elif damage == "cut":
        replaced(file, file.read_bytes()[:-1])
    else:
        file.unlink()
    (wrong,) = reopened().verify()
    assert str(file) in wrong
    assert "--repair" in wrong
    assert str(file) in reopened().repair()[0]
    assert reopened().verify() == []
    assert lexical(reopened(), "chips") == ["chips"]


def test_a_damaged_lexical_index_is_made_anew_by_who_searches(
    library: Library, reopened: Callable[[], Library]
) -> None:
    library.add([CHIPS])
    flip(part(library, ".term"), 3)
    again = reopened()
    assert (lexical(again, "chips"), again.problems) == (["chips"], [])
    assert again.verify() == []


def test_damage_that_comes_while_it_is_searched_is_survived(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add([CHIPS])
    assert lexical(library, "chips") == ["chips"]
    search, damaged = LexicalIndex.search, [True]

    def panicking(index: LexicalIndex, *args: object) -> object:
        with lexical_errors(library.folder):
            if damaged.pop() if damaged else False:
                raise PanicException("index out of bounds")
        return search(index, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(LexicalIndex, "search", panicking)
    assert lexical(library, "chips") == ["chips"]
    assert "gave up" in library.problems[0]
    assert (lexical(library, "chips"), library.problems) == (["chips"], [])


class PanicException(BaseException):
    """As pyo3 makes them."""

    __module__ = "pyo3_runtime"


def test_a_panic_becomes_an_error_and_an_interruption_stays_one(tmp_path: Path) -> None:
    with pytest.raises(LibraryCorrupt, match="gave up: range"), lexical_errors(tmp_path):
        raise PanicException("range end out of bounds")
    with pytest.raises(KeyboardInterrupt), lexical_errors(tmp_path):
        raise KeyboardInterrupt


def test_no_damage_to_a_term_file_is_more_than_an_error(library: Library) -> None:
    """tantivy itself, on files that are not what it wrote."""
    library.add([CHIPS, CATS, DOGS])
    file = part(library, ".term")
    whole = file.read_bytes()
    outcomes = set()
    for at in range(0, len(whole), 7):
        flip(file, at)
        try:
            index = LexicalIndex.open(library.folder / "lexical")
            index.search(["chip", "cat", "dog"], 10)
            outcomes.add("searched")
        except LibraryCorrupt:
            outcomes.add("refused")
        replaced(file, whole)
    assert "refused" in outcomes


def test_who_reads_makes_nothing_anew_while_another_writes(
    library: Library, reopened: Callable[[], Library]
) -> None:
    library.add([CHIPS])
    origin = library.folder / "lexical" / "origin.json"
    origin.unlink()
    again = reopened()
    with writing(library.folder, 0):
        assert lexical(again, "chips") == []
        assert "no lexical search" in again.problems[0]
    assert not origin.exists()
    assert (lexical(again, "chips"), again.problems) == (["chips"], [])


def test_who_reads_makes_the_index_anew_from_the_newest_state(
    library: Library, reopened: Callable[[], Library]
) -> None:
    library.add([CHIPS])
    slow, other = reopened(), reopened()
    with slow.view() as view:
        library.add([CATS])
        shutil.rmtree(library.folder / "lexical")
        found: list[list[str]] = []
        thread = threading.Thread(target=lambda: found.append(lexical(other, "cats chips")))
        thread.start()
        thread.join()
        assert view.counts() == (1, 1)
    assert sorted(found[0]) == ["cats", "chips"]
    assert sorted(lexical(slow, "cats chips")) == ["cats", "chips"]
    assert len(LexicalIndex.open(library.folder / "lexical")) == 2


def test_an_index_serves_the_readers_of_before_and_after_a_change(library: Library) -> None:
    library.add([CHIPS])
    database = Database(library.folder)
    lexical = DerivedLexical(database)
    before = database.revision
    with database.writing(passages=True) as revision:
        with lexical.changing(revision) as index:
            index.add([LexicalRow(99, 99, "en", "ghost", "A ghost passage.")])
        origin = Origin.read(lexical.folder)
        assert origin is not None
        assert origin.serves(before)
        assert origin.serves(revision)
        assert not origin.is_settled(before)
    lexical.settle([])
    origin = Origin.read(lexical.folder)
    assert origin is not None
    assert (origin.serves(before), origin.is_settled(revision)) == (False, True)
    database.close()


def _name_vector_file(library: Library, name: str) -> None:
    database = Database(library.folder)
    with database.writing():
        database.set_meta("vector_base", {**database.meta("vector_base"), "file": name})
    database.close()


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


def test_vector_files_of_writers_that_were_killed_go(library: Library) -> None:
    library.add([CHIPS])
    (used,) = library.folder.glob("vectors-*.faiss")
    for name in ("vectors-1-0123abcd.faiss", "vectors-2.faiss.part"):
        (library.folder / name).write_bytes(b"left")
    (library.folder / "vectors-of-mine.txt").write_text("not ours")
    library.add([CATS])
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


_AS_NOBODY = """
import json, os, sys
from pathlib import Path
from index.filters import Filters
from index.library import Library
from index.settings import IndexSettings
from tests.fakes import FakeModels
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
