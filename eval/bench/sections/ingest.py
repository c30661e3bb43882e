"""Articles taken in a second, beside LangChain's splitter, encoder, indexing API and FAISS; where
the time goes; and the same articles once more, unchanged. Seconds are of the process, on all its
threads."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final

from eval.bench.baselines.langchain import LangChain
from eval.bench.corpus import Corpus
from eval.bench.figures import Comparison, SectionFigures, Table
from eval.bench.options import BenchOptions
from eval.bench.sampling import sampling
from eval.bench.timing import stopwatch
from index.article import Article
from index.encode.encoders import ExportedModels
from index.encode.files import find_model
from index.library import Library

__all__ = ["measure"]

_BASELINE: Final = "LangChain"
_UNCHANGED_FACTOR: Final = 50.0
# A text that opens the models, which is not what is measured.
_OPENING: Final = Article("opening", "Opening", "The models are open now, said the clerk.")


def measure(options: BenchOptions) -> SectionFigures:
    """Take in ``options.articles`` made-up articles with the real encoder."""
    articles = list(Corpus(options.seed).articles(options.articles))
    settings = options.settings
    baseline = LangChain(Path(find_model(settings.encoder)))
    baseline.index([_OPENING])
    base_seconds, _ = stopwatch(lambda: baseline.index(articles), time.process_time)
    models = ExportedModels(settings.models_folder, settings.threads)
    with tempfile.TemporaryDirectory() as scratch:
        library = Library.open(Path(scratch), settings.index_settings(), models, create=True)
        with closing(library):
            library.add([_OPENING])
            with sampling(("index",)) as counts:
                seconds, report = stopwatch(lambda: library.add(articles), time.process_time)
            again_seconds, _ = stopwatch(lambda: library.add(articles), time.process_time)
    count = len(articles)
    comparisons = [
        Comparison(
            "taken in",
            count / seconds,
            "articles a processor second",
            _BASELINE,
            count / base_seconds,
            better="higher",
        ),
        Comparison(
            "the same again, unchanged",
            count / again_seconds,
            "articles a processor second",
            "the first time",
            count / seconds,
            better="higher",
            least_factor=_UNCHANGED_FACTOR,
        ),
    ]
    note = f"{count} articles, {report.passages} passages; texts in memory, so nothing is loaded."
    return SectionFigures(comparisons, [_parts(counts, seconds)], notes=[note])


def _parts(counts: Counter[str], seconds: float) -> Table:
    looks = max(1, counts.total())
    rows = [
        (part, count_of_part / looks, seconds * count_of_part / looks)
        for part, count_of_part in counts.most_common()
    ]
    return Table("Where the time of the first time goes", ["part", "share", "s"], rows)
