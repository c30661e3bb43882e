"""Publish the present generation of a library to a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.error_mapping import storage_errors
from index.errors import InputError, PublicationError
from index.publication.manifest import (
    BLOCK_BYTES,
    POINTER,
    Block,
    Manifest,
    ManifestEntry,
    Pointer,
    PublishedFile,
    digest_of,
)
from index.publication.place import Place, read_manifest, read_pointer
from index.publication.snapshot import LibraryState, Snapshot, current_state, library_snapshot
from index.store.sqlite.database import SCHEMA

__all__ = ["Publication", "publish"]


@dataclass(frozen=True, slots=True)
class Publication:
    """What came of publishing: the generation with its counts and all its bytes, and what of them
    was written. ``is_new`` is false where the place had this generation already."""

    generation: int
    articles: int
    passages: int
    bytes: int
    blocks: int
    written_bytes: int
    written_blocks: int
    is_new: bool


def publish(
    folder: Path,
    place: Place,
    *,
    vector_index: str,
    lock_timeout: float,
    keep: int = 3,
    anew: bool = False,
) -> Publication:
    """Publish the present generation of the library in ``folder``.

    vector_index: which index of vectors is published, as in the settings.
    lock_timeout: seconds to wait for a writer, where an index has to be made anew first.
    keep: how many generations the place has afterwards; files of earlier ones are deleted.
    anew: write every file, also those that are there.

    Followers see the generation before or this one, whatever happens in between: the pointer is
    written last, and what an interrupted run left is deleted by the next. Raises ``InputError``
    when the place has another library, or a later generation of this one, and the errors of
    :func:`library_snapshot` and of the place.
    """
    with place.lock():
        pointer = read_pointer(place)
        state = current_state(folder)
        _check_place(place, pointer, state)
        if pointer and pointer.newest.generation == state.generation and not anew:
            return _publication(read_manifest(place, pointer.newest))
        with library_snapshot(folder, vector_index, lock_timeout) as snapshot:
            if pointer and pointer.newest.generation > snapshot.state.generation:
                _check_place(place, pointer, snapshot.state)
            writer = _BlockWriter(place, anew)
            manifest = writer.write(snapshot)
        _write_pointer(place, manifest, pointer, keep)
    return _publication(manifest, writer)


def _publication(manifest: Manifest, writer: _BlockWriter | None = None) -> Publication:
    """Describe a published generation.

    writer: the one that wrote it; ``None`` where it was published already.
    """
    return Publication(
        generation=manifest.generation,
        articles=manifest.articles,
        passages=manifest.passages,
        bytes=sum(block.size for block in manifest.blocks.values()),
        blocks=len(manifest.blocks),
        written_bytes=writer.written_bytes if writer else 0,
        written_blocks=writer.written_blocks if writer else 0,
        is_new=writer is not None,
    )


def _check_place(place: Place, pointer: Pointer | None, state: LibraryState) -> None:
    """Refuse what would lead followers back, or to other articles."""
    if pointer is None:
        return
    newest = pointer.newest
    if newest.library != state.library:
        raise InputError(
            f"{place.url} has another library; publish this one elsewhere, or empty that place"
        )
    if newest.generation > state.generation:
        raise InputError(
            f"{place.url} has generation {newest.generation} of this library, which is at "
            f"{state.generation} here: an older copy? Followers never go back; publish elsewhere, "
            "or empty that place"
        )


class _BlockWriter:
    """Writes the blocks that a place does not have, and counts them."""

    def __init__(self, place: Place, anew: bool) -> None:
        self._place = place
        self._present = {} if anew else place.sizes("blocks")
        self.written_bytes = self.written_blocks = 0

    def write(self, snapshot: Snapshot) -> Manifest:
        """Write the blocks of all files; returns their manifest, which is not written yet."""
        files = []
        for path in snapshot.paths:
            blocks = tuple(map(self._write_block, _parts(snapshot.folder / path)))
            files.append(PublishedFile(path=path, blocks=blocks))
        return Manifest(
            library=snapshot.state.library,
            generation=snapshot.state.generation,
            schema_number=SCHEMA,
            encoder=snapshot.encoder,
            passage_settings=snapshot.passage_settings,
            articles=snapshot.contents.articles,
            passages=snapshot.contents.passages,
            files=tuple(files),
        )

    def _write_block(self, data: bytes) -> Block:
        block = Block(sha256=digest_of(data), size=len(data))
        # A file of another size is what somebody else's copy broke off at.
        if self._present.get(block.name) != block.size:
            self._place.write(block.name, data)
            self._present[block.name] = block.size
            self.written_bytes += block.size
            self.written_blocks += 1
        return block


def _parts(file: Path) -> Iterator[bytes]:
    with storage_errors(file), file.open("rb") as stream:
        while data := stream.read(BLOCK_BYTES):
            yield data


def _write_pointer(place: Place, manifest: Manifest, pointer: Pointer | None, keep: int) -> None:
    """Write the manifest, then the pointer to it, then delete what no pointer leads to."""
    data = manifest.serialise()
    entry = ManifestEntry(
        library=manifest.library,
        generation=manifest.generation,
        sha256=digest_of(data),
        size=len(data),
    )
    place.write(entry.name, data)
    earlier = [
        generation for generation in (pointer.generations if pointer else ()) if generation != entry
    ]
    retained = (entry, *earlier[: max(keep, 1) - 1])
    place.write(POINTER, Pointer(generations=retained).serialise())
    _sweep(place, manifest, retained)


def _sweep(place: Place, manifest: Manifest, retained: Sequence[ManifestEntry]) -> None:
    """Delete the blocks and manifests of generations that are not retained, and what an interrupted
    publisher left."""
    names = {entry.name for entry in retained} | set(manifest.blocks)
    for entry in retained[1:]:
        try:
            names |= set(read_manifest(place, entry).blocks)
        except PublicationError:
            continue  # Nobody can follow it any more.
    # Blocks first: were this interrupted, the manifests would still say what is whose.
    for folder in ("blocks", "manifests"):
        place.delete(sorted(place.sizes(folder).keys() - names))
