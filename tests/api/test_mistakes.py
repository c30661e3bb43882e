"""What people get wrong on the command line, and what they are told."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from rag import Pullquote, Settings
from tests.fakes import FakeModels, article

Cli = Callable[..., Result]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a library of two small articles, made without a model."""
    home = tmp_path_factory.mktemp("mistakes")
    with Pullquote.open(settings=Settings(home=home), models=FakeModels(), create=True) as library:
        library.add_articles(
            article(id, f"{id} rise and fall.") for id in ("tides-of-june", "prices")
        )
    return home


@pytest.fixture
def cli(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line over that library, in an empty folder."""
    monkeypatch.setenv("PULLQUOTE_HOME", str(home))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["pullquote", *arguments])
        return CliRunner().invoke(app, arguments, catch_exceptions=False)

    return run


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("list", "--from", "yesterday"), 2, "a day is needed, such as 2025-05-26"),
        (
            ("list", "--from", "2025-05-02", "--to", "2025-01-01"),
            2,
            "--from 2025-05-02 is after --to 2025-01-01",
        ),
        (("ask", " ? "), 2, "pullquote: question: it is empty"),
        (("ask", "Who?", "--article", "tide-of-june"), 1, "do you mean tides-of-june"),
        (("add", "ftp://example.org/x"), 2, "there is no ftp://example.org/x; a link begins with"),
        (("sync", __file__), 1, "test_mistakes.py is a file: pullquote add takes files"),
        (("sync", "ftp://example.org/x"), 2, "a link begins with http:// or https://"),
        (("show", "prices", "--version", "9"), 1, "prices has no version 9, only 1"),
        (("show", ""), 1, "no article '' in the library"),
        (("eval", "--fail-under", "speed=1"), 2, "Invalid value for --fail-under"),
        (("remove",), 2, "Missing argument 'ID'"),
        (("restore", __file__, "--yes"), 1, "test_mistakes.py: no backup of a library"),
    ],
)
def test_a_mistake_is_told(cli: Cli, arguments: tuple[str, ...], code: int, words: str) -> None:
    result = cli(*arguments)
    assert result.exit_code == code
    assert words in " ".join(result.stderr.replace("│", " ").split())


def test_a_folder_with_nothing_to_read_is_told(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "notes.xyz").write_text("?")
    result = cli("add", ".")
    assert result.exit_code == 0
    assert result.stderr == "No file of a kind that can be read is there.\n"


def test_a_choice_of_articles_takes_beginnings(cli: Cli) -> None:
    listed = json.loads(cli("list", "--article", "tides", "--json").stdout)
    assert [each["id"] for each in listed] == ["tides-of-june"]


def test_a_question_needs_no_quotation_marks(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def searched(_: Pullquote, question: str, **__: object) -> list[object]:
        asked.append(question)
        return []

    monkeypatch.setattr(Pullquote, "search", searched)
    assert cli("search", "Tides", "of", "June", "--top-k", "1").exit_code == 0
    assert asked == ["Tides of June"]
