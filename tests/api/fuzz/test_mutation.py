"""What makes inputs, and what makes them small, does what it says."""

from __future__ import annotations

import pickle
from random import Random
from typing import Any

import pytest

from tests.api.fuzz.mutation import mutate, shrink
from tests.api.fuzz.target import Target, inputs_of
from tests.index.load.web_archives import docx, paragraph

VALUES: list[Any] = [
    "The tower is 74 metres tall.",
    b"%PDF-1.4 74 0 obj",
    docx(paragraph("The tower is 74 metres tall.")),
    ("GET", "/articles", {"accept": "*/*"}, b"{}"),
    ("one", [3, 40]),
    {"PULLQUOTE_PORT": "8000"},
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_is_made_is_another_of_the_same_type(value: Any) -> None:
    random = Random(1)
    made = [mutate(value, [value], ["[1]"], random) for _ in range(200)]
    assert {type(each) for each in made} == {type(value)}
    assert len({repr(each) for each in made}) > 100
    if isinstance(value, tuple):
        assert {tuple(map(type, each)) for each in made} == {tuple(map(type, value))}


def test_what_is_loose_is_of_any_type() -> None:
    random = Random(1)
    value = {"question": "How tall?", "filters": {"publisher": ["The Post"]}}
    made = [mutate(value, [value], [], random, loose=True) for _ in range(200)]
    assert len({type(each) for each in made}) > 3


def test_what_is_made_can_be_written_down() -> None:
    random = Random(1)
    value: Any = {"a": []}
    for _ in range(2_000):
        value = mutate(value, [value], [], random, loose=True)
        pickle.dumps(value)
        value = value if isinstance(value, dict) and len(repr(value)) < 5_000 else {"a": [value]}
        value = value if len(repr(value)) < 5_000 else {"a": []}


def test_the_same_seed_makes_the_same_inputs() -> None:
    target = Target("a", lambda _: None, VALUES[:1], ["[1]"])
    first, second = ([next(run) for _ in range(100)] for run in (_run(target), _run(target)))
    assert first == second


def _run(target: Target) -> Any:
    return inputs_of(target, Random("seed"))


def test_the_smallest_that_fails_is_what_is_left() -> None:
    value = {"a": ["x" * 50, f"{'y' * 30}!{'z' * 9}"], "b": 1}
    assert shrink(value, lambda each: "!" in repr(each), 60) == {"a": ["!"]}
