"""Publishing: what is written, what is kept, and what is refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from index.errors import InputError, LibraryLocked, PublicationError, SchemaTooNew
from index.library import Library
from index.publication import publisher
from index.publication.manifest import POINTER, Pointer
from index.publication.place import FolderPlace, read_manifest, read_pointer
from tests.fakes import article
from tests.index.publication.conftest import Follow, Publish
from tests.index.store.derived_files import CATS, CHIPS, DOGS, lexical
from tests.stores import publish_library


def _pointer(place: FolderPlace) -> Pointer:
    pointer = read_pointer(place)
    assert pointer is not None
    return pointer


def test_a_follower_has_what_was_published(
    library: Library, published: Publish, follow: Follow
) -> None:
    library.add([CHIPS, CATS])
    publication = published()
    assert (publication.articles, publication.is_new) == (2, True)
    library.add([DOGS])
    follower = follow()
    assert sorted(lexical(follower, "chips cats dogs")) == ["cats", "chips"]
    assert (follower.verify(), follower.problems) == ([], [])
    assert follower.status()["generation"] == publication.generation
    # Nothing is left beside the library.
    assert [path.name for path in library.folder.iterdir() if path.name.startswith(".")] == []


def test_what_is_there_is_not_written_again(
    library: Library, published: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "BLOCK_BYTES", 16_384)
    library.add([article(f"long{n}", f"Word{n} and more. " * 500) for n in range(16)])
    first = published()
    assert first.written_bytes == first.bytes > 200_000
    assert (published().is_new, published().written_bytes) == (False, 0)
    library.add([CHIPS])
    second = published()
    assert 0 < second.written_bytes < second.bytes
    assert second.written_blocks < second.blocks


def test_generations_beyond_those_to_keep_are_swept(
    library: Library, published: Publish, place: FolderPlace
) -> None:
    for number in range(4):
        library.add([article(f"a{number}", f"Text number {number}.")])
        published(keep=2)
    pointer = _pointer(place)
    assert len(pointer.generations) == 2
    blocks = {name for entry in pointer.generations for name in read_manifest(place, entry).blocks}
    assert place.sizes("blocks").keys() == blocks
    assert place.sizes("manifests").keys() == {entry.name for entry in pointer.generations}


def test_what_a_killed_publisher_left_goes_with_the_next(
    library: Library, published: Publish, place: FolderPlace, follow: Follow
) -> None:
    library.add([CHIPS])
    before = published()
    library.add([CATS])

    class Killed(FolderPlace):
        def write(self, name: str, data: bytes) -> None:
            if name == POINTER:
                raise KeyboardInterrupt
            super().write(name, data)

    with pytest.raises(KeyboardInterrupt):
        publish_library(library.folder, Killed(Path(place.url)))
    half = Path(place.url) / "blocks" / "aa"
    half.mkdir(exist_ok=True)
    (half / ".part-1234").write_bytes(b"half")
    follower = follow()
    assert follower.status()["generation"] == before.generation
    # Its blocks are whole and are not written again.
    assert published().written_blocks == 0
    assert not (half / ".part-1234").exists()
    assert follower.follower is not None
    assert follower.follower.check()
    assert sorted(lexical(follower, "chips cats")) == ["cats", "chips"]


def test_a_damaged_block_is_written_anew(
    library: Library, published: Publish, place: FolderPlace, follow: Follow
) -> None:
    library.add([CHIPS])
    published()
    name = max(place.sizes("blocks"), key=lambda name: place.sizes("blocks")[name])
    (Path(place.url) / name).write_bytes(b"\0" * place.sizes("blocks")[name])
    with pytest.raises(PublicationError, match="publish --anew"):
        follow()
    assert published(anew=True).is_new
    assert lexical(follow(), "chips") == ["chips"]


def test_another_library_is_not_published_over_one(
    library: Library, published: Publish, place: FolderPlace, tmp_path: Path
) -> None:
    library.add([CHIPS])
    published()
    other = Library.open(tmp_path / "other", library.settings, library.models, create=True)
    with pytest.raises(InputError, match="never had an article"):
        publish_library(other.folder, place)
    other.add([CATS])
    with pytest.raises(InputError, match="another library"):
        publish_library(other.folder, place)
    other.close()


def test_an_older_copy_is_not_published_over_a_newer_one(
    library: Library, published: Publish, place: FolderPlace
) -> None:
    library.add([CHIPS])
    published()
    entry = _pointer(place).newest
    later = entry.model_copy(update={"generation": entry.generation + 5})
    place.write(POINTER, Pointer(generations=(later,)).serialise())
    with pytest.raises(InputError, match="an older copy"):
        published()


def test_one_publishes_at_a_time(library: Library, published: Publish, place: FolderPlace) -> None:
    library.add([CHIPS])
    with place.lock(), pytest.raises(LibraryLocked, match="another process publishes"):
        published()


def test_an_index_that_does_not_hold_is_made_anew_first(
    library: Library, published: Publish, follow: Follow
) -> None:
    library.add([CHIPS])
    for file in (library.folder / "lexical").glob("*.term"):
        file.write_bytes(b"")
    published()
    assert lexical(follow(), "chips") == ["chips"]


def test_files_are_for_whom_the_folder_is(
    library: Library, published: Publish, place: FolderPlace
) -> None:
    library.add([CHIPS])
    published()
    folder = Path(place.url)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
    folder.chmod(0o755)
    published(anew=True)
    assert stat.S_IMODE((folder / POINTER).stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", PublicationError),
        (b"[" * 5000, PublicationError),
        (b'{"format": 1}', PublicationError),
        (b'{"format": 1, "generations": []}', PublicationError),
        (b'{"format": 2, "other": 1}', SchemaTooNew),
    ],
)
def test_a_pointer_that_is_none_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error, match="place/current"):
        Pointer.parse(data, "place/current.json")
