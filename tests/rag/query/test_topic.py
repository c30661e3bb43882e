from __future__ import annotations

import pytest

from rag.query.topic import find_topic, topic_question, topic_words


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Summarise the Talvik bridge.", "the Talvik bridge"),
        ("please summarize the articles about Kvantum", "Kvantum"),
        ("Tell me about the strike in Weiden", "the strike in Weiden"),
        ("Can you give me a short overview of chip exports?", "chip exports"),
        ("What do the articles say about Sunfield?", "Sunfield"),
        ("What is known about the fire?", "the fire"),
        ("Summarise this article", ""),
        ("Summarise the Nvidia H20 article", "Nvidia H20"),
        ("Sum up the latest coverage of Weiden", "Weiden"),
        ("Sum up the Weiden coverage", "Weiden"),
    ],
)
def test_topics(question: str, topic: str) -> None:
    assert find_topic(question) == topic
    assert topic_words(question) == topic


@pytest.mark.parametrize("question", ["Who is Kvantum?", "What did it tell the union about pay?"])
def test_questions_are_none(question: str) -> None:
    assert find_topic(question) is None
    assert topic_words(question) is None


def test_a_bare_topic_is_one_for_a_timeline_alone() -> None:
    assert find_topic("Talvik bridge") is None
    assert topic_words("Talvik bridge") == "Talvik bridge"
    assert topic_question("") == "What happened?"
