from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import Dataset
from eval.errors import ResultsError, ResumeError
from eval.metrics.outcome import Outcome
from eval.metrics.scores import score
from eval.results import read_complete_run, read_run
from eval.run import RunOptions, run, run_search


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "results.jsonl"


def test_every_question_has_its_line(dataset: Dataset, system: Any, out: Path) -> None:
    done = run(system, dataset, out)
    assert [result.case.id for result in done.results] == [case.id for case in dataset]
    assert len(out.read_text().splitlines()) == 1 + len(dataset)
    assert done.complete
    assert read_run(out) == done
    assert all(not result.violations for result in done.results)


def test_the_header_says_what_made_it(dataset: Dataset, system: Any, out: Path) -> None:
    header = run(system, dataset, out, RunOptions(preparation={"index_seconds": 2.0})).header
    assert header.dataset_hash == dataset.hash
    assert header.system["settings"] == {"threshold": 0.4}
    assert header.versions["python"]
    assert header.preparation == {"index_seconds": 2.0}


def test_results_hold_what_metrics_need(dataset: Dataset, system: Any, out: Path) -> None:
    first = run(system, dataset, out).results[0]
    assert first.reply is not None
    assert first.gold_texts == ("Acme was founded in 1987.",)
    assert first.reply.citations[0].context == dataset.articles[0].text
    assert first.found[0].document_id == "acme"
    assert first.peak_memory_mib > 1


def test_an_interrupted_run_goes_on(
    dataset: Dataset, make_system: Any, out: Path, tmp_path: Path
) -> None:
    system = make_system()
    system.fail_after = 3
    with pytest.raises(KeyboardInterrupt):
        run(system, dataset, out)
    assert len(read_run(out).results) == 3
    with pytest.raises(ResultsError, match=r"3 of 8 questions were asked: run the same command"):
        read_complete_run(out)

    with out.open("a") as file:
        file.write('{"type": "result", "case": {"id": "q4"')
    again = make_system()
    seen: list[tuple[int, int]] = []
    resumed = run(again, dataset, out, RunOptions(progress=lambda i, n: seen.append((i, n))))
    assert not {case.question for case in dataset.cases[:3]} & set(again.asked)
    assert seen[0] == (4, 8)
    assert resumed.earlier_count == 3
    assert read_complete_run(out).complete

    whole = run(make_system(), dataset, tmp_path / "whole.jsonl")
    untimed = {"peak_memory_mib": 0.0, "search_ms": 0.0}
    assert [r.model_copy(update=untimed) for r in resumed.results] == [
        r.model_copy(update=untimed) for r in whole.results
    ]


def test_a_finished_run_asks_nothing(dataset: Dataset, make_system: Any, out: Path) -> None:
    run(make_system(), dataset, out)
    again = make_system()
    assert run(again, dataset, out).earlier_count == len(dataset)
    assert again.asked == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"threshold": 0.9}, "system.settings.threshold was 0.4 and is 0.9"),
        ({"cases": 2}, "dataset_hash was"),
        ({"top_k": 9}, "top_k was 5 and is 9"),
    ],
)
def test_another_run_is_refused_and_nothing_lost(
    dataset: Dataset, make_system: Any, out: Path, change: dict[str, Any], said: str
) -> None:
    run(make_system(), dataset, out)
    before = out.read_bytes()
    other = replace(dataset, cases=dataset.cases[: change.get("cases", 8)])
    with pytest.raises(ResumeError, match=said):
        run(
            make_system(threshold=change.get("threshold", 0.4)),
            other,
            out,
            RunOptions(top_k=change.get("top_k", 5)),
        )
    assert out.read_bytes() == before


