"""What may touch on a question that nothing answers, in every protocol."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from mcp.client import Client

from api.app import build_app
from api.state import AppState
from tests.api.http.conftest import listening, opened
from tests.api.http.test_ask import events, without_usage
from tests.api.http.test_mcp import call, talk
from tests.near import NearReader

QUESTION = "Who owns the wombats?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose articles are near every question and answer none."""
    state = AppState.of(opened(tmp_path_factory.mktemp("home"), NearReader()))
    with listening(build_app(state)) as address:
        yield address


@pytest.fixture(scope="module")
def said(address: str) -> Any:
    """The abstention, without its timings."""
    answer = without_usage(httpx.post(f"{address}/ask", json={"question": QUESTION}).json())
    assert answer["leads"]
    return answer


def test_a_lead_is_what_the_article_says(address: str, said: Any) -> None:
    for lead in said["leads"]:
        text = httpx.get(f"{address}/articles/{lead['document_id']}").json()["text"]
        assert text[lead["start_char_index"] : lead["end_char_index"]] == lead["cited_text"]


def test_a_stream_ends_with_them(address: str, said: Any) -> None:
    sent = httpx.post(f"{address}/ask", json={"question": QUESTION, "stream": True})
    (final,) = [data for name, data in events(sent.text) if name == "final_answer"]
    assert without_usage(final) == said


def test_models_that_use_tools_get_them_and_are_told(address: str, said: Any) -> None:
    made = call(address, "ask", {"question": QUESTION})["structuredContent"]
    assert made["search_results"] == []
    assert {**without_usage(made), "search_results": said["search_results"]} == said
    tools = {each.name: each for each in talk(address, Client.list_tools).tools}
    assert "`leads`" in (tools["ask"].description or "")


def test_a_completion_says_no_more_than_before(address: str, said: Any) -> None:
    messages = [{"role": "user", "content": QUESTION}]
    sent = {"model": "pullquote", "messages": messages}
    done = httpx.post(f"{address}/v1/chat/completions", json=sent).json()
    assert done["choices"][0]["message"]["content"] == "The articles do not say."
    assert done["choices"][0]["message"]["annotations"] == []
    assert done["pullquote"]["leads"] == said["leads"]
