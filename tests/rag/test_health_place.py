"""The health report says where the articles are."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.library import Library
from index.settings import IndexSettings
from rag.health import check_library
from tests.fakes import FakeModels
from tests.index.store.memory import MemoryStore


@pytest.mark.parametrize(
    ("store", "place", "indexes"),
    [
        ("", "shelf, ", "vectors in memory"),
        ("milvus:///srv/news.db", "milvus:///srv/news.db, ", "Milvus's own"),
        ("milvus+http://me:secret@engine/desk", "http://engine:19530 (desk), ", "Milvus's own"),
    ],
)
def test_the_place_of_the_articles_is_named_without_its_password(
    store: str, place: str, indexes: str
) -> None:
    library = Library(Path("shelf"), MemoryStore(), IndexSettings(store=store), FakeModels())
    checks = {check.name: check.detail for check in check_library(library)}
    assert checks["library"].startswith(f"{place}generation")
    assert checks["index"].startswith(indexes)
