"""Who says a sentence: attributions in it, pronouns, and sentences inside a quotation."""

from __future__ import annotations

import pytest

from index.text.sentences import sentences
from rag.facts.attribution import attribute, find_voice, is_voiced

BRIDGE = (
    '"We have waited thirty years for this," said the mayor of Talvik, Ingrid Solheim. She said '
    "the ferry would stop.\n\nArne Bakk, who leads the opposition, called the bridge “a hole. It "
    "has no bottom. Nobody pays.” Solheim rejected that. The harbour master did not answer.\n\n"
    "Norled Vest will keep its 40 workers, the company said."
)


def said_by(speaker: str) -> list[str]:
    spans = sentences(BRIDGE)
    return [
        span.of(BRIDGE)
        for at, span in enumerate(spans)
        if attribute(speaker, BRIDGE, spans, at) == "asked"
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


@pytest.mark.parametrize(
    ("start", "speaker", "attribution"),
    [
        ('"We have', "Ingrid Solheim", "asked"),
        ('"We have', "Arne Bakk", "other"),
        ("Solheim rejected", "Arne Bakk", "other"),
        ("The harbour master did", "Arne Bakk", "nobody"),
        # What is told of somebody may be what they say.
        ("The harbour master did", "the harbour master", "unknown"),
        # A "she" may be anybody who was named before.
        ("She said", "Ingrid Solheim", "asked"),
    ],
)
def test_what_is_sure_and_what_is_not(start: str, speaker: str, attribution: str) -> None:
    spans = sentences(BRIDGE)
    at = next(i for i, span in enumerate(spans) if span.of(BRIDGE).startswith(start))
    assert attribute(speaker, BRIDGE, spans, at) == attribution


def test_a_pronoun_is_not_held_against_one_who_was_named_before() -> None:
    text = "Weir met Bakk and Solheim at noon. Bakk said little. He said that it was late."
    spans = sentences(text)
    assert attribute("Solheim", text, spans, 2) == "unknown"
    assert attribute("Lindholm", text, spans, 2) == "other"


def test_what_somebody_else_does_is_not_said_by_the_one_asked_for() -> None:
    text = "Lindholm opposed the bridge. It was late, said Arne Bakk. He put the cost at 3 million."
    assert attributions("Lindholm", text)[-1] == "nobody"
    assert attributions("Arne Bakk", text)[-1] == "unknown"
    # Whom the sentence before names, too, it may mean.
    text = "It was late, said Arne Bakk of Weir. He put the cost at 3 million."
    assert attributions("Weir", text)[-1] == "unknown"


def test_a_quotation_goes_on_until_another_speaks() -> None:
    text = '"We led," said the cox, Jess Holm. "Then we did not." Coach Arne Bakk blamed the wind.'
    assert attributions("Jess Holm", text) == ["asked", "asked", "other"]
    assert attributions("Arne Bakk", text) == ["other", "other", "asked"]


def test_a_pronoun_means_no_owner() -> None:
    text = "Halle's manager, Arne Bakk, was gracious. He refused to blame the pitch."
    assert attributions("Arne Bakk", text)[-1] == "unknown"


def test_which_company_is_meant_is_never_sure() -> None:
    text = "Kvantum met Norled Vest in May. Prices will rise, the company said."
    spans = sentences(text)
    assert attribute("Norled Vest", text, spans, 1) in ("asked", "unknown")
    assert attribute("Sunfield", text, spans, 1) == "unknown"


INTERVIEW = (
    "Ingrid Dahl has counted seals for thirty years. She stops in May.\n\n"
    "Why seals?\nNobody else wanted them. I liked the boat.\n\n"
    "Will they come back?\nNot to this bay. The water is too warm."
)


def attributions(speaker: str, text: str, author: str | None = None) -> list[str]:
    spans = sentences(text)
    return [attribute(speaker, text, spans, at, author) for at in range(len(spans))]


def test_the_answers_of_an_interview_are_of_whom_it_introduces() -> None:
    *_, question, first, last = attributions("Ingrid Dahl", INTERVIEW)
    assert (question, first, last) == ("nobody", "asked", "asked")
    assert "asked" not in attributions("Arne Moberg", INTERVIEW)


def test_what_the_interviewer_says_is_no_answer() -> None:
    text = INTERVIEW.replace("Why", "Q: Why").replace("Will", "Q: Will") + "\n\nQ: I doubt that."
    assert attributions("Ingrid Dahl", text)[-1] == "nobody"


def test_an_articles_own_sentences_are_its_authors() -> None:
    text = 'Lawns are dull. I would leave them alone. "Mine is tidy," said Otto Brand.'
    assert attributions("Orla Fenwick", text, "Orla Fenwick") == ["asked", "asked", "other"]
    assert "asked" not in attributions("Orla Fenwick", text, "Hugh Weir")
    assert attributions("Otto Brand", text, "Orla Fenwick")[-1] == "asked"


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ('"It burns," said Ada Lind. "Nobody came."', 0),
        ('Ada Lind said it burnt. "Nobody came."', 0),
        ('"It burns," said Ada Lind. "We rang." "Nobody came."', 0),
        ('"Nobody came." "It burns," said Ada Lind.', 1),
        # Who asks in it does not speak.
        ('"It burns," said Ada Lind. "He said nobody came."', 0),
        # It says so itself, is no quotation, or has nobody beside it.
        ('"It burns," said Ada Lind. "Nobody came," Weir said.', None),
        ('"It burns," said Ada Lind. Nobody came.', None),
        ('"It burns," said Ada Lind.\n\n"Nobody came."', None),
        ('The wood burnt. "Nobody came."', None),
    ],
)
def test_who_speaks_in_a_bare_quotation(text: str, voice: int | None) -> None:
    spans = sentences(text)
    at = next(i for i, span in enumerate(spans) if "obody came" in span.of(text))
    assert find_voice(text, spans, at) == voice
