from __future__ import annotations

from datetime import date

import pytest

from index.article import Passage, Span
from index.passages import cut_passages
from index.sentences import sentences
from index.settings import PassageSettings
from index.view import Found
from rag.instead import instead
from tests.fakes import article

SPENDING = (
    "Baidu kept silent in January. Many analysts wrote about it. Alibaba said in February that it "
    "will invest 380 billion RMB. It began in 2023. Imports were worth $385 billion in 2024. The "
    "firm makes 5-nanometer chips."
)


def found(text: str = SPENDING, title: str = "Spending on AI", day: date | None = None) -> Found:
    source = article("spending", text, title=title, published_at=day)
    (spans,) = cut_passages(source.text, sentences(source.text), PassageSettings())
    return Found(source, Passage(1, source.id, 0, Span(spans[0].start, spans[-1].end), spans))


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("How much will Alibaba invest?", 2, (0.0, 0.0)),
        ("How much will Tencent invest?", 2, (1.0, 0.0)),
        # Two sentences before, a name may still be meant by "it".
        ("How much will Baidu invest?", 2, (0.0, 0.0)),
        ("When did Alibaba begin?", 3, (0.0, 0.0)),
        # Nobody else is named there.
        ("When did Tencent begin?", 3, (0.0, 0.0)),
        ("What were imports worth in 2024?", 4, (0.0, 0.0)),
        ("What were imports worth in 2021?", 4, (0.0, 1.0)),
        ("Who makes 5-nanometer chips?", 5, (0.0, 0.0)),
        ("Who makes 3-nanometer chips?", 5, (0.0, 1.0)),
        ("who makes chips?", 5, (0.0, 0.0)),
    ],
)
def test_what_is_named_is_looked_for(
    question: str, sentence: int, expected: tuple[float, float]
) -> None:
    assert instead(question, found(), sentence) == (*expected, 0.0)


def test_title_and_day_count_as_said() -> None:
    question = "What were China's imports worth in 2025?"
    assert instead(question, found(), 4) == (0.0, 1.0, 0.0)
    assert instead(question, found(day=date(2025, 3, 1)), 4) == (0.0, 0.0, 0.0)
    tencent = "How much will Tencent invest in 2025?"
    assert instead(tencent, found(), 2) == (1.0, 0.0, 0.0)
    assert instead(tencent, found(title="Tencent's plans"), 2) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Which firm did not sign the deal?", "Baidu signed the deal.", 1.0),
        ("Which firm never signed the deal?", "Baidu signed the deal.", 1.0),
        ("Which firm didn't sign the deal?", "Baidu did not sign the deal.", 0.0),
        ("Which firm did not sign the deal?", "Baidu refused to sign the deal.", 0.0),
        ("Which firm signed the deal?", "Baidu signed the deal.", 0.0),
        # Whether it did is told by a sentence that denies it.
        ("Did Baidu sign the deal?", "Baidu did not sign the deal.", 0.0),
        ("Who lost the match?", "Baidu won the match.", 1.0),
        ("Who lost the match?", "Baidu won the match that Tencent lost.", 0.0),
        # Another thing ends; and the question has both.
        ("When must I start saving?", "The scheme ends with the year in which you retire.", 0.0),
        ("Are men and women treated alike?", "Women are treated better.", 0.0),
    ],
)
def test_the_opposite_is_told(question: str, text: str, expected: float) -> None:
    assert instead(question, found(text), 0)[2] == expected
