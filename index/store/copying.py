"""Copying a library from one store into another, vectors included: nothing is encoded again.

Articles go with their passages, vectors, versions' numbers and how they came in; near-duplicates
are found anew. Earlier versions of articles and what syncs have noted stay behind. A copy that was
interrupted goes on where it was; until it is verified its store says that it is not finished
(:mod:`index.store.copy_state`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.errors import LibraryCorrupt, LibraryError, ModelMismatch
from index.store.base import NewArticle, Records, Snapshot, Store
from index.store.copy_state import COPY_MARK, describe_unfinished_copy
from index.text.shingles import Fingerprint

__all__ = ["CopyProgress", "CopyReport", "copy_store"]

_BATCH = 256
_MADE_WITH = ("encoder", "passages")

# Told how many articles of how many the target has.
CopyProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class CopyReport:
    """The numbers of a copy. ``present``: articles that the target had already, the same."""

    articles: int
    passages: int
    present: int


def copy_store(
    source: Store, target: Store, on_copied: CopyProgress | None = None, batch: int = _BATCH
) -> CopyReport:
    """Copy all articles of one state of ``source``, and verify what ``target`` has then.

    Raises ``ModelMismatch`` when the target was made with another encoder or other passages,
    ``LibraryError`` when it has articles that the source has not, or the source is a copy that is
    not finished, ``LibraryCorrupt`` when what was written is not what was read.
    """
    with source.searching() as snapshot, target.writing() as writer:
        if unfinished := describe_unfinished_copy(snapshot):
            raise LibraryError(f"what is to be copied is not whole: {unfinished}")
        hashes = dict(snapshot.content_hashes())
        made_with = {name: snapshot.metadata(name) for name in _MADE_WITH}
        target_hashes = dict(writer.records.content_hashes())
        _check_target(writer.records, target_hashes.keys() - hashes.keys(), made_with)
        if target_hashes != hashes:
            writer.write([], {COPY_MARK: len(hashes)})
        present = count = 0
        for ids in _parts(list(hashes), batch):
            missing = _missing(snapshot, writer.records, ids)
            if missing:
                writer.write([_new_article(snapshot, id) for id in missing], made_with)
            present += len(ids) - len(missing)
            count += len(ids)
            if on_copied:
                on_copied(count, len(hashes))
        with target.searching() as copy:
            _verify(snapshot, copy, hashes)
            articles, passages = copy.counts()
        if writer.records.metadata(COPY_MARK):
            writer.write([], {COPY_MARK: None})
    return CopyReport(articles, passages, present)


def _check_target(records: Records, extra: set[str], made_with: dict[str, object]) -> None:
    """Raise where a target cannot take the copy. ``extra``: what it has and the source has not."""
    for name, value in made_with.items():
        target_value = records.metadata(name)
        if target_value and target_value != value:
            raise ModelMismatch(
                f"what is to be copied was made with {name} {value}, and the target with "
                f"{target_value}; copy into an empty one"
            )
    if extra:
        raise LibraryError(
            f"the target has {len(extra)} articles that what is to be copied has not; copy into an "
            "empty one, or remove them first"
        )


def _missing(snapshot: Snapshot, records: Records, ids: Sequence[str]) -> list[str]:
    """Return the articles of which the target has not the same content and version."""
    here, there = snapshot.stored(ids), records.stored(ids)
    return [id for id in ids if id not in there or there[id][1:] != here[id][1:]]


def _new_article(snapshot: Snapshot, id: str) -> NewArticle:
    article = snapshot.article(id)
    if article is None:
        raise LibraryCorrupt(f"article {id!r} cannot be read; run pullquote doctor --verify")
    passages = snapshot.passages_of(id)
    return NewArticle(
        article=article,
        version=snapshot.stored([id])[id].version,
        passages=[passage.sentences for passage in passages],
        vectors=snapshot.vectors([passage.key for passage in passages]),
        fingerprint=Fingerprint.of(article.text),
        provenance=snapshot.provenance(id),
    )


def _verify(source: Snapshot, target: Snapshot, hashes: dict[str, str]) -> None:
    """Compare all that was copied: contents by their hashes, passages, vectors bit by bit."""
    if source.counts() != target.counts():
        raise LibraryCorrupt(
            f"the copy has {target.counts()} articles and passages, not {source.counts()}; {_AGAIN}"
        )
    for id, content_hash in hashes.items():
        article = target.article(id)
        if article is None or article.content_hash != content_hash:
            raise LibraryCorrupt(f"article {id!r} is not in the copy as it was; {_AGAIN}")
        here, there = source.passages_of(id), target.passages_of(id)
        vectors, copies = (
            snapshot.vectors([passage.key for passage in passages]).tobytes()
            for snapshot, passages in ((source, here), (target, there))
        )
        sentences = [passage.sentences for passage in here]
        if vectors != copies or sentences != [passage.sentences for passage in there]:
            raise LibraryCorrupt(f"the passages of {id!r} are not as they were; {_AGAIN}")


def _parts(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    starts = range(0, len(ids), size)
    return (ids[start : start + size] for start in starts)


_AGAIN = "remove the copy and copy again"
