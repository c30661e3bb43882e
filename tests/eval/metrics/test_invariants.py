from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eval.dataset import Dataset
from eval.metrics.invariants import violations


def test_an_honest_answer_breaks_nothing(dataset: Dataset, system: Any) -> None:
    for case in dataset:
        assert violations(system.ask(case.question), dataset.by_id) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Xcme was founded in 1987. Ada Lovell runs Acme. It rained.", "does not say there"),
        ("Acme.", "runs out of its article"),
        (None, "not among the articles"),
    ],
)
def test_an_article_changed_on_its_way_is_found_out(
    dataset: Dataset, system: Any, text: str | None, said: str
) -> None:
    answer = system.ask("When was Acme founded?")
    articles = dict(dataset.by_id)
    if text is None:
        del articles["acme"]
    else:
        articles["acme"] = replace(articles["acme"], text=text)
    (found,) = violations(answer, articles)
    assert said in found


def test_a_mark_or_a_citation_that_vanished(dataset: Dataset, system: Any) -> None:
    answer = system.ask("When was Acme founded?")
    answer.__dict__["answer"] = "Gone."
    assert violations(answer, dataset.by_id) == (
        "citation 1 stands outside the answer",
        "citation 1 has no mark in the answer",
    )
    answer.__dict__["citations"] = ()
    assert violations(answer, dataset.by_id) == ("an answer without citations",)
