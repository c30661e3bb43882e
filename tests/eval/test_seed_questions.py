"""The built-in question set is sound in itself."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from eval.dataset.built_in import BuiltIn
from index.article import Article
from rag import Pullquote

RECORDS: list[dict[str, Any]] = [
    json.loads(line) for line in BuiltIn.SEEDS.questions.read_text().splitlines()
]


@pytest.fixture(scope="module")
def articles(seeds: Pullquote) -> dict[str, Article]:
    return {article.id: article for article in seeds.articles()}


def test_every_gold_span_is_in_its_article(articles: dict[str, Article]) -> None:
    told = {
        record["id"]: [articles[id].text[start:end] for id, start, end in record["gold_spans"]]
        for record in RECORDS
    }
    assert len(told) == len(RECORDS)
    assert told == {record["id"]: record["gold_span_texts"] for record in RECORDS}
    assert [each["id"] for each in RECORDS if bool(told[each["id"]]) != each["answerable"]] == []


def test_the_set_has_every_kind() -> None:
    kinds = Counter(record["kind"] for record in RECORDS)
    assert len(RECORDS) >= 80
    assert kinds["unanswerable"] + kinds["off_topic"] >= 25
    assert {"single_fact", "why_how", "comparison", "paraphrase", "typo", "follow_up"} <= set(kinds)


def test_ids_and_questions_are_used_once() -> None:
    assert len({record["id"] for record in RECORDS}) == len(RECORDS)
    asked = {json.dumps([record["question"], record["history"]]) for record in RECORDS}
    assert len(asked) == len(RECORDS)
