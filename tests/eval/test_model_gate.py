"""The model gate: the readers that ship, asked questions of the built-in set, keep their figures.

A twentieth of the set goes to the reader that looks once and to the one that looks twice;
``pullquote eval`` asks the whole set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from eval.command import EvalOptions, ReadySystem, run_eval
from eval.dataset import Dataset
from eval.dataset.built_in import BuiltIn, open_built_in
from index.snapshot import Found
from rag import Pullquote, Settings
from rag.reading.cascade import CascadeReader
from rag.reading.spans import Scanner, SentenceScan
from tests.first_look import first_reader

# What they do is a good deal better than these; they catch what breaks, not what drifts.
FAST_LIMITS = (
    "violations=0", "citation_precision=0.7", "wrong_refusal_rate=0.75",
    "false_answer_rate=0.4", "auroc=0.57", "hit@5=0.95",
)  # fmt: skip
LIMITS = (
    "violations=0", "citation_precision=0.7", "wrong_refusal_rate=0.65",
    "false_answer_rate=0.4", "auroc=0.62", "hit@5=0.95",
)  # fmt: skip


class OneScan:
    """A first network that scans the same passages for the same question once, for both readers."""

    def __init__(self, network: Scanner) -> None:
        self._network = network
        self._scans: dict[tuple[str, ...], list[SentenceScan]] = {}

    def scan(self, question: str, passages: Sequence[Found]) -> list[SentenceScan]:
        key = (question, *(passage.passage.id for passage in passages))
        if key not in self._scans:
            self._scans[key] = self._network.scan(question, passages)
        return list(self._scans[key])


@pytest.fixture(scope="module")
def first() -> Scanner:
    return OneScan(first_reader())


@pytest.fixture(scope="module")
def questions() -> Dataset:
    """The first question of each kind, and every twentieth of the kind after it."""
    dataset = open_built_in(BuiltIn.SEEDS, Settings().max_article_chars)
    ranks: Counter[str] = Counter()
    cases = []
    for case in dataset.cases:
        if ranks[case.kind] % 20 == 0:
            cases.append(case)
        ranks[case.kind] += 1
    return replace(dataset, cases=tuple(cases))


def ask(pullquote: Pullquote, dataset: Dataset, limits: tuple[str, ...], out: Path) -> None:
    outcome = run_eval(
        EvalOptions(out, fail_under=limits),
        dataset,
        lambda _: nullcontext(ReadySystem(pullquote)),
        Console(quiet=True),
    )
    assert outcome.failures == ()
    assert outcome.exit_code == 0
    assert outcome.report is not None
    assert outcome.report.stat().st_size > 10_000


@pytest.mark.model_gate
def test_questions_read_once(
    seeds: Pullquote, questions: Dataset, reader_models: Path, first: Scanner, tmp_path: Path
) -> None:
    reader = CascadeReader.load(reader_models, looks=1, threads=1)
    reader.first = first
    ask(Pullquote(seeds.library, seeds.settings, reader), questions, FAST_LIMITS, tmp_path)


@pytest.mark.model_gate
def test_questions_read_twice(
    seeds: Pullquote, questions: Dataset, reader_models: Path, first: Scanner, tmp_path: Path
) -> None:
    reader = CascadeReader.load(reader_models, threads=1)
    reader.first = first
    ask(Pullquote(seeds.library, seeds.settings, reader), questions, LIMITS, tmp_path)
