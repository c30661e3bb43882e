"""The updates: sound in themselves. No question of them is asked here."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import Any

import pytest

from eval.dataset import Dataset, GoldSpan
from eval.dataset.built_in import BuiltIn, open_built_in
from eval.errors import DatasetError

RECORDS: list[dict[str, Any]] = [
    json.loads(line) for line in BuiltIn.UPDATES.questions.read_text("utf-8").splitlines()
]
LED = {"now", "untimed", "at_a_time", "lasting"}
JOINED = {"comparison", "list", "compound"}


@pytest.fixture(scope="module")
def updates() -> Dataset:
    return open_built_in(BuiltIn.UPDATES, 1_000_000)


def gold_texts(record: dict[str, Any], dataset: Dataset) -> list[list[str]]:
    """The text of each gold span of a question, as the articles have it."""
    return [
        [GoldSpan(*span).of(dataset.by_id[span[0]]) for span in spans]
        for spans in record["gold_spans_per_answer"]
    ]


def test_every_gold_span_reads_as_its_text(updates: Dataset) -> None:
    told = {record["id"]: gold_texts(record, updates) for record in RECORDS}
    assert len(told) == len(RECORDS)
    assert told == {record["id"]: record["gold_span_texts_per_answer"] for record in RECORDS}
    assert [id for id, texts in told.items() if not texts or not all(texts)] == []


def test_it_is_as_large_as_it_says(updates: Dataset) -> None:
    text = (BuiltIn.UPDATES.questions.parent / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.MULTILINE)
    assert {name: int(number) for name, number in rows} == updates.kinds
    assert f"{len(updates.articles)} articles and {len(updates)} questions" in text
    assert sum(updates.kinds[kind] for kind in LED) >= 60
    assert sum(updates.kinds[kind] for kind in JOINED) >= 40


def test_a_story_is_in_one_half_by_the_hash_of_its_name() -> None:
    for record in RECORDS:
        odd = hashlib.sha256(record["story"].encode()).digest()[0] % 2
        assert record["split"] == ("development" if odd else "held_out")


def test_twenty_stories_run_on_over_days(updates: Dataset) -> None:
    days: dict[str, set[object]] = {}
    for record in RECORDS:
        if record["kind"] in LED:
            articles = [updates.by_id[doc] for doc in record["gold_doc_ids"]]
            days.setdefault(record["story"], set()).update(each.published_at for each in articles)
    assert len(days) == 20
    assert all(len(each) >= 2 for each in days.values())


def test_questions_differ(updates: Dataset) -> None:
    asked = Counter(case.question.casefold() for case in updates)
    assert [question for question, count in asked.items() if count > 1] == []


def test_a_half_can_be_opened_alone() -> None:
    halves = [
        open_built_in(BuiltIn.UPDATES, 1_000_000, split) for split in ("development", "held_out")
    ]
    assert sum(len(half) for half in halves) == len(RECORDS)
    with pytest.raises(DatasetError, match="no question is of the split 'test'"):
        open_built_in(BuiltIn.UPDATES, 1_000_000, "test")
