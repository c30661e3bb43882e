"""A report begins with where it loses."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from eval.dataset import Dataset
from eval.metrics.outcome import Outcome, outcome_of
from eval.metrics.scores import score
from eval.report import render
from eval.report.comparison import compare_with_previous
from eval.report.diagnosis import Diagnosis, KindOutcome
from eval.report.tables import diagnosis_table, scores_table, sets_table
from eval.results import Run
from eval.run import RunOptions, run


@pytest.fixture
def finished(dataset: Dataset, make_system: Any, tmp_path: Path) -> Run:
    return run(make_system(), dataset, tmp_path / "r.jsonl", unsilenced=make_system(threshold=0.0))


def test_every_question_is_right_or_lost_by_one_step(finished: Run) -> None:
    outcomes = [outcome_of(result) for result in finished.results]
    diagnosis = Diagnosis.of(finished.results)
    assert diagnosis.whole.questions == len(outcomes)
    assert diagnosis.whole.lost == len(outcomes) - outcomes.count(Outcome.RIGHT) > 0
    assert set(diagnosis.losses) == set(outcomes) - {Outcome.RIGHT}


def test_the_page_has_one_word_for_each_loss(finished: Run) -> None:
    html = render(finished, score(finished.results))
    for loss in Diagnosis.of(finished.results).losses:
        slug = loss.value.replace(" ", "-")
        for place in (f'<th scope="col" class="n">{loss}</th>', f'data-outcome="{slug}"'):
            assert place in html
        assert f".{slug} {{ --mark" in html


def test_it_says_what_loses_most_and_which_kinds_are_weak() -> None:
    diagnosis = Diagnosis(
        KindOutcome("all", 28, {Outcome.RIGHT_BUT_SILENT: 14, Outcome.NOT_RETRIEVED: 3}),
        (
            KindOutcome("paraphrase", 10, {Outcome.RIGHT_BUT_SILENT: 10}),
            KindOutcome("who_said", 8, {Outcome.RIGHT_BUT_SILENT: 4, Outcome.NOT_RETRIEVED: 3}),
            KindOutcome("fact", 10, {}),
        ),
    )
    assert diagnosis.sentences == (
        "17 of 28 lost, most of them: right but silent (14).",
        "Then not retrieved (3).",
        "Weakest kinds: paraphrase 0 of 10; who said 1 of 8.",
    )


def test_one_way_to_lose_is_not_most_of_them() -> None:
    whole = KindOutcome("all", 4, {Outcome.WRONG_SENTENCE: 1})
    assert Diagnosis(whole, ()).sentences == ("1 of 4 lost: wrong sentence (1).",)


def test_half_of_the_losses_are_not_most_of_them() -> None:
    whole = KindOutcome("all", 6, {Outcome.WRONG_SENTENCE: 1, Outcome.RIGHT_BUT_SILENT: 1})
    assert Diagnosis(whole, ()).sentences == (
        "2 of 6 lost: wrong sentence (1), right but silent (1).",
    )


def test_nothing_lost_is_said_too() -> None:
    assert Diagnosis(KindOutcome("all", 3, {}), ()).sentences == ("Nothing was lost.",)


def test_the_page_begins_with_it_and_the_failures_follow(finished: Run) -> None:
    html = render(finished, score(finished.results))
    places = [
        html.index(text)
        for text in ('id="losses"', Diagnosis.of(finished.results).sentences[0], "<tbody data-num")
    ]
    assert places == sorted(places)
    assert html.index("<tbody data-num") < html.index('<details class="fold">')
    outcomes = [part.partition('"')[0] for part in html.split('data-outcome="')[1:]]
    rows = outcomes[-len(finished.results) :]
    assert rows == sorted(rows, key=lambda outcome: outcome == "right")


def test_the_run_before_is_set_beside_this_one(
    dataset: Dataset, make_system: Any, tmp_path: Path
) -> None:
    out = tmp_path / "r.jsonl"
    first = run(make_system(threshold=0.9), dataset, out)
    assert compare_with_previous(first) is None
    second = run(make_system(threshold=0.1), dataset, out, RunOptions(fresh=True))
    previous = compare_with_previous(second)
    assert previous is not None
    assert previous.before.path.name == "r.jsonl.1"
    html = render(second, score(second.results), previous)
    assert "Beside the run before" in html
    assert "Beside the run before" not in render(second, score(second.results))


def test_hashes_are_short_and_whole_where_they_are_pointed_at(finished: Run) -> None:
    html = render(finished, score(finished.results))
    digest = finished.header.dataset_hash
    assert f'<dd title="{digest}">{digest[:12]}…</dd>' in html


def test_the_tables_fit_a_terminal_of_80_columns(finished: Run) -> None:
    scores = score(finished.results)
    narrow = Console(file=StringIO(), width=80, color_system=None)
    narrow.print(diagnosis_table(Diagnosis.of(finished.results)))
    narrow.print(scores_table(finished, scores))
    narrow.print(sets_table([("newsroom", scores), ("updates", scores)]))
    assert isinstance(narrow.file, StringIO)
    text = narrow.file.getvalue()
    # Nothing is cut off, and no word is broken in two.
    assert "…" not in text
    for word in ("precision", "evidence", "silent", "complete"):
        assert word in text
    assert max(map(len, text.splitlines())) <= 80
