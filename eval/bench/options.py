"""How large the benchmark is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rag.settings import Settings

__all__ = ["BenchOptions"]


@dataclass(frozen=True)
class BenchOptions:
    """The sizes that every section takes its own from.

    passages: of the library that is asked, cold and warm.
    largest: the most vectors or passages of a size that is searched; the sizes are a hundredth, a
        tenth and all of it.
    texts: passages that are encoded beside the baseline.
    articles: articles that are taken in beside the baseline.
    rounds: repetitions of what is measured in turn.
    seconds: length of each phase under load.
    budget: seconds after which no larger library is asked over HTTP.
    seed: of everything made up.
    settings: where models are, and how libraries are searched.
    """

    passages: int = 2_000
    largest: int = 100_000
    texts: int = 200
    articles: int = 60
    rounds: int = 5
    seconds: float = 20.0
    budget: float = 1_200.0
    seed: int = 0
    settings: Settings = field(default_factory=Settings)

    @property
    def sizes(self) -> tuple[int, ...]:
        """A hundredth, a tenth and all of the largest size."""
        return tuple(max(1, self.largest // part) for part in (100, 10, 1))

    @property
    def models(self) -> Path:
        return self.settings.models_folder
