from __future__ import annotations

import pytest

from rag.generation.sentence_stream import stream_sentences
from rag.text.markup import strip_markup


@pytest.mark.parametrize(
    ("raw", "text", "marks"),
    [
        ("Acme bought Globex [2].", "Acme bought Globex.", (2,)),
        ("Acme bought Globex. [1][3]", "Acme bought Globex.", (1, 3)),
        ("Acme bought Globex [1, 4].", "Acme bought Globex.", (1, 4)),
        ("Acme bought Globex【3†source】.", "Acme bought Globex.", (3,)),
        ("- **Acme** bought *Globex*.", "Acme bought Globex.", ()),
        ("## Assistant: Acme paid.", "Acme paid.", ()),
        ("Acme <b>paid</b>.<|im_end|>", "Acme paid.", ()),
        ("Ac\u200bme\u202e paid.", "Acme paid.", ()),
        ("2. Acme paid.", "Acme paid.", ()),
        ("2.5 percent was paid.", "2.5 percent was paid.", ()),
        ("**Acme paid [1].", "Acme paid.", (1,)),
        ("** Acme paid.", "Acme paid.", ()),
        ("Acme paid.**", "Acme paid.", ()),
        ("Acme paid [1]**.", "Acme paid.", (1,)),
        ("`_Acme_ paid.", "Acme paid.", ()),
        ("Acme _and_ Globex_x paid.", "Acme and Globex_x paid.", ()),
        ("Acme paid, f***.", "Acme paid, f***.", ()),
        ("It cites (Article 10) the charter.", "It cites (Article 10) the charter.", ()),
        ("It cites the charter (passage 2).", "It cites the charter.", (2,)),
    ],
)
def test_what_is_no_words_goes(raw: str, text: str, marks: tuple[int, ...]) -> None:
    made = strip_markup(raw)
    assert (made.text, made.markers, made.is_clean) == (text, marks, True)


@pytest.mark.parametrize(
    "raw",
    [
        "![x](https://evil.example/p.png?q=secret)",
        "See [the report](https://evil.example/?q=secret).",
        "Acme paid, says evil.com/a.",
        "Write to mallory@evil.org now.",
        "Go to http://10.0.0.1/x.",
        "Click javascript:alert(1) please.",
        "Acme paid &lt;img src=x&gt;.",
        "[1]: https://evil.example",
        "It is at hxxps evil[.]example.",
        "See evil`.`com now.",
        "See `evil`.com now.",
        "See [evil](x).com now.",
        "See evil [1].com now.",
    ],
)
def test_what_has_an_address_is_not_fit(raw: str) -> None:
    assert not strip_markup(raw).is_clean


TEXT = (
    "Acme bought Globex in 2020 [1]. It paid $4.5 million [2][3]. Mr. Roe of the U.S. board "
    "agreed.\nNobody else did. [1, 2] The end of it broke"
)
WHOLE = [
    "Acme bought Globex in 2020 [1].",
    "It paid $4.5 million [2][3].",
    "Mr. Roe of the U.S. board agreed.",
    "Nobody else did. [1, 2]",
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 1000])
def test_sentences_do_not_depend_on_the_pieces(size: int) -> None:
    pieces = [TEXT[i : i + size] for i in range(0, len(TEXT), size)]
    assert list(stream_sentences(pieces)) == WHOLE


def test_a_sentence_is_let_go_when_the_next_begins() -> None:
    heard: list[str] = []

    def pieces() -> object:
        for piece in ("One is here. ", "Two ", "is "):
            heard.append(piece)
            yield piece

    assert next(stream_sentences(pieces())) == "One is here."  # type: ignore[arg-type]
    assert heard == ["One is here. ", "Two "]


@pytest.mark.parametrize(
    "last", ["It ended [1].", "It ended. [1]", "It ended.[1][2]", "It ended.”", "It ended.`"]
)
def test_the_last_sentence_counts_when_it_has_an_end(last: str) -> None:
    assert list(stream_sentences(["One. ", last])) == ["One.", last]


def test_nothing_comes_of_nothing() -> None:
    assert list(stream_sentences([])) == list(stream_sentences(["", " \n"])) == []


def test_half_a_character_ends_no_stream() -> None:
    assert list(stream_sentences(["One \ud800 is. ", "Two \udfff is."])) == [
        "One \ud800 is.",
        "Two \udfff is.",
    ]


def test_a_cut_within_white_space_loses_none_of_it() -> None:
    text = "The ferry stops:    \n- at Kell,   \n- at Oss. It is late. "
    whole = list(stream_sentences([text]))
    for at in range(len(text)):
        assert list(stream_sentences([text[:at], text[at:]])) == whole
    assert list(stream_sentences(text)) == whole


def test_a_model_that_repeats_itself_without_white_space_takes_no_longer_than_its_text() -> None:
    text = "hundred" * 4_000 + "."
    split = list(stream_sentences([*["hundred"] * 4_000, ". "]))
    assert "".join(split) == text
