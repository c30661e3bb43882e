"""Who says a sentence: attributions in it, pronouns, and sentences inside a quotation."""

from __future__ import annotations

import pytest

from index.text.sentences import sentences
from rag.facts.attribution import is_said_by, is_voiced, speakers

BRIDGE = (
    '"We have waited thirty years for this," said the mayor of Talvik, Ingrid Solheim. She said '
    "the ferry would stop.\n\nArne Bakk, who leads the opposition, called the bridge “a hole. It "
    "has no bottom. Nobody pays.” Solheim rejected that. The harbour master did not answer.\n\n"
    "Norled Vest will keep its 40 workers, the company said."
)


@pytest.mark.parametrize(
    ("sentence", "phrases"),
    [
        ('"It is late," said the mayor, Ingrid Solheim.', ["the mayor, Ingrid Solheim"]),
        ("The price has risen, the council said on Thursday.", ["the council"]),
        ("Bakk, who leads the party, called it “a hole”.", ["Bakk, who leads the party"]),
        ("According to Solheim, the ferry stays.", ["Solheim"]),
        ("A spokesperson for Acme has also denied it.", ["A spokesperson for Acme"]),
        ('"Nobody has told us anything," he said.', ["he"]),
        ("The company would not say what they cost.", []),
        ("Its 40 workers were told on Monday.", []),
        ("Prices rose 5 percent, more than expected.", []),
        ("It was called a success.", []),
    ],
)
def test_the_subject_of_saying(sentence: str, phrases: list[str]) -> None:
    assert speakers(sentence) == phrases


def said_by(speaker: str) -> list[str]:
    spans = sentences(BRIDGE)
    return [
        span.of(BRIDGE) for at, span in enumerate(spans) if is_said_by(speaker, BRIDGE, spans, at)
    ]


@pytest.mark.parametrize("speaker", ["Ingrid Solheim", "Solheim", "the mayor of Talvik"])
def test_a_person_by_name_surname_or_role(speaker: str) -> None:
    statements = said_by(speaker)
    assert [statement.split()[0] for statement in statements] == ['"We', "She", "Solheim"]


def test_a_quotation_goes_on_inside_its_marks() -> None:
    assert any("no bottom" in statement for statement in said_by("Arne Bakk"))
    assert not any("rejected" in statement for statement in said_by("Arne Bakk"))


def test_the_company_is_the_one_that_the_sentence_names() -> None:
    assert said_by("Norled Vest") == ["Norled Vest will keep its 40 workers, the company said."]


@pytest.mark.parametrize("speaker", ["the harbour master", "Peter Solheim", "Kvantum"])
def test_who_says_nothing_has_no_sentence(speaker: str) -> None:
    assert said_by(speaker) == []


def test_prose_is_nobodys() -> None:
    spans = sentences(BRIDGE)
    voiced = [span.of(BRIDGE) for at, span in enumerate(spans) if is_voiced(BRIDGE, spans, at)]
    assert "The harbour master did not answer." not in voiced
    assert len(voiced) == len(spans) - 1
