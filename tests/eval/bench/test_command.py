"""``pullquote bench``: sections by name, figures and page in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from eval.bench import sections
from eval.bench.cli import register
from eval.bench.command import run_sections
from eval.bench.figures import Chart, Comparison, SectionFigures, Table
from eval.bench.options import BenchOptions
from eval.bench.sections import SECTIONS, Measure, measure_of
from rag.errors import MissingExtra

FIGURES = SectionFigures(
    [Comparison("<b>fast</b>", 2.0, "ms", "other", 8.0, least_factor=5)],
    [Table("Rows", ["name", "ms"], [["<i>", 1234.5], ["none", None]])],
    [Chart("Curves", "passages", "ms", {"one": [(10, 1), (100, 2)]})],
    ["A note."],
)


def fake(name: str) -> Measure:
    return lambda options: FIGURES


def test_figures_and_page_are_written(tmp_path: Path) -> None:
    told: list[str] = []
    run_sections(["vectors", "growth"], BenchOptions(), tmp_path / "out", told.append, fake)
    record = json.loads((tmp_path / "out" / "bench.json").read_text())
    assert told == list(record["sections"]) == list(record["seconds"]) == ["vectors", "growth"]
    assert record["sections"]["growth"]["comparisons"][0]["factor"] == 4
    assert record["facts"]["passages"] == BenchOptions().passages
    page = (tmp_path / "out" / "bench.html").read_text()
    assert "Vector search" in page
    assert "&lt;b&gt;fast&lt;/b&gt;" in page
    assert "<b>fast" not in page
    assert page.count("<svg") == 2
    assert "1,235" in page or "1,234" in page
    assert "<strong>0</strong> were kept and <strong>2</strong> missed" in page


def test_what_was_measured_before_a_failure_is_kept(tmp_path: Path) -> None:
    def failing(name: str) -> Measure:
        if name == "growth":
            raise KeyboardInterrupt
        return fake(name)

    with pytest.raises(KeyboardInterrupt):
        run_sections(["vectors", "growth"], BenchOptions(), tmp_path, find_measure=failing)
    assert list(json.loads((tmp_path / "bench.json").read_text())["sections"]) == ["vectors"]


def test_a_missing_extra_is_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "find_spec", lambda name: None)
    measured: list[str] = []
    with pytest.raises(MissingExtra, match=r"langchain-community .*\[bench\]"):
        run_sections(["vectors", "cold"], BenchOptions(), tmp_path, measured.append, fake)
    assert measured == []


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_can_be_measured(name: str) -> None:
    assert callable(measure_of(name))


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    register(app)
    return app


def test_a_section_is_measured_by_name(app: typer.Typer, tmp_path: Path) -> None:
    arguments = ["vectors", "--largest", "500", "--into", str(tmp_path), "--json"]
    done = CliRunner().invoke(app, arguments, env={"PULLQUOTE_HOME": str(tmp_path / "home")})
    assert done.exit_code == 0, done.output
    (table,) = json.loads(done.stdout)["vectors"]["tables"]
    assert {row[0] for row in table["rows"]} == {50, 500}
    assert (tmp_path / "bench.html").exists()


def test_an_unknown_section_is_misuse(app: typer.Typer, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["speed", "--into", str(tmp_path)], env={"COLUMNS": "200"})
    assert done.exit_code == 2
    assert "there is no section 'speed'; there are cold, warm" in done.output
    assert list(tmp_path.iterdir()) == []
