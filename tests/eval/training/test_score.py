"""SQuAD's scores, and the rank statistic, on cases worked by hand."""

from __future__ import annotations

import math

from eval.training.score import auroc, exact_match, f1, normal


def test_normal_form_drops_case_articles_and_punctuation() -> None:
    assert normal("The  U.S. Army, an  army") == "us army army"


def test_exact_match_takes_any_gold_answer() -> None:
    assert exact_match("the Normans", ["normans", "x"]) == 1.0
    assert exact_match("Normans", ["x"]) == 0.0


def test_f1_is_of_the_best_gold_answer() -> None:
    assert f1("10th century", ["in the 10th century", "x"]) == 0.8
    assert f1("", ["x"]) == 0.0


def test_auroc_counts_pairs_with_ties_half() -> None:
    assert auroc([0.1, 0.4, 0.4, 0.8], [False, False, True, True]) == 0.875
    assert math.isnan(auroc([0.1], [True]))
