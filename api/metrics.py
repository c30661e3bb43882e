"""Metrics for Prometheus: requests, latency by stage, abstentions, confidence, the index; each
labelled with its library where several are served together.

They are in a registry of the application's own. Where several workers serve, ``pullquote serve``
sets ``PROMETHEUS_MULTIPROC_DIR`` and any of them reports the sum of all.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Collection, Iterator
from typing import Self, TypeVar

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from rag.answer import Answer

__all__ = ["CONTENT_TYPE", "MULTIPROCESS", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_LATEST
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"

M = TypeVar("M", Gauge, Histogram)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


_LABEL = "library"


class Metrics:
    """The counters of one application, as one of its libraries counts in them.

    library: its name, where there are several; they have the label then. Empty where it is the
        only one.
    """

    def __init__(self, library: str = "") -> None:
        own = [_LABEL] if library else []
        self._labels = (library,) if library else ()
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "pullquote_requests",
            "Requests answered, by route and status.",
            [*own, "method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "pullquote_request_seconds",
            "Time until a request was answered in full, by route.",
            [*own, "route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._stages = Histogram(
            "pullquote_stage_seconds",
            "Time of each stage of a question; total is all of them.",
            [*own, "stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._answers = Counter(
            "pullquote_answers",
            "Questions by outcome: answered, or the reason for abstaining.",
            [*own, "outcome"],
            registry=registry,
        )
        self._confidence = Histogram(
            "pullquote_confidence",
            "Confidence of answers and abstentions.",
            own,
            buckets=[tenth / 10 for tenth in range(1, 11)],
            registry=registry,
        )
        self._articles = _gauge("pullquote_articles", "Articles in the library.", own, registry)
        self._passages = _gauge("pullquote_passages", "Passages in the library.", own, registry)
        self._generation = _gauge("pullquote_index_generation", "Changes so far.", own, registry)

    def of(self, library: str) -> Self:
        """Return the same counters as another library counts in them; an empty name is the server,
        beside its libraries."""
        other = copy.copy(self)
        other._labels = (library,)
        return other

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(*self._labels, method, route, str(status)).inc()
        self._seconds.labels(*self._labels, route).observe(seconds)

    def answer(self, answer: Answer) -> None:
        self._answers.labels(*self._labels, answer.abstain_reason or "answered").inc()
        self._of_library(self._confidence).observe(answer.confidence)
        self._stages.labels(*self._labels, "total").observe(answer.usage.latency_ms / 1000)
        for stage, milliseconds in answer.usage.stages_ms.items():
            self._stages.labels(*self._labels, stage).observe(milliseconds / 1000)

    def index(self, articles: int, passages: int, generation: int) -> None:
        self._of_library(self._articles).set(articles)
        self._of_library(self._passages).set(passages)
        self._of_library(self._generation).set(generation)

    def exposition(self, libraries: Collection[str] = ()) -> bytes:
        """Return the metrics in Prometheus' text format: this library's, or those of
        ``libraries``."""
        registry = self._registry
        if MULTIPROCESS in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        if not self._labels:
            return generate_latest(registry)
        part = CollectorRegistry()
        part.register(_Part(registry, libraries or self._labels))
        return generate_latest(part)

    def _of_library(self, metric: M) -> M:
        return metric.labels(*self._labels) if self._labels else metric


class _Part(Collector):
    """What a registry has counted of these libraries."""

    def __init__(self, registry: CollectorRegistry, libraries: Collection[str]) -> None:
        self._registry = registry
        self._libraries = libraries

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [
                sample for sample in metric.samples if sample.labels[_LABEL] in self._libraries
            ]
            yield metric


def _gauge(name: str, says: str, labels: list[str], registry: CollectorRegistry) -> Gauge:
    return Gauge(name, says, labels, registry=registry, multiprocess_mode="mostrecent")
