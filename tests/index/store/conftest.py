"""A library opened again, as another process would."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from index.library import Library


@pytest.fixture
def reopened(library: Library) -> Iterator[Callable[[], Library]]:
    """The library as another process would open it."""
    opened: list[Library] = []

    def reopen() -> Library:
        opened.append(Library.open(library.folder, library.settings, library.models))
        return opened[-1]

    yield reopen
    for each in opened:
        each.close()
