"""The built-in question set: sound in itself, and a small gate on the whole system."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from eval.command import EvalOptions, Opened, run_eval
from eval.dataset.built_in import BuiltIn, open_built_in
from index.article import Article
from rag import Pullquote, Settings

RECORDS: list[dict[str, Any]] = [
    json.loads(line) for line in BuiltIn.SEEDS.questions.read_text().splitlines()
]


@pytest.fixture(scope="module")
def articles(seeds: Pullquote) -> dict[str, Article]:
    return {article.id: article for article in seeds.articles()}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: str(record["id"]))
def test_every_gold_span_is_in_its_article(
    record: dict[str, Any], articles: dict[str, Article]
) -> None:
    told = [articles[id].text[start:end] for id, start, end in record["gold_spans"]]
    assert told == record["gold_span_texts"]
    assert bool(told) == record["answerable"]


def test_the_set_has_every_kind() -> None:
    kinds = Counter(record["kind"] for record in RECORDS)
    assert len(RECORDS) >= 80
    assert kinds["unanswerable"] + kinds["off_topic"] >= 25
    assert {"single_fact", "why_how", "comparison", "paraphrase", "typo", "follow_up"} <= set(kinds)


def test_ids_and_questions_are_used_once() -> None:
    assert len({record["id"] for record in RECORDS}) == len(RECORDS)
    asked = {json.dumps([record["question"], record["history"]]) for record in RECORDS}
    assert len(asked) == len(RECORDS)


def test_no_sentence_of_an_article_breaks_the_promise_or_the_gate(
    seeds: Pullquote, tmp_path: Path
) -> None:
    from contextlib import nullcontext

    # What it does is a good deal better than these; they catch what breaks, not what drifts.
    limits = (
        "violations=0", "citation_precision=0.7", "wrong_refusal_rate=0.55",
        "false_answer_rate=0.4", "auroc=0.62", "hit@5=0.95",
    )  # fmt: skip
    outcome = run_eval(
        EvalOptions(tmp_path, fail_under=limits),
        open_built_in(BuiltIn.SEEDS, Settings().max_article_chars),
        lambda _: nullcontext(Opened(seeds)),
        Console(quiet=True),
    )
    assert outcome.failures == ()
    assert outcome.exit_code == 0
    assert outcome.report is not None
    assert outcome.report.stat().st_size > 10_000
