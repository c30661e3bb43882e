"""Ask the built-in questions of the embedded store and of one on Milvus, and compare the answers.

``python -m eval.bench.stores`` indexes the articles of a set in the embedded store, copies them to
milvus-lite (or ``--server milvus+http://HOST:PORT``), vectors included, and asks both every
question. Printed as JSON for each set: how many answers are the same in text, citations and
silence, how many are in everything but the list of results, and of how many the results of the
search are the same in the same order; each question that differs is named. ``--search`` compares
the searches alone, twenty passages deep, and reads nothing.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from eval.dataset import Dataset
from eval.dataset.built_in import BuiltIn, open_built_in
from eval.library import open_pullquote
from index.snapshot import Found
from index.store.copying import copy_store
from rag import Pullquote, Settings
from rag.answer import Answer
from rag.contract import SearchResultRecord
from rag.evidence import Reader, Reading

__all__ = ["AnswerComparison", "SearchComparison", "compare_searches", "compare_stores", "main"]

_DEPTH: Final = 20
# What an answer says, and from where.
_ANSWER: Final = frozenset({"answer", "abstain_reason", "citations"})
# What is no part of it: the search behind it, what it took, and how often the store was written to.
_SEARCH: Final = frozenset({"search_results", "usage", "index_generation"})


@dataclass
class AnswerComparison:
    """Counts over the questions of a set: answers that are the same, records that are the same but
    for the results of the search, and searches with the same passages in the same order.

    differences: of each question whose answer differs, both answers.
    """

    questions: int = 0
    same_answers: int = 0
    same_records: int = 0
    same_passages: int = 0
    differences: dict[str, tuple[str, str]] = field(default_factory=dict)

    def count(self, question: str, answer: Answer, engine_answer: Answer) -> None:
        """Count a question by the answers of both stores."""
        record, engine_record = (reply.model_dump(mode="json") for reply in (answer, engine_answer))
        self.questions += 1
        fields = record.keys() - _SEARCH
        self.same_records += all(record[name] == engine_record[name] for name in fields)
        self.same_passages += _passages(answer.search_results) == _passages(
            engine_answer.search_results
        )
        if all(record[name] == engine_record[name] for name in _ANSWER):
            self.same_answers += 1
        else:
            self.differences[question] = (_line(answer), _line(engine_answer))


@dataclass
class SearchComparison:
    """Counts over the questions of a set: searches with the same passages, of these in the same
    order, and with the same five first ones in the same order.

    differences: of each question with another order, the ranks in the first search of what the
    second one found, from 0; -1 for what the first one did not find.
    """

    questions: int = 0
    same_passages: int = 0
    same_order: int = 0
    same_first_five: int = 0
    differences: dict[str, list[int]] = field(default_factory=dict)

    def count(
        self,
        question: str,
        results: Iterable[SearchResultRecord],
        engine_results: Iterable[SearchResultRecord],
    ) -> None:
        """Count a question by the results of both stores."""
        passages, engine_passages = _passages(results), _passages(engine_results)
        self.questions += 1
        self.same_passages += set(passages) == set(engine_passages)
        self.same_order += passages == engine_passages
        self.same_first_five += passages[:5] == engine_passages[:5]
        if passages != engine_passages:
            ranks = {passage: rank for rank, passage in enumerate(passages)}
            self.differences[question] = [ranks.get(passage, -1) for passage in engine_passages]


class _SharedReader:
    """A reader that reads the same passages for the same question once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._readings: dict[tuple[str, tuple[str, ...]], Reading] = {}

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        key = (question, tuple(passage.passage.id for passage in passages))
        if key not in self._readings:
            self._readings[key] = self._reader.read(question, passages)
        return self._readings[key]


def compare_stores(dataset: Dataset, settings: Settings, address: str) -> AnswerComparison:
    """Compare the answers from the embedded store with those from the store at ``address``, which
    the articles are copied to."""
    comparison = AnswerComparison()
    with _open_pair(dataset, settings, address) as libraries:
        for case in dataset:
            answers = (library.ask(case.question, history=case.history) for library in libraries)
            comparison.count(case.question, *answers)
    return comparison


def compare_searches(dataset: Dataset, settings: Settings, address: str) -> SearchComparison:
    """Compare the searches of both stores likewise, without reading."""
    comparison = SearchComparison()
    with _open_pair(dataset, settings, address) as libraries:
        for case in dataset:
            results = (
                library.search(case.question, top_k=_DEPTH, history=case.history)
                for library in libraries
            )
            comparison.count(case.question, *results)
    return comparison


@contextmanager
def _open_pair(
    dataset: Dataset, settings: Settings, address: str
) -> Iterator[tuple[Pullquote, Pullquote]]:
    """Open the articles of a set in the embedded store and at ``address``, with one reader."""
    with open_pullquote(dataset, settings) as ready, tempfile.TemporaryDirectory() as folder:
        pullquote = ready.system
        assert isinstance(pullquote, Pullquote)
        reader = _SharedReader(pullquote.reader)
        here = Pullquote(pullquote.library, settings, reader)
        engine_settings = settings.model_copy(update={"store": SecretStr(address)})
        with _open(Path(folder), engine_settings, pullquote, reader) as engine:
            copy_store(pullquote.library.store, engine.library.store)
            here.today = engine.today = pullquote.today
            yield here, engine


@contextmanager
def _open(
    folder: Path, settings: Settings, pullquote: Pullquote, reader: Reader
) -> Iterator[Pullquote]:
    models = pullquote.library.models
    with Pullquote.open(folder, settings, create=True, models=models, reader=reader) as engine:
        yield engine


def _passages(results: Iterable[SearchResultRecord]) -> list[str]:
    return [result.passage_id for result in results]


def _line(answer: Answer) -> str:
    quotations = [
        f"{citation.article.id}:{citation.start_char_index}-{citation.end_char_index}"
        for citation in answer.citations
    ]
    text = answer.abstain_reason or answer.answer
    return f"{answer.confidence:.4f} {text} {', '.join(quotations)}".strip()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.stores", description=__doc__)
    parser.add_argument("--set", dest="sets", type=BuiltIn, action="append")
    parser.add_argument("--server", default="", help="milvus+http://HOST:PORT")
    parser.add_argument("--every", type=int, default=1, help="Ask one question of so many.")
    parser.add_argument("--search", action="store_true", help="Compare the searches alone.")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment()
    compare = compare_searches if options.search else compare_stores
    with tempfile.TemporaryDirectory() as folder:
        for built_in in options.sets or (BuiltIn.SEEDS, BuiltIn.NEWSROOM):
            dataset = open_built_in(built_in, settings.max_article_chars)
            dataset = replace(dataset, cases=dataset.cases[:: options.every])
            address = f"{options.server}/compare_{built_in}"
            if not options.server:
                address = f"milvus://{folder}/{built_in}.db"
            comparison = compare(dataset, settings, address)
            print(json.dumps({"set": built_in} | vars(comparison)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
