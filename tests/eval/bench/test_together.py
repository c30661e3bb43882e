from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from defusedxml import ElementTree

from eval.bench.load import memory_plot
from eval.bench.together import Read, measure, read_directly
from index.library import Library
from index.settings import IndexSettings
from tests.fakes import FakeModels


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[Library]]:
    settings = IndexSettings(lock_timeout=0)
    libraries = [
        Library.open(tmp_path / "library", settings, FakeModels(), create=True) for _ in range(3)
    ]
    yield libraries
    for library in libraries:
        library.close()


def test_who_reads_while_another_writes_sees_one_state(opened: list[Library]) -> None:
    writer, rival, shared = opened
    readers: list[Read] = [lambda: read_directly(shared)] * 4
    report = measure(writer, rival, readers, writes=8, seconds=60)
    assert (report["wrong"], report["doctor"]) == (0, [])
    assert report["right"] >= 4
    assert report["rival wrote"] == 1


def test_a_reading_of_two_states_is_wrong(opened: list[Library]) -> None:
    writer, rival, _ = opened
    torn: Read = lambda: ["number 1", "number 0"]  # noqa: E731
    report = measure(writer, rival, [torn], writes=1, seconds=60)
    assert report["wrong"] > 0


def test_a_second_writer_is_told_who_writes(opened: list[Library]) -> None:
    writer, rival, shared = opened
    with writer.store.writing():
        from eval.bench.together import _rival

        assert _rival(rival, 1) == "rival told"
    with closing(shared):
        assert shared.status()["articles"] == 0


def test_the_plot_begins_at_nothing_and_holds_every_sample() -> None:
    plot = ElementTree.fromstring(memory_plot([(0.0, 100.0), (30.0, 120.0), (60.0, 110.0)]))
    (line,) = plot.iter("{http://www.w3.org/2000/svg}polyline")
    heights = [float(point.split(",")[1]) for point in line.attrib["points"].split()]
    assert len(heights) == 3
    assert heights[1] < heights[2] < heights[0] < 204
