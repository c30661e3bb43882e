"""What an installation of Pullquote weighs, distribution by distribution, beside LangChain's.

A distribution's own files are counted as they are on the disk. What a requirement alone brings is
what would go with it: its files, and those of all that nothing else asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from eval.bench.figures import Comparison, SectionFigures, Table
from eval.bench.options import BenchOptions

__all__ = ["brings_alone", "closure", "measure", "requirements_of", "size_of"]

_PULLQUOTE: Final = "pullquote"
# What the same needs with LangChain: a splitter, the encoder, an index.
_BASELINE: Final = (
    "langchain",
    "langchain-community",
    "langchain-text-splitters",
    "sentence-transformers",
    "faiss-cpu",
)
_LARGEST: Final = 25
# From a distribution to those that it asks for, both by canonical name.
Graph = Mapping[str, frozenset[str]]


def measure(options: BenchOptions) -> SectionFigures:
    """Weigh what is installed in this interpreter's environment."""
    by_name: dict[str, Distribution] = {
        canonicalize_name(item.name): item for item in distributions()
    }
    graph = {
        name: requirements_of(item.requires or ()) & by_name.keys()
        for name, item in by_name.items()
    }
    sizes = {name: size_of(item) for name, item in by_name.items()}
    own_closure = closure(graph, [_PULLQUOTE]) - {_PULLQUOTE}
    base_closure = closure(graph, [name for name in _BASELINE if name in by_name])
    total, total_of_others = (
        sum(sizes[name] for name in names) for names in (own_closure, base_closure)
    )
    missing = [name for name in _BASELINE if name not in by_name]
    notes = [f"Not installed, so not counted for the baseline: {', '.join(missing)}."] * bool(
        missing
    )
    return SectionFigures(
        [
            Comparison("bytes", total / 1e6, "MB", "LangChain", total_of_others / 1e6),
            Comparison("distributions", len(own_closure), "", "LangChain", len(base_closure)),
        ],
        [_direct(graph, sizes), _largest(sizes, own_closure)],
        notes=notes,
    )


def _direct(graph: Graph, sizes: Mapping[str, int]) -> Table:
    rows = []
    for name in graph[_PULLQUOTE]:
        alone = brings_alone(graph, _PULLQUOTE, name)
        rows.append((name, sizes[name] / 1e6, len(alone), sum(sizes[n] for n in alone) / 1e6))
    rows.sort(key=lambda row: -row[3])
    heads = ["requirement", "own, MB", "brings alone", "that is, MB"]
    return Table("What would go with each requirement", heads, rows)


def _largest(sizes: Mapping[str, int], names: Iterable[str]) -> Table:
    rows = sorted(((name, sizes[name] / 1e6) for name in names), key=lambda row: -row[1])
    return Table("The heaviest distributions", ["distribution", "MB"], rows[:_LARGEST])


def requirements_of(requirements: Iterable[str]) -> frozenset[str]:
    """Return the names that requirements ask for here, extras aside."""
    parsed_requirements = [Requirement(text) for text in requirements]
    return frozenset(
        canonicalize_name(item.name)
        for item in parsed_requirements
        if item.marker is None or item.marker.evaluate({"extra": ""})
    )


def closure(graph: Graph, roots: Iterable[str]) -> set[str]:
    """Return the roots and all that they ask for, directly or not."""
    members: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in members:
            members.add(name)
            waiting += graph[name]
    return members


def brings_alone(graph: Graph, root: str, requirement: str) -> set[str]:
    """Return what ``root`` would do without if it did not ask for ``requirement``: nothing, where
    another requirement asks for that too."""
    rest = {**graph, root: graph[root] - {requirement}}
    return closure(graph, [root]) - closure(rest, [root])


def size_of(distribution: Distribution) -> int:
    """Add up the bytes of a distribution's files, as far as they are there."""
    paths = (distribution.locate_file(file) for file in distribution.files or ())
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size  # type: ignore[attr-defined]
        except OSError:
            continue
    return total
