"""Search by words, beside SQLite's FTS5: time to build, bytes, times of searches and of changes.

Passages are runs of made-up sentences of the usual length. Questions have words of one topic; both
sides look for passages with any of them, and neither for common words, which we do not index. All
times are processor time.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from eval.bench.baselines.fts5 import FullTextTable
from eval.bench.corpus import Corpus
from eval.bench.figures import Chart, Comparison, SectionFigures, Table, quantiles
from eval.bench.options import BenchOptions
from eval.bench.timing import stopwatch
from index.search.analyzer import terms_of
from index.search.lexical import LexicalIndex, LexicalRow

__all__ = ["LexicalFigures", "made_up_rows", "measure", "measure_fts5", "measure_tantivy"]

_K: Final = 40
_QUESTIONS: Final = 50
# Sentences a passage, and passages in one change.
_SENTENCES, _CHANGE = 7, 100
_NAMES: Final = ("pullquote", "FTS5")


@dataclass(frozen=True, slots=True)
class LexicalFigures:
    """What one index took over ``count`` passages. ``hits`` is how many a question found, in the
    mean; a change is of a hundred passages."""

    name: str
    count: int
    build_seconds: float
    megabytes: float
    times_ms: dict[str, float]
    hits: float
    add_ms: float
    remove_ms: float


def measure(options: BenchOptions) -> SectionFigures:
    """Measure both at a tenth of the largest size and at the largest."""
    rows = []
    for count in options.sizes[1:]:
        with tempfile.TemporaryDirectory() as scratch:
            passages = list(made_up_rows(count + _CHANGE, options.seed))
            questions = Corpus(options.seed).questions(_QUESTIONS)
            rows.append(measure_tantivy(Path(scratch), passages, questions))
            rows.append(measure_fts5(Path(scratch), passages, questions))
    heads = ["passages", "index", "built, s", "MB", "p50, ms", "p95, ms", "p99, ms", "found"]
    heads += [f"add {_CHANGE}, ms", f"remove {_CHANGE}, ms"]
    table = Table("Every index", heads, [_cells(row) for row in rows])
    curves = {
        name: [(row.count, row.times_ms["p95"]) for row in rows if row.name == name]
        for name in _NAMES
    }
    chart = Chart("Lexical search, p95", "passages", "milliseconds", curves)
    note = f"{_QUESTIONS} questions of eight words, the best {_K} passages of each."
    return SectionFigures(list(_comparisons(rows)), [table], [chart], [note])


def made_up_rows(count: int, seed: int) -> Iterator[LexicalRow]:
    """Yield so many passages of made-up articles, keys from 1."""

    def passages() -> Iterator[tuple[int, str, str]]:
        for number, article in enumerate(Corpus(seed).articles(count), 1):
            sentences = article.text.replace("\n\n", " ").split(". ")
            for start in range(0, len(sentences), _SENTENCES):
                text = ". ".join(sentences[start : start + _SENTENCES])
                yield number, article.title, text

    for key, (number, title, text) in enumerate(islice(passages(), count), 1):
        yield LexicalRow(key, number, "en", title, text)


def measure_tantivy(
    folder: Path, rows: Sequence[LexicalRow], questions: Sequence[str]
) -> LexicalFigures:
    """Build the library's index over all rows but the last hundred, search it, then add those and
    take their articles out."""
    later = rows[-_CHANGE:]
    place = folder / "lexical"
    seconds, index = stopwatch(
        lambda: LexicalIndex.rebuilt(place, rows[:-_CHANGE], "made up"), time.process_time
    )
    size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    searches = _searches(
        lambda question: len(index.search(terms_of(question, "en"), _K)[0]), questions
    )
    articles = {row.article for row in later}

    def add() -> None:
        index.add(later)
        index.reload()

    def remove() -> None:
        index.remove_articles(articles)
        index.reload()

    changes = _changes(add, remove)
    return _figures(_NAMES[0], len(rows), seconds, size, searches, changes)


def measure_fts5(
    folder: Path, rows: Sequence[LexicalRow], questions: Sequence[str]
) -> LexicalFigures:
    """Do the same with an FTS5 table."""
    later = rows[-_CHANGE:]
    with closing(FullTextTable(folder / "fts5.sqlite")) as table:
        seconds, _ = stopwatch(lambda: table.add(rows[:-_CHANGE]), time.process_time)
        size = sum(file.stat().st_size for file in folder.glob("fts5.sqlite*"))
        searches = _searches(
            lambda question: len(table.search(question, _K)),
            [_without_common(question) for question in questions],
        )
        changes = _changes(lambda: table.add(later), lambda: table.remove(later))
    return _figures(_NAMES[1], len(rows), seconds, size, searches, changes)


def _without_common(question: str) -> str:
    return " ".join(word for word in re.findall(r"\w+", question) if terms_of(word, "en"))


def _searches(
    search: Callable[[str], int], questions: Sequence[str]
) -> tuple[list[float], list[int]]:
    """Return milliseconds and hits of each question; one before them warms up."""
    search(questions[0])
    pairs = [stopwatch(partial(search, question), time.thread_time) for question in questions]
    return [1000 * seconds for seconds, _ in pairs], [hits for _, hits in pairs]


def _changes(add: Callable[[], object], remove: Callable[[], object]) -> tuple[float, float]:
    """Return milliseconds of adding and of removing."""
    add_ms, remove_ms = (1000 * stopwatch(work, time.process_time)[0] for work in (add, remove))
    return add_ms, remove_ms


def _figures(
    name: str,
    rows: int,
    seconds: float,
    size: int,
    searches: tuple[list[float], list[int]],
    changes: tuple[float, float],
) -> LexicalFigures:
    times, hits = searches
    count, milliseconds, mean = rows - _CHANGE, quantiles(times), sum(hits) / len(hits)
    return LexicalFigures(name, count, seconds, size / 1e6, milliseconds, mean, *changes)


def _cells(row: LexicalFigures) -> list[str | float | None]:
    times = row.times_ms.values()
    return [
        row.count,
        row.name,
        row.build_seconds,
        row.megabytes,
        *times,
        row.hits,
        row.add_ms,
        row.remove_ms,
    ]


def _comparisons(rows: Sequence[LexicalFigures]) -> Iterator[Comparison]:
    for tantivy, base in zip(rows[::2], rows[1::2], strict=True):
        size = f"{tantivy.count:,}"
        for cut in ("p50", "p95"):
            yield Comparison(
                f"{size}: {cut}", tantivy.times_ms[cut], "ms", base.name, base.times_ms[cut]
            )
        yield Comparison(
            f"{size}: built", tantivy.build_seconds, "s", base.name, base.build_seconds
        )
        yield Comparison(f"{size}: files", tantivy.megabytes, "MB", base.name, base.megabytes)
        yield Comparison(f"{size}: {_CHANGE} added", tantivy.add_ms, "ms", base.name, base.add_ms)
        yield Comparison(
            f"{size}: {_CHANGE} removed", tantivy.remove_ms, "ms", base.name, base.remove_ms
        )
