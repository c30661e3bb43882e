"""One question as a whole process, beside plain LangChain, FAISS and sentence-transformers.

The baseline opens its saved index, encodes the question and prints five chunks; it has no reader
and so gives no answer. Both have the same articles. A third command asks a resident process.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from eval.bench.baselines.langchain import LangChain
from eval.bench.corpus import TopicEncoder
from eval.bench.figures import Comparison, SectionFigures, Table
from eval.bench.library import QUESTION, make_library, real_identity
from eval.bench.options import BenchOptions
from eval.bench.process import MAIN, Command, Cost, alternate, run_once
from index.encode.files import find_model

__all__ = ["ask_command", "measure"]

_LEAST_FACTOR: Final = 5.0
_RESIDENT_SECONDS: Final = 0.2
_PULLQUOTE, _BASELINE, _RESIDENT = "pullquote", "LangChain", "resident"
# An answer, or that there is none.
_EXIT_CODES: Final = (0, 3)


def measure(options: BenchOptions) -> SectionFigures:
    """Run the three in turn over a library of ``options.passages`` passages."""
    settings = options.settings
    model = find_model(settings.encoder)
    encoder = TopicEncoder(options.seed, real_identity(settings))
    # The path of a socket may have no more than a hundred characters.
    with tempfile.TemporaryDirectory(prefix="pq-") as scratch:
        folder = Path(scratch)
        count, articles = make_library(folder / "library", options.passages, settings, encoder)
        baseline = LangChain(Path(model), folder / "chunks")
        chunks = baseline.index_encoded(articles, encoder.encode)
        baseline.save()
        home = _home(folder / "home", options.models)
        environment = {"PULLQUOTE_HOME": str(home), "PULLQUOTE_LIBRARY": str(folder / "library")}
        commands = {
            _PULLQUOTE: ask_command({**environment, "PULLQUOTE_RESIDENT": "off"}),
            _BASELINE: baseline.cold_search(QUESTION),
        }
        with _resident(environment) as is_there:
            if is_there:
                commands[_RESIDENT] = ask_command({**environment, "PULLQUOTE_RESIDENT": "started"})
            costs = alternate(commands, options.rounds)
    return _figures(costs, count, chunks)


def ask_command(environment: Mapping[str, str]) -> Command:
    """Make the command that asks, under an environment."""
    return Command(MAIN, ("ask", QUESTION), environment, _EXIT_CODES)


def _home(home: Path, models: Path) -> Path:
    """Make a home of its own, with the models of the user's."""
    home.mkdir(mode=0o700)
    models.mkdir(parents=True, exist_ok=True)
    (home / "models").symlink_to(models.resolve(), target_is_directory=True)
    return home


@contextmanager
def _resident(environment: Mapping[str, str]) -> Iterator[bool]:
    """Keep a resident process until the block ends; yields whether it could be started."""
    try:
        run_once(Command(MAIN, ("resident", "start"), environment))
    except SystemExit:
        # Where the system has none, or the machine is too busy for it to start in time.
        yield False
        return
    try:
        yield True
    finally:
        run_once(Command(MAIN, ("resident", "stop"), environment))


def _figures(costs: Mapping[str, list[Cost]], count: int, chunks: int) -> SectionFigures:
    middle = {name: Cost.median(runs) for name, runs in costs.items()}
    pullquote, base = middle[_PULLQUOTE], middle[_BASELINE]
    comparisons = [
        Comparison(
            "wall time", pullquote.seconds, "s", _BASELINE, base.seconds, least_factor=_LEAST_FACTOR
        ),
        Comparison(
            "processor time", pullquote.processor_seconds, "s", _BASELINE, base.processor_seconds
        ),
        Comparison("peak memory", pullquote.peak_mebibytes, "MiB", _BASELINE, base.peak_mebibytes),
    ]
    if resident := middle.get(_RESIDENT):
        comparisons.append(
            Comparison(
                "asked of a resident process",
                resident.seconds,
                "s",
                "asked without",
                pullquote.seconds,
                limit=_RESIDENT_SECONDS,
            )
        )
    rows: list[list[str | float | None]] = [
        [name, number, cost.seconds, cost.processor_seconds, cost.peak_mebibytes]
        for name, runs in costs.items()
        for number, cost in enumerate(runs, 1)
    ]
    heads = ["command", "run", "wall, s", "processor, s", "peak, MiB"]
    return SectionFigures(
        comparisons,
        [Table("Every run", heads, rows)],
        notes=[
            f"{count:,} passages here, {chunks:,} chunks there, of the same articles; the two "
            "built-in articles are real, the others made up, and all vectors with them.",
            "The baseline has no reader: it prints five chunks and answers nothing.",
            f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        ],
    )
