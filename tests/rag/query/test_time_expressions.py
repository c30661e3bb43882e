from __future__ import annotations

from datetime import date

import pytest

from index.filters import Filters
from rag.query.time_expressions import Effect, find_time_words, narrow_filters

TODAY = date(2025, 6, 18)


@pytest.mark.parametrize(
    ("question", "effect", "first", "last"),
    [
        ("What did Huang say last month?", "prefer", date(2025, 5, 1), date(2025, 5, 31)),
        ("What happened yesterday?", "prefer", date(2025, 6, 17), date(2025, 6, 17)),
        ("What changed this week?", "prefer", date(2025, 6, 16), TODAY),
        ("What changed last quarter?", "prefer", date(2025, 1, 1), date(2025, 3, 31)),
        ("Who has left since March?", "prefer", date(2025, 3, 1), TODAY),
        ("Who has left since November?", "prefer", date(2024, 11, 1), TODAY),
        ("Who left in the last two weeks?", "prefer", date(2025, 6, 4), TODAY),
        ("How much was imported in 2024?", "prefer_weakly", date(2024, 1, 1), date(2024, 12, 31)),
        ("What did it report in 2024?", "prefer_weakly", date(2024, 1, 1), date(2024, 12, 31)),
        ("Who ruled before 2020?", "prefer_weakly", None, date(2019, 12, 31)),
        ("Which articles from 2024 name it?", "filter", date(2024, 1, 1), date(2024, 12, 31)),
        ("Any stories published in May 2025?", "filter", date(2025, 5, 1), date(2025, 5, 31)),
        ("Yesterday's news on chips", "filter", date(2025, 6, 17), date(2025, 6, 17)),
        ("What news about Tencent since March?", "filter", date(2025, 3, 1), TODAY),
        ("What was reported last month?", "filter", date(2025, 5, 1), date(2025, 5, 31)),
        ("What is the latest rate?", "newest", None, None),
        ("What changed over the past year?", "prefer", date(2024, 6, 18), TODAY),
        ("Who left in the last week?", "prefer", date(2025, 6, 11), TODAY),
        ("The 3 March 2025 vote?", "prefer_weakly", date(2025, 3, 3), date(2025, 3, 3)),
        ("Any from 3 to 7 March 2025?", "prefer_weakly", date(2025, 3, 3), date(2025, 3, 7)),
        ("How much was paid in 2025?", "prefer_weakly", date(2025, 1, 1), date(2025, 12, 31)),
        ("Who won the 2024 election?", "prefer_weakly", date(2024, 1, 1), date(2024, 12, 31)),
        ("Sales in Q3 2024?", "prefer_weakly", date(2024, 7, 1), date(2024, 9, 30)),
        ("Any from March to May 2024?", "prefer_weakly", date(2024, 3, 1), date(2024, 5, 31)),
        ("Who led between 2020 and 2022?", "prefer_weakly", date(2020, 1, 1), date(2022, 12, 31)),
        ("What did it cost as of May?", "prefer_weakly", date(2025, 5, 1), date(2025, 5, 31)),
        ("Who left on 3 March 2025?", "prefer_weakly", date(2025, 3, 3), date(2025, 3, 3)),
        ("What was said last Monday?", "prefer", date(2025, 6, 16), date(2025, 6, 16)),
        ("What was said last Wednesday?", "prefer", date(2025, 6, 11), date(2025, 6, 11)),
        ("Which pools open this summer?", "prefer", date(2025, 6, 1), date(2025, 8, 31)),
        ("Who skied last winter?", "prefer", date(2024, 12, 1), date(2025, 2, 28)),
        ("What was said two weeks ago?", "prefer", date(2025, 6, 4), TODAY),
        ("Any news after 3 May?", "filter", date(2025, 5, 4), None),
        ("Any articles until May 2024?", "filter", None, date(2024, 5, 31)),
        (
            "What did the band headline in 2024?",
            "prefer_weakly",
            date(2024, 1, 1),
            date(2024, 12, 31),
        ),
        ("Who wrote a short story in 2024?", "prefer_weakly", date(2024, 1, 1), date(2024, 12, 31)),
        (
            "What was the index published in 2024?",
            "prefer_weakly",
            date(2024, 1, 1),
            date(2024, 12, 31),
        ),
        ("Who spoke in the articles of 2024?", "filter", date(2024, 1, 1), date(2024, 12, 31)),
        ("Who fell in April 1848?", "prefer_weakly", date(1848, 4, 1), date(1848, 4, 30)),
        ("Who fell on 8 November 1880?", "prefer_weakly", date(1880, 11, 8), date(1880, 11, 8)),
        ("Articles between 2020 and 2022", "filter", date(2020, 1, 1), date(2022, 12, 31)),
        ("Sales in last quarter of 2023?", "prefer_weakly", date(2023, 10, 1), date(2023, 12, 31)),
        ("Who left between 3 and 7 March?", "prefer_weakly", date(2025, 3, 3), date(2025, 3, 7)),
    ],
)
def test_words_of_time(
    question: str, effect: Effect, first: date | None, last: date | None
) -> None:
    (word,) = find_time_words(question, TODAY)
    assert (word.effect, word.published_from, word.published_to) == (effect, first, last)


@pytest.mark.parametrize(
    "question",
    [
        "Who runs Nvidia?",
        "What may happen in the past?",
        "What happened on 31 February 2024?",
        "How many rose by between 0 and 5 May?",
        "How many are between 3 and March?",
        "How many of the 2000 workers struck?",
        "Did April Jones win?",
        "Who owns Friday’s restaurants?",
        "What did they do in the last year of the war?",
        "How long is the march of the penguins?",
    ],
)
def test_questions_without_words_of_time(question: str) -> None:
    assert find_time_words(question, TODAY) == ()


def test_a_patent_published_in_a_year_is_no_article() -> None:
    (word,) = find_time_words("Which patent was published in 2023?", TODAY)
    assert word.effect == "prefer_weakly"


def test_filters_that_were_asked_for_stand() -> None:
    words = find_time_words("Yesterday's news", TODAY)
    asked = Filters(published_to=date(2024, 1, 1))
    assert narrow_filters(asked, words) is asked
    assert narrow_filters(Filters(), words).published_from == date(2025, 6, 17)


def test_periods_that_exclude_each_other_filter_nothing() -> None:
    words = find_time_words("Stories from 2023 and articles from 2024", TODAY)
    assert [word.effect for word in words] == ["filter", "filter"]
    assert narrow_filters(Filters(), words) == Filters()
