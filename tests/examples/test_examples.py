"""The examples run as they are, over the built-in articles."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from examples import (
    ask_a_folder,
    evaluate_your_questions,
    langchain_retriever,
    stream_an_answer,
)
from index.article import Article
from rag import Pullquote

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "How much will Alibaba invest in AI infrastructure?"
pytestmark = pytest.mark.usefixtures("one_encoder")


@pytest.fixture(autouse=True)
def _environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_HOME", str(home))


@pytest.fixture
def article(seeds: Pullquote) -> Article:
    """The one that answers."""
    return seeds.ask(QUESTION).citations[0].article


def test_ask_a_folder(article: Article, capsys: pytest.CaptureFixture[str]) -> None:
    ask_a_folder.main(ROOT / "seeds", QUESTION)
    printed = capsys.readouterr().out
    assert "[1]" in printed.splitlines()[0]
    assert f"[1] {article.title}, characters " in printed


def test_stream_an_answer(article: Article, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(stream_an_answer.stream(QUESTION))
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("Reading ")
    assert "[1]" in rest[0]
    assert f"[1] {article.title}" in rest


def test_langchain_retriever(seeds: Pullquote, capsys: pytest.CaptureFixture[str]) -> None:
    langchain_retriever.main(QUESTION)
    place, text = capsys.readouterr().out.split("\n\n")[0].split("\n", 1)
    number, _, offsets = place.partition(" ")
    id, _, span = offsets.rpartition(":")
    start, end = map(int, span.split("-"))
    assert number == "[1]"
    # A passage of several paragraphs goes on after the first gap.
    passage = next(each for each in seeds.articles() if each.id == id).text[start:end]
    assert passage.startswith(text)


def test_evaluate_your_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = ROOT / "examples" / "questions.jsonl"
    assert evaluate_your_questions.main(ROOT / "seeds", questions, tmp_path) == 0
    assert "violations" in capsys.readouterr().out
    assert (tmp_path / "report.html").exists()


def test_every_example_is_tested() -> None:
    scripts = {path.stem for path in (ROOT / "examples").glob("*.py")}
    tested = {ask_a_folder, evaluate_your_questions, langchain_retriever, stream_an_answer}
    assert scripts == {module.__name__.rpartition(".")[2] for module in tested}
