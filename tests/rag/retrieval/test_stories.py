"""Which articles are of one story."""

from __future__ import annotations

from datetime import date

import pytest

from index.article import Article
from index.library import Library
from rag.retrieval.stories import articles_of_story
from tests.fakes import article

FIRST = article(
    "first",
    "Brix is recalling heaters, said Ada Crome. Nobody was hurt in Dorne.",
    title="Brix recalls heaters",
    published_at=date(2025, 1, 9),
)


def of_story(library: Library, *others: Article) -> list[str]:
    library.add([FIRST, *others])
    with library.view() as view:
        return [each.id for each in articles_of_story(view, FIRST, others)]


@pytest.mark.parametrize(
    ("title", "text", "day", "told"),
    [
        (
            "Fine for maker",
            "The maker Brix must pay, and Ada Crome agrees.",
            date(2025, 7, 22),
            True,
        ),
        ("Recall of Brix heaters grows", "More of them are bad.", date(2025, 1, 30), True),
        ("Fine for maker", "The maker Brix must pay for it.", date(2025, 7, 22), False),
        ("Brix recalls heaters again", "Ada Crome spoke in Dorne.", date(2027, 1, 9), False),
        ("Brix recalls heaters again", "Ada Crome spoke in Dorne.", date(2025, 1, 9), False),
        ("Brix recalls heaters again", "Ada Crome spoke in Dorne.", None, False),
    ],
    ids=["names", "title", "one name", "too late", "same day", "no day"],
)
def test_two_rare_names_and_days_that_are_near(
    library: Library, title: str, text: str, day: date | None, told: bool
) -> None:
    other = article("other", text, title=title, published_at=day)
    assert of_story(library, other) == (["other"] if told else [])


@pytest.mark.parametrize(
    ("question", "told"), [("What must Brix pay?", True), ("What must Torvane pay?", False)]
)
def test_one_name_is_enough_if_the_question_names_it(
    library: Library, question: str, told: bool
) -> None:
    other = article("other", "The maker Brix must pay for it.", published_at=date(2025, 7, 22))
    library.add([FIRST, other])
    with library.view() as view:
        story = articles_of_story(view, FIRST, [other], question)
    assert bool(story) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A litre of milk is up again in Moss and in Kern.", True),
        ("A day ticket costs 3 crowns in Moss and 4 in Kern.", False),
    ],
)
def test_towns_in_common_are_no_story_where_the_matter_is_not(
    library: Library, text: str, told: bool
) -> None:
    milk = article("milk", "A litre of milk costs 2 crowns in Moss.", published_at=date(2025, 1, 9))
    other = article("other", text, published_at=date(2025, 2, 9))
    library.add([milk, other])
    with library.view() as view:
        story = articles_of_story(view, milk, [other], "How dear is a litre of milk in Moss?")
    assert bool(story) is told


@pytest.mark.parametrize(
    ("title", "told"), [("Torvane sells more heaters", True), ("Torvane sells more", False)]
)
def test_a_rival_has_a_story_of_its_own(library: Library, title: str, told: bool) -> None:
    text = "Torvane, which like Brix makes heaters in Dorne, hired Ada Crome."
    rival = article("rival", text, title=title, published_at=date(2025, 2, 9))
    assert of_story(library, rival) == (["rival"] if told else [])


def test_names_that_everybody_has_tell_nothing(library: Library) -> None:
    crowd = [
        article(
            f"crowd{i}", f"Then Brix and Ada Crome met number {i}{i} in Dorne.", title=f"No. {i}"
        )
        for i in range(20)
    ]
    other = article(
        "other", "The maker Brix must pay, and Ada Crome agrees.", published_at=date(2025, 7, 22)
    )
    library.add(crowd)
    assert of_story(library, other) == []


def test_an_article_without_a_day_has_no_story(library: Library) -> None:
    library.add([FIRST])
    undated = article("undated", FIRST.text)
    with library.view() as view:
        assert articles_of_story(view, undated, [FIRST]) == []
