"""Several libraries in one server: their states, and whose request it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from api.links import path_below, root_of
from api.state import AppState, put_state
from rag import Pullquote, Settings
from rag.settings.values import LIBRARY_NAME

if TYPE_CHECKING:
    from api.replicas.deployment import Replicas

__all__ = ["LibraryPaths", "open_libraries", "open_states"]

_PATH = re.compile(rf"/l/({LIBRARY_NAME.pattern})(?=/|$)")


def open_libraries(settings: Settings, replicas: Replicas | None = None) -> dict[str, Pullquote]:
    """Open the libraries that the settings name, with the same models, by name.

    replicas: have the models, where there are any.

    ``SettingsError`` where the name of one cannot be a part of ``PULLQUOTE_STORE``;
    ``LibraryError`` where one of them cannot be opened.
    """
    libraries: dict[str, Pullquote] = {}
    with ExitStack() as stack:
        for name, folder in settings.library_folders.items():
            own = settings.of_library(name)
            first = next(iter(libraries.values()), None)
            pullquote = first.open_beside(folder, own) if first else _open(own, folder, replicas)
            libraries[name] = stack.enter_context(pullquote)
        stack.pop_all()
    return libraries


def _open(settings: Settings, folder: Path, replicas: Replicas | None) -> Pullquote:
    if replicas is None:
        return Pullquote.open(folder, settings)
    # Not loaded by servers that have the models themselves.
    from api.replicas.remote import open_pullquote

    return open_pullquote(settings, replicas, folder)


def open_states(settings: Settings, replicas: Replicas | None = None) -> list[AppState]:
    """Open the libraries that the settings name, to be served together. Takes and raises what
    :func:`open_libraries` does."""
    states: list[AppState] = []
    for name, pullquote in open_libraries(settings, replicas).items():
        states.append(AppState.of(pullquote, name, states[0] if states else None))
    return states


class LibraryPaths:
    """Hands requests for ``/l/NAME/...`` to ``app`` with that library's state and ``/l/NAME`` as
    their root, so that it serves them as it serves an only library; and others to ``index_app``."""

    def __init__(self, app: ASGIApp, index_app: ASGIApp, states: Mapping[str, AppState]) -> None:
        self._app = app
        self._index_app = index_app
        self._states = states

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        match = _PATH.match(path_below(scope))
        state = self._states.get(match[1]) if match else None
        if match is None or state is None:
            await self._index_app(scope, receive, send)
            return
        scope = {**scope, "root_path": root_of(scope) + match[0]}
        put_state(scope, state)
        await self._app(scope, receive, send)
