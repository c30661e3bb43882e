"""The model card says what the manifest and the calibration say."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from eval.training.calibrate import calibration_record, fit
from eval.training.card import card, main
from eval.training.figures import measure
from rag.reading.manifest import Manifest
from tests.eval.training.test_calibrate import drawn
from tests.rag.reading.passages import small_reader


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader of two networks, calibrated."""
    folder = small_reader(tmp_path_factory.mktemp("card") / "small", layers=1)
    scanned = [*drawn(200, half=0), *drawn(200, half=1)]
    calibration = fit(scanned)
    report = calibration_record(calibration, scanned) | {"figures": measure(scanned, calibration)}
    (folder / "calibration.json").write_text(json.dumps({"first": report, "second": report}))
    return folder


def test_both_networks_and_their_figures_are_described(folder: Path) -> None:
    main(["--reader", str(folder)])
    text = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    for heading in ("First network", "Second network", "The first network alone", "Both networks"):
        assert text.count(f"## {heading}\n") == 1
    assert "layout mpnet, kept in int4" in text
    figures = json.loads((folder / "calibration.json").read_text())["second"]["figures"]
    assert f"{figures['set given']['exact_match']:.1f}" in text
    assert f"calibration error {figures['all']['calibration_error']:.3f}" in text


def test_every_row_of_a_table_has_its_cells(folder: Path) -> None:
    calibration = json.loads((folder / "calibration.json").read_text())
    lines = card(Manifest.read(folder), calibration).splitlines()
    rows = [each for each in pairwise(lines) if all(line.startswith("|") for line in each)]
    assert len(rows) > 10
    assert all(above.count("|") == below.count("|") for above, below in rows)


def test_a_reader_of_one_network_has_one_section(tmp_path: Path) -> None:
    text = card(Manifest.read(small_reader(tmp_path / "small")), {})
    assert "## First network" in text
    assert "Second" not in text