def test_another_code_is_another_run(
    dataset: Dataset, make_system: Any, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(make_system(), dataset, out)
    before = out.read_bytes()
    monkeypatch.setattr("eval.run.code_identity", lambda: "1.0 0123456789abcdef")
    again = make_system()
    assert run(again, dataset, out).earlier_count == 0
    assert again.asked
    assert out.with_name("results.jsonl.1").read_bytes() == before


def test_a_run_of_before_code_was_noted_is_read_and_not_continued(
    dataset: Dataset, make_system: Any, out: Path
) -> None:
    run(make_system(), dataset, out)
    header, *lines = out.read_text().splitlines()
    older = {name: value for name, value in json.loads(header).items() if name != "code"}
    out.write_text("\n".join([json.dumps(older), *lines]) + "\n")
    assert read_complete_run(out).header.code == ""
    assert run(make_system(), dataset, out).earlier_count == 0


def test_a_library_written_anew_elsewhere_is_the_same_system(
    dataset: Dataset, make_system: Any, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = {"folder": "/a", "generation": 1, "vector_base": {"file": "v-1", "count": 3}}
    monkeypatch.setattr(make_system, "describe", lambda self: described)
    run(make_system(), dataset, out)
    described = {"folder": "/b", "generation": 7, "vector_base": {"file": "v-2", "count": 3}}
    assert run(make_system(), dataset, out).header.system["generation"] == 1


def test_a_fresh_start_sets_the_old_run_aside(
    dataset: Dataset, make_system: Any, out: Path
) -> None:
    for threshold in (0.4, 0.5, 0.6):
        run(make_system(threshold=threshold), dataset, out, RunOptions(fresh=True))
    assert read_run(out).header.system["settings"]["threshold"] == 0.6
    assert sorted(path.name for path in out.parent.iterdir()) == [
        "results.jsonl",
        "results.jsonl.1",
        "results.jsonl.2",
    ]


def test_another_file_is_not_written_to(dataset: Dataset, system: Any, tmp_path: Path) -> None:
    notes = tmp_path / "notes.jsonl"
    notes.write_text("my notes")
    with pytest.raises(ResumeError, match="no results file"):
        run(system, dataset, notes)
    assert notes.read_text() == "my notes"


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [
        (1, '{"type": "result"}', "header line"),
        (3, "{broken", "broken JSON"),
        (4, '{"type": "result", "case": {"id": "q"}}', "case.question"),
    ],
)
def test_a_broken_results_file_names_the_line(
    dataset: Dataset, system: Any, out: Path, line: int, text: str, said: str
) -> None:
    run(system, dataset, out)
    lines = out.read_text().splitlines()
    lines[line - 1] = text
    out.write_text("\n".join(lines) + "\n")
    with pytest.raises(ResultsError, match=said) as caught:
        read_run(out)
    assert caught.value.line == line


def test_a_question_that_is_refused_is_recorded(
    dataset: Dataset, system: Any, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.errors import QuestionError

    class Refusing(type(system)):  # type: ignore[misc]
        def ask(self, question: str, **more: Any) -> Any:
            if "Peru" in question or "zinc" in question:
                raise QuestionError("not about zinc")
            return super().ask(question, **more)

    done = run(Refusing(), dataset, out)
    assert [result.error for result in done.results if result.error] == ["not about zinc"]
    assert score(done.results).outcomes[Outcome.ERROR] == 1


def test_what_was_withheld_is_asked_for(dataset: Dataset, make_system: Any, out: Path) -> None:
    done = run(make_system(), dataset, out, unsilenced=make_system(threshold=0.0))
    for result in done.results:
        assert (result.guess is not None) is result.abstained
    assert any(result.guess and result.guess.citations for result in done.results)


def test_a_follow_up_is_searched_with_its_history(dataset: Dataset, system: Any, out: Path) -> None:
    follow_up = run(system, dataset, out).results[-1]
    assert follow_up.found[0].document_id == "acme"


def test_a_searcher_is_measured_without_answers(dataset: Dataset, system: Any, out: Path) -> None:
    done = run_search(system, dataset, out)
    scores = score(done.results, answers=done.header.answers)
    assert {metric.group for metric in scores.metrics} == {"retrieval", "cost"}
    assert scores["hit@10"].value == 1


def test_lines_are_whole_json(dataset: Dataset, system: Any, out: Path) -> None:
    run(system, dataset, out)
    kinds = [json.loads(line)["type"] for line in out.read_text().splitlines()]
    assert kinds == ["header"] + ["result"] * len(dataset)
