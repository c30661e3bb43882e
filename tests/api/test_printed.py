"""What commands print of each kind of result, by the functions that print it."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.progress import Progress

import api.cli.articles
import api.cli.listing
import api.cli.sync
from api.cli.articles import _print_article, _print_dropped, _print_result
from api.cli.backup import _report
from api.cli.doctor import _print as print_checks
from api.cli.history import print_history
from api.cli.output import print_answer, print_sources
from api.cli.progress import FileProgress
from api.cli.publish import _summary
from api.cli.sync import _say
from api.logs import JsonLines, LogSampler, TerminalLines
from index.errors import LoadError
from index.fetch.articles import LinkResult
from index.ingest.batch import AddReport
from index.ingest.provenance import Provenance
from index.publication.publisher import Publication
from index.store.sqlite.backup import Contents
from index.store.versions import Version
from index.sync.engine import SyncReport
from rag.answer import Answer
from rag.contract import Stretch
from rag.evidence import Evidence
from rag.health import Check
from rag.query.time_expressions import TimeWord
from tests.api.test_output import MINES, NUMBER, SENTENCE, quoted, silence
from tests.fakes import article


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What both streams got, in one line."""

    def read() -> str:
        streams = capsys.readouterr()
        return " ".join(f"{streams.out} {streams.err}".split())

    return read


def written_answer() -> Answer:
    """An answer in other words than the article's, with the sentence as its source."""
    answer = quoted(Evidence(MINES, SENTENCE, NUMBER, 0.9))
    (citation,) = answer.citations
    text = "Twelve mines. [1]"
    places = {"start_index": 0, "end_index": 13, "marker_start": 14, "marker_end": 17}
    changed = citation.model_copy(update=places)
    return answer.model_copy(
        update={
            "answer": text,
            "mode": "generative",
            "citations": (changed,),
            "own_words": (Stretch(start_index=0, end_index=13),),
        }
    )


@pytest.mark.parametrize("stretches", [1, 2])
def test_what_nothing_backs_says_so(told: Callable[[], str], stretches: int) -> None:
    answer = written_answer()
    text = f"{answer.answer} It is haunted. It is old."
    places = [(18, 32), (33, 43)][:stretches]
    update = {
        "answer": text,
        "unsupported": tuple(Stretch(start_index=start, end_index=end) for start, end in places),
    }
    print_answer(answer.model_copy(update=update))
    note = "(no article backs this)"
    last = f"It is old. {note}" if stretches == 2 else "It is old."
    assert f"Twelve mines. [1] It is haunted. {note} {last} [1] Mines" in told()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "[1] Mines, The Wire mines, characters 11 to 39 “Acme bought 12 mines in May.”"),
        ({"fallback_reason": "timeout"}, "the chat model did not answer: timeout."),
        ({"fallback_reason": "not_answered"}, "the chat model found no answer."),
        ({"standalone_question": "What did Acme buy?"}, "Understood as: What did Acme buy?"),
        (
            {"time_words": (TimeWord("in May", "filter", date(2025, 5, 1), date(2025, 5, 31)),)},
            "“in May”: only articles published from 1 May 2025 to 31 May 2025",
        ),
        ({"time_words": (TimeWord("now", "newest"),)}, "“now”: the newest articles first"),
        (
            {"time_words": (TimeWord("lately", "prefer", date(2025, 5, 1)),)},
            "“lately”: articles published from 1 May 2025 to today first",
        ),
    ],
)
def test_a_written_answer(told: Callable[[], str], change: dict[str, Any], words: str) -> None:
    print_answer(written_answer().model_copy(update=change))
    assert words in told()


def test_silence_with_a_hint_and_with_nothing_near(told: Callable[[], str]) -> None:
    print_answer(silence().model_copy(update={"hint": "Ask of Acme.", "search_results": ()}))
    shown = told()
    assert "The articles do not say. Ask of Acme. confidence" in shown
    print_answer(silence().model_copy(update={"abstain_reason": "no_question", "answer": "Hello."}))
    assert told().strip() == "Hello."


@pytest.mark.parametrize("url", [None, "https://a.example/mines"])
def test_sources_in_full(told: Callable[[], str], url: str | None) -> None:
    print_sources(quoted(Evidence(replace(MINES, url=url), SENTENCE, NUMBER, 0.9)))
    assert told().strip().endswith(f"“Acme bought 12 mines in May.” {url or ''}".strip())


