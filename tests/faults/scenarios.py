"""What a library does while a fault befalls it: each step of writing, with the states that may come
of it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.article import Article
from index.library import Library
from index.publication.place import FolderPlace
from index.settings import IndexSettings
from index.store.sqlite import derived
from index.store.sqlite.backup import back_up
from index.sync.engine import sync_folder
from tests.fakes import FakeModels, article
from tests.index.store.released import RELEASED, written_by
from tests.stores import publish_library, restore_library

__all__ = ["BASE", "LATER", "SCENARIOS", "Scenario", "State", "follower", "opened", "place_beside"]

# Texts by id.
State = Mapping[str, str]
Acknowledge = Callable[[], None]

BASE = {
    "chips": "Chips are scarce this year. Acme buys all of them.",
    "cats": "Cats sleep through the day. Nobody knows why they do.",
    "dogs": "Dogs bark at night. The moon does not mind them.",
}
_EELS = {"eels": "Eels cross the ocean once. None was ever seen to do it."}
_EMUS = {"emus": "Emus outrun most horses. Their eggs are dark green."}
_CHIPS = {"chips": "Chips are plenty again. Acme sells its factory."}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A series of steps.

    ``prepare`` makes the library in a folder, and what lies beside it in the folder's parent.
    ``act`` does the steps and says when each is acknowledged. ``states``: of the library before
    the first step and after each. ``mixed``: a step may be done for some articles and not for
    others. ``damaged``: not all is found before it is repaired.
    """

    name: str
    prepare: Callable[[Path], None]
    act: Callable[[Path, Acknowledge], None]
    states: tuple[State, ...]
    mixed: bool = False
    damaged: bool = False


def opened(folder: Path) -> Library:
    """The library in a folder, without a model."""
    return Library.open(folder, IndexSettings(), FakeModels(), create=True)


def _articles(state: State) -> list[Article]:
    return [article(id, text, language="en") for id, text in state.items()]


def _base(folder: Path) -> None:
    library = opened(folder)
    library.add(_articles(BASE))
    library.close()


def _nothing(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)


def _adding(*batches: State) -> Callable[[Path, Acknowledge], None]:
    def act(folder: Path, acknowledge: Acknowledge) -> None:
        library = opened(folder)
        for batch in batches:
            library.add(_articles(batch))
            acknowledge()
        library.close()

    return act


def _remove(folder: Path, acknowledge: Acknowledge) -> None:
    library = opened(folder)
    for ids in (["cats"], ["chips", "dogs"]):
        library.remove(ids)
        acknowledge()
    library.close()


def _compact(folder: Path, acknowledge: Acknowledge) -> None:
    """As when a quarter of many passages has changed."""
    limits = derived._REWRITE_MIN, derived._REWRITE_SHARE
    derived._REWRITE_MIN, derived._REWRITE_SHARE = 0, 0.0
    try:
        _adding(_EELS, _CHIPS)(folder, acknowledge)
    finally:
        derived._REWRITE_MIN, derived._REWRITE_SHARE = limits


def _synced(folder: Path) -> None:
    source = folder.parent / "source"
    source.mkdir(exist_ok=True)
    for id, text in BASE.items():
        (source / f"{id}.txt").write_text(text)
    library = opened(folder)
    sync_folder(library, source)
    library.close()
    (source / "eels.txt").write_text(_EELS["eels"])
    (source / "chips.txt").write_text(_CHIPS["chips"])
    (source / "dogs.txt").unlink()


def _sync(folder: Path, acknowledge: Acknowledge) -> None:
    library = opened(folder)
    sync_folder(library, folder.parent / "source")
    acknowledge()
    library.close()


def _written_by(version: str) -> Callable[[Path], None]:
    def prepare(folder: Path) -> None:
        _base(folder)
        written_by(version, folder)

    return prepare


