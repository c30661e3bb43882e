"""Questions over HTTP, at one client and at eight: times by stage, answers a second.

What the model work alone allows is measured beside it: the same passages are read for the same
questions by the same networks, as many at once as the server answers, without anything around it.
LangChain's search of the same articles stands beside the retrieval.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any, Final

from eval.bench.baselines.langchain import LangChain
from eval.bench.corpus import Corpus, TopicEncoder
from eval.bench.figures import Chart, Comparison, SectionFigures, Table, quantiles
from eval.bench.library import QUESTION, make_library, real_identity
from eval.bench.options import BenchOptions
from eval.bench.server import post, serving
from index.article import Article
from index.encode.files import find_model
from index.snapshot import Found
from rag import Pullquote
from rag.evidence import Reader, Reading
from rag.reading.network import remembered_outputs

__all__ = ["CLIENTS", "Phase", "RecordingReader", "in_parallel", "measure"]

CLIENTS: Final = (1, 8)
_QUESTIONS: Final = 24
_LEAST_SHARE, _TAIL = 0.9, 4.0
_BASELINE: Final = "LangChain's search"


class RecordingReader:
    """A reader that keeps what it was asked to read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.calls: list[tuple[str, tuple[Found, ...]]] = []

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        self.calls.append((question, tuple(passages)))
        return self._reader.read(question, passages)


