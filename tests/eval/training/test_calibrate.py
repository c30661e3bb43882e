"""Calibration on numbers made up: probabilities follow the shares."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from eval.metrics.confidence import calibration_error
from eval.training.calibrate import (
    calibration_record,
    fit,
    fit_nearness,
    nearness_record,
    open_cascade,
    scan_all,
)
from eval.training.held_out import Case, ScannedCase
from eval.training.sets import Question
from index.logistic import sigmoid
from rag.reading.calibration import Calibration
from rag.reading.cascade import CascadeReader
from tests.eval.training.scanned import found, scanned
from tests.rag.reading.passages import scans_of, small_reader


def drawn(many: int, half: int, seed: int = 3) -> list[ScannedCase]:
    """The first sentence leads; it is right as often as its margin has it, else the last, which
    nobody scanned, or none."""
    random = Random(seed)
    out = []
    for _ in range(many):
        margin = random.gauss(1, 3)
        right = random.random() < sigmoid(1.2 * margin - 1)
        gold = 0 if right else random.choice((5, None))
        out.append(scanned((margin, margin - random.random()), gold, half=half))
    return out


def test_probabilities_follow_the_shares() -> None:
    calibration = fit(drawn(3000, half=0))
    new = drawn(3000, half=0, seed=4)
    chances = [calibration.probability(each.features(calibration)) for each in new]
    right = [each.right(each.ranking(calibration)[0]) for each in new]
    assert 0.3 < np.mean(right) < 0.7
    assert calibration_error(chances, right) < 0.04
    assert max(chances) > 0.9
    assert min(chances) < 0.1


def test_only_the_fitting_half_is_looked_at() -> None:
    half = drawn(200, half=0)
    other = [scanned((9.0, 8.0), 5, half=1) for _ in range(200)]
    assert fit([*half, *other]) == fit(half)


def test_a_sentence_beside_the_answer_is_near_it() -> None:
    """Only leads are measured so: the best sentence is wrong, the answer one further."""
    random = Random(1)
    beside = [scanned((random.gauss(2, 1), -9.0), 2) for _ in range(100)]
    far = [scanned((random.gauss(-2, 1), -9.0), 5) for _ in range(100)]
    # A few right ones, for there is nothing to fit without.
    right = [scanned((random.gauss(0, 1), -9.0), 0) for _ in range(20)]
    calibration = fit([*beside, *far, *right])
    near, away = (scanned((m, -9.0), 2).features(calibration) for m in (2.0, -2.0))
    assert calibration.nearness(near) > 0.6 > 0.4 > calibration.nearness(away)
    assert calibration.probability(near) < 0.4


def test_nearness_alone_is_fitted_anew_and_heeds_the_rank() -> None:
    """What is near an answer is in the article that was found first, what is not in another."""
    random = Random(4)
    others = tuple(found(id) for id in ("a", "b"))

    def drawn_at(rank: int) -> ScannedCase:
        passages = (*others[:rank], found())
        case = scanned((random.gauss(0, 1), -9.0), None if rank else 0, passages=passages)
        return replace(case, scans=tuple(replace(scan, passage=rank) for scan in case.scans))

    cases = [drawn_at(rank) for rank in (0, 1, 2) for _ in range(60)]
    before = fit(drawn(200, half=0))
    after = fit_nearness(
        [*cases, *(replace(c, case=replace(c.case, half=1)) for c in cases)], before
    )
    assert replace(after, touches=before.touches) == before
    assert after == fit_nearness(cases, before)
    near, far = (drawn_at(rank).features(after) for rank in (0, 2))
    assert after.nearness(near) > 0.8 > 0.2 > after.nearness(far)


def test_evidence_weighs_where_it_finds_the_answer() -> None:
    random = Random(2)
    misled = [
        scanned((random.gauss(1, 0.2), 0.0), 1, evidence=(0.0, random.gauss(3, 0.2)))
        for _ in range(60)
    ]
    led = [scanned((random.gauss(1, 0.2), 0.0), 0) for _ in range(60)]
    # There is nothing to fit where everything is right.
    wrong = [scanned((1.0, 0.0), 5) for _ in range(20)]
    assert fit([*misled, *led, *wrong]).evidence_weight > 0.4
    misleading = [
        scanned((random.gauss(1, 0.2), 0.0), 0, evidence=(0.0, random.gauss(3, 0.2)))
        for _ in range(60)
    ]
    assert fit([*misleading, *wrong]).evidence_weight < 0.3


def test_the_first_look_weighs_where_it_finds_the_answer() -> None:
    def looked_at(gold: int, first_scores: tuple[float, float]) -> ScannedCase:
        case = scanned((1.0, 0.0), gold)
        scans = zip(case.scans, first_scores, strict=True)
        return replace(case, scans=tuple(replace(scan, first=score) for scan, score in scans))

    wrong = [scanned((1.0, 0.0), 5) for _ in range(20)]
    led = [looked_at(1, (0.0, 3.0)) for _ in range(60)]
    assert fit([*led, *wrong]).first_weight > 0.4
    misled = [looked_at(0, (0.0, 3.0)) for _ in range(60)]
    assert fit([*misled, *wrong]).first_weight < 0.3


def test_the_closer_margin_weighs_where_it_finds_the_answer() -> None:
    def read_again(gold: int, margins: tuple[float, float]) -> ScannedCase:
        case = scanned((1.0, 0.0), gold)
        scans = zip(case.scans, margins, strict=True)
        return replace(case, scans=tuple(replace(scan, closer=margin) for scan, margin in scans))

    wrong = [scanned((1.0, 0.0), 5) for _ in range(20)]
    assert fit([*(read_again(1, (0.0, 3.0)) for _ in range(60)), *wrong]).closer_weight > 0.4
    assert fit([*(read_again(0, (0.0, 3.0)) for _ in range(60)), *wrong]).closer_weight < 0.3


def test_where_nothing_was_read_again_the_closer_margin_weighs_nothing() -> None:
    assert fit(drawn(100, half=0)).closer_weight == 0.0


def test_what_is_likelier_evidence_than_not_is_quoted() -> None:
    assert fit(drawn(100, half=0)).further == 0.0


def test_what_is_fitted_is_stored_and_read(tmp_path: Path) -> None:
    read = [*drawn(100, half=0), *drawn(50, half=1)]
    calibration = fit(read)
    path = tmp_path / "calibration.json"
    row = calibration_record(calibration, read)
    path.write_text(json.dumps({"second": row}))
    assert Calibration.load(path, "second") == calibration
    assert row["fitted_on"] == row["nearness_fitted_on"] == 100


def test_the_nearness_of_a_file_is_fitted_anew_and_all_else_of_it_stays(tmp_path: Path) -> None:
    before, path = drawn(100, half=0), tmp_path / "calibration.json"
    row = {**calibration_record(fit(before), before), "figures": {"all": 1}}
    path.write_text(json.dumps({"second": row}))
    more = drawn(150, half=0, seed=9)
    new = nearness_record(path, {"second": more})["second"]
    assert new["touches"] == fit_nearness(more, fit(before)).touches.as_json() != row["touches"]
    assert new["nearness_fitted_on"] == 150
    changed = ("touches", "nearness_fitted_on")
    assert all(new[name] == row[name] for name in row if name not in changed)


def test_every_case_with_a_sentence_is_read() -> None:
    class Plain:
        def scan(self, question: str, passages: Any) -> Any:
            return scans_of(passages, margin=float(len(question)))

    reader = CascadeReader(Plain(), Calibration.rough())
    asked = [Question(f"q{i}", "?" * i, "d", (), ()) for i in range(1, 5)]
    cases = [Case("set", "given", each, (found(),), 0) for each in asked]
    read = scan_all(reader, [*cases, Case("set", "given", asked[0], (), 0)])
    assert [each.case for each in read] == cases
    assert [each.scans[0].margin for each in read] == [1, 2, 3, 4]


def test_a_reader_is_opened_before_it_is_calibrated(tmp_path: Path) -> None:
    folder = small_reader(tmp_path / "small", layers=1)
    reader = open_cascade(folder, tmp_path / "models")
    assert reader.looks_twice
    assert reader.calibration == Calibration.rough()


@pytest.mark.parametrize(("sentence", "touches"), [(1, False), (2, True), (3, True), (4, True)])
def test_which_sentences_touch_the_answer(sentence: int, touches: bool) -> None:
    each = scanned((0.0,) * 6, 3)
    assert each.touches(each.scans[sentence]) is touches
    assert each.right(each.scans[sentence]) is (sentence == 3)
