"""The articles for other programs' models: a server of the Model Context Protocol (MCP).

Three tools, ``ask``, ``search`` and ``get_article``, answer with what ``/ask``, ``/search`` and
``/articles/{id}`` answer with, in the same pools under the same limits. What goes wrong is the
tool's result, marked as an error, in a sentence that a model can act on.

Importing this module takes half a second (the SDK): it is left to whoever needs it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Any, Generic, TypeVar

from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.json_body import bounded
from api.limits import MAX_BODY_BYTES
from api.problem import Problem
from api.routes.ask import answer
from api.schemas.articles import WholeArticle
from api.schemas.ask import SearchIn
from api.state import AppState
from index.errors import PullquoteError
from index.validation import field_of, reason_of
from rag.contract import AnswerRecord, SearchRecord
from rag.question import Question

__all__ = ["build_server", "serve_stdio", "session_manager"]

_log = logging.getLogger("pullquote.mcp")

_INSTRUCTIONS = """A library of articles. `ask` answers a question in the articles' own words, each
sentence with a citation, as of the day `as_of`. `own_words` are ours, not the articles', and what
is cited as `earlier` is superseded. It abstains when they do not say, and then so should you: the
`leads` that it then may have are quoted sentences that touch on the question, no answer to it.
`search` finds passages, `get_article` reads an article whole. Offsets count Unicode code points,
end exclusive."""

_Sent = TypeVar("_Sent", bound=BaseModel)


class _Wanted(BaseModel):
    """Which article."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[
        str, Field(min_length=1, description="The `document_id` of a citation or a search result.")
    ]


@dataclass(frozen=True)
class _Tool(Generic[_Sent]):
    """A tool: what it is handed, what it makes of it (JSON), and the shape of that."""

    name: str
    title: str
    description: str
    takes: type[_Sent]
    gives: type[BaseModel]
    work: Callable[[AppState, _Sent], Awaitable[dict[str, Any]]]

    def listed(self) -> Tool:
        return Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=_without_examples(self.takes.model_json_schema()),
            output_schema=_without_examples(self.gives.model_json_schema(mode="serialization")),
            annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
        )

    async def call(self, state: AppState, arguments: dict[str, Any]) -> dict[str, Any]:
        sent = self.takes.model_validate(bounded(arguments, "arguments"))
        return await self.work(state, sent)


async def _ask(state: AppState, asked: Question) -> dict[str, Any]:
    return (await answer(state, asked)).as_json()


async def _search(state: AppState, asked: SearchIn) -> dict[str, Any]:
    found = await state.questions.search(asked.question, top_k=asked.top_k, filters=asked.filters)
    return SearchRecord(search_results=tuple(found)).as_json()


async def _get_article(state: AppState, wanted: _Wanted) -> dict[str, Any]:
    def whole() -> dict[str, Any]:
        with state.pullquote.library.view() as view:
            return WholeArticle.from_view(view, wanted.id).model_dump(mode="json")

    return await state.reads.run(whole)


_TOOLS: dict[str, _Tool[Any]] = {
    tool.name: tool
    for tool in (
        _Tool(
            "ask",
            "Ask the articles",
            "Answer a question from the articles, in their own words, with a citation for every "
            "sentence; or say that they do not answer it (`abstained`), with the nearest passages "
            "and, where something comes near, `leads`: quoted sentences that may touch on it.",
            Question,
            AnswerRecord,
            _ask,
        ),
        _Tool(
            "search",
            "Search the articles",
            "The passages nearest to a question, best first.",
            SearchIn,
            SearchRecord,
            _search,
        ),
        _Tool(
            "get_article",
            "Read an article",
            "An article's text and metadata, and where its sentences stand in the text.",
            _Wanted,
            WholeArticle,
            _get_article,
        ),
    )
}


def build_server(state: AppState) -> Server[Any]:
    """The MCP server over this state, for any transport."""

    async def list_tools(
        _: ServerRequestContext[Any], __: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=[tool.listed() for tool in _TOOLS.values()])

    async def call_tool(
        _: ServerRequestContext[Any], sent: CallToolRequestParams
    ) -> CallToolResult:
        return await _called(state, sent)

    return Server(
        "pullquote",
        version=version("pullquote"),
        title="Pullquote",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _called(state: AppState, sent: CallToolRequestParams) -> CallToolResult:
    tool = _TOOLS.get(sent.name)
    if tool is None:
        raise MCPError(INVALID_PARAMS, f"no tool {sent.name!r}; there are {', '.join(_TOOLS)}")
    try:
        made = await tool.call(state, sent.arguments or {})
    except ValidationError as exc:
        return _failed(_reasons(exc))
    except (PullquoteError, Problem) as exc:
        return _failed(str(exc))
    except Exception:
        _log.exception("tool %s failed", sent.name)
        return _failed("an error that was not foreseen; the server's log has it")
    # Clients that know nothing of structured content read the same as text.
    text = TextContent(text=json.dumps(made, ensure_ascii=False))
    return CallToolResult(content=[text], structured_content=made)


def _failed(why: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=why)], is_error=True)


def _reasons(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)[:5]
    return "; ".join(f"{field_of(each)}: {reason_of(each)}" for each in found)


def _without_examples(schema: dict[str, Any]) -> dict[str, Any]:
    # They are for people; a model would pay for them with every call.
    for each in (schema, *schema.get("$defs", {}).values()):
        each.pop("examples", None)
    return schema


def session_manager(state: AppState) -> StreamableHTTPSessionManager:
    """What answers MCP over HTTP: without sessions, so that any worker can take any request, and
    without streams. Host, Origin and keys are the application's to check."""
    return StreamableHTTPSessionManager(
        build_server(state),
        json_response=True,
        stateless=True,
        max_request_body_size=MAX_BODY_BYTES,
    )


def serve_stdio(state: AppState) -> None:
    """Answer what comes on standard input until it ends, then close the state."""
    try:
        asyncio.run(_serve_stdio(state))
    finally:
        state.close()


async def _serve_stdio(state: AppState) -> None:
    state.reads.submit(state.warm)
    server = build_server(state)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
