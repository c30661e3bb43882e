"""A pack as the network is given it, and the marks of what is right there."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from eval.training.batch import Example
from eval.training.examples import Maker
from eval.training.packs import Pack, Segment
from rag.reading.layout import Tokens
from tests.eval.training.packs import ANSWER, pack

SENTENCES = 6


@pytest.fixture(scope="module")
def maker(tokens: Tokens) -> Maker:
    return Maker(tokens)


def _made(maker: Maker, given: Pack, seed: int) -> Example:
    example = maker(given, Random(seed))
    assert example is not None
    return example


def _ids(tokens: Tokens, text: str) -> list[int]:
    return [int(id) + 4 for id in tokens.of(text)[0]]


@pytest.mark.parametrize("seed", range(12))
def test_an_answer_and_its_sentence_are_marked(maker: Maker, tokens: Tokens, seed: int) -> None:
    example = _made(maker, pack(), seed)
    koln = _ids(tokens, ANSWER)
    assert example.ids[example.starts].tolist() == koln
    assert example.ids[example.ends].tolist() == koln
    assert example.evidence.nonzero()[0].tolist() == [1]
    assert example.sentence[example.starts].tolist() == [1]


def test_an_answer_of_more_words_is_marked_at_its_ends(maker: Maker, tokens: Tokens) -> None:
    given = pack()
    start = given.segments[0].text.index("The zebra ran")
    first = replace(given.segments[0], gold=((start, start + 13),))
    example = _made(maker, replace(given, segments=(first, *given.segments[1:])), 1)
    assert example.ids[example.starts].tolist() == _ids(tokens, "The")
    assert example.ids[example.ends].tolist() == _ids(tokens, "ran")


def test_of_an_answer_of_sentences_every_token_is_marked(maker: Maker, tokens: Tokens) -> None:
    example = _made(maker, pack(whole=True), 1)
    assert (example.starts == example.ends).all()
    assert example.ids[example.starts].tolist() == _ids(tokens, "The zebra ran to Köln on Friday.")
    assert example.evidence.sum() == 1


def test_without_an_answer_the_first_token_is_right(maker: Maker) -> None:
    example = _made(maker, pack(gold=False), 1)
    assert example.starts.nonzero()[0].tolist() == [0]
    assert example.ends.nonzero()[0].tolist() == [0]
    assert not example.evidence.any()


def test_every_token_of_the_texts_is_in_a_sentence(maker: Maker) -> None:
    example = _made(maker, pack(), 1)
    assert (example.sentence[example.passage] >= 0).all()
    assert (example.sentence[~example.passage] == -1).all()
    assert example.sentence.max() == len(example.evidence) - 1


def test_an_echo_line_is_a_sentence_and_never_evidence(maker: Maker) -> None:
    made = [_made(maker, pack(), seed) for seed in range(150)]
    echoed = [example for example in made if len(example.evidence) == SENTENCES + 1]
    plain = [example for example in made if len(example.evidence) == SENTENCES]
    assert len(echoed) + len(plain) == len(made)
    assert 5 < len(echoed) < 50
    for example in echoed:
        assert example.evidence.sum() == 1
        # The line has tokens, and stands at the end of one of the segments.
        assert set(range(SENTENCES + 1)) <= set(example.sentence.tolist())
        assert example.evidence.argmax() == 1


def test_a_passages_title_stands_before_its_first_segment_alone(
    maker: Maker, tokens: Tokens
) -> None:
    title = _ids(tokens, "Zebras.")
    ids = _made(maker, pack(gold=False), 1).ids.tolist()
    assert sum(ids[i : i + len(title)] == title for i in range(len(ids))) == 1


def test_what_is_too_long_is_left_out(maker: Maker) -> None:
    text = "so it went " * 200
    segment = Segment("", text, ((0, len(text)),), (), 0)
    assert maker(replace(pack(), segments=(segment,)), Random(1)) is None


def test_the_question_is_typed_anew_each_time(maker: Maker) -> None:
    made = {tuple(_made(maker, pack(), seed).ids.tolist()) for seed in range(40)}
    assert len(made) > 8
