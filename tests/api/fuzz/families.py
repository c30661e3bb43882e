"""The targets by what has to be there for them, which a turn of fuzzing opens once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.api.fuzz.chats import chat_targets
from tests.api.fuzz.files import FILES
from tests.api.fuzz.served import http_targets
from tests.api.fuzz.stores import store_targets
from tests.api.fuzz.target import Family, Target
from tests.api.fuzz.targets import TARGETS
from tests.api.fuzz.words import WORDS, written_targets

__all__ = ["FAMILIES"]


@contextmanager
def _functions(home: Path) -> Iterator[Sequence[Target]]:
    yield (*TARGETS, *WORDS)


@contextmanager
def _files(home: Path) -> Iterator[Sequence[Target]]:
    yield FILES


@contextmanager
def _models(home: Path) -> Iterator[Sequence[Target]]:
    with chat_targets() as chats, written_targets(home) as written:
        yield (*chats, *written)


FAMILIES = {
    "functions": Family(_functions, 1000),
    "files": Family(_files, 100),
    "models": Family(_models, 50),
    "stores": Family(store_targets, 300),
    "http": Family(http_targets, 200),
}
