"""``pullquote mcp`` as a process of its own, on standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from rag import Pullquote

ASKED = {"question": "How much will Alibaba invest in AI infrastructure?"}
COMMAND = ["-m", "api.cli", "mcp"]


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "PULLQUOTE_HOME": str(home), "HF_HUB_OFFLINE": "1"}


def conversation(home: Path, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """The results of these tool calls, made one after another by the SDK's client."""
    process = StdioServerParameters(command=sys.executable, args=COMMAND, env=environment(home))

    async def held() -> list[Any]:
        async with Client(stdio_client(process)) as client:
            return [
                (await client.call_tool(tool, arguments)).model_dump(by_alias=True)
                for tool, arguments in calls
            ]

    return asyncio.run(held())


def test_a_conversation(home: Path, seeds: Pullquote) -> None:
    expected = seeds.ask(ASKED["question"]).as_json()
    cited = expected["citations"][0]
    answered, found, whole, unknown, overlong = conversation(
        home,
        ("ask", ASKED),
        ("search", {**ASKED, "top_k": 2}),
        ("get_article", {"id": cited["document_id"]}),
        ("get_article", {"id": "yeti"}),
        ("ask", {"question": "x" * 2001}),
    )
    answer = answered["structuredContent"]
    assert {**answer, "usage": None} == {**expected, "usage": None, "search_results": []}
    results = [each.as_json() for each in seeds.search(ASKED["question"], top_k=2)]
    assert found["structuredContent"] == {"search_results": results}
    text = whole["structuredContent"]["text"]
    assert text[cited["start_char_index"] : cited["end_char_index"]] == cited["cited_text"]
    assert unknown["isError"]
    assert "no article 'yeti'" in unknown["content"][0]["text"]
    assert overlong["isError"]
    assert "at most 2000 characters" in overlong["content"][0]["text"]


def test_nothing_but_the_protocol_is_on_standard_output(home: Path) -> None:
    # In the protocol as it was before the one that the SDK's client speaks.
    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"},
    }
    called = {"name": "ask", "arguments": ASKED}
    sent = (
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": called},
    )
    lines = ["no message", *map(json.dumps, sent)]
    with subprocess.Popen(
        [sys.executable, *COMMAND],
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("\n".join(lines) + "\n")
        process.stdin.flush()
        said = [json.loads(process.stdout.readline()) for _ in range(2)]
        # The end of its input is the end of it.
        rest, errors = process.communicate(timeout=60)
    assert [each["id"] for each in said] == [1, 2]
    assert "380 billion" in said[1]["result"]["structuredContent"]["answer"]
    assert rest == ""
    assert "Traceback" not in errors
    assert process.returncode == 0
