"""What a command does that asks where there is no library yet."""

from __future__ import annotations

import pytest

from api.cli import library
from index.errors import LibraryMissing


def test_built_in_articles_are_put_into_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in a name is no wish for another library beside that of others."""
    creations: list[bool] = []

    def open_library(create: bool = False) -> None:
        creations.append(create)
        raise LibraryMissing("http://engine:19530 (newsroon): no library there")

    monkeypatch.setattr(library, "open_library", open_library)
    monkeypatch.setenv("PULLQUOTE_STORE", "milvus+http://engine/newsroon")
    with pytest.raises(LibraryMissing, match="newsroon"):
        library.open_or_seed()
    assert creations == [False]
