"""What is done is written in time, and kept when the rest is interrupted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.article import Article
from index.encode.base import Floats, Progress
from index.ingest.batch import AddReport, batches
from index.library import Library
from index.settings import IndexSettings
from tests.fakes import FakeEncoder, FakeModels, article


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class SlowEncoder(FakeEncoder):
    """Takes ``seconds`` on the clock for each call, and is interrupted at the call ``end``."""

    def __init__(self, clock: Clock, seconds: float, end: int | None = None) -> None:
        super().__init__()
        self.clock, self.seconds, self.end, self.calls = clock, seconds, end, 0

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        self.calls += 1
        if self.calls == self.end:
            raise KeyboardInterrupt
        self.clock.seconds += self.seconds
        return super().encode(texts, progress)


def many(count: int) -> list[Article]:
    return [article(f"a{n}", f"Report {n} says that ward {n} is well.") for n in range(count)]


def opened(folder: Path, encoder: SlowEncoder) -> Library:
    library = Library.open(folder, IndexSettings(), FakeModels(encoder), create=True)
    library.clock = encoder.clock
    return library


def test_a_batch_that_takes_long_is_written_in_parts(tmp_path: Path) -> None:
    library = opened(tmp_path / "library", SlowEncoder(Clock(), seconds=6))
    counts: list[int] = []
    report = AddReport(lambda report: counts.append(len(report.added)))
    library.add(many(256), report=report)
    assert sorted({count for count in counts if count}) == [128, 256]
    assert library.status()["articles"] == 256
    assert library.verify() == []
    library.close()


def test_a_batch_that_is_quick_is_written_at_once(tmp_path: Path) -> None:
    library = opened(tmp_path / "library", SlowEncoder(Clock(), seconds=1))
    counts: list[int] = []
    library.add(many(256), report=AddReport(lambda report: counts.append(len(report.added))))
    assert {count for count in counts if count} == {256}
    library.close()


def test_what_was_encoded_before_an_interruption_is_kept(tmp_path: Path) -> None:
    library = opened(tmp_path / "library", SlowEncoder(Clock(), seconds=1, end=4))
    report = AddReport()
    with pytest.raises(KeyboardInterrupt):
        library.add(many(256), report=report)
    assert len(report.added) == library.status()["articles"] == 192
    assert library.verify() == []
    assert len(library.add(many(256)).added) == 64
    library.close()


def test_what_is_read_slowly_makes_small_batches() -> None:
    clock = Clock()

    def slowly() -> Iterator[Article]:
        for item in many(30):
            clock.seconds += 1
            yield item

    assert [len(batch) for batch in batches(slowly(), IndexSettings(), clock)] == [10, 10, 10]
