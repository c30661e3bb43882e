"""Judge a reader on all held-out articles, each half by what was fitted on the other:
``python -m eval.training.both_halves NAME=SCANS ... --into docs/evaluation.md``.

``SCANS`` is what ``eval.training.calibrate --scans`` has kept of a reader; several, of one version
and the next, stand side by side. The table has a row for each measure of each set and condition.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from eval.metrics.confidence import auroc
from eval.metrics.squad import best, token_f1
from eval.report.formatting import DASH
from eval.report.markdown import show_table, table
from eval.report.sets import named_file
from eval.training.calibrate import fit, read_scans
from eval.training.held_out import ScannedCase
from rag import Settings

__all__ = ["Verdict", "both_halves_table", "main", "verdicts"]

_TABLE: Final = "reader"
_NEWS: Final = "news"
_THRESHOLD: Final = Settings().threshold


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the reader made of a case.

    right: whether its best sentence answers.
    probability: that it does, as fitted on the other half.
    f1: SQuAD's, of the span in it; ``None`` where whole sentences are gold or nothing answers.
    """

    row: ScannedCase
    right: bool
    probability: float
    f1: float | None

    @property
    def is_answer(self) -> bool:
        return self.probability >= _THRESHOLD

    @property
    def key(self) -> tuple[str, str]:
        return self.row.case.set_name, self.row.case.condition


# Which verdicts a measure is of, and its value over those.
_Measure = tuple[str, Callable[[Verdict], bool], Callable[[Sequence[Verdict]], float]]


def verdicts(scans: Sequence[ScannedCase]) -> list[Verdict]:
    """Judge every case by a calibration fitted on the other half of the articles."""
    result = []
    for half in (0, 1):
        # ``fit`` looks at half 0 alone.
        calibration = fit([_in_half(row, abs(row.case.half - half)) for row in scans])
        for row in scans:
            if row.case.half != half:
                best_scan = row.ranking(calibration)[0]
                question = row.case.question
                is_phrase = row.case.answerable and not question.whole_sentences
                f1 = best(token_f1, row.text(best_scan), question.answers) if is_phrase else None
                probability = calibration.probability(row.features(calibration))
                result.append(Verdict(row, row.right(best_scan), probability, f1))
    return result


def both_halves_table(verdicts_by_name: Mapping[str, Sequence[Verdict]]) -> str:
    """Format a table with a column for each reader and a row for each measure."""
    columns = list(verdicts_by_name.values())
    heads = [f"{name} ({len(column):,})" for name, column in verdicts_by_name.items()]
    rows = []
    for name, applies, measure in _measures(columns[0]):
        parts = [[verdict for verdict in column if applies(verdict)] for column in columns]
        values = [f"{measure(part):.3f}" if part else DASH for part in parts]
        rows.append([f"{name} ({len(parts[0]):,})", *values])
    return table(("held out (cases)", *heads), rows)


def _measures(column: Sequence[Verdict]) -> Iterator[_Measure]:
    """Yield the rows: over everything, then of each set and condition that ``column`` has."""
    yield "AUROC of being right: all", lambda verdict: True, _separation
    yield "... news", lambda verdict: verdict.key[0] == _NEWS, _separation
    yield "... others", lambda verdict: verdict.key[0] != _NEWS, _separation
    yield (
        "nothing answers: answered",
        lambda verdict: not verdict.row.case.answerable,
        _ANSWER_SHARE,
    )
    for key in sorted({verdict.key for verdict in column}):
        yield from _measures_of(key)


def _measures_of(key: tuple[str, str]) -> Iterator[_Measure]:
    def is_answerable(verdict: Verdict) -> bool:
        return verdict.key == key and verdict.row.case.answerable

    def is_unanswerable(verdict: Verdict) -> bool:
        return verdict.key == key and not verdict.row.case.answerable

    def has_phrase(verdict: Verdict) -> bool:
        return verdict.key == key and verdict.f1 is not None

    name = " ".join(key)
    if key[1] in ("given", "retrieved"):
        yield f"{name}: best sentence right", is_answerable, _share(lambda verdict: verdict.right)
        rightly = _share(lambda verdict: verdict.is_answer and verdict.right)
        yield "... answered rightly", is_answerable, rightly
        wrongly = _share(lambda verdict: verdict.is_answer and not verdict.right)
        yield "... answered wrongly", is_answerable, wrongly
        yield "... F1 of the span", has_phrase, _share(lambda verdict: verdict.f1 or 0.0)
        yield "... nothing answers: answered", is_unanswerable, _ANSWER_SHARE
    else:
        yield f"{name}: answered", is_unanswerable, _ANSWER_SHARE


def _separation(part: Sequence[Verdict]) -> float:
    return auroc([verdict.probability for verdict in part], [verdict.right for verdict in part])


def _share(mark: Callable[[Verdict], float]) -> Callable[[Sequence[Verdict]], float]:
    """Make a measure: the mean of a mark over the verdicts."""
    return lambda part: float(np.mean([mark(verdict) for verdict in part]))


_ANSWER_SHARE: Final = _share(lambda verdict: verdict.is_answer)


def _in_half(row: ScannedCase, half: int) -> ScannedCase:
    return replace(row, case=replace(row.case, half=half))


def main(arguments: Sequence[str] | None = None) -> None:
    """Judge as the arguments say and print the table, or write it into a document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "scans", nargs="+", type=named_file, metavar="NAME=SCANS", help="a reader and its scans"
    )
    parser.add_argument("--into", type=Path, metavar="DOCUMENT", help="where to write the table")
    options = parser.parse_args(arguments)
    verdicts_by_name = {}
    for name, path in options.scans:
        verdicts_by_name[name] = verdicts(read_scans(path))
    show_table(_TABLE, both_halves_table(verdicts_by_name), options.into)


if __name__ == "__main__":
    main()
