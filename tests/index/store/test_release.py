"""What a library holds while it is open is given back: when it is closed, when a thread ends."""

from __future__ import annotations

import gc
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import LibraryCorrupt
from index.filters import Filters
from index.library import Library
from index.search.lexical import LexicalIndex
from index.settings import IndexSettings
from index.store.sqlite.store import SqliteStore
from tests.fakes import FakeModels
from tests.index.store.derived_files import CATS, CHIPS, lexical

_FILES, _THREADS = Path("/proc/self/fd"), Path("/proc/self/task")
# Files that others have open for a moment: tantivy looks at an index's for half a second.
_OWN = 20


@pytest.fixture
def manual_collection() -> Iterator[None]:
    """Nothing is given back only because Python happens to look for cycles."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def files() -> int:
    """How many files this process has open, as far as the system tells."""
    return len(list(_FILES.iterdir())) if _FILES.exists() else 0


def threads() -> int:
    """How many threads this process has, those of libraries in C and Rust too."""
    return len(list(_THREADS.iterdir())) if _THREADS.exists() else threading.active_count()


@pytest.mark.usefixtures("manual_collection")
def test_two_hundred_libraries_one_after_another_leave_nothing(
    library: Library, models: FakeModels, temporary: Path
) -> None:
    library.add([CHIPS, CATS])
    library.close()
    before, counts = threads(), set()
    for _ in range(200):
        again = Library.open(library.folder, IndexSettings(), models)
        assert lexical(again, "who buys chips") == ["chips"]
        again.close()
        counts.add(files())
    assert max(counts) < min(counts) + _OWN
    # tantivy has a thread for half a second from the opening of each index.
    deadline = time.monotonic() + 60
    while threads() > before and time.monotonic() < deadline:
        pass
    assert threads() <= before
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("manual_collection")
def test_the_connection_of_a_thread_ends_with_it(library: Library) -> None:
    library.add([CHIPS])
    found: list[list[str]] = []

    def ask() -> None:
        found.append(lexical(library, "who buys chips"))

    counts = set()
    for _ in range(50):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        counts.add(files())
    assert found == [["chips"]] * 50
    assert max(counts) < min(counts) + _OWN


@pytest.mark.usefixtures("manual_collection")
def test_a_closed_store_keeps_no_index(library: Library) -> None:
    library.add([CHIPS])
    store = library.store
    assert isinstance(store, SqliteStore)
    with library.view() as view:
        view.select(Filters())
        assert store._indexes is not None
        assert store._indexes.lexical is not None
        index = weakref.ref(store._indexes.lexical)
    # Neither does the view, whose name is still there.
    del view
    library.close()
    assert index() is None


@pytest.mark.usefixtures("manual_collection")
def test_links_to_a_read_only_index_go_with_it(library: Library, temporary: Path) -> None:
    library.add([CHIPS])
    index = LexicalIndex.open_read_only(library.folder / "lexical")
    assert len(index) == 1
    assert len(list(temporary.iterdir())) == 1
    del index
    assert list(temporary.iterdir()) == []


def test_an_index_that_cannot_be_opened_leaves_no_links(library: Library, temporary: Path) -> None:
    library.add([CHIPS])
    folder = library.folder / "lexical"
    (folder / "meta.json").write_text("{")
    with pytest.raises(LibraryCorrupt):
        LexicalIndex.open_read_only(folder)
    assert list(temporary.iterdir()) == []
    (folder / "elsewhere").symlink_to(temporary)
    with pytest.raises(LibraryCorrupt, match="a link to another place"):
        LexicalIndex.open_read_only(folder)
    assert list(temporary.iterdir()) == []
