"""How an answer and an abstention are printed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from rich.console import Console
from rich.table import Table

import api.cli.output
from api.cli.output import count_of, json_of, print_answer, print_results
from index.article import Passage, Span
from rag.answer import Answer, Lead, SearchResult
from rag.citing.markers import AnswerBuilder
from rag.console import SafeConsole
from rag.contract import Usage
from rag.evidence import AlsoIn, Evidence
from tests.fakes import article

TEXT = "It rained. Acme bought 12 mines in May."
MINES = article("mines", TEXT, title="Mines", publisher="The Wire")
COPY = article("copy", TEXT, title="Acme digs", publisher="The Post")
SENTENCE = Span(11, len(TEXT))
NUMBER = Span(TEXT.index("12"), TEXT.index("12") + 2)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    terminal = Console(file=StringIO(), force_terminal=True, color_system="standard", width=100)
    monkeypatch.setattr(api.cli.output, "stdout", terminal)
    assert isinstance(terminal.file, StringIO)
    return terminal.file


def test_a_count_is_said_as_it_is_read() -> None:
    assert [count_of(n, "article") for n in (0, 1, 1200)] == [
        "0 articles",
        "1 article",
        "1,200 articles",
    ]


def quoted(*found: Evidence) -> Answer:
    made = AnswerBuilder()
    list(made.quote(found))
    return Answer(
        question="What did Acme do?",
        answer=made.text,
        confidence=0.9,
        as_of=date(2025, 5, 26),
        citations=tuple(made.citations),
        own_words=tuple(made.own_words),
    )


@pytest.mark.parametrize(("milliseconds", "text"), [(84.4, "84 ms"), (37_717.0, "37.7 s")])
def test_a_long_time_is_told_in_seconds(printed: StringIO, milliseconds: float, text: str) -> None:
    answer = quoted(Evidence(MINES, SENTENCE, NUMBER, 0.9))
    print_answer(answer.model_copy(update={"usage": Usage(latency_ms=milliseconds)}))
    plain = re.sub(r"\x1b\[[\d;]*m", "", printed.getvalue())
    assert f"confidence 90%, {text}" in plain


def test_every_quotation_stands_above_its_source(printed: StringIO) -> None:
    text = "It rained. The sun came. Acme paid."
    one, two = article("one", text, title="One"), article("two", text, title="Two")
    spans = [Span(0, 10), Span(25, 35)]
    print_answer(
        quoted(*(Evidence(each, span, span, 0.9) for each in (one, two) for span in spans))
    )
    plain = re.sub(r"\x1b\[[\d;]*m", "", printed.getvalue())
    told = "\n".join(line.rstrip() for line in plain.splitlines())
    first, second = told.split("It rained. [3]")
    assert "It rained. [1] […] Acme paid. [2]\n\n  [1] [2] One\n" in first
    assert "one, characters 0 to 10 and 25 to 35" in first
    assert "two" not in first.lower()
    assert " […] Acme paid. [4]\n\n  [3] [4] Two\n" in second
    assert "as of 26 May 2025, confidence 90%" in second


def silence(*near: Evidence) -> Answer:
    return Answer(
        question="How many mines does Bolt own?",
        answer="The articles do not say.",
        confidence=0.1,
        abstain_reason="not_in_articles",
        leads=tuple(Lead(each, number) for number, each in enumerate(near, start=1)),
        search_results=(SearchResult(MINES, Passage(1, "mines", 0, SENTENCE, (SENTENCE,)), 0.5),),
    )


def test_leads_stand_in_place_of_the_nearest_passages(printed: StringIO) -> None:
    also_in = (AlsoIn(COPY, SENTENCE),)
    print_answer(silence(Evidence(MINES, SENTENCE, NUMBER, 0.1, also_in)))
    told = printed.getvalue()
    assert "The articles may touch on this:\n" in told
    assert "“Acme bought \x1b[1m12\x1b[0m mines in May.”" in told
    assert "\n      Mines, The Wire" in told
    assert "      \x1b[2mmines, characters 11 to 39\x1b[0m" in told
    assert "also in Acme digs, The Post" in told
    assert "Nearest passages" not in told


def test_what_was_read_off_a_picture_says_how_surely(printed: StringIO) -> None:
    scan = replace(MINES, recognition=(0.87,))
    print_answer(silence(Evidence(scan, SENTENCE, SENTENCE, 0.1)))
    assert "read off a picture, 87% sure of it" in printed.getvalue()


def test_a_lead_that_is_near_as_a_whole_is_not_bold(printed: StringIO) -> None:
    print_answer(silence(Evidence(MINES, SENTENCE, SENTENCE, 0.1)))
    assert "“Acme bought 12 mines in May.”" in printed.getvalue()


def test_without_leads_there_are_the_nearest_passages(printed: StringIO) -> None:
    print_answer(silence())
    assert "Nearest passages:" in printed.getvalue()
    assert "touch on this" not in printed.getvalue()


ESCAPES = "\x1b[2J\x9b31m\x07\x08\r\x7f"


def test_what_wraps_stays_beside_its_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = SafeConsole(file=StringIO(), force_terminal=True, color_system=None, width=40)
    monkeypatch.setattr(api.cli.output, "stdout", terminal)
    title = "The mines that were bought in the month of May by Acme"
    mines = article("mines-of-the-north", TEXT, title=title)
    print_answer(quoted(Evidence(mines, SENTENCE, NUMBER, 0.9)))
    results = [SearchResult(mines, Passage(1, "mines-of-the-north", 0, SENTENCE, (SENTENCE,)), 0.5)]
    print_results(results)
    assert isinstance(terminal.file, StringIO)
    lines = [line.rstrip() for line in terminal.file.getvalue().splitlines()]
    place = next(n for n, line in enumerate(lines) if "mines-of-the-north, char" in line)
    assert lines[place - 1].startswith(" " * 6)
    assert lines[place].startswith(" " * 6)
    assert lines[place + 1].startswith(" " * 6)
    head = next(n for n, line in enumerate(lines) if line.startswith("1. The mines"))
    assert lines[head + 1].startswith("   ")
    assert all(len(line) <= 40 for line in lines)


def test_nothing_of_an_article_controls_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = SafeConsole(file=StringIO(), force_terminal=True, color_system=None, width=200)
    monkeypatch.setattr(api.cli.output, "stdout", terminal)
    hostile = article(f"mines{ESCAPES}", TEXT, publisher=f"Wire{ESCAPES}")
    hostile = replace(hostile, title=f"Mines{ESCAPES}")
    print_answer(silence(Evidence(hostile, SENTENCE, NUMBER, 0.1, (AlsoIn(hostile, SENTENCE),))))
    table = Table(f"File{ESCAPES}")
    table.add_row(f"row{ESCAPES}")
    terminal.print(table)
    terminal.print(f"error: {ESCAPES}", markup=False)
    assert isinstance(terminal.file, StringIO)
    told = terminal.file.getvalue()
    assert "Mines\N{REPLACEMENT CHARACTER}" in told
    assert not set(ESCAPES) - set("[2J31m") & set(told)


def test_json_on_a_terminal_controls_nothing() -> None:
    record = {f"title{ESCAPES}": f"ä\n{ESCAPES}"}
    told = json_of(record)
    assert told.isprintable()
    assert json.loads(told) == record
    assert "ä" in told
