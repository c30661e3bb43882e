"""A few of the cases of ``make fuzz``, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.api.fuzz.chats import chat_targets
from tests.api.fuzz.files import FILES
from tests.api.fuzz.served import http_targets, workflow
from tests.api.fuzz.stores import store_targets
from tests.api.fuzz.target import Target, inputs_of
from tests.api.fuzz.targets import TARGETS
from tests.api.fuzz.words import WORDS, written_targets
from tests.keyword_reader import KeywordReader
from tests.wires import WIRES

PATHS = (
    *("/ask", "/search", "/ask/batch", "/articles", "/mcp"),
    *("/v1/chat/completions", "/v1/responses", "/v1/embeddings", "requests"),
)


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
    for value in islice(inputs_of(target, Random(target.name)), cases):
        target.check(value)


@pytest.mark.parametrize("target", [*TARGETS, *WORDS], ids=lambda target: target.name)
def test_nothing_breaks_what_reads_it(target: Target) -> None:
    run(target, 40)


@pytest.mark.parametrize("target", FILES, ids=lambda target: target.name)
def test_no_file_breaks_its_reader(target: Target) -> None:
    run(target, 5)


def test_no_flipped_bit_of_a_library_is_read(tmp_path: Path) -> None:
    with store_targets(tmp_path) as (target,):
        run(target, 5)


def test_nothing_that_a_model_says_breaks_an_answer(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with written_targets(tmp_path_factory.mktemp("written")) as targets:
        for target in targets:
            run(target, 12)


@pytest.fixture(scope="module")
def chats() -> Iterator[dict[str, Target]]:
    with chat_targets() as targets:
        yield {target.name: target for target in targets}


@pytest.mark.parametrize("name", WIRES)
def test_no_stream_of_a_chat_model_is_more_than_an_error(
    chats: dict[str, Target], name: str
) -> None:
    run(chats[f"chat {name}"], 6)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Target]]:
    with http_targets(tmp_path_factory.mktemp("fuzz")) as targets:
        yield {target.name: target for target in targets}


@pytest.mark.parametrize("path", PATHS)
def test_no_body_breaks_a_route(served: dict[str, Target], path: str) -> None:
    run(served[path], 20)


def test_no_sequence_of_requests_breaks_the_contract(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    # The real reader takes most of the time, for fifty questions in one request, and is silent
    # about all of them; bodies are sent to it above.
    with workflow(tmp_path_factory.mktemp("workflow"), KeywordReader()) as machine:
        machine.run(settings=limits(4))
