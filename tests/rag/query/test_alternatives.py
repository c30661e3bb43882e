"""Alternatives within a comparison: measured over questions that have them and others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from rag.query.alternatives import complete_phrase
from rag.query.comparison import ask_each_side

CORPUS: Final = [
    json.loads(line)
    for line in Path(__file__)
    .with_name("alternatives.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def test_precision_and_recall() -> None:
    asked = [(list(ask_each_side(line["question"])), line["sides"]) for line in CORPUS]
    found = [sides == expected for sides, expected in asked if sides]
    assert sum(found) / len(found) >= 0.98
    assert sum(found) / sum(bool(expected) for _, expected in asked) >= 0.95


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("a day ticket in Kelm", "in Varnes", "a day ticket in Varnes"),
        ("a day ticket in Kelm", "Varnes", "a day ticket in Varnes"),
        ("the tower of Kelm", "Big Ben", "Big Ben"),
        ("the tower", "in Kelm", "in Kelm"),
    ],
)
def test_what_both_share_is_said_of_both(first: str, second: str, whole: str) -> None:
    assert complete_phrase(first, second) == whole


@pytest.mark.parametrize(
    "question",
    [
        "Did the Grey Fever or Cattle flu or the blue virus reach the islands?",
        "Did Operation Halvard or Halvard's last march succeed?",
    ],
)
def test_three_names_and_an_owner_are_no_two_sides(question: str) -> None:
    assert ask_each_side(question) == ()
