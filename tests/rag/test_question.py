"""A question is written as the articles are, however it was typed or copied."""

from __future__ import annotations

from rag.question import Question, Turn


def test_accents_are_composed_and_what_is_not_seen_is_gone() -> None:
    typed = "Who  leads the Bu\u0308ro\u00a0of Ali\u00adbaba\u200b?"
    assert Question(question=typed).question == "Who leads the Büro of Alibaba?"
    assert Turn(role="user", content=typed).content == "Who leads the Büro\u00a0of Alibaba?"
