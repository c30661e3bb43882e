"""What each distribution brings."""

from __future__ import annotations

from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

pytest.importorskip("packaging")

from eval.bench.sections.weight import brings_alone, closure, requirements_of, size_of

GRAPH = {
    "pullquote": frozenset(("light", "heavy")),
    "light": frozenset(("common",)),
    "heavy": frozenset(("common", "giant")),
    "giant": frozenset(("heavy",)),
    "common": frozenset[str](),
}


def test_a_requirement_brings_what_nothing_else_asks_for() -> None:
    assert closure(GRAPH, ["pullquote"]) == GRAPH.keys()
    assert brings_alone(GRAPH, "pullquote", "heavy") == {"heavy", "giant"}
    assert brings_alone(GRAPH, "pullquote", "light") == {"light"}


def test_what_another_asks_for_too_would_stay() -> None:
    graph = {**GRAPH, "light": frozenset(("heavy",))}
    assert brings_alone(graph, "pullquote", "heavy") == set()


def test_extras_and_other_systems_are_no_requirements() -> None:
    names = requirements_of(
        ["Some_Thing>=2", "other; extra == 'bench'", "third; python_version < '3'", "a[b]>=1"]
    )
    assert names == {"some-thing", "a"}


def test_files_are_weighed_as_far_as_they_are_there(tmp_path: Path) -> None:
    info = tmp_path / "thing-1.dist-info"
    info.mkdir()
    (tmp_path / "thing.py").write_bytes(b"x" * 100)
    (info / "RECORD").write_text("thing.py,,100\ngone.py,,50\n")
    assert size_of(PathDistribution(info)) == 100
