from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import Loaded, load_file

LIMIT = 1_000_000
Load = Callable[[str, bytes | str], list[Loaded]]
One = Callable[[str, bytes | str], Article]
Refusal = Callable[[str, bytes | str], str]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """What comes of a file of this name and content."""

    def load(name: str, content: bytes | str) -> list[Loaded]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(load_file(path, LIMIT))

    return load


@pytest.fixture
def one(load: Load) -> One:
    """The only article of a file."""

    def one(name: str, content: bytes | str) -> Article:
        (found,) = load(name, content)
        assert isinstance(found, Article), found
        return found

    return one


@pytest.fixture
def refusal(load: Load) -> Refusal:
    """Why there is no article in a file."""

    def refusal(name: str, content: bytes | str) -> str:
        (found,) = load(name, content)
        assert isinstance(found, LoadError), found
        return found.reason

    return refusal
