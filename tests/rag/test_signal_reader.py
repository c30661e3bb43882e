from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from rag.signal_reader import PassageView, Reading, SignalReader, choose_quote
from tests.rag.word_vectors import encoded, passage

CHIPS = passage(
    "Chip makers",
    "Rain fell on the coast all day.",
    "Alibaba will invest 380 billion RMB in data centres.",
    "Analysts welcomed the weather.",
)
SPORT = passage("Football", "The match ended in a draw.", "Fans went home early.")
INVEST = "How much will Alibaba invest in data centres?"


@pytest.fixture(scope="module")
def reader() -> SignalReader:
    return SignalReader.load()


def test_the_answering_sentence_comes_first(reader: SignalReader) -> None:
    assert _read(reader, INVEST, SPORT, CHIPS).best[0] == (1, 1)


def test_every_sentence_of_every_passage_is_scored_and_ranked(reader: SignalReader) -> None:
    reading = _read(reader, INVEST, SPORT, CHIPS)
    assert [len(s) for s in reading.scores] == [2, 3]
    in_order = [reading.scores[p][s] for p, s in reading.best]
    assert in_order == sorted(in_order, reverse=True)
    assert len(set(reading.best)) == 5


def test_an_answer_is_more_probable_than_none(reader: SignalReader) -> None:
    assert _read(reader, INVEST, CHIPS).probability > _read(reader, INVEST, SPORT).probability


def test_an_off_topic_passage_beside_the_answer_changes_little(reader: SignalReader) -> None:
    alone = _read(reader, INVEST, CHIPS).probability
    assert _read(reader, INVEST, CHIPS, SPORT).probability > alone / 2


def test_a_name_that_the_passage_lacks_lowers_the_probability(reader: SignalReader) -> None:
    other = INVEST.replace("Alibaba", "Samsung")
    assert _read(reader, other, CHIPS).probability < _read(reader, INVEST, CHIPS).probability


def test_the_same_input_gives_the_same_reading(reader: SignalReader) -> None:
    one, two = (_read(reader, INVEST, CHIPS, SPORT) for _ in range(2))
    assert one.probability == two.probability
    assert one.best == two.best


def test_nothing_to_read_is_no_answer(reader: SignalReader) -> None:
    assert _read(reader, INVEST) == Reading((), 0.0, (), ())
    empty = _read(reader, INVEST, PassageView("", "", (), encoded("")))
    assert empty.probability == 0.0
    assert empty.quote == ()


@pytest.mark.parametrize("question", ["", "?", "the of", "为什么", "x" * 3000])
def test_odd_questions_get_a_probability(reader: SignalReader, question: str) -> None:
    reading = _read(reader, question, CHIPS, SPORT)
    assert 0.0 <= reading.probability <= 1.0
    assert all(np.isfinite(scores).all() for scores in reading.scores)


def test_one_clear_best_is_quoted_alone() -> None:
    assert _quote([0.0, 5.0, 1.0], "other") == ((0, 1),)


def test_a_neighbour_that_scores_nearly_as_well_is_quoted_in_text_order() -> None:
    assert _quote([4.9, 5.0, 1.0], "other") == ((0, 0), (0, 1))


def test_a_distant_sentence_is_not_quoted_for_a_fact() -> None:
    assert _quote([5.0, 0.0, 4.9], "date") == ((0, 0),)


def test_reasons_may_take_up_to_three_sentences() -> None:
    assert _quote([5.0, 4.5, 4.4, 4.3], "reason") == ((0, 0), (0, 1), (0, 2))


def test_other_passages_are_not_mixed_into_the_quote() -> None:
    scores = [np.array([5.0], np.float32), np.array([4.9], np.float32)]
    assert choose_quote(scores, [(0, 0), (1, 0)], "reason") == ((0, 0),)


def test_the_coefficients_say_what_they_were_made_from(reader: SignalReader) -> None:
    assert set(reader.made_from["sets"]) == {"clapnq", "squad2", "squadshifts_newwiki"}
    assert reader.made_from["held_out"]


def test_coefficients_for_other_signals_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"format": 1, "rank_features": ["length"]}))
    with pytest.raises(ModelError, match=r"old\.json was fitted for other signals"):
        SignalReader.load(path)


def _read(reader: SignalReader, question: str, *passages: PassageView) -> Reading:
    return reader.score(question, encoded(question), passages)


def _quote(scores: list[float], kind: str) -> tuple[tuple[int, int], ...]:
    array = np.array(scores, np.float32)
    return choose_quote([array], [(0, int(k)) for k in np.argsort(-array)], kind)
