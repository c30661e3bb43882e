"""Whose turn it is in a transcript, and what that says of its sentences."""

from __future__ import annotations

import pytest

from index.text.sentences import sentences
from rag.facts.attribution import attribute, find_voice
from rag.facts.turns import turn_of

HEARING = (
    "CHAIR: We begin. The mayor has ten minutes.\n\n"
    "MAYOR INGRID DAHL: Thank you. The ferry will run until May.\n\n"
    "It costs a million a year.\n\n"
    "REPORTER: Who pays for it?\n\n"
    "DAHL (laughing): Nobody. The union says that we must.\n\n"
    "CHAIR: We end."
)


def attributions(speaker: str) -> list[str]:
    spans = sentences(HEARING)
    return [attribute(speaker, HEARING, spans, at) for at in range(len(spans))]


@pytest.mark.parametrize("speaker", ["Ingrid Dahl", "Dahl", "the mayor"])
def test_sentences_are_of_whose_turn_it_is(speaker: str) -> None:
    asked = [at for at, verdict in enumerate(attributions(speaker)) if verdict == "asked"]
    assert asked == [2, 3, 4, 6, 7]


def test_what_is_told_of_another_is_theirs_too() -> None:
    assert attributions("the union")[-2] == "asked"
    assert attributions("the chair")[:3] == ["asked", "asked", "other"]


def test_the_turn_says_who_speaks() -> None:
    spans = sentences(HEARING)
    voices = [find_voice(HEARING, spans, at) for at in range(len(spans))]
    assert voices == [None, 0, None, 2, 2, None, None, 6, None]


@pytest.mark.parametrize(
    "text",
    [
        "Price: 40 crowns.\nColour: Red.\nSize: Large.\nMaker: Brandt.",
        "Q: Why?\nA: It burnt.\nQ: When?\nA: In May.",
        "Dahl: “It burns.”\nShe left.\nNobody came.\nIt was cold.\nThen it rained.\nWeir: “No.”",
    ],
)
def test_what_is_no_transcript(text: str) -> None:
    assert all(turn_of(text, span) is None for span in sentences(text))
