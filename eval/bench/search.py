"""Time a search and its parts over made-up news: ``python -m eval.bench.search --articles 5000``

Dense and lexical search, fusion with proximity, and near-duplicates, with vectors that cost
nothing, in milliseconds of processor time of the asking thread. Each question is searched in two
ways, one after the other: ``first``, when nothing is remembered of earlier questions, and
``again``. ``terms_ms`` is what cutting a question's candidates into terms costs in both.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from eval.bench.corpus import Corpus, TopicEncoder
from index.filters import Filters
from index.library import Library
from index.search.analyzer import passage_terms, terms_of
from index.settings import IndexSettings
from rag.retrieval.hybrid import hybrid_search
from rag.settings import Settings

__all__ = ["main", "measure", "search_times"]

_TOP_K: Final = 20


def measure(articles: int, questions: int) -> dict[str, Any]:
    """Make a library of so many articles and search it with so many questions; returns p50 and p95
    by way, and the size of the library."""
    corpus, encoder = Corpus(), TopicEncoder()
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder), IndexSettings(), encoder, create=True)
        with closing(library):
            began = time.process_time()
            report = library.add(corpus.articles(articles))
            ingest = time.process_time() - began
            times = search_times(library, corpus.questions(questions))
    return {
        "articles": articles,
        "passages": report.passages,
        "ingest_articles_per_cpu_second": round(articles / ingest, 1),
        **{name: _quantiles(values) for name, values in times.items()},
    }


def search_times(library: Library, questions: list[str]) -> dict[str, list[float]]:
    """Search with every question but the first, which warms up; returns milliseconds by way."""
    settings, encoder = Settings(), library.query_encoder()
    names = ("first_ms", "again_ms", "terms_ms", "terms_again_ms")
    times: dict[str, list[float]] = {name: [] for name in names}

    def search(question: str) -> list[str]:
        with library.view() as view:
            selection = view.select(Filters())
            hits = hybrid_search(view, encoder, question, _TOP_K, selection, settings)
            return [hit.text for hit in hits]

    search(questions[0])
    for question in questions[1:]:
        milliseconds, texts = _milliseconds(partial(search, question))
        times["first_ms"].append(milliseconds)
        times["again_ms"].append(_milliseconds(partial(search, question))[0])
        per_candidate = 2 * settings.candidates / max(len(texts), 1)
        for name, cut in (("terms_ms", terms_of), ("terms_again_ms", passage_terms)):
            duration, _ = _milliseconds(partial(_cut_all, cut, texts))
            times[name].append(per_candidate * duration)
    return times


def _cut_all(cut: Callable[[str, str], list[str]], texts: Sequence[str]) -> list[str]:
    return [term for text in texts for term in cut(text, "en")]


def _milliseconds(work: Callable[[], list[str]]) -> tuple[float, list[str]]:
    began = time.thread_time()
    result = work()
    return 1000 * (time.thread_time() - began), result


def _quantiles(times: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(times, [50, 95])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--questions", type=int, default=60)
    options = parser.parse_args()
    print(json.dumps(measure(options.articles, options.questions), indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
