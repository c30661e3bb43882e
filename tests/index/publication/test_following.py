"""Following: a generation is taken over whole, and whatever goes wrong leaves the one before."""

from __future__ import annotations

import json
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LibraryError, LibraryReadOnly, PublicationError
from index.library import Library
from index.publication.follower import FollowerStore
from index.publication.manifest import POINTER, Manifest, Pointer, digest_of
from index.publication.place import FolderPlace, read_manifest, read_pointer
from tests.fakes import article
from tests.index.publication.conftest import Follow, Publish
from tests.index.store.derived_files import CATS, CHIPS, DOGS, lexical
from tests.stores import follower_store


def _store(library: Library) -> FollowerStore:
    assert library.follower is not None
    return library.follower


def _publish_changed(place: FolderPlace, **changes: object) -> None:
    """Publish the newest manifest with other values, as another version would have written it."""
    pointer = read_pointer(place)
    assert pointer is not None
    manifest = read_manifest(place, pointer.newest).model_copy(update=changes)
    data = manifest.serialise()
    changed = {"sha256": digest_of(data), "size": len(data), "generation": manifest.generation}
    entry = pointer.newest.model_copy(update=changed)
    place.write(entry.name, data)
    place.write(POINTER, Pointer(generations=(entry, *pointer.generations)).serialise())


def _manifest(place: FolderPlace) -> Manifest:
    pointer = read_pointer(place)
    assert pointer is not None
    return read_manifest(place, pointer.newest)


def test_a_new_generation_is_taken_over(
    library: Library, published: Publish, follow: Follow
) -> None:
    library.add([CHIPS])
    published()
    follower = follow()
    assert not _store(follower).check()
    library.add([CATS])
    published()
    with follower.view() as view:
        assert _store(follower).check()
        # Who reads goes on reading what it began with.
        assert view.counts() == (1, 1)
        with follower.view() as inner:
            assert inner.generation == view.generation
    assert sorted(lexical(follower, "chips cats")) == ["cats", "chips"]
    assert follower.verify() == []


def test_only_the_last_two_generations_stay(
    library: Library, published: Publish, follow: Follow
) -> None:
    for number in range(4):
        library.add([article(f"a{number}", f"Text number {number}.")])
        published()
        follower = follow("one")
    assert len(list((follower.folder / "generations").iterdir())) == 2


def test_another_process_on_the_folder_takes_over_what_was_fetched(
    library: Library, published: Publish, follow: Follow, place: FolderPlace
) -> None:
    library.add([CHIPS])
    published()
    first, second = follow("shared"), follow("shared")
    for number in range(3):
        library.add([article(f"a{number}", f"Text number {number}.")])
        published()
        assert _store(first).check()
    # Two generations behind, its own is gone.
    assert lexical(second, "number") != []
    assert second.status()["generation"] == first.status()["generation"]


def test_a_folder_is_opened_again_without_its_place(
    library: Library, published: Publish, follow: Follow, place: FolderPlace
) -> None:
    library.add([CHIPS])
    published()
    folder = follow("one").folder
    Path(place.url).rename(f"{place.url}.away")
    again = Library.open(folder, library.settings, library.models)
    assert (lexical(again, "chips"), again.problems) == (["chips"], [])
    assert not _store(again).check()
    assert "nothing is published" in again.problems[0]
    Path(f"{place.url}.away").rename(place.url)
    assert not _store(again).check()
    assert again.problems == []
    again.close()


def test_it_is_not_written_to(library: Library, published: Publish, follow: Follow) -> None:
    library.add([CHIPS])
    published()
    follower = follow()
    for write in (
        lambda: follower.add([CATS]),
        lambda: follower.remove(["chips"]),
        follower.repair,
        follower.reencode,
        lambda: _store(follower).note("source", []),
    ):
        with pytest.raises(LibraryReadOnly, match="pullquote publish"):
            write()
    assert lexical(follower, "chips") == ["chips"]


def test_nothing_published_is_an_error(follow: Follow) -> None:
    with pytest.raises(PublicationError, match="nothing is published"):
        follow()


def test_a_library_of_its_own_does_not_follow(
    library: Library, published: Publish, follow: Follow
) -> None:
    library.add([CHIPS])
    published()
    with pytest.raises(LibraryError, match="a library of its own"):
        follow(library.folder.name)


def _damaged(place: FolderPlace) -> None:
    for name in _manifest(place).blocks:
        (Path(place.url) / name).write_bytes(b"other")


def _gone(place: FolderPlace) -> None:
    place.delete(list(_manifest(place).blocks))


def _without_manifest(place: FolderPlace) -> None:
    place.delete(list(place.sizes("manifests")))


def _torn(place: FolderPlace) -> None:
    place.write(POINTER, b'{"format": 1, "gener')


def _newer_schema(place: FolderPlace) -> None:
    _publish_changed(place, schema_number=99)


def _newer_format(place: FolderPlace) -> None:
    place.write(POINTER, b'{"format": 99}')


def _other_model(place: FolderPlace) -> None:
    encoder = _manifest(place).encoder
    assert encoder is not None
    _publish_changed(place, encoder=encoder.model_copy(update={"name": "other"}))


def _other_weights(place: FolderPlace) -> None:
    encoder = _manifest(place).encoder
    assert encoder is not None
    _publish_changed(place, encoder=encoder.model_copy(update={"weights": "w2"}))


def _miscounted(place: FolderPlace) -> None:
    _publish_changed(place, articles=7)


