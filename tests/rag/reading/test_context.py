"""The heading and opening of an article, in whose light its later sentences are read."""

from __future__ import annotations

import pytest

from index.article import Article
from rag.reading.context import absent_name_share, article_rank, heading_of, opening_of
from tests.rag.reading.passages import whole

LEAD = "The ferry to Aalborg was late again on Monday."


@pytest.mark.parametrize(
    "text",
    [
        f"{LEAD} Nobody was told why.",
        f"FERRIES LATE\n\nBy Ida Holm\n\n{LEAD} Nobody was told why.",
        f"Late! {LEAD}",
        f"Photo: the ferry Rana in the harbour of Aalborg, in snow\n\n{LEAD}",
    ],
)
def test_it_is_the_first_sentence_that_states_something(text: str) -> None:
    opening = opening_of(text, "en")
    assert opening is not None
    assert opening.of(text) == LEAD


@pytest.mark.parametrize("text", ["", "Late!", "FERRIES LATE\n\nBy Ida Holm"])
def test_a_text_that_states_nothing_has_none(text: str) -> None:
    assert opening_of(text, "en") is None


def test_only_the_beginning_is_looked_at() -> None:
    assert opening_of("Late! " * 400 + LEAD, "en") is None


TITLE, TEXT = "Ferry late again", "Ida Holm of the Aalborg Harbour Board (AHB) blamed the ice."


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("What did Ida Holm blame?", 0.0),
        ("What did Holm's board blame?", 0.0),
        ("What did the AHB blame?", 0.0),
        ("What did Peter Holm blame?", 0.5),
        ("What did Peter Lund blame?", 1.0),
        ("What did Ida Holm tell Peter Lund?", 0.5),
        ("who blamed the ice", 0.0),
        ("Blame for the ferry?", 0.0),
    ],
)
def test_names_that_the_article_lacks_are_counted(question: str, share: float) -> None:
    assert absent_name_share(question, Article("a", TITLE, TEXT)) == share


def test_author_and_publisher_are_names_that_the_article_has() -> None:
    column = Article("a", TITLE, TEXT, author="Peter Lund", publisher="The Aalborg Post")
    assert absent_name_share("What does Peter Lund of the Aalborg Post blame?", column) == 0.0


@pytest.mark.parametrize(
    ("question", "author", "heading"),
    [
        ("What does Lund think of ferries?", "Peter Lund", f"{TITLE}, by Peter Lund"),
        ("what does peter lund think of ferries", "Peter Lund", f"{TITLE}, by Peter Lund"),
        ("Who pays in Lundby?", "Peter Lund", TITLE),
        ("What does Lund think of ferries?", None, TITLE),
        ("Is it so?", "Wen So", TITLE),
    ],
)
def test_the_author_stands_in_the_heading_where_asked_for(
    question: str, author: str | None, heading: str
) -> None:
    assert heading_of(question, Article("a", TITLE, TEXT, author=author)) == heading


def test_articles_are_counted_once_in_the_order_of_their_passages() -> None:
    texts = ("Ants march.", "Bees hum.", "Cats nap.")
    first, second, third = (whole(text, id=text[0]) for text in texts)
    passages = [first, first, second, first, third]
    assert [article_rank(passages, index) for index in range(5)] == [0, 0, 1, 0, 2]
