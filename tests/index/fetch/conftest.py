from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.fetch import Client
from tests.index.fetch.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def client(site: Site) -> Iterator[Client]:
    with site.client() as client:
        yield client
