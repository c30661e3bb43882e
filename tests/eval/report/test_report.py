from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import Dataset
from eval.metrics.scores import score
from eval.report import page, render, write_report
from eval.report.entry import Piece, pieces
from eval.results import Cited, Run
from eval.run import run, run_search

ATTACK = '</script><script>alert("x")</script><img src=x onerror=alert(1)>'


class Structure(HTMLParser):
    """Open tags, attributes that load something, and the text of scripts."""

    VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.loads += [
            value or ""
            for name, value in attrs
            if name in {"src", "srcset", "action", "data", "poster"}
            or (name == "href" and not (value or "").startswith("#"))
        ]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def parsed(html: str) -> Structure:
    structure = Structure()
    structure.feed(html)
    assert structure.open == []
    return structure


@pytest.fixture
def finished(dataset: Dataset, make_system: Any, tmp_path: Path) -> Run:
    return run(make_system(), dataset, tmp_path / "r.jsonl", unsilenced=make_system(threshold=0.0))


@pytest.fixture
def html(finished: Run) -> str:
    return render(finished, score(finished.results))


def test_the_page_asks_nothing_of_the_network(html: str) -> None:
    assert parsed(html).loads == ["data:,"]
    assert not re.search(r"https?://|@import|url\(|fetch\(|XMLHttp", html)
    assert "default-src 'none'" in html


def test_every_question_metric_and_setting_is_there(html: str, finished: Run) -> None:
    assert html.count("<tbody data-number") == len(finished.results)
    for result in finished.results:
        assert result.case.question in html
    for told in ("risk_coverage", "calibration error", "settings.threshold", "read", "set hash"):
        assert told.replace("risk_coverage", "Risk-coverage curve") in html
    assert finished.header.dataset_hash in html


def test_a_citation_is_highlighted_in_its_passage(html: str) -> None:
    assert '<span class="cited highlight gold">Acme was founded in 1987.</span>' in html


def test_what_went_wrong_is_said(html: str) -> None:
    assert "The evidence stands in passage" in html
    assert "What it withheld" in html


def test_markup_in_any_text_is_escaped(dataset: Dataset, make_system: Any, tmp_path: Path) -> None:
    articles = tuple(
        replace(article, title=ATTACK, text=f"Acme runs {ATTACK} now. " + article.text)
        for article in dataset.articles
    )
    cases = tuple(
        case.model_copy(
            update={
                "question": f"Acme runs {ATTACK}",
                "kind": ATTACK,
                "id": ATTACK + n,
                "answers": (ATTACK,),
            }
        )
        for n, case in zip("12", dataset.cases, strict=False)
    )
    hostile = replace(dataset, name=ATTACK, articles=articles, cases=cases)
    done = run(make_system(articles), hostile, tmp_path / "x.jsonl")
    html = render(done, score(done.results))
    clean = parsed(html)
    assert clean.tags.count("script") == 1
    assert "img" not in clean.tags
    assert ATTACK not in html
    assert "&lt;/script&gt;" in html


def test_a_run_that_only_searches_has_a_page(dataset: Dataset, system: Any, tmp_path: Path) -> None:
    done = run_search(system, dataset, tmp_path / "s.jsonl")
    html = render(done, score(done.results, answers=False))
    assert parsed(html).tags.count("table") >= 2
    assert "Every question" not in html


def test_a_large_run_shows_what_went_wrong_first(
    finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MAX_ENTRIES", 3)
    html = render(finished, score(finished.results))
    assert html.count("<tbody data-number") == 3
    assert "5 that ended right are left out" in html


def test_pieces_put_the_context_together_again(make_cited: Callable[..., Cited]) -> None:
    cited = make_cited(
        "d", 12, 20, highlight_start=14, highlight_end=16, context_start=10, context="0123456789AB"
    )
    cut = pieces(cited, ())
    assert "".join(piece.text for piece in cut) == cited.context
    assert cut == (
        Piece("01"),
        Piece("23", ("cited",)),
        Piece("45", ("cited", "highlight")),
        Piece("6789", ("cited",)),
        Piece("AB"),
    )


def test_the_page_is_written_where_it_is_asked_for(finished: Run, tmp_path: Path) -> None:
    path = write_report(finished, score(finished.results), tmp_path / "new" / "report.html")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
