"""Metrics for Prometheus: requests, latency by stage, abstentions, confidence, the index.

They are in a registry of the application's own. Where several workers serve, ``pullquote serve``
sets ``PROMETHEUS_MULTIPROC_DIR`` and any of them reports the sum of all.
"""

from __future__ import annotations

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from rag.answer import Answer

__all__ = ["CONTENT_TYPE", "MULTIPROCESS", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_LATEST
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "pullquote_requests",
            "Requests answered, by route and status.",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "pullquote_request_seconds",
            "Time until a request was answered in full, by route.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._stages = Histogram(
            "pullquote_stage_seconds",
            "Time of each stage of a question; total is all of them.",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._answers = Counter(
            "pullquote_answers",
            "Questions by outcome: answered, or the reason for abstaining.",
            ["outcome"],
            registry=registry,
        )
        self._confidence = Histogram(
            "pullquote_confidence",
            "Confidence of answers and abstentions.",
            buckets=[tenth / 10 for tenth in range(1, 11)],
            registry=registry,
        )
        self._articles = _gauge("pullquote_articles", "Articles in the library.", registry)
        self._passages = _gauge("pullquote_passages", "Passages in the library.", registry)
        self._generation = _gauge("pullquote_index_generation", "Changes so far.", registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answer(self, answer: Answer) -> None:
        self._answers.labels(answer.abstain_reason or "answered").inc()
        self._confidence.observe(answer.confidence)
        self._stages.labels("total").observe(answer.usage.latency_ms / 1000)
        for stage, milliseconds in answer.usage.stages_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def index(self, articles: int, passages: int, generation: int) -> None:
        self._articles.set(articles)
        self._passages.set(passages)
        self._generation.set(generation)

    def exposition(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        if MULTIPROCESS not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


def _gauge(name: str, says: str, registry: CollectorRegistry) -> Gauge:
    return Gauge(name, says, registry=registry, multiprocess_mode="mostrecent")
