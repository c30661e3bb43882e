"""What a network is given: ids, types, rows and offsets of both layouts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.errors import ModelError
from rag.reading.layout import (
    NO_TOKENS,
    BertEncoder,
    MPNetEncoder,
    PairEncoder,
    Text,
    Tokens,
    open_layout,
    sentence_of_token,
    sentence_windows,
)
from rag.reading.manifest import WEIGHTS_FOLDER
from tests.rag.reading.passages import WILD

QUESTION = "Where did the zebra run?"


def _text(tokens: Tokens, text: str, title: str = "") -> Text:
    return Text(tokens.title(title), *tokens.of(text))


@pytest.mark.parametrize("text", WILD)
def test_berts_layout_is_its_tokenizers_own(tokens: Tokens, text: str) -> None:
    tokenizer = Tokenizer.from_file(str(WEIGHTS_FOLDER / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    expected = tokenizer.encode(QUESTION, text)
    pair = BertEncoder(tokens.marks).join(tokens.question(QUESTION), [_text(tokens, text)])
    assert pair.ids.tolist() == expected.ids
    assert pair.types.tolist() == expected.type_ids


def test_mpnets_layout_has_its_marks_and_its_own_numbers() -> None:
    question, title, ids = (np.array(each) for each in ([10, 11], [20], [30, 31, 32]))
    text = Text(title, ids, np.array([[0, 1], [2, 3], [4, 5]]))
    pair = MPNetEncoder().join(question, [text])
    assert pair.ids.tolist() == [0, 14, 15, 2, 2, 24, 34, 35, 36, 2]
    assert pair.rows.tolist() == [6, 7, 8]
    assert not pair.types.any()


@pytest.mark.parametrize("layout", ["bert", "mpnet"])
def test_rows_and_offsets_are_the_texts(tokens: Tokens, layout: str) -> None:
    shift = 4 if layout == "mpnet" else 0
    text = _text(tokens, WILD[0], "Zebras: what is new")
    pair = open_layout(layout, tokens).join(tokens.question(QUESTION), [text])
    assert (pair.ids[pair.rows] - shift).tolist() == text.ids.tolist()
    assert pair.offsets.tolist() == text.offsets.tolist()


def test_several_texts_follow_each_other(tokens: Tokens) -> None:
    texts = [_text(tokens, each, title) for each, title in zip(WILD, "abcde", strict=True)]
    pair = MPNetEncoder().join(tokens.question(QUESTION), texts)
    assert (pair.ids[pair.rows] - 4).tolist() == [id for text in texts for id in text.ids]
    assert pair.offsets.tolist() == [list(each) for text in texts for each in text.offsets]
    # Two behind the question, one behind each text.
    assert (pair.ids == 2).sum() == 2 + len(texts)


@pytest.mark.parametrize("layout", ["bert", "mpnet"])
def test_the_overhead_is_what_is_no_text(tokens: Tokens, layout: str) -> None:
    question, text = tokens.question(QUESTION), _text(tokens, WILD[0], "Zebras")
    encoder: PairEncoder = open_layout(layout, tokens)
    pair = encoder.join(question, [text])
    assert len(pair.ids) == encoder.overhead(question) + len(text.title) + len(text.ids)


@pytest.mark.parametrize("many", [0, 2])
def test_bert_takes_one_text(tokens: Tokens, many: int) -> None:
    with pytest.raises(ValueError, match="values to unpack"):
        BertEncoder(tokens.marks).join(NO_TOKENS, [_text(tokens, "It rained.")] * many)


def test_mpnet_takes_at_least_one(tokens: Tokens) -> None:
    with pytest.raises(ValueError, match="at least one"):
        MPNetEncoder().join(NO_TOKENS, [])


def test_an_unknown_layout_is_refused(tokens: Tokens) -> None:
    with pytest.raises(ModelError, match="no layout 'roberta'"):
        open_layout("roberta", tokens)


def test_of_a_long_question_the_end_is_kept(tokens: Tokens) -> None:
    asked = tokens.question("It rained again and again, they say. " * 20 + QUESTION)
    assert len(asked) == 64
    plain = tokens.question(QUESTION)
    assert asked[-len(plain) :].tolist() == plain.tolist()


def test_a_title_is_a_sentence_of_its_own(tokens: Tokens) -> None:
    assert tokens.title("Zebras").tolist() == tokens.of("Zebras.")[0].tolist()
    assert len(tokens.title("  ")) == 0
    assert len(tokens.title("zebra " * 90)) == 32


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_offsets_are_in_order_and_inside(text: str) -> None:
    ids, offsets = Tokens.load(WEIGHTS_FOLDER / "tokenizer.json").of(text)
    assert len(ids) == len(offsets)
    assert ((offsets >= 0) & (offsets <= len(text))).all()
    assert (np.diff(offsets[:, 0]) >= 0).all()


def test_what_is_no_tokenizer_of_berts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    with pytest.raises(ModelError, match="cannot be opened"):
        Tokens.load(path)
    stored = json.loads((WEIGHTS_FOLDER / "tokenizer.json").read_text())
    stored["added_tokens"], stored["post_processor"] = [], None
    stored["model"]["vocab"] = {"[UNK]": 0, "a": 1}
    path.write_text(json.dumps(stored))
    with pytest.raises(ModelError, match=r"no \[CLS\]"):
        Tokens.load(path)


def test_a_token_between_sentences_belongs_to_none() -> None:
    offsets = np.array([[0, 3], [4, 6], [6, 7], [8, 9]])
    assert sentence_of_token(offsets, [(0, 3), (6, 9)]).tolist() == [0, -1, 1, 1]
    assert sentence_of_token(offsets, []).tolist() == [-1] * 4


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 60))
def test_windows_hold_every_sentence_within_the_budget(sizes: list[int], budget: int) -> None:
    runs = sentence_windows(sizes, budget)
    assert {i for first, last in runs for i in range(first, last)} == set(range(len(sizes)))
    for first, last in runs:
        assert last - first == 1 or sum(sizes[first:last]) <= budget


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Oslo | 2024: 7.5 | 2023: 7.1", "Oslo: 2024: 7.5, 2023: 7.1"),
        ("Party | Seats\nGreens | Seats: 12", "Party: Seats Greens: Seats: 12"),
        ("a|b is no row", "a|b is no row"),
    ],
)
def test_rows_are_read_as_prose_in_their_own_places(
    tokens: Tokens, row: str, sentence: str
) -> None:
    ids, offsets = tokens.of(row)
    assert ids.tolist() == tokens.of(sentence)[0].tolist()
    words = [row[start:end] for start, end in offsets.tolist()]
    assert [word for word in words if word.isalnum()] == [
        sentence[start:end]
        for start, end in tokens.of(sentence)[1].tolist()
        if sentence[start:end].isalnum()
    ]
