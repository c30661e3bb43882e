from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from index.article import Span
from index.errors import ModelError
from rag.reading.calibration import FEATURES, NEARNESS_FEATURES, Calibration
from rag.reading.manifest import WEIGHTS_FOLDER
from rag.reading.spans import SentenceScan

HERE = Span(0, 4)


def _stored() -> dict[str, Any]:
    weights = dict.fromkeys(FEATURES, 0.0) | {"margin": 1.0, "intercept": -2.0}
    weighted = {"evidence_weight": 0.5, "first_weight": 0.25, "closer_weight": 2.0}
    touches = weights | {"article_rank": -1.0}
    return {**weighted, "answers": weights, "touches": touches, "further": 1.0}


@pytest.mark.parametrize("of", ["first", "second"])
def test_the_shipped_one_grows_with_the_margin(of: str) -> None:
    calibration = Calibration.load(WEIGHTS_FOLDER / "calibration.json", of)
    low, high = ((m, m / 2, m / 2, m, m / 2, m, 0.0, 0.0) for m in (-10.0, 10.0))
    assert 0 < calibration.probability(low) < 0.3 < 0.7 < calibration.probability(high) < 1
    assert calibration.nearness(low) < calibration.nearness(high)
    # What retrieval put behind other articles is near an answer less often, and is judged alike.
    behind = (*high[:-1], 1.0)
    assert calibration.nearness(behind) < calibration.nearness(high)
    assert calibration.probability(behind) == calibration.probability(high)


def test_what_is_stored_is_read(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps({"second": _stored()}))
    calibration = Calibration.load(path, "second")
    assert calibration.probability((2.0, 0, 0, 0, 0, 0, 0, 9)) == 0.5
    assert calibration.nearness((2.0, 0, 0, 0, 0, 0, 0, 0)) == 0.5
    assert calibration.nearness((3.0, 0, 0, 0, 0, 0, 0, 1)) == 0.5
    assert calibration.probability((-1e9, 0, 0, 0, 0, 0, 0, 0)) < 1e-9
    plain, close = SentenceScan(0, 0, HERE, 1.0, 4.0, 8.0), SentenceScan(0, 1, HERE, 0, 0, 0, -3.0)
    assert calibration.score(plain) == 5.0
    assert calibration.ranking([plain, close]) == [close, plain]
    with pytest.raises(ModelError, match="no calibration"):
        Calibration.load(path, "first")


@pytest.mark.parametrize("name", ["margin", "intercept"])
def test_a_calibration_of_other_features_is_refused(tmp_path: Path, name: str) -> None:
    path, stored = tmp_path / "calibration.json", _stored()
    del stored["touches"][name]
    path.write_text(json.dumps({"first": stored}))
    with pytest.raises(ModelError, match="no calibration of this version"):
        Calibration.load(path, "first")


def test_a_missing_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No such file"):
        Calibration.load(tmp_path / "calibration.json", "first")


def test_a_rough_one_has_even_odds_at_no_answer() -> None:
    rough = Calibration.rough()
    assert rough.probability((0.0, 9, 9, 9, 9, 9, 1, 2)) == 0.5
    assert rough.probability((4.0, 0, 0, 0, 0, 0, 0, 0)) > 0.8
    assert rough.further == math.inf


def test_the_features_of_the_best_sentence() -> None:
    best, next_ = SentenceScan(1, 2, HERE, 3.0, 1.0, closer=-4.0), SentenceScan(0, 0, HERE, 5.0, -9)
    first = {(1, 2): SentenceScan(1, 2, HERE, 7.0, 0.5), (0, 0): next_}
    values = Calibration.rough().features([best, next_], first, 0.5, 2)
    assert dict(zip(NEARNESS_FEATURES, values, strict=True)) == {
        "margin": 3.0,
        "evidence": 1.0,
        "lead": -2.0,
        "first_margin": 7.0,
        "first_evidence": 0.5,
        "closer_margin": -4.0,
        "absent_names": 0.5,
        "article_rank": math.log1p(2),
    }


def test_a_sentence_alone_leads_as_far_as_any_can() -> None:
    alone = SentenceScan(0, 0, HERE, 99.0, 1.0, closer=-99.0)
    # Beyond twelve a number says no more; what the first look did not see is taken as it is.
    assert Calibration.rough().features([alone], {}) == (12, 1, 12, 12, 1, -12, 0, 0)
