"""What workers made is what one machine would have made, whatever became of the workers."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.distributed.ingest import add_files
from index.distributed.ray_pool import WorkerPlan
from index.distributed.watchdog import Watchdog
from index.distributed.work import ShardResult
from index.errors import ClusterError, FetchError, LoadError, ModelMismatch
from index.ingest.batch import AddReport
from index.library import Library
from index.load import load_paths
from index.settings import IndexSettings
from index.sync.engine import sync_folder
from index.text.sentences import has_sentence, sentences
from tests.fakes import FakeEncoder, FakeModels
from tests.index.distributed.corpus import assert_same, write_files
from tests.index.distributed.pools import LocalPool

# Several batches of articles, so that some are admitted while others are being encoded.
SETTINGS = IndexSettings(batch_articles=5)


class Clock:
    """Goes on by a second each time it is read."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_files(tmp_path_factory.mktemp("corpus") / "files", 60)


@pytest.fixture(scope="module")
def plain(
    tmp_path_factory: pytest.TempPathFactory, files: list[Path]
) -> Iterator[tuple[Library, AddReport]]:
    """What one machine makes, made once: it is only looked at."""
    folder = tmp_path_factory.mktemp("plain") / "library"
    library = Library.open(folder, SETTINGS, FakeModels(), create=True)
    with pytest.MonkeyPatch.context() as patch:
        # On a busy machine a batch would end early, and failures be listed in another order.
        patch.setattr("index.ingest.batch._FIRST_SECONDS", 600.0)
        patch.setattr("index.ingest.batch._BATCH_SECONDS", 600.0)
        report = library.add(load_paths(files, SETTINGS.max_article_chars))
    yield library, report
    library.close()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "other", SETTINGS, FakeModels(), create=True)
    yield library
    library.close()


def messages(report: AddReport) -> list[str]:
    return [str(failure) for failure in report.failed]


@pytest.mark.parametrize("fault", ["", "lost", "wrong"])
def test_all_is_as_one_machine_makes_it(
    library: Library, plain: tuple[Library, AddReport], files: list[Path], fault: str
) -> None:
    pool = LocalPool(SETTINGS, lambda number: fault if number % 3 == 1 else "")
    report = add_files(library, files, pool, AddReport())
    assert_same(library, plain[0])
    expected = plain[1]
    assert report.added == expected.added
    assert (report.unchanged, report.passages) == (expected.unchanged, expected.passages)
    assert messages(report) == messages(expected)
    assert len(expected.added) > 20
    assert messages(expected)


def test_a_second_run_finds_nothing_to_do(library: Library, files: list[Path]) -> None:
    first = add_files(library, files, LocalPool(SETTINGS), AddReport())
    report = add_files(library, files, LocalPool(SETTINGS), AddReport())
    assert (report.added, report.updated, report.passages) == ([], [], 0)
    assert report.unchanged == len(first.added) + first.unchanged


def test_what_a_sync_had_brought_before_is_added_by_hand(library: Library, tmp_path: Path) -> None:
    news, desk = tmp_path / "news", tmp_path / "desk"
    for folder in (news, desk):
        folder.mkdir()
        (folder / "ants.txt").write_text("Ants\n\nAnts live here. They are many indeed.")
    (news / "bees.txt").write_text("Bees\n\nBees live there. They are few indeed.")
    sync_folder(library, news)
    files = [desk / "ants.txt", news / "bees.txt"]
    assert add_files(library, files, LocalPool(SETTINGS), AddReport()).unchanged == 2
    (news / "ants.txt").unlink()
    (news / "bees.txt").unlink()
    (news / "cats.txt").write_text("Cats\n\nCats sleep a lot. Nobody knows why they do.")
    report = sync_folder(library, news)
    with library.view() as view:
        assert [each.title for each in view.articles()] == ["Ants", "Cats"], report