def test_a_sync_says_all_that_it_did(told: Callable[[], str]) -> None:
    failures = [LoadError(f"{n}.pdf", "damaged") for n in range(22)]
    articles = AddReport(added=["a", "b"], copies={"b": "a"}, failed=failures)
    report = SyncReport("/news", False, articles, moved=["c.txt"], kept=["d"], files=9, more=4)
    _say(report, "all-MiniLM-L6-v2", as_json=False)
    shown = told()
    for words in (
        "2 added, 0 updated, 0 removed, 1 is a copy of another, 1 file moved, 0 of 9 files",
        "4 more listed (--limit N takes more), 22 not added:",
        "and 2 more; --json lists them all",
        "Kept: 1 article whose files have gone",
    ):
        assert words in shown
    _say(report, "all-MiniLM-L6-v2", as_json=True)
    assert '"moved": [ "c.txt" ]' in told()


def test_publications_backups_and_links_are_told(told: Callable[[], str]) -> None:
    publication = Publication(3, 2, 7, 100, 1, 0, 0, False)
    assert _summary(publication) == "generation 3 is there already: 2 articles, 7 passages"
    _report(Contents(2, 7, 3), "written to", Path("a.backup"), as_json=False)
    assert "2 articles, 7 passages written to a.backup, verified" in told()
    _report(Contents(2, 7, 3), "written to", Path("a.backup"), as_json=True)
    assert '"articles": 2, "passages": 7, "generation": 3, "file": "a.backup"' in told()
    _print_result(LinkResult("https://a.example/feed", "more"))
    assert "https://a.example/feed lists more" in told()


def test_articles_and_their_history(told: Callable[[], str]) -> None:
    corrected = article("a", "It cost 5.\nCorrection: An earlier version said 4.", language="en")
    _print_article(corrected, [article("b", "It cost 5.")], None, as_json=False)
    shown = told()
    assert "also: b b" in shown
    assert shown.count("Correction: An earlier version said 4.") == 2
    print_history([Version(1, corrected, datetime(2025, 5, 1, tzinfo=UTC), None, ())], False)
    assert "! Correction: An earlier version said 4." in told()
    for provenance in (None, Provenance("mark", None, (), ())):
        _print_dropped(provenance)
    assert told().count("Nothing was left out.") == 2


def test_the_doctor_notes_what_is_no_fault(told: Callable[[], str]) -> None:
    print_checks([Check("library", True, "slow", warning=True), Check("home", False, "no")], False)
    assert "note library: slow WRONG home: no" in told()


def test_files_are_counted_on_a_bar(told: Callable[[], str]) -> None:
    with Progress(disable=True) as bar:
        shown = FileProgress(bar, 2)
        assert list(shown.files([Path("a.txt"), Path("b.txt")])) == [Path("a.txt"), Path("b.txt")]
        shown.report(AddReport(passages=3))
        (task,) = bar.tasks
    assert (task.completed, task.fields["file"]) == (2, "")
    assert task.fields["passages"].startswith("3 passages (")
    assert told() == ""


@pytest.mark.parametrize("lines", [JsonLines(), TerminalLines()])
def test_what_was_raised_is_in_the_log(lines: logging.Formatter) -> None:
    try:
        raise ValueError("no")
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "a.py", 1, "failed", (), sys.exc_info())
    shown = lines.format(record)
    assert re.search("error", shown)
    assert "ValueError: no" in shown


def test_the_kinds_that_a_log_remembers_are_bounded() -> None:
    sampler = LogSampler(clock=lambda: 0.0)
    for n in range(3_000):
        assert sampler.filter(logging.LogRecord("a", 20, "a.py", 1, f"kind {n}", (), None))
    assert len(sampler._kinds) < 3_000


@pytest.mark.parametrize(
    ("platform", "variables", "opened"),
    [("linux", {}, False), ("linux", {"DISPLAY": ":0"}, True), ("darwin", {}, True)],
)
def test_a_link_is_opened_where_there_is_a_browser(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], opened: bool
) -> None:
    here = SimpleNamespace(platform=platform)
    monkeypatch.setattr(api.cli.listing, "sys", here)
    monkeypatch.setattr(api.cli.listing, "os", SimpleNamespace(environ=variables))
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    assert api.cli.listing._browse("https://a.example") is opened
