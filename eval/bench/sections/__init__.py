"""The sections of ``pullquote bench``, one a module.

Each module has ``measure(options)``, which returns the section's figures: what we take, and what a
baseline takes for the same in the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from eval.bench.figures import SectionFigures
from eval.bench.options import BenchOptions
from rag.errors import MissingExtra

__all__ = ["LANGCHAIN", "SECTIONS", "Measure", "Section", "check_extras", "measure_of"]

Measure = Callable[[BenchOptions], SectionFigures]

# Module and distribution of what the extra ``bench`` brings for the baseline of LangChain.
LANGCHAIN: Final = {
    "langchain_community": "langchain-community",
    "langchain_text_splitters": "langchain-text-splitters",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its title, the question that it answers, and the packages of the extra ``bench``
    that its baseline needs, distributions by module."""

    title: str
    question: str
    packages: dict[str, str]


SECTIONS: Final = {
    "cold": Section("Cold ask", "How long does one question take, as a whole process?", LANGCHAIN),
    "warm": Section(
        "Warm ask", "How long does a question take over HTTP, stage by stage?", LANGCHAIN
    ),
    "embedding": Section("Embedding", "How many passages are encoded a second?", {}),
    "ingest": Section(
        "Ingest", "How many articles are taken in a second, and where does it go?", LANGCHAIN
    ),
    "vectors": Section("Vector search", "What does each index cost, and what does it find?", {}),
    "lexical": Section("Lexical search", "How fast are words found, added and removed?", {}),
    "growth": Section("Growth", "What does ten times as much cost?", {}),
    "weight": Section(
        "Installed weight", "What does each distribution bring along?", {"packaging": "packaging"}
    ),
}


def measure_of(name: str) -> Measure:
    """Import the function that measures a section."""
    measure: Measure = import_module(f"eval.bench.sections.{name}").measure
    return measure


def check_extras(names: Iterable[str]) -> None:
    """Raises ``MissingExtra`` when a baseline of these sections is not installed: before anything
    is measured, not minutes into it."""
    for name in names:
        for module, distribution in SECTIONS[name].packages.items():
            if find_spec(module) is None:
                raise MissingExtra(distribution, "bench")
