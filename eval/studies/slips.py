"""Measure what spelling correction is worth: ``python -m eval.studies.slips DIR``.

The answerable questions of a set as they are, with one typing error in one word and with two errors
(those of :mod:`eval.training.noise`), are asked without and with correction
(:mod:`rag.query.spelling`). With ``--strangers DIR`` the questions of another set are asked as
well, most of which these articles do not answer: correction must not turn them into questions that
they do answer.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Final

from eval.dataset import Case, Dataset, open_dataset
from eval.library import library_folder, open_pullquote
from eval.metrics import metric_named
from eval.report.markdown import show_table, table
from eval.results import Reply, Result
from eval.studies.follow_ups import ahead
from eval.training.noise import typo
from rag import Pullquote, Settings

__all__ = ["Outcomes", "ask_both_ways", "main", "row", "rows", "with_slips"]

_SEED: Final = 7

# How often questions were changed, and what became of them as typed and mended.
Outcomes = tuple[int, Sequence[Result], Sequence[Result]]


def with_slips(cases: Sequence[Case], slips: int) -> list[Case]:
    """Put ``slips`` typing errors into each question, the same ones every time."""
    random = Random(_SEED)

    def with_slips(text: str) -> str:
        for _ in range(slips):
            text = typo(text, random)
        return text

    return [case.model_copy(update={"question": with_slips(case.question)}) for case in cases]


def row(name: str, outcomes: Outcomes) -> list[str]:
    """Format one line of the table as cells."""
    change_count, plain, mended_results = outcomes
    right = metric_named("right")
    share = [
        sum(r.reply is not None and not r.reply.abstained for r in results)
        for results in outcomes[1:]
    ]
    shares = [f"{count / max(len(plain), 1):.3f}" for count in share]
    return [name, str(len(plain)), str(change_count), *shares, ahead(right, plain, mended_results)]


def ask_both_ways(cases: Sequence[Case], plain: Pullquote, mender: Pullquote) -> Outcomes:
    """Ask every question without and with correction, and count the outcomes."""
    change_count = 0
    results: tuple[list[Result], list[Result]] = ([], [])
    for case in cases:
        first, second = (pullquote.ask(case.question) for pullquote in (plain, mender))
        change_count += second.standalone_question is not None
        for into, answer in zip(results, (first, second), strict=True):
            into.append(Result(case=case, reply=Reply.of(answer)))
    return change_count, *results


def rows(dataset: Dataset, settings: Settings, strangers: Sequence[Case]) -> Iterator[list[str]]:
    """Yield the lines of the table as cells."""
    answerable = [case for case in dataset if case.answerable and not case.history]
    with open_pullquote(dataset, settings):
        pass
    with Pullquote.open(library_folder(dataset, settings), settings) as pullquote:
        plain, mender = (
            Pullquote(
                pullquote.library, settings.model_copy(update={"spelling": mend}), pullquote.reader
            )
            for mend in (False, True)
        )
        for slips, name in enumerate(("as they are", "one slip", "two slips")):
            yield row(name, ask_both_ways(with_slips(answerable, slips), plain, mender))
        if strangers:
            silent = [case.model_copy(update={"answerable": False}) for case in strangers]
            yield row("strangers", ask_both_ways(silent, plain, mender))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure as the arguments say and print the table, or write it into a document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path, help="the folder of a question set")
    parser.add_argument("--sample", type=int, default=150, help="so many of its questions")
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    parser.add_argument("--strangers", type=Path, help="a set with other articles")
    options = parser.parse_args(arguments)
    dataset = open_dataset(options.dataset).sample(options.sample)
    strangers = (
        open_dataset(options.strangers).sample(options.sample).cases if options.strangers else ()
    )
    head = ("questions", "number", "mended", "answered as typed", "answered mended", "right: gain")
    text = table(head, rows(dataset, Settings.from_environment(), strangers))
    show_table("slips", text, options.into)


if __name__ == "__main__":
    main()
