from __future__ import annotations

import pytest

from rag.query.topic import (
    asks_for_news,
    find_timeline_topic,
    find_topic,
    topic_question,
    topic_words,
)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Summarise the Talvik bridge.", "the Talvik bridge"),
        ("please summarize the articles about Kvantum", "Kvantum"),
        ("Tell me about the strike in Weiden", "the strike in Weiden"),
        ("Tell me about the strike, please", "the strike"),
        ("Can you give me a short overview of chip exports?", "chip exports"),
        ("What do the articles say about Sunfield?", "Sunfield"),
        ("What does each article say about the quay?", "the quay"),
        ("What do both of the stories report on the quay?", "the quay"),
        ("What is known about the fire?", "the fire"),
        ("Summarise this article", ""),
        ("Summarise the Nvidia H20 article", "Nvidia H20"),
        ("Sum up the latest coverage of Weiden", "Weiden"),
        ("Sum up the Weiden coverage", "Weiden"),
        ("What's new with the Harle bridge?", "the Harle bridge"),
        ("What's the story with the Harle bridge?", "the Harle bridge"),
        ("whats new with the Harle bridge", "the Harle bridge"),
        ("Any news on Telvia?", "Telvia"),
        ("What is the latest on the wolves?", "the wolves"),
        ("Bring me up to date on Skylark", "Skylark"),
        ("What are the key points of the phone ban article?", "phone ban"),
    ],
)
def test_topics(question: str, topic: str) -> None:
    assert find_topic(question) == topic
    assert topic_words(question) == topic


@pytest.mark.parametrize(
    "question",
    [
        "Who is Kvantum?",
        "What did it tell the union about pay?",
        "What is the latest offer?",
        "What do the articles say about how high the quay is?",
        "What is the news agency called?",
        "What is happening in Harle on 6 June?",
    ],
)
def test_questions_are_none(question: str) -> None:
    assert find_topic(question) is None
    assert topic_words(question) is None


def test_news_of_a_topic_are_asked_for_by_their_words() -> None:
    assert asks_for_news("What's new with the Harle bridge?")
    assert asks_for_news("Summarise the latest coverage of Weiden")
    assert not asks_for_news("Tell me about the bridge in Weiden")
    assert not asks_for_news("What is new?")


def test_a_bare_topic_is_one_for_a_timeline_alone() -> None:
    assert find_topic("Talvik bridge") is None
    assert topic_words("Talvik bridge") == "Talvik bridge"
    assert topic_question("") == "What happened?"


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("timeline of the bridge's cost", "the bridge's cost"),
        ("Please give me a short timeline on the strike, please", "the strike"),
        ("Can you draw up a chronology of the Kelm trial?", "the Kelm trial"),
        ("What is the timeline for the merger?", None),
        ("Is there a timeline of the interferon response?", None),
        ("timeline", None),
        ("The timeline of the plan was too short, was it?", None),
    ],
)
def test_requests_for_a_timeline(question: str, topic: str | None) -> None:
    assert find_timeline_topic(question) == topic
