from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.library import Library
from tests.index.fetch.site import Site, serving
from tests.index.fetch.stories import story
from tests.index.sync.wire import Wire


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def wire(site: Site, library: Library) -> Wire:
    wire = Wire(site, library)
    for name in "abcdef":
        wire.put(f"/{name}", story(f"wombats of {name}"))
    wire.lists("abc")
    return wire
