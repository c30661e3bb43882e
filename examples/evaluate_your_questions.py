"""Measure Pullquote on questions of your own about articles of your own.

python examples/evaluate_your_questions.py seeds examples/questions.jsonl

A line of the question file is a question, its answer in the article's words (none where the
articles do not say), and the article's id. What else it may be: ``eval/dataset``.
"""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console

from eval.command import EvalOptions, ReadySystem, run_eval
from eval.dataset import open_dataset
from pullquote import Pullquote


def main(folder: Path, questions: Path, out: Path) -> int:
    """Ask every question, print the measures, and write the report to ``out``. Returns 1 when a
    quotation is not the article's, which must never happen."""
    with Pullquote.open(create=True) as pullquote:
        pullquote.add([folder])
        dataset = open_dataset(questions, library=pullquote.articles)
        outcome = run_eval(
            EvalOptions(out, fresh=True, fail_under=("violations=0",)),
            dataset,
            lambda _: nullcontext(ReadySystem(pullquote)),
            Console(),
        )
    print(f"The report is {outcome.report}")
    return outcome.exit_code


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--out", type=Path, default=Path("eval-report"))
    raise SystemExit(main(**vars(parser.parse_args())))
