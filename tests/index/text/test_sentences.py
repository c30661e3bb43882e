from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.sentences import MAX_SENTENCE_CHARS, sentences

ALPHABET = st.one_of(
    st.sampled_from("aA .!?\u00a0\u0301😀👩‍👩‍👧“”\"'א。1()…\nU.S."),
    st.characters(exclude_categories=["Cs"]),
)


def cut(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@given(st.text(ALPHABET, max_size=200))
def test_every_character_but_white_space_is_in_one_sentence(text: str) -> None:
    found = sentences(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    covered = "".join(span.of(text) for span in found)
    assert "".join(covered.split()) == "".join(text.split())


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Smith of the U.S. Commerce Dept. said sales rose 5.5 million to $2.3 bn. in May.",
        "Gen. Lee, Sen. Roe and Lt. Poe met at 5 p.m. EST.",
        "“That helped us. We have enough chips,” Lau said.",
        "“Is it over?” asked Dr. J. R. Lee.",
        "Visit example.com. today.",
        "St. Louis vs. Chicago ended 3-2.",
    ],
)
def test_a_sentence_stays_whole(sentence: str) -> None:
    text = f"It began. {sentence} Then it ended."
    assert cut(text) == ["It began.", sentence, "Then it ended."]


def test_headings_and_list_items_stand_alone() -> None:
    assert cut("The heading\n\nA sentence. Another.\n- item one\n2. Item two.") == [
        "The heading",
        "A sentence.",
        "Another.",
        "- item one",
        "2. Item two.",
    ]


def test_no_sentence_is_too_long_to_cite() -> None:
    text = "word, " * 2000
    assert all(len(span) <= MAX_SENTENCE_CHARS for span in sentences(text))
    assert max(len(span) for span in sentences("x" * 5000)) == MAX_SENTENCE_CHARS


def test_white_space_wider_than_a_byte_after_an_initial() -> None:
    assert cut("A.\u00a0B. came.\u2003He left.") == ["A.\u00a0B. came.", "He left."]


def test_a_sentence_goes_on_past_a_line_end_that_fits_a_page() -> None:
    text = "The managers said that repairs would cost 14\nmillion crowns. Ships wait."
    assert cut(text) == [
        "The managers said that repairs would cost 14\nmillion crowns.",
        "Ships wait.",
    ]


def test_captions_have_no_sentences() -> None:
    text = (
        "Ships wait.\n\n[Caption: The quay in May. It is new.]\n\n[Image: a quay by night]\n\nGo."
    )
    assert cut(text) == ["Ships wait.", "Go."]


def test_may_is_no_short_form() -> None:
    assert cut("The sale is due by the end of May. Merrow Air objects.") == [
        "The sale is due by the end of May.",
        "Merrow Air objects.",
    ]
    assert cut("It rose in May. “We are glad,” she said.")[0] == "It rose in May."


@pytest.mark.parametrize(
    "text",
    [
        "Some 312 people fell ill. Forty are in hospital.",
        "She sold her art. Weir bought it.",
        "The answer was no. Nobody came.",
    ],
)
def test_plain_words_are_no_short_forms(text: str) -> None:
    assert len(cut(text)) == 2


def test_a_number_is_a_short_form() -> None:
    assert len(cut("It bears the part no. A10 on its back.")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Gusts reached 104 km/h. One woman was hurt.",
        "The wall measures 3.2 m. Trees hide it.",
        "She waited for 12 min. “Enough,” she said.",
        "It emits 90 g/km². Rivals emit more.",
    ],
)
def test_units_are_no_short_forms(text: str) -> None:
    assert len(cut(text)) == 2


def test_units_within_a_sentence_end_none() -> None:
    text = "It ran at 104 km/h in May, 3 m. below the bridge, for 12 min. or so."
    assert cut(text) == [text]


def test_a_long_line_is_cut_as_its_paragraphs_are() -> None:
    paragraph = "The council met on Tuesday. Dr. J. R. Lee of the U.S. asked why. “Is it over?” "
    paragraph += "he said. “It is, and we are glad of it,” said Ada Brandt. Nobody else spoke. "
    assert cut(paragraph * 200) == cut(paragraph) * 200


def test_half_a_character_breaks_nothing() -> None:
    text = "It is \ud83d here. \ud800. \udc00 ends it."
    spans = sentences(text)
    assert spans[0].of(text) == "It is \ud83d here."
    assert "".join(span.of(text) for span in spans).replace(" ", "") == text.replace(" ", "")


def test_a_segmenter_that_gives_up_costs_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        __module__ = "pyo3_runtime"

    def panic(language: str, text: str) -> list[str]:
        raise PanicException("byte index 3 is not a char boundary")

    monkeypatch.setattr("sentencex.segment", panic)
    text = "One is here. Two is there."
    assert [span.of(text) for span in sentences(text)] == [text]
