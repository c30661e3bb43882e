from __future__ import annotations

import numpy as np
import pytest

from index.encode.base import TokenVectors
from rag.signals import (
    KINDS,
    PassageView,
    is_function_word,
    kind_of,
    plain_idf,
    read_question,
    sentence_signals,
    stem,
    words,
)
from tests.rag.word_vectors import encoded, passage


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much will Alibaba invest in AI?", "money"),
        ("How many GPUs are in the cluster?", "number"),
        ("What percentage of imports came from abroad?", "number"),
        ("When was the ban announced?", "date"),
        ("In which year did exports fall?", "date"),
        ("How long did the strike last?", "duration"),
        ("Who leads Nvidia?", "person"),
        ("Where is the plant?", "place"),
        ("Why did shares fall?", "reason"),
        ("How does Tencent save chips?", "manner"),
        ("What is inferencing?", "definition"),
        ("Which company bought the stock?", "other"),
    ],
)
def test_the_question_words_tell_the_kind(question: str, kind: str) -> None:
    assert kind_of(question) == kind
    assert kind in KINDS


def test_words_keep_numbers_whole() -> None:
    assert words("Up 10.4% to $1,385 bn") == ["Up", "10.4", "to", "1,385", "bn"]


def test_stems_fold_endings_case_and_thousands_commas() -> None:
    assert stem("Invested") == stem("investing")
    assert stem("10,000") == stem("10000")


def test_grammar_weighs_less_than_content() -> None:
    assert is_function_word("Which")
    assert not is_function_word("won")
    assert plain_idf("the") < plain_idf("chip")


def test_a_question_is_taken_apart() -> None:
    text = "Did Baidu not buy 10,000 chips?"
    view = read_question(text, encoded(text))
    assert view.names == {"baidu"}
    assert view.numbers == {"10000"}
    assert view.negated


def test_weights_sum_to_one_over_words_and_over_tokens() -> None:
    text = "Who bought the rare chip?"
    view = read_question(text, encoded(text), lambda s: 5.0 if s == "rare" else 1.0)
    assert view.weights.sum() == pytest.approx(1.0)
    assert view.token_weights.sum() == pytest.approx(1.0)
    assert view.weights[view.stems.index("rare")] == view.weights.max()


def test_the_sentence_with_the_question_s_words_is_nearest() -> None:
    found = _signals("Who bought chips?", "Rain fell all day.", "Baidu bought chips.")
    assert found["late"].argmax() == found["overlap"].argmax() == 1
    assert found["overlap"].tolist() == [0.0, 1.0]


def test_passage_signals_are_the_same_for_every_sentence() -> None:
    found = _signals("Who bought chips?", "Rain fell all day.", "Baidu bought chips.")
    shared = [values for name, values in found.items() if name.startswith("passage_")]
    assert shared
    assert all((values == values[0]).all() for values in shared)


def test_a_missing_year_and_name_show() -> None:
    found = _signals("What did Tencent buy in 2019?", "In 2021 Baidu bought chips.")
    assert found["passage_names_missing"][0] == 1.0
    assert found["passage_numbers_missing"][0] == 1.0


def test_a_name_in_the_title_is_not_missing() -> None:
    found = _signals("What did Tencent buy?", "The firm bought chips.", title="Tencent")
    assert found["names_missing"][0] == 0.0


def test_a_number_that_the_question_has_itself_is_no_answer() -> None:
    found = _signals("How many of the 40 plants closed?", "All 40 plants run.", "Then 12 closed.")
    assert found["kind_missing"].tolist() == [1.0, 0.0]


def test_negation_that_differs_shows() -> None:
    found = _signals("Who agreed?", "Lau agreed.", "Shen never agreed.")
    assert found["negation_differs"].tolist() == [0.0, 1.0]


def test_neighbours_lend_their_words() -> None:
    found = _signals("Who bought chips?", "Baidu bought chips.", "It was Li.", "Rain fell.")
    assert found["overlap"].tolist() == [1.0, 0.0, 0.0]
    assert found["overlap_around"].tolist() == [1.0, 1.0, 0.0]


def test_a_heading_is_told_from_a_sentence() -> None:
    found = _signals("Who?", "Chips made at home", "Baidu made chips at home.")
    assert found["heading"].tolist() == [1.0, 0.0]


def test_a_sentence_that_the_encoder_cut_off_is_far_and_finite() -> None:
    whole = passage("", "Rain fell.", "Baidu bought chips.")
    tokens = whole.tokens
    kept = TokenVectors(tokens.vectors[:3], tokens.offsets[:3], tokens.mean)
    cut = PassageView(whole.title, whole.text, whole.sentences, kept)
    text = "Who bought chips?"
    found = sentence_signals(read_question(text, encoded(text)), cut)
    assert found["late"][1] == 0.0
    assert all(np.isfinite(values).all() for values in found.values())


def test_a_passage_without_sentences_has_no_signals() -> None:
    view = read_question("Who?", encoded("Who?"))
    assert sentence_signals(view, PassageView("", "", (), encoded(""))) == {}


def _signals(question: str, *sentences: str, title: str = "") -> dict[str, np.ndarray]:
    view = read_question(question, encoded(question))
    return dict(sentence_signals(view, passage(title, *sentences)))
