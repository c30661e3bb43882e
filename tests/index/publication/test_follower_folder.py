"""What a follower does with what it finds in its folder, and beside it."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from index.errors import LibraryError, LibraryReadOnly
from index.library import Library
from index.publication.follower import FollowerStore
from index.publication.generations import Generations
from index.publication.place import FolderPlace, open_publication, read_pointer
from index.store.sqlite.database import FILE_NAME
from tests.index.publication.conftest import Follow, Publish
from tests.index.store.derived_files import CATS, CHIPS, lexical
from tests.stores import follower_store


def _store(library: Library) -> FollowerStore:
    assert library.follower is not None
    return library.follower


def test_a_generation_that_was_removed_is_fetched_again(
    library: Library, published: Publish, follow: Follow
) -> None:
    library.add([CHIPS])
    published()
    folder = follow("one").folder
    shutil.rmtree(folder / "generations")
    again = follow("one")
    assert (lexical(again, "chips"), again.verify(), again.problems) == (["chips"], [], [])


def test_while_another_process_fetches_the_generation_before_answers(
    library: Library, published: Publish, follow: Follow
) -> None:
    library.add([CHIPS])
    published()
    follower = follow()
    library.add([CATS])
    published()
    with Generations(follower.folder).fetching(0) as is_ours:
        assert is_ours
        assert not _store(follower).check()
        assert (lexical(follower, "cats"), follower.problems) == ([], [])
    assert _store(follower).check()
    assert lexical(follower, "cats") == ["cats"]


def test_a_link_among_what_was_fetched_is_not_written_through(
    library: Library, published: Publish, place: FolderPlace, follow: Follow, tmp_path: Path
) -> None:
    """Somebody who may write to the folder could have it lead elsewhere."""
    library.add([CHIPS])
    published()
    pointer = read_pointer(place)
    assert pointer is not None
    outside = tmp_path / "outside"
    outside.write_text("somebody's own")
    part = tmp_path / "follower" / "generations" / f".part-{pointer.newest.sha256}"
    part.mkdir(parents=True)
    (part / FILE_NAME).symlink_to(outside)
    with pytest.raises(LibraryError, match="link to another place"):
        follow("follower")
    assert outside.read_text() == "somebody's own"


def test_damage_says_how_to_have_it_anew(
    library: Library, published: Publish, follow: Follow
) -> None:
    library.add([CHIPS])
    published()
    follower = follow()
    (index,) = follower.folder.glob("generations/*/lexical/*.term")
    index.chmod(0o600)
    index.write_bytes(b"\0" * index.stat().st_size)
    damage = follower.verify()
    assert any(index.name in line for line in damage)
    assert damage[-1].startswith(f"remove {follower.folder} and follow ")


def test_one_thread_looks_however_often_it_is_told_to(
    library: Library, published: Publish, place: FolderPlace, tmp_path: Path
) -> None:
    library.add([CHIPS])
    published()
    store = follower_store(place, tmp_path / "follower", interval=60)
    before = threading.active_count()
    store.follow()
    store.follow()
    assert threading.active_count() == before + 1
    store.close()
    with pytest.raises(LibraryReadOnly, match="closed"), store.reading():
        pass


@pytest.mark.parametrize("spelled", ["{}", "file://{}", "~/place"])
def test_a_folder_may_be_named_as_people_do(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelled: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    place = open_publication(spelled.format(tmp_path / "place"))
    place.write("notes/one", b"kept")
    assert (tmp_path / "place" / "notes" / "one").read_bytes() == b"kept"
