from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from index.encode.encoders import ExportedModels
from index.library import Library
from index.settings import IndexSettings
from rag import Pullquote, Settings
from tests.fakes import FakeModels
from tests.homes import copy_of_shared, models_folder, remove_shared, share, with_models
from tests.shared_models import encoders_opened_once, reader_opened_once

LONGEST = (
    "tests/eval/test_model_gate.py",
    "tests/rag/chat/test_local.py",
    "tests/api/http/test_schema.py",
    "tests/api/web/",
    "tests/test_package.py",
)
# What their tests share takes longer to make than a second process saves: a browser.
TOGETHER = ("tests/api/web/",)
SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def pytest_configure(config: pytest.Config) -> None:
    """Before pytest-xdist starts its processes, make them a folder in common."""
    if _starts_others(config):
        share()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _starts_others(config):
        remove_shared()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Keep the garbage collector from what is imported and collected, which is no garbage: it would
    look at all of it again and again, now and in every test."""
    gc.disable()
    try:
        _import_from_the_end(session.config)
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where processes share the files, begin with those that take longest, so that all of them
    end at about the same time."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out files of tests, as ``--dist loadfile`` does, and some folders as a whole."""
    if config.getoption("dist") != "loadfile":
        return None
    # Where pytest-xdist is not in use, nobody calls this.
    from xdist.scheduler import LoadFileScheduling

    scheduler = LoadFileScheduling(config, log)
    file_of = scheduler._split_scope
    scheduler._split_scope = lambda nodeid: next(
        (folder for folder in TOGETHER if nodeid.startswith(folder)), file_of(nodeid)
    )
    return scheduler


def _import_from_the_end(config: pytest.Config) -> None:
    """In a checkout where nothing is compiled yet, all processes would compile all tests, one file
    after another at the same time. Every second of them begins at the end, and from the middle on
    each finds what the other compiled."""
    number = getattr(config, "workerinput", {}).get("workerid", "gw0").removeprefix("gw")
    if not int(number) % 2:
        return
    for name in (arg.partition("::")[0] for arg in config.args):
        for path in sorted((config.rootpath / name).rglob("test_*.py"), reverse=True):
            module = path.relative_to(config.rootpath).with_suffix("")
            # What is wrong with it, or skips it, is told when it is collected.
            with suppress(Exception, pytest.skip.Exception):
                import_module(".".join(module.parts))


def _starts_others(config: pytest.Config) -> bool:
    return bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")


@pytest.fixture
def models() -> FakeModels:
    return FakeModels()


@pytest.fixture
def library(tmp_path: Path, models: FakeModels) -> Iterator[Library]:
    library = Library.open(tmp_path / "library", IndexSettings(), models, create=True)
    yield library
    library.close()


@pytest.fixture(scope="session", autouse=True)
def _one_reader() -> Iterator[None]:
    """The real reader, opened once for all tests of a process."""
    with reader_opened_once():
        yield


@pytest.fixture(scope="session")
def reader_models() -> Path:
    """Where the reader's networks are, made by the first test that reads."""
    return models_folder()


@pytest.fixture(scope="module")
def one_encoder() -> Iterator[None]:
    """The real encoders, opened once for all tests of a module."""
    with encoders_opened_once():
        yield


def _index_seeds(home: Path) -> None:
    # Not for the tests that need no home.
    from eval.dataset.built_in import BuiltIn, open_built_in
    from eval.library import open_pullquote

    settings = Settings(home=with_models(home))
    models = ExportedModels(settings.models_folder)
    with Pullquote.open(settings=settings, models=models, create=True) as pullquote:
        report = pullquote.add([SEEDS])
    assert len(report.added) == 2
    with open_pullquote(open_built_in(BuiltIn.SEEDS, settings.max_article_chars), settings):
        pass


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the built-in articles indexed by the real model, for questions and for the
    evaluation of the set ``seeds``."""
    return copy_of_shared("home", _index_seeds, tmp_path_factory.mktemp("seeds") / "home")


@pytest.fixture(scope="session")
def seeds(home: Path) -> Iterator[Pullquote]:
    """The built-in articles, ready to be asked."""
    with Pullquote.open(settings=Settings(home=home)) as pullquote:
        yield pullquote
