from __future__ import annotations

from collections.abc import Callable

from eval.metrics import all_metrics, metric_named
from eval.metrics.bootstrap import estimate
from eval.metrics.cost import stages
from eval.results import Result
from rag.contract import Usage

Make = Callable[..., Result]


def timed(result: Result, **stages_ms: float) -> Result:
    assert result.reply is not None
    reply = result.reply.model_copy(update={"usage": Usage(stages_ms=stages_ms)})
    return result.model_copy(update={"reply": reply})


def test_latency_quantiles(make_result: Make) -> None:
    results = [make_result(latency_ms=float(ms)) for ms in range(1, 101)]
    assert [
        estimate(metric_named(f"latency_{q}"), results).value for q in ("p50", "p95", "p99")
    ] == [50, 95, 99]


def test_every_stage_that_is_reported_has_its_metrics(make_result: Make) -> None:
    results = [timed(make_result(), retrieve=2.0), timed(make_result(), retrieve=4.0, read=8.0)]
    assert stages(results) == ["retrieve", "read"]
    named = {metric.name: metric for metric in all_metrics(results)}
    assert estimate(named["latency_p95.retrieve"], results).value == 4
    assert estimate(named["latency_p50.read"], results).count == 1


def test_memory_is_the_highest_and_has_no_interval(make_result: Make) -> None:
    results = [make_result().model_copy(update={"peak_memory_mib": mib}) for mib in (5.0, 9.0)]
    peak = estimate(metric_named("peak_memory"), results)
    assert (peak.value, peak.has_interval) == (9, False)
