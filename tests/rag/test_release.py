"""What answers questions is given back with the object, models and their threads too."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag import Pullquote, Settings
from rag.reading.cascade import CascadeReader
from rag.reading.first_reader import FirstReader
from rag.reading.opening import open_reader


@pytest.fixture
def manual_collection() -> Iterator[None]:
    """Nothing is given back only because Python happens to look for cycles."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("manual_collection")
def test_models_and_their_threads_go_with_who_asked(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not the reader that the tests of a process share.
    monkeypatch.setattr("rag.answering_models.open_reader", open_reader)
    before = set(threading.enumerate())
    pullquote = Pullquote.open(settings=Settings(home=home))
    question = "How much will Alibaba invest in AI infrastructure?"
    assert "380 billion" in pullquote.ask(question).answer
    reader = pullquote.reader
    assert isinstance(reader, CascadeReader)
    assert isinstance(reader.first, FirstReader)
    networks: list[weakref.ref[Any]] = [
        weakref.ref(pullquote),
        weakref.ref(reader),
        weakref.ref(reader.first),
    ]
    threads = set(threading.enumerate()) - before
    assert threads
    pullquote.close()
    del pullquote, reader
    assert [each() for each in networks] == [None, None, None]
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