def test_a_run_that_was_stopped_goes_on(
    library: Library, plain: tuple[Library, AddReport], files: list[Path]
) -> None:
    shards: list[ShardResult] = []

    def stop(result: ShardResult) -> None:
        shards.append(result)
        if len(shards) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_files(library, files, LocalPool(SETTINGS), AddReport(), on_shard=stop)
    articles = library.status()["articles"]
    assert 0 < articles < len(plain[1].added)
    report = add_files(library, files, LocalPool(SETTINGS), AddReport())
    assert len(report.added) == len(plain[1].added) - articles
    assert_same(library, plain[0])


def test_a_pool_that_hangs_is_renewed(
    library: Library, plain: tuple[Library, AddReport], files: list[Path]
) -> None:
    pool = LocalPool(SETTINGS, lambda number: "silent" if 3 <= number < 20 else "")
    add_files(library, files, pool, AddReport(), patience=6, clock=Clock())
    assert pool.renewals > 0
    assert_same(library, plain[0])


def test_a_pool_that_hangs_for_good_is_given_up_and_what_is_finished_is_kept(
    library: Library, files: list[Path]
) -> None:
    pool = LocalPool(SETTINGS, lambda number: "silent" if number > 12 else "")
    report = AddReport()
    with pytest.raises(ClusterError, match="4 times in a row; what was finished is written"):
        add_files(library, files, pool, report, patience=6, clock=Clock())
    assert pool.renewals == 3
    assert 0 < len(report.added) == library.status()["articles"]
    assert library.verify() == []


@pytest.mark.parametrize(
    ("fault", "message"), [("lost", "its worker is gone"), ("wrong", "vectors of another shape")]
)
def test_work_that_always_fails_is_named(
    library: Library, files: list[Path], fault: str, message: str
) -> None:
    pool = LocalPool(SETTINGS, lambda number: fault if number > 8 else "")
    with pytest.raises(ClusterError, match=rf"could not be worked on, 4 times: .*{message}"):
        add_files(library, files, pool, AddReport())


def test_workers_with_another_model_than_the_library_are_refused(
    tmp_path: Path, files: list[Path]
) -> None:
    models = FakeModels(FakeEncoder(weights="w2"))
    library = Library.open(tmp_path / "other", SETTINGS, models, create=True)
    library.add(load_paths(files[:2], 10_000))
    with pytest.raises(ModelMismatch, match="w2"):
        add_files(library, files, LocalPool(SETTINGS), AddReport())
    library.close()


def test_patience_begins_anew_with_progress() -> None:
    clock = Clock()
    watchdog = Watchdog(4, 1, clock)
    watchdog.restart()
    watchdog.progress()
    watchdog.restart()
    assert not watchdog.is_stuck()
    clock.seconds += 4
    assert watchdog.is_stuck()
    with pytest.raises(ClusterError, match="4 seconds, 2 times"):
        watchdog.restart()


@pytest.mark.parametrize(
    ("resources", "workers", "plan"),
    [
        ({"CPU": 8.0}, None, WorkerPlan(0, 8, 0)),
        ({"CPU": 8.0}, 3, WorkerPlan(0, 3, 0)),
        ({"CPU": 8.0, "GPU": 2.0}, None, WorkerPlan(2, 0, 6)),
        ({"CPU": 1.0, "GPU": 1.0}, None, WorkerPlan(1, 0, 0)),
        ({}, None, WorkerPlan(0, 1, 0)),
    ],
)
def test_gpus_encode_where_there_are_some(
    resources: dict[str, float], workers: int | None, plan: WorkerPlan
) -> None:
    assert WorkerPlan.of(resources, workers) == plan


@pytest.mark.parametrize("error", [LoadError("a: b", "c: d"), FetchError("a", "b", 404)])
def test_errors_come_from_other_processes_as_they_were(error: LoadError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(copy), copy.__dict__, str(copy)) == (type(error), error.__dict__, str(error))


@pytest.mark.parametrize(
    "text",
    ["", " \n\u00a0\n", "One.", "...\n", "Photo: A. Smith\n", "\ud800", "a\n-"],
)
def test_a_text_has_a_sentence_where_one_is_found(text: str) -> None:
    assert has_sentence(text) == bool(sentences(text))