class Phase:
    """What came of a phase: the milliseconds of each stage of each answer, ``latency`` being the
    whole as the client saw it, and the seconds that the phase took."""

    def __init__(self, answers: Sequence[dict[str, float]], seconds: float) -> None:
        self.answers, self.seconds = answers, seconds

    @property
    def throughput(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds

    def of(self, stage: str) -> dict[str, float]:
        """Quantiles of a stage over the answers that have it."""
        return quantiles([answer[stage] for answer in self.answers if stage in answer])

    @property
    def stages(self) -> list[str]:
        return list(dict.fromkeys(stage for answer in self.answers for stage in answer))


def measure(options: BenchOptions) -> SectionFigures:
    """Measure at ``options.passages`` passages, ten and a hundred times as many, as far as the
    largest size and the budget go."""
    began = time.monotonic()
    sizes = [options.passages * part for part in (1, 10, 100)]
    sizes = sizes[:1] + [size for size in sizes[1:] if size <= options.largest]
    encoder = TopicEncoder(options.seed, real_identity(options.settings))
    comparisons: list[Comparison] = []
    rows: list[list[str | float | None]] = []
    curves: dict[str, list[tuple[float, float]]] = {}
    notes = [
        f"Up to {_QUESTIONS} questions in turn, answers not cached; clients share the processor."
    ]
    for size in sizes:
        if rows and time.monotonic() - began > options.budget:
            notes.append(f"From {size:,} passages on nothing was asked: the budget was spent.")
            break
        with tempfile.TemporaryDirectory() as scratch:
            count, articles = make_library(Path(scratch), size, options.settings, encoder)
            phases, alone = _phases(Path(scratch), options)
            base = _baseline(articles, encoder, options)
        comparisons += _comparisons(f"{count:,}", phases, alone, base)
        rows += _rows(count, phases)
        for clients, phase in phases.items():
            name = f"{clients} client{'s' * (clients > 1)}, p50"
            curves.setdefault(name, []).append((count, phase.of("latency")["p50"]))
    heads = ["passages", "clients", "stage", "answers", "p50, ms", "p95, ms", "p99, ms"]
    return SectionFigures(
        comparisons,
        [Table("By stage", [*heads, "answers a second"], rows)],
        [Chart("A whole answer over HTTP", "passages", "milliseconds", curves)],
        notes=notes,
    )


def in_parallel(
    works: Sequence[Callable[[], dict[str, float]]], threads: int, seconds: float
) -> Phase:
    """Do the works in turn, again and again, so many at once, until the seconds are over: one in
    each thread at least. What was begun by then is finished and counts."""
    answers: list[dict[str, float]] = []
    failures: list[Exception] = []
    turns, mutex = cycle(works), threading.Lock()
    began = time.perf_counter()

    def go_on() -> None:
        try:
            while True:
                with mutex:
                    work = next(turns)
                answer = work()
                with mutex:
                    answers.append(answer)
                if time.perf_counter() - began >= seconds:
                    return
        except Exception as exc:  # told by the thread that waits for all of them
            failures.append(exc)

    workers = [threading.Thread(target=go_on) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]
    return Phase(answers, time.perf_counter() - began)


def _phases(folder: Path, options: BenchOptions) -> tuple[dict[int, Phase], Phase]:
    """Ask a server at each number of clients, then encode and read the same without one, as many
    at once as it answers. Asked are as many questions as are read once in the time of a phase."""
    environment = {
        "PULLQUOTE_LIBRARY": str(folder),
        "PULLQUOTE_HOME": str(options.settings.home),
        # However busy the machine is, what is slow is to be seen as slow.
        "PULLQUOTE_REQUEST_TIMEOUT": "600",
    }
    settings = options.settings.model_copy(update={"library": folder})
    with Pullquote.open(settings=settings) as pullquote:
        readings = {QUESTION: _reading(pullquote, QUESTION)}
        ends = time.monotonic() + options.seconds
        for question in Corpus(options.seed).questions(_QUESTIONS - 1):
            if time.monotonic() < ends:
                readings[question] = _reading(pullquote, question)
        with serving(environment) as server:
            works = [_asking(server.port, question) for question in readings]
            works[0]()
            phases = {clients: in_parallel(works, clients, options.seconds) for clients in CLIENTS}
        threads = settings.work_threads
        return phases, in_parallel(list(readings.values()), threads, options.seconds)


def _reading(pullquote: Pullquote, question: str) -> Callable[[], dict[str, float]]:
    """Ask once, and return what encodes the question and reads what was read for it."""
    reader, encoder = pullquote.reader, pullquote.library.query_encoder()
    recorder = RecordingReader(reader)
    Pullquote(pullquote.library, pullquote.settings, recorder).ask(question)

    def read() -> dict[str, float]:
        began = time.perf_counter()
        encoder.encode_query(question)
        with remembered_outputs():
            for text, passages in recorder.calls:
                reader.read(text, passages)
        return {"latency": 1000 * (time.perf_counter() - began)}

    return read


def _asking(port: int, question: str) -> Callable[[], dict[str, float]]:
    body = json.dumps({"question": question})

    def ask() -> dict[str, float]:
        began = time.perf_counter()
        status, answer = post(port, "/ask", body)
        milliseconds = 1000 * (time.perf_counter() - began)
        if status != 200:
            raise SystemExit(f"the server answered {status} to a measured question")
        stages: dict[str, Any] = json.loads(answer)["usage"]["stages_ms"]
        return {"latency": milliseconds, **stages}

    return ask


def _baseline(
    articles: Sequence[Article], encoder: TopicEncoder, options: BenchOptions
) -> list[float]:
    """Search LangChain's index of the same articles; returns milliseconds."""
    baseline = LangChain(Path(find_model(options.settings.encoder)))
    baseline.index_encoded(articles, encoder.encode)
    times = []
    for question in [QUESTION, *Corpus(options.seed).questions(_QUESTIONS)]:
        began = time.perf_counter()
        baseline.search(question)
        times.append(1000 * (time.perf_counter() - began))
    return times[1:]


def _comparisons(
    size: str, phases: dict[int, Phase], alone: Phase, base: Sequence[float]
) -> Iterator[Comparison]:
    single, many = (phases[clients] for clients in CLIENTS)
    retrieval = single.of("retrieve")["p50"]
    yield Comparison(f"{size}: a search, p50", retrieval, "ms", _BASELINE, median(base))
    yield Comparison(f"{size}: an answer, p50", single.of("latency")["p50"], "ms")
    yield Comparison(
        f"{size}: throughput at {CLIENTS[-1]} clients",
        many.throughput,
        "answers a second",
        "model work alone",
        alone.throughput,
        better="higher",
        least_factor=_LEAST_SHARE,
    )
    latencies = many.of("latency")
    tail = latencies["p99"] / latencies["p50"] if latencies["p50"] else 0.0
    yield Comparison(f"{size}: p99 over p50 at {CLIENTS[-1]} clients", tail, "", limit=_TAIL)


def _rows(count: int, phases: dict[int, Phase]) -> Iterator[list[str | float | None]]:
    for clients, phase in phases.items():
        for stage in phase.stages:
            throughput = phase.throughput if stage == "latency" else None
            answers = sum(stage in answer for answer in phase.answers)
            yield [count, clients, stage, answers, *phase.of(stage).values(), throughput]
