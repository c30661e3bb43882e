"""The recipes of docs/clients.md, tried: their Python is run, their configurations are started.

What is tried is how clients reach Pullquote, so no model answers here.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from api.app import build_app
from api.state import AppState
from rag import Pullquote, Settings
from tests.api.http.conftest import listening
from tests.conftest import SEEDS
from tests.fakes import FakeModels
from tests.keyword_reader import KeywordReader

TEXT = (Path(__file__).parents[2] / "docs" / "clients.md").read_text("utf-8")
SERVER = "http://127.0.0.1:8000"
ASKED = {"question": "How much will Alibaba invest in AI infrastructure?"}


def blocks(language: str) -> list[str]:
    """The recipes in a language, in their order."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def modelless_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the built-in articles, indexed without a model."""
    home = tmp_path_factory.mktemp("recipes")
    with Pullquote.open(
        settings=Settings(home=home), create=True, models=FakeModels()
    ) as pullquote:
        assert len(pullquote.add([SEEDS]).added) == 2
    return home


@pytest.fixture(scope="module")
def server(modelless_home: Path) -> Iterator[str]:
    """The address of a server of the built-in articles."""
    settings = Settings(home=modelless_home)
    opened = Pullquote.open(settings=settings, models=FakeModels(), reader=KeywordReader())
    state = AppState.of(opened)
    with listening(build_app(state)) as address:
        assert state.ready.wait(600)
        yield address


def test_langchain_as_a_chat_model_cites(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    chat, _ = blocks("python")
    exec(compile(chat.replace(SERVER, server), "clients.md", "exec"), {})  # noqa: S102
    said, *citations = capsys.readouterr().out.splitlines()
    assert "[1]" in said
    assert re.search(r" https?://\S+$", citations[0])


def test_langchain_as_a_retriever(
    modelless_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_HOME", str(modelless_home))
    monkeypatch.setattr(Pullquote, "open", partial(Pullquote.open, models=FakeModels()))
    _, retriever = blocks("python")
    exec(compile(retriever, "clients.md", "exec"), {})  # noqa: S102
    printed = capsys.readouterr().out
    assert "Dou Shen" in printed
    assert "Who runs AI cloud at Baidu?" in printed


def configured(place: int) -> dict[str, Any]:
    """How a configuration of MCP says that Pullquote is reached."""
    server: dict[str, Any] = json.loads(blocks("json")[place])["mcpServers"]["pullquote"]
    return server


def test_mcp_as_a_process(modelless_home: Path) -> None:
    known = configured(0)
    assert Path(known["command"]).name == "pullquote"
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    environment |= dict.fromkeys(known["env"], str(modelless_home / "library"))
    process = StdioServerParameters(
        command=sys.executable, args=["-m", "api.cli", *known["args"]], env=environment
    )
    read = called(Client(stdio_client(process)), "get_article", {"id": "china-ai-chip-curbs"})
    assert "Dou Shen" in asyncio.run(read)


def test_mcp_over_http(server: str) -> None:
    known = configured(1)
    url = known["url"].replace(SERVER, server)

    async def connected() -> str:
        async with httpx2.AsyncClient(headers=known["headers"], timeout=60) as http:
            return await called(Client(streamable_http_client(url, http_client=http)), "ask", ASKED)

    assert f"{server}/a/" in asyncio.run(connected())


async def called(client: Client, tool: str, arguments: dict[str, Any]) -> str:
    """What a client reads when it calls a tool."""
    async with client:
        result = await client.call_tool(tool, arguments)
    (content,) = result.content
    return str(content.text)  # type: ignore[union-attr]
