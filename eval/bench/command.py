"""The function behind ``pullquote bench``: measure sections, write the figures and the page."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from eval.bench.figures import SectionFigures, as_json
from eval.bench.options import BenchOptions
from eval.bench.page import render
from eval.bench.sections import Measure, check_extras, measure_of

__all__ = ["run_sections"]

_PACKAGES: Final = ("faiss-cpu", "onnxruntime", "sentence-transformers", "tantivy", "torch")


def run_sections(
    names: Sequence[str],
    options: BenchOptions,
    folder: Path,
    on_section: Callable[[str], None] = lambda name: None,
    find_measure: Callable[[str], Measure] = measure_of,
) -> dict[str, SectionFigures]:
    """Measure the sections, in the order given, into ``bench.json`` and ``bench.html`` in a folder.

    Both files are written anew after each section, so that what was measured before an interruption
    stays. ``on_section`` is told the name of each before it begins.

    Raises ``MissingExtra`` before anything is measured when a baseline is not installed.
    """
    check_extras(names)
    folder.mkdir(parents=True, exist_ok=True)
    facts = _facts(options)
    figures: dict[str, SectionFigures] = {}
    seconds: dict[str, float] = {}
    for name in names:
        on_section(name)
        began = time.perf_counter()
        figures[name] = find_measure(name)(options)
        seconds[name] = round(time.perf_counter() - began, 1)
        record = {
            "facts": facts,
            "seconds": seconds,
            "sections": {key: as_json(value) for key, value in figures.items()},
        }
        _write(folder / "bench.json", json.dumps(record, indent=1))
        _write(folder / "bench.html", render(figures, facts))
    return figures


def _write(path: Path, text: str) -> None:
    scratch = path.with_name(f"{path.name}.part")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)


def _facts(options: BenchOptions) -> dict[str, Any]:
    """Describe the machine and the run in plain JSON types."""
    return {
        "begun": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
        "encoder": options.settings.encoder,
        "passages": options.passages,
        "largest": options.largest,
        "texts": options.texts,
        "articles": options.articles,
        "rounds": options.rounds,
        "seconds_a_phase": options.seconds,
        "budget_in_seconds": options.budget,
        "seed": options.seed,
    }


def _processor() -> str:
    """Name the processor as Linux does, or as Python does elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor())
