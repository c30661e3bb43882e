"""Contrasts are asked of each side: measured over questions that have two sides and others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from rag.query.comparison import ask_each_side
from rag.query.contrast import find_change

CORPUS: Final = [
    json.loads(line)
    for line in Path(__file__).with_name("contrasts.jsonl").read_text(encoding="utf-8").splitlines()
]


def has_its_sides(line: dict[str, Any]) -> bool:
    """Whether each part asks for its side, in one of the forms given."""
    parts = ask_each_side(line["question"])
    return len(parts) == len(line["sides"]) and all(
        any(form in part for form in side.split("|"))
        for part, side in zip(parts, line["sides"], strict=True)
    )


def test_precision_and_recall() -> None:
    found = [line for line in CORPUS if ask_each_side(line["question"])]
    assert sum(map(has_its_sides, found)) / len(found) >= 0.98
    assert sum(map(has_its_sides, found)) / sum(bool(line["sides"]) for line in CORPUS) >= 0.95


@pytest.mark.parametrize(
    ("question", "one", "two"),
    [
        (
            "How does Mora's plan for the port differ from Lind's?",
            "What is Mora's plan for the port?",
            "What is Lind's plan for the port?",
        ),
        (
            "Compare the tolls of Kern and Moss",
            "What are the tolls of Kern?",
            "What are the tolls of Moss?",
        ),
        (
            "Mora vs Lind on school meals",
            "How does Mora stand on school meals?",
            "How does Lind stand on school meals?",
        ),
    ],
)
def test_wording(question: str, one: str, two: str) -> None:
    assert ask_each_side(question) == (one, two)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "How much more does the bridge at Kern cost now than in 2021",
            "How much does the bridge at Kern cost now?",
        ),
        ("How much higher is the fare today than before the strike", "How much is the fare now?"),
        ("How have bus fares changed since May", "What are bus fares now?"),
        ("How has membership of the club changed", "What is membership of the club now?"),
        ("By how much has membership of the club dropped", None),
        ("How have nurses changed since the strike", None),
        ("How has Mora changed her mind", None),
        ("What has changed since May", None),
        ("How much more than planned does the bridge cost", None),
    ],
)
def test_of_a_change_it_is_asked_how_things_are_now(text: str, asked: str | None) -> None:
    assert find_change(text) == asked
