"""What must hold of a library after a fault, whatever it was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.errors import LibraryError, LibraryMissing
from index.filters import Filters
from index.library import Library
from index.snapshot import View
from tests.fakes import article
from tests.faults.scenarios import BASE, LATER, State, follower, opened, place_beside
from tests.stores import publish_library, restore_library

__all__ = ["Unrecovered", "check_beside", "check_recovery"]

_AFTER = article(
    "after", "Newts were added after the fault. They hide under stones.", language="en"
)


class Unrecovered(AssertionError):
    """Something that was promised does not hold."""


def check_recovery(
    folder: Path, states: Sequence[State], mixed: bool = False, damaged: bool = False
) -> None:
    """Open the library as the next process would. ``Unrecovered`` unless it holds one of these
    states (``mixed``: of each article), all of it is found and cited exactly (``damaged``: once it
    is repaired), the doctor has nothing that ``--repair`` does not mend, and the next write works.
    """
    library = opened(folder)
    try:
        state = _state(library)
        if not _is_allowed(state, states, mixed):
            raise Unrecovered(f"holds {sorted(state)}, a state that never was: {state}")
        if not damaged:
            _check_search(library, state)
        library.repair()
        if faults := library.verify():
            raise Unrecovered(f"the doctor after --repair: {faults}")
        library.add([_AFTER])
        _check_search(library, {**state, "after": _AFTER.text})
        if faults := [*library.verify(), *library.problems]:
            raise Unrecovered(f"the doctor after the next write: {faults}")
        left = [*folder.glob("*.part"), *folder.glob("vectors-*")]
        if len(left) > 1:
            raise Unrecovered(f"left: {[file.name for file in left]}")
    except LibraryError as exc:
        raise Unrecovered(f"{type(exc).__name__}: {exc}") from exc
    finally:
        library.close()


def _check_backup(file: Path, state: State, is_acknowledged: bool) -> None:
    """A backup that was acknowledged is there, and one that is there is whole."""
    if not file.exists():
        if is_acknowledged:
            raise Unrecovered("a backup that was acknowledged is not there")
        return
    folder = file.with_name("put-back")
    try:
        restore_library(folder, file)
    except LibraryError as exc:
        raise Unrecovered(f"a half backup: {exc}") from exc
    library = opened(folder)
    try:
        if _state(library) != state:
            raise Unrecovered(f"the backup holds {_state(library)}")
    finally:
        library.close()


def check_beside(name: str, folder: Path, states: Sequence[State], is_acknowledged: bool) -> None:
    """What a scenario of this name writes beside the library in ``folder``: ``Unrecovered`` unless
    it is as it was or as it was to become, and what was acknowledged is there."""
    if name == "backup":
        _check_backup(folder.parent / "backup.sqlite", states[0], is_acknowledged)
    if name == "publication":
        allowed = [LATER] if is_acknowledged else [BASE, LATER]
        _check_follower(folder, "new", allowed)
        # The next publication is the whole of what is there now.
        publish_library(folder, place_beside(folder))
        _check_follower(folder, "new", [dict(LATER) | {_AFTER.id: _AFTER.text}])
    if name == "following":
        _check_follower(folder, "follower", [LATER])


def _check_follower(folder: Path, name: str, states: Sequence[State]) -> None:
    library = follower(folder, name)
    try:
        if (state := _state(library)) not in states:
            raise Unrecovered(f"the follower holds {state}")
        _check_search(library, state)
        if faults := library.problems:
            raise Unrecovered(f"the follower says: {faults}")
    except LibraryError as exc:
        raise Unrecovered(f"the follower: {type(exc).__name__}: {exc}") from exc
    finally:
        library.close()


def _state(library: Library) -> State:
    try:
        with library.view() as view:
            return {_bare(found.id): found.text for found in view.articles()}
    except LibraryMissing:
        return {}


def _bare(id: str) -> str:
    """The id of an article, without what a file's place adds to it."""
    stem, dash, rest = id.rpartition("-")
    return stem if dash and len(rest) == 8 else id


def _is_allowed(state: State, states: Sequence[State], mixed: bool) -> bool:
    if not mixed:
        return state in states
    known = set().union(*states)
    return set(state) <= known and all(
        state.get(id) in [allowed.get(id) for allowed in states] for id in known
    )


def _check_search(library: Library, state: State) -> None:
    query = library.query_encoder() if state else None
    with library.view() as view:
        if len(view) != view.counts()[1]:
            raise Unrecovered(f"{len(view)} passages are searched of {view.counts()[1]}")
        selection = view.select(Filters())
        for id, text in state.items():
            word = text.split()[0]
            _check_found(view, view.lexical(word, 10, selection)[0].tolist(), id, text, "lexical")
            assert query is not None
            keys, _ = view.dense(query.encode_query(text), 1, selection)
            _check_found(view, keys.tolist(), id, text, "dense")


def _check_found(view: View, keys: list[int], id: str, text: str, search: str) -> None:
    """The article is found, and every sentence that could be cited stands in it."""
    passages = [passage for passage in view.passages(keys) if passage]
    if id not in {_bare(found.article.id) for found in passages}:
        raise Unrecovered(f"{id} is not found by {search} search")
    for found in passages:
        cited = [span.of(found.article.text) for span in found.passage.sentences]
        if _bare(found.article.id) == id and " ".join(cited) != text:
            raise Unrecovered(f"{id} is cited as {cited}")
