from __future__ import annotations

import pytest

from rag.grounding.references import without_passage_numbers


@pytest.mark.parametrize(
    "text",
    [
        "According to Passage 1, the tower is tall.",
        "Passage 2 states that the tower is tall.",
        "As stated in passages 1 and 3, the tower is tall.",
        "the tower is tall, as passage 1 says.",
        "the tower is tall, according to source 4.",
    ],
)
def test_a_numbered_passage_is_left_out(text: str) -> None:
    assert without_passage_numbers(text) == "the tower is tall."


@pytest.mark.parametrize(
    "text",
    [
        "The passage to Skarv takes 2 hours.",
        "According to Article 10, he may.",
        "In 2019 it burned.",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert without_passage_numbers(text) == text
