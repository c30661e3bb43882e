"""Which sentences may back: each once, with the vectors of its own words and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from index.article import Article, Passage, Span
from index.encode.base import TokenVectors
from index.snapshot import Found
from index.text.sentences import sentences
from rag.grounding.alignment import Facts, Grounds
from tests.fakes import FakeEncoder

TEXT = "The tram line opened in Lunden. It closed in 1931. Nobody rode it."


def passages_of(title: str) -> list[Found]:
    """Two passages of an article, which overlap."""
    source = Article(id="tram", title=title, text=TEXT)
    spans = tuple(sentences(TEXT))
    passages = [
        Passage(key, source.id, key, Span(run[0].start, run[-1].end), run)
        for key, run in enumerate((spans[:2], spans[1:]))
    ]
    return [Found(source, passage) for passage in passages]


@pytest.fixture(params=["", "Lunden’s tram"])
def grounds(request: pytest.FixtureRequest) -> Grounds:
    return Grounds(passages_of(request.param), FakeEncoder())


def test_a_sentence_has_the_vectors_of_its_own_words(grounds: Grounds) -> None:
    assert [sentence.text for sentence in grounds.sentences] == [
        "The tram line opened in Lunden.",
        "It closed in 1931.",
        "Nobody rode it.",
    ]
    assert [sentence.passages for sentence in grounds.sentences] == [(0,), (0, 1), (1,)]
    for sentence in grounds.sentences:
        (tokens,) = grounds.encoder.encode_tokens([sentence.text])
        np.testing.assert_array_equal(sentence.vectors, tokens.vectors[1:-1])


class Short(FakeEncoder):
    """An encoder that reads so many tokens of a text, and no more."""

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [
            replace(tokens, vectors=tokens.vectors[:8], offsets=tokens.offsets[:8])
            for tokens in super().encode_tokens(texts)
        ]


def test_what_one_passage_is_too_long_for_another_has() -> None:
    _, sentence, _ = Grounds(passages_of(""), Short()).sentences
    assert len(sentence.vectors) == 5


def test_a_statement_is_near_where_its_words_stand(grounds: Grounds) -> None:
    words = grounds.statement("The tram closed in 1931 after 12.5 years.").words
    assert [word.text for word in words] == ["tram", "closed", "1931", "12.5", "years"]
    np.testing.assert_allclose([np.linalg.norm(word.vector) for word in words], 1, rtol=1e-6)
    near = [sentence.nearest(words) > 0.99 for sentence in grounds.sentences]
    np.testing.assert_array_equal(near, [[1, 0, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 0, 0]])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lunden had a tram.", "Lunden"),
        ("Bergen had a tram.", "Bergen"),
        ("Line closures reached Bergen.", "Bergen"),
        ("Meanwhile they rode to Bergen.", "Bergen"),
        ("Rarely they rode to Bergen.", "Bergen"),
    ],
)
def test_what_begins_a_statement_is_a_name_unless_it_is_a_word(
    grounds: Grounds, text: str, name: str
) -> None:
    found = grounds.statement(text).hard_names(grounds.vocabulary)
    assert [text[each.start : each.end] for each in found] == [name]


def test_a_year_is_a_day_and_may_be_an_amount(grounds: Grounds) -> None:
    facts = Facts("On 24 February it opened with 12 boats in 1984, and was new in 1984-85.")
    assert [amount.plain for amount in facts.amounts] == [12]
    assert [amount.plain for amount in facts.every_amount] == [12, 1984]
    assert [amount.plain for amount in grounds.amounts] == [1931]
    assert grounds.has_figure("in 1931")
    assert not grounds.has_figure("1932")
    assert not grounds.has_figure("none")
