"""Compare hybrid retrieval with each of its two searches alone.

``python -m eval.studies.retrieval --data DIR --into docs/evaluation.md`` writes the table. All
documents of squadshifts_newwiki are one library, and its questions are searched as
:meth:`rag.Pullquote.search` does, with one search switched off by the settings. The weights of
:mod:`rag.retrieval.fusion` were fitted on the questions about half of its articles, so the hybrid's
figures lean to the kind side. The library is kept under ``PULLQUOTE_HOME`` for the next time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from eval.dataset import Case, Dataset
from eval.errors import DatasetError
from eval.library import library_folder
from eval.metrics import metric_named
from eval.metrics.bootstrap import estimate
from eval.report.formatting import figure, interval
from eval.report.markdown import check_place, show_table, table
from eval.results import Found, Result
from eval.training.sets import QuestionSet, read_set
from rag import Pullquote, Settings

__all__ = ["VARIANTS", "dataset_of", "main", "rows"]

_SET: Final = "squadshifts_newwiki"
# Deep enough for ten documents, of which some have several passages.
_DEPTH: Final = 20
_METRICS: Final = ("hit@1", "hit@10")

# Name in the table, and the settings that differ from the default.
VARIANTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "hybrid (weighted, with proximity)": {},
    "BM25 alone": {"use_dense": False},
    "dense alone": {"use_lexical": False},
}


def dataset_of(questions: QuestionSet, folder: Path) -> Dataset:
    """Make a set of all documents and questions, each with its own document as the relevant one."""
    documents = questions.documents
    cases = (
        Case(id=question.id, question=question.text, relevance={question.document: 1})
        for question in questions.questions
    )
    return Dataset(questions.name, "pullquote", folder, tuple(documents.values()), tuple(cases))


def rows(dataset: Dataset, settings: Settings) -> Iterator[list[str]]:
    """Search for every question in every variant; yields the cells of the table's lines.

    Raises ``DatasetError`` when an article of the set cannot be indexed.
    """
    with Pullquote.open(library_folder(dataset, settings), settings, create=True) as pullquote:
        report = pullquote.add_articles(dataset.articles)
        if report.failed:
            raise DatasetError(dataset.name, None, str(report.failed[0]))
        variants = {
            name: Pullquote(pullquote.library, settings.model_copy(update=dict(overrides)))
            for name, overrides in VARIANTS.items()
        }
        results: dict[str, list[Result]] = {name: [] for name in variants}
        # The first search opens the encoder. All variants take turns, so that other work on the
        # machine slows them alike.
        pullquote.search(dataset.cases[0].question)
        for case in dataset:
            for name, variant in variants.items():
                results[name].append(_search(variant, case))
    for name, variant_results in results.items():
        yield _row(name, variant_results)


def _search(pullquote: Pullquote, case: Case) -> Result:
    start = time.perf_counter()
    passages = pullquote.search(case.question, top_k=_DEPTH)
    milliseconds = 1000 * (time.perf_counter() - start)
    return Result(case=case, found=tuple(map(Found.of, passages)), search_ms=milliseconds)


def _row(name: str, results: Sequence[Result]) -> list[str]:
    cells = [name, str(len(results))]
    for metric in map(metric_named, _METRICS):
        value = estimate(metric, results)
        cells.append(f"{figure(metric, value.value)} ({interval(metric, value)})")
    return [*cells, f"{median(result.search_ms for result in results):.0f}"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table or write it into a document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help=f"the folder with {_SET}")
    parser.add_argument("--sample", type=int, help="so many of the questions, not all")
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    options = parser.parse_args(arguments)
    if options.into:
        check_place(options.into, "retrieval")
    dataset = dataset_of(read_set(options.data, _SET), options.data / _SET)
    if options.sample:
        dataset = dataset.sample(options.sample)
    head = ["", "questions", *_METRICS, "ms a question"]
    text = table(head, rows(dataset, Settings.from_environment()))
    show_table("retrieval", text, options.into)


if __name__ == "__main__":
    main()
