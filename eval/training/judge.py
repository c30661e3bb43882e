"""Calibrate a reader on held-out articles and measure it on others: ``python -m
eval.training.judge``.

Writes ``calibration.json`` into the reader's folder, whether it is one that
``eval.training.export`` wrote or any other extractive question-answering model.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from rag import Pullquote, Settings
from rag.qa_model import open_qa_model
from rag.sentence_reader import SentenceReader
from rag.span_model import Scanner, SpanModel
from eval.training.calibrate import Scanned, fit, scan_all
from eval.training.figures import latency, measure
from eval.training.held_out import Case, given, near_misses, retrieved
from eval.training.sets import INFORMAL, SETS, read_set

__all__ = ["cases_of", "judged", "main"]

_TIMED: Final = 100


def cases_of(data: Path, library: Pullquote, most: int) -> list[Case]:
    """Held-out questions in all conditions; retrieved ones of newwiki only."""
    random = Random(1)
    cases = []
    for name in SETS:
        informal = name in INFORMAL
        cases += given(read_set(data, name), most // 4 if informal else most, random)
    newwiki = read_set(data, "squadshifts_newwiki")
    cases += retrieved(newwiki, library, most, random)
    cases += near_misses(newwiki, library, most // 2, random)
    squad2 = read_set(data, "squad2")
    cases += near_misses(squad2, None, most // 4, random)
    cases += near_misses(newwiki, library, most // 4, random, "turned")
    return cases + near_misses(squad2, None, most // 8, random, "turned")


def open_scanner(folder: Path, threads: int) -> Scanner:
    """The network in a folder, ours or another's."""
    if (folder / "manifest.json").exists():
        return SpanModel.load(folder, threads)
    return open_qa_model(str(folder), threads)


def judged(scanned: Sequence[Scanned]) -> dict[str, Any]:
    """Calibrations and figures: of network and signals together, and of the network alone."""
    calibration, both = fit(scanned)
    plain = [each.alone() for each in scanned]
    fitted, alone = fit(plain)
    figures = {"figures": measure(scanned, calibration), "figures_alone": measure(plain, fitted)}
    return {"calibration": both, "alone": alone, **figures}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", type=Path, required=True, help="the reader's folder")
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--library", type=Path, required=True, help="library of newwiki")
    parser.add_argument("--home", type=Path, required=True, help="PULLQUOTE_HOME")
    parser.add_argument("--questions", type=int, default=1000, help="held-out, of a set, at most")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--plain", action="store_true", help="fit without the signals")
    chosen = parser.parse_args(arguments)
    with Pullquote.open(chosen.library, Settings(home=chosen.home)) as pullquote:
        cases = cases_of(chosen.data, pullquote, chosen.questions)
        signals = None if chosen.plain else SentenceReader(pullquote.library.query_encoder())
    scanned = scan_all(open_scanner(chosen.reader, 1), signals, cases, chosen.workers)
    told = judged(scanned)
    timed = [case for case in cases if case.condition == "retrieved"][:_TIMED]
    told["figures"]["latency_ms"] = latency(open_scanner(chosen.reader, 2), timed)
    written = json.dumps(told, indent=1) + "\n"
    (chosen.reader / "calibration.json").write_text(written, encoding="utf-8")
    print(written)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
