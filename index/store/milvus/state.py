"""The state of a library in Milvus: one row, whose replacement is the moment of a change.

Rows are written before it, for a generation that nobody reads yet. A writer that dies in between
leaves rows that no reader sees, and the next writer takes them away (:func:`clean`).
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from index.errors import LibraryError, LibraryMissing, SchemaTooNew
from index.store.milvus.collections import FOREVER
from index.store.milvus.engine import Engine, Row
from index.store.milvus.partitions import by_year, partition_name

__all__ = ["SCHEMA", "State", "clean", "discard", "end_passages", "load", "save"]

SCHEMA: Final = 3
# What the state of an earlier schema does not say. A library of the first goes on without
# partitions; what the first two do not count is counted by the next change.
_UNKNOWN_BEFORE: Final[dict[int, dict[str, Any]]] = {
    1: {"years": None, "languages": None},
    2: {"languages": None},
}
_ROW: Final = "state"
# Seconds that what was replaced stays for snapshots that are open still, and between the commits
# that are noted for it.
_RETENTION: Final = 600.0
_NOTE_SECONDS: Final = 30.0


@dataclass(slots=True)
class State:
    """What is true of one generation.

    ``collection``: of its passages, with vectors of ``dim`` numbers; none before the first.
    ``commits``: generations and when they were made, in seconds of the epoch. ``retired``:
    collections that a generation did away with. ``years``: those that the collection of passages
    has a partition for; ``None`` where it is of a Pullquote that made none. ``languages``: articles
    in each; ``None`` where it is of a Pullquote that did not count them.
    """

    schema: int = SCHEMA
    generation: int = 0
    next_key: int = 1
    articles: int = 0
    passages: int = 0
    collection: str = ""
    dim: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)
    commits: list[tuple[int, float]] = field(default_factory=list)
    retirements: list[tuple[str, int]] = field(default_factory=list)
    years: list[int] | None = field(default_factory=list)
    languages: dict[str, int] | None = field(default_factory=dict)

    @property
    def visible(self) -> str:
        """The condition that a row is there in this generation."""
        return f"born <= {self.generation} and died > {self.generation}"

    @property
    def identity(self) -> tuple[object, ...]:
        """What no two generations have in common, those of a library in the place of another
        neither."""
        return self.collection, self.generation, self.passages, tuple(self.commits)

    def count_languages(self, tags: Iterable[str], difference: int) -> None:
        """Count articles in, or out, by their languages."""
        if self.languages is None:
            return
        counts = Counter(self.languages)
        for tag in tags:
            counts[tag] += difference
        self.languages = {tag: count for tag, count in counts.items() if count > 0}

    def note_commit(self, now: float) -> None:
        """Remember when this generation was made, unless one was just before."""
        if not self.commits or now - self.commits[-1][1] >= _NOTE_SECONDS:
            self.commits.append((self.generation, now))


def load(engine: Engine, create: bool) -> State:
    """Return the newest state. ``LibraryMissing`` where there is none, unless one may be made;
    ``SchemaTooNew`` or ``LibraryError`` when it is of another version."""
    label = f"{engine.address.label} ({engine.address.name})"
    if engine.has(engine.state):
        rows = engine.query(engine.state, f'name == "{_ROW}"', ["body"], limit=1)
        if rows:
            return _of_json(json.loads(rows[0]["body"]), label)
    if not create:
        raise LibraryMissing(f"{label}: no library there; add articles with pullquote add")
    engine.create()
    state = State()
    save(engine, state)
    return state


def save(engine: Engine, state: State) -> None:
    """Replace the state: from now on readers see this one."""
    body = json.dumps(asdict(state))
    engine.upsert(engine.state, [{"name": _ROW, "kind": "state", "body": body}])


def _of_json(fields: dict[str, Any], label: str) -> State:
    version = fields.get("schema")
    if isinstance(version, int) and version > SCHEMA:
        raise SchemaTooNew(
            f"{label} was written by a newer Pullquote (schema {version}, this one knows "
            f"{SCHEMA}); update Pullquote, nothing was changed"
        )
    if version in _UNKNOWN_BEFORE:
        fields |= {"schema": SCHEMA} | _UNKNOWN_BEFORE[version]
    elif version != SCHEMA:
        raise LibraryError(
            f"{label} has schema {version}, and this Pullquote reads {SCHEMA}; add its articles "
            "to a new library"
        )
    state = State(**fields)
    state.commits = [(generation, seconds) for generation, seconds in state.commits]
    state.retirements = [(collection, generation) for collection, generation in state.retirements]
    return state


def discard(engine: Engine, state: State) -> None:
    """Take away what an interrupted change left for generations that never came to be."""
    for collection in _collections(engine, state):
        engine.delete(collection, f"born > {state.generation}")
        leftovers = f"died > {state.generation} and died < {FOREVER}"
        rows = engine.query(collection, leftovers, ["key", "day"])
        if collection == engine.records:
            engine.set_died(collection, [row["key"] for row in rows], FOREVER)
        else:
            end_passages(engine, state, rows, FOREVER)


def end_passages(engine: Engine, state: State, rows: Sequence[Row], generation: int) -> None:
    """Say of passages, each with key and day, in which generation they are not there any more."""
    for year, group in by_year(rows):
        partition = "" if state.years is None else partition_name(year)
        keys = [row["key"] for row in group]
        engine.set_died(state.collection, keys, generation, partition)


def clean(engine: Engine, state: State) -> None:
    """Delete what no snapshot can need any more."""
    horizon = time.time() - _RETENTION
    over = [generation for generation, seconds in state.commits if seconds < horizon]
    if not over:
        return
    last = max(over)
    for collection in _collections(engine, state):
        engine.delete(collection, f"died <= {last}")
    for collection, generation in state.retirements:
        if generation <= last:
            engine.drop(collection)
    state.retirements = [entry for entry in state.retirements if entry[1] > last]
    state.commits = [entry for entry in state.commits if entry[0] > last]


def _collections(engine: Engine, state: State) -> list[str]:
    return [engine.records, *filter(None, [state.collection])]
