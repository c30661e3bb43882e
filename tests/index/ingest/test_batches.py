"""What is done is written in time, and kept when the rest is interrupted."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.article import Article
from index.encode.base import Floats, Progress
from index.ingest.batch import AddReport, Cut, batches, cut
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


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A job in the background may have been started with the signal ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_a_signal_while_reading_loses_only_what_was_read_last(tmp_path: Path) -> None:
    clock = Clock()
    library = opened(tmp_path / "library", SlowEncoder(clock, seconds=1))
    report = AddReport()

    def slowly(until: int) -> Iterator[Article]:
        for count, item in enumerate(many(30)):
            if count == until:
                signal.raise_signal(signal.SIGINT)
            clock.seconds += 0.5
            yield item

    with pytest.raises(KeyboardInterrupt):
        library.add(slowly(until=15), report=report)
    # What takes two seconds to read, then what takes four.
    assert len(report.added) == library.status()["articles"] == 12
    assert library.verify() == []
    assert len(library.add(slowly(until=30)).added) == 18
    library.close()


@pytest.mark.usefixtures("interruptible")
def test_a_signal_while_encoding_keeps_what_was_encoded(tmp_path: Path) -> None:
    class Interrupted(SlowEncoder):
        def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
            vectors = super().encode(texts, progress)
            if self.calls == 2:
                signal.raise_signal(signal.SIGINT)
            return vectors

    library = opened(tmp_path / "library", Interrupted(Clock(), seconds=1))
    report = AddReport()
    with pytest.raises(KeyboardInterrupt):
        library.add(many(256), report=report)
    assert len(report.added) == library.status()["articles"] == 64
    library.close()


def test_the_first_piece_is_encoded_before_the_next_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    class Watched(SlowEncoder):
        def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
            order.append("encode")
            return super().encode(texts, progress)

    def watched(item: Article, settings: IndexSettings) -> Cut:
        order.append("cut")
        return cut(item, settings)

    monkeypatch.setattr("index.ingest.batch.cut", watched)
    library = opened(tmp_path / "library", Watched(Clock(), seconds=1))
    library.add(many(100))
    assert order == ["cut"] * 64 + ["encode"] + ["cut"] * 36 + ["encode"]
    library.close()


def test_what_is_read_slowly_makes_small_batches_and_then_larger_ones() -> None:
    clock = Clock()

    def slowly() -> Iterator[Article]:
        for item in many(44):
            clock.seconds += 1
            yield item

    sizes = [len(batch) for batch in batches(slowly(), IndexSettings(), clock)]
    assert sizes == [2, 4, 8, 10, 10, 10]