def _earlier(place: FolderPlace) -> None:
    _publish_changed(place, generation=0)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_damaged, "is damaged"),
        (_gone, "is gone"),
        (_without_manifest, "is gone"),
        (_torn, "not what was published"),
        (_newer_schema, "newer Pullquote"),
        (_newer_format, "newer Pullquote"),
        (_other_model, "indexed with other"),
        (_other_weights, "other weights"),
        (_miscounted, "not those of its manifest"),
        (_earlier, "an earlier one"),
    ],
)
def test_a_generation_that_cannot_be_had_leaves_the_one_before(
    library: Library,
    published: Publish,
    follow: Follow,
    place: FolderPlace,
    spoil: object,
    reason: str,
) -> None:
    library.add([CHIPS])
    published()
    follower = follow()
    generation = follower.status()["generation"]
    library.add([CATS])
    published()
    assert callable(spoil)
    spoil(place)
    assert not _store(follower).check()
    assert reason in follower.problems[0]
    assert f"answering from generation {generation}" in follower.problems[0]
    assert lexical(follower, "chips cats") == ["chips"]
    # What follows heals it.
    if spoil not in (_torn, _newer_format):
        library.add([DOGS])
        published(anew=True)
        assert _store(follower).check()
        assert follower.problems == []
        assert "dogs" in lexical(follower, "dogs")


def test_another_library_there_is_not_followed(
    library: Library, published: Publish, follow: Follow, place: FolderPlace
) -> None:
    library.add([CHIPS])
    published()
    follower = follow()
    pointer = read_pointer(place)
    assert pointer is not None
    entry = pointer.newest.model_copy(update={"library": "0" * 32})
    place.write(POINTER, Pointer(generations=(entry,)).serialise())
    assert not _store(follower).check()
    assert "another library" in follower.problems[0]


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    """No file grows beyond ``size`` bytes: what a full disk is to who writes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_generation_before(
    library: Library, published: Publish, follow: Follow
) -> None:
    library.add([CHIPS])
    published()
    follower = follow()
    library.add([CATS])
    published()
    with _largest_file(10_000):
        assert not _store(follower).check()
    assert "the disk is full" in follower.problems[0]
    assert not list((follower.folder / "generations").glob(".part-*"))
    assert lexical(follower, "chips cats") == ["chips"]
    assert _store(follower).check()


def test_a_fetch_that_was_interrupted_goes_on(
    library: Library, published: Publish, place: FolderPlace, tmp_path: Path
) -> None:
    library.add([CHIPS])
    published()

    class Interrupted(FolderPlace):
        calls, most = 0, 4

        def read(self, name: str, limit: int) -> bytes | None:
            self.calls += 1
            if self.calls > self.most:
                raise KeyboardInterrupt
            return super().read(name, limit)

    broken, folder = Interrupted(Path(place.url)), tmp_path / "follower"
    with pytest.raises(KeyboardInterrupt):
        follower_store(broken, folder)
    whole = Interrupted(Path(place.url))
    whole.most = 1000
    store = follower_store(whole, folder)
    store.close()
    # The pointer and the manifest once more, and the blocks that were not there.
    assert whole.calls == 2 + len(_manifest(place).blocks) - 2


def test_a_damaged_copy_here_is_fetched_again(
    library: Library, published: Publish, follow: Follow
) -> None:
    library.add([CHIPS])
    published()
    folder = follow("one").folder
    (database,) = folder.glob("generations/*/library.sqlite")
    database.write_bytes(b"no database " * 1000)
    again = follow("one")
    assert (lexical(again, "chips"), again.verify()) == (["chips"], [])


@pytest.mark.parametrize("path", ["../evil", "lexical/../../evil", "/etc/passwd", "lexical/", ".."])
def test_no_file_is_written_outside(
    library: Library, published: Publish, place: FolderPlace, path: str
) -> None:
    library.add([CHIPS])
    published()
    record = json.loads(_manifest(place).serialise())
    record["files"][0]["path"] = path
    with pytest.raises(PublicationError, match="not what was published"):
        Manifest.parse(json.dumps(record).encode(), "manifest")


def test_no_state_is_torn_under_a_writer_that_publishes_in_a_loop(
    library: Library, published: Publish, follow: Follow
) -> None:
    """Every write adds a pair; a generation with half of one would be torn."""
    library.add(_pair(0))
    published()
    follower, rounds = follow(), 5
    states: list[tuple[int, int]] = []
    turn = threading.Semaphore(0)

    def write() -> None:
        for number in range(1, rounds + 1):
            library.add(_pair(number))
            published(keep=1)
            turn.release()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while thread.is_alive() or turn.acquire(blocking=False):
            _store(follower).check()
            with follower.view() as view:
                articles, _ = view.counts()
                assert len(list(view.articles())) == articles
                states.append((view.generation, articles))
    finally:
        thread.join()
    _store(follower).check()
    assert follower.problems == []
    assert all(articles % 2 == 0 for _, articles in states)
    assert states == sorted(states)
    assert len(lexical(follower, "pair")) == min(10, 2 * (rounds + 1))


def test_a_thread_follows_until_it_is_closed(
    library: Library, published: Publish, place: FolderPlace, tmp_path: Path
) -> None:
    library.add([CHIPS])
    published()
    looks = threading.Semaphore(0)

    class Counted(FolderPlace):
        def read(self, name: str, limit: int) -> bytes | None:
            if name == POINTER:
                looks.release()
            return super().read(name, limit)

    counted = Counted(Path(place.url))
    store = follower_store(counted, tmp_path / "follower", interval=0.01)
    library.add([CATS])
    published()
    store.follow()
    # One look when it was opened; the one after the next has taken over what there was.
    for _ in range(4):
        assert looks.acquire(timeout=60)
    with store.reading() as records:
        assert records.counts() == (2, 2)
    store.close()


def _pair(number: int) -> list[Article]:
    return [
        article(f"{side}{number}", f"The {side} of pair {number} is written here.")
        for side in ("left", "right")
    ]
