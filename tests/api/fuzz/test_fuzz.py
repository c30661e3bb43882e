"""A few of the cases of ``make fuzz``, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.api.fuzz.served import http_targets, workflow
from tests.api.fuzz.targets import TARGETS, Target

PATHS = ("/ask", "/search", "/v1/chat/completions", "/articles", "/mcp")


def limits(cases: int) -> settings:
    return settings(
        max_examples=cases,
        stateful_step_count=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def run(target: Target, cases: int) -> None:
    @limits(cases)
    @given(target.inputs)
    def check(value: Any) -> None:
        target.check(value)

    check()


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_nothing_breaks_what_reads_it(target: Target) -> None:
    run(target, 60)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Target]]:
    with http_targets(tmp_path_factory.mktemp("fuzz")) as targets:
        yield {target.name: target for target in targets}


@pytest.mark.parametrize("path", PATHS)
def test_no_body_breaks_a_route(served: dict[str, Target], path: str) -> None:
    run(served[path], 30)


def test_no_sequence_of_requests_breaks_the_contract(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with workflow(tmp_path_factory.mktemp("workflow")) as machine:
        machine.run(settings=limits(4))