def _damaged(folder: Path) -> None:
    _base(folder)
    for pattern in ("lexical/*.term", "vectors-*.faiss"):
        for file in folder.glob(pattern):
            data = bytearray(file.read_bytes())
            data[len(data) // 2] ^= 4
            file.write_bytes(data)


def _damaged_rows(folder: Path) -> None:
    """Passages whose sentences and vectors are not as they were written."""
    _base(folder)
    with closing(sqlite3.connect(folder / "library.sqlite")) as database:
        database.execute("UPDATE passages SET vector = zeroblob(length(vector)) WHERE key = 1")
        database.execute("UPDATE passages SET sentences = zeroblob(8) WHERE key = 2")
        database.commit()


def _repair(folder: Path, acknowledge: Acknowledge) -> None:
    library = opened(folder)
    library.repair()
    acknowledge()
    library.close()


def _backup(folder: Path, acknowledge: Acknowledge) -> None:
    back_up(folder, folder.parent / "backup.sqlite", overwrite=True)
    acknowledge()


def _with_backup(folder: Path) -> None:
    _base(folder)
    back_up(folder, folder.parent / "backup.sqlite")
    _adding(_EELS, _CHIPS)(folder, lambda: None)


def _restore(folder: Path, acknowledge: Acknowledge) -> None:
    restore_library(folder, folder.parent / "backup.sqlite", overwrite=True)
    acknowledge()


def _published(folder: Path) -> None:
    _base(folder)
    publish_library(folder, place_beside(folder))
    _adding(_EELS, _CHIPS)(folder, lambda: None)


def _publish(folder: Path, acknowledge: Acknowledge) -> None:
    publish_library(folder, place_beside(folder))
    acknowledge()


def _followed(folder: Path) -> None:
    """A follower that has a generation, and a newer one in the place."""
    _published(folder)
    shutil.copytree(folder.parent / "place", folder.parent / "before")
    publish_library(folder, place_beside(folder))
    later = (folder.parent / "place").rename(folder.parent / "later")
    (folder.parent / "before").rename(folder.parent / "place")
    follower(folder).close()
    shutil.rmtree(folder.parent / "place")
    later.rename(folder.parent / "place")


def _follow(folder: Path, acknowledge: Acknowledge) -> None:
    follower(folder).close()
    acknowledge()


def place_beside(folder: Path) -> FolderPlace:
    """Where the library in a folder is published."""
    return FolderPlace(folder.parent / "place")


def follower(folder: Path, name: str = "follower") -> Library:
    """What follows the library in a folder, in another folder beside it."""
    settings = IndexSettings.model_validate({"follow": place_beside(folder).url})
    return Library.open(folder.parent / name, settings, FakeModels())


def _without(state: State, *ids: str) -> State:
    return {id: text for id, text in state.items() if id not in ids}


LATER = {**BASE, **_EELS, **_CHIPS}
SCENARIOS = (
    Scenario("first write", _nothing, _adding(_EELS), ({}, _EELS)),
    Scenario("write", _base, _adding(_EELS, _EMUS), (BASE, BASE | _EELS, BASE | _EELS | _EMUS)),
    Scenario("update", _base, _adding(_CHIPS, {**_CHIPS, **_EELS}), (BASE, BASE | _CHIPS, LATER)),
    Scenario("remove", _base, _remove, (BASE, _without(BASE, "cats"), {})),
    Scenario("sync", _synced, _sync, (BASE, _without(LATER, "dogs")), mixed=True),
    Scenario("compaction", _base, _compact, (BASE, BASE | _EELS, LATER)),
    *(
        Scenario(
            f"migration of {version}",
            _written_by(version),
            _adding(_EELS),
            (BASE, BASE | _EELS),
        )
        for version in RELEASED
    ),
    Scenario("repair", _damaged, _repair, (BASE, BASE)),
    Scenario("healing", _damaged_rows, _repair, (BASE, BASE), damaged=True),
    Scenario("backup", _base, _backup, (BASE, BASE)),
    Scenario("restore", _with_backup, _restore, (LATER, BASE)),
    Scenario("publication", _published, _publish, (LATER, LATER)),
    Scenario("following", _followed, _follow, (LATER, LATER)),
)
