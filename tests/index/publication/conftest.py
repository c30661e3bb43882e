"""A library, a place to publish it to, and followers elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.publication.place import FolderPlace
from index.publication.publisher import Publication
from index.settings import IndexSettings
from tests.fakes import FakeModels
from tests.stores import publish_library

Follow = Callable[..., Library]
Publish = Callable[..., Publication]


@pytest.fixture
def place(tmp_path: Path) -> FolderPlace:
    return FolderPlace(tmp_path / "place")


@pytest.fixture
def published(library: Library, place: FolderPlace) -> Publish:
    """Publishes the library as it is."""
    return lambda **options: publish_library(library.folder, place, **options)


@pytest.fixture
def follow(tmp_path: Path, place: FolderPlace) -> Iterator[Follow]:
    """Opens followers of the place, each in a folder of its own unless one is named."""
    followers: list[Library] = []

    def open_follower(name: str = "", **settings: object) -> Library:
        known = IndexSettings.model_validate({"follow": place.url, **settings})
        folder = tmp_path / (name or f"follower{len(followers)}")
        followers.append(Library.open(folder, known, FakeModels()))
        return followers[-1]

    yield open_follower
    for follower in followers:
        follower.close()
