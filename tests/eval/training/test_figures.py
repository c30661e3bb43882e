"""The figures of the reader's card, on questions worked by hand."""

from __future__ import annotations

from dataclasses import replace

from eval.training.figures import measure
from rag.reading.calibration import Calibration
from tests.eval.training.scanned import found, scanned

ROUGH = Calibration.rough()


def test_answers_are_scored_by_set_and_condition() -> None:
    part = [
        scanned((5.0, 1.0), 0, half=1),
        scanned((1.0, 5.0, 0.0, -1.0), 2, half=1),
        scanned((-5.0, -6.0), None, half=1),
        scanned((5.0, 1.0), 1, half=1, name="other"),
    ]
    figures = measure(part, ROUGH)
    assert set(figures) == {"set given", "other given", "all"}
    assert figures["set given"] == {
        "questions": 3,
        "answerable": 2,
        "exact_match": 50.0,
        # "Answer 1" shares one of two words with "Answer 2".
        "f1": 75.0,
        "first_sentence_right": 50.0,
        "right_among_three": 100.0,
        "answerable_auroc": 1.0,
    }
    assert figures["other given"]["first_sentence_right"] == 0.0
    assert figures["all"]["questions"] == 4


def test_the_fitting_half_is_left_out() -> None:
    part = [scanned((5.0,), 0, half=1), scanned((5.0,), None, half=0)]
    figures = measure(part, ROUGH)
    assert figures["set given"]["questions"] == figures["all"]["questions"] == 1


def test_where_the_document_was_removed_only_silence_is_right() -> None:
    there, gone = (found("d"), found("x")), (found("x"),)
    part = [
        scanned((3.0,), 0, half=1, condition="retrieved", passages=there),
        scanned((-3.0,), 0, half=1, condition="removed", passages=gone),
    ]
    figures = measure(part, ROUGH)
    assert figures["set retrieved or removed"] == {"questions": 2, "answerable_auroc": 1.0}
    assert "first_sentence_right" not in figures["set removed"]
    assert figures["set retrieved"]["found_in_5"] == 100.0
    assert figures["set retrieved"]["hit_1_retrieval"] == 100.0


def test_the_reader_can_rank_better_than_retrieval() -> None:
    first = scanned((3.0,), 0, half=1, condition="retrieved", passages=(found("x"), found("d")))
    second = replace(first, scans=(replace(first.scans[0], passage=1),))
    figures = measure([first, second], ROUGH)["set retrieved"]
    assert (figures["hit_1_retrieval"], figures["hit_1_reader"]) == (0.0, 50.0)
    assert figures["found_in_5"] == 100.0


def test_near_misses_are_told_from_what_is_given() -> None:
    part = [
        scanned((2.0,), 0, half=1),
        scanned((0.0,), 0, half=1),
        scanned((1.0,), None, half=1, condition="swapped"),
        # A question of the set that nothing answers is none of the two.
        scanned((9.0,), None, half=1),
    ]
    figures = measure(part, ROUGH)["set given or swapped"]
    assert figures == {"questions": 3, "answerable_auroc": 0.5}


def test_answering_less_is_right_more_often() -> None:
    part = [scanned((9.0,), 0, half=1), scanned((-9.0,), None, half=1)]
    curve = measure(part, ROUGH)["all"]["risk_coverage"]
    assert curve[0] == {"threshold": 0.05, "answered": 0.5, "right": 1.0}
    assert [point["threshold"] for point in curve[-2:]] == [0.9, 0.95]
