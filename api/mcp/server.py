"""A server of the Model Context Protocol (MCP), for the models of other programs.

Three tools, ``ask``, ``search`` and ``get_article``, return the same JSON as ``/ask``, ``/search``
and ``/articles/{id}``, in the same pools under the same limits, and a readable text beside it. An
error is returned as the tool's result, marked as an error, in a sentence that a model can act on.
Articles are resources too, and there is a prompt for asking them.

Importing this module takes half a second (the SDK), so its users import it when they need it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
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
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from api.guard.json_body import check_bounds
from api.guard.limits import MAX_BODY_BYTES
from api.mcp.articles import (
    MAX_NAME,
    list_prompts,
    list_resources,
    list_templates,
    prompt_of,
    read_resource,
)
from api.mcp.text import answer_text, article_text, results_text
from api.problem import Problem, of_error
from api.routes.ask import answer
from api.schemas.articles import WholeArticle
from api.schemas.ask import SearchIn
from api.state import AppState, report_failed_warming
from index.errors import PullquoteError
from index.validation import field_of, reason_of
from index.version import pullquote_version
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

_Input = TypeVar("_Input", bound=BaseModel)


class _ArticleRequest(BaseModel):
    """Which article."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[
        str,
        Field(
            min_length=1,
            max_length=4096,
            description="The `document_id` of a citation or a search result.",
        ),
    ]


class _AskIn(Question):
    """A question, and whether the passages are wanted that were searched for it."""

    search_results: Annotated[
        bool, Field(description="Add the nearest passages, of which the answer is made.")
    ] = False


@dataclass(frozen=True)
class _Tool(Generic[_Input]):
    """A tool: the models of its input (``takes``) and of its output (``gives``), the function
    from one to the other, as JSON, and how that JSON reads as ``text``, with links below the
    server's address where it has one."""

    name: str
    title: str
    description: str
    takes: type[_Input]
    gives: type[BaseModel]
    work: Callable[[AppState, _Input], Awaitable[dict[str, Any]]]
    text: Callable[[Mapping[str, Any], str | None], str]

    def declaration(self) -> Tool:
        return Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=_without_examples(self.takes.model_json_schema()),
            output_schema=_without_examples(self.gives.model_json_schema(mode="serialization")),
            annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
        )

    async def call(self, state: AppState, arguments: dict[str, Any]) -> dict[str, Any]:
        tool_input = self.takes.model_validate(check_bounds(arguments, "arguments"))
        return await self.work(state, tool_input)


async def _ask(state: AppState, question: _AskIn) -> dict[str, Any]:
    record = (await answer(state, question)).as_json()
    # Empty, not missing: the schema of the output has it.
    return record if question.search_results else {**record, "search_results": []}


async def _search(state: AppState, query: SearchIn) -> dict[str, Any]:
    results = await state.questions.search(query.question, top_k=query.top_k, filters=query.filters)
    return SearchRecord(search_results=tuple(results)).as_json()


async def _get_article(state: AppState, request: _ArticleRequest) -> dict[str, Any]:
    def whole() -> dict[str, Any]:
        with state.pullquote.library.view() as view:
            return WholeArticle.from_view(view, request.id).model_dump(mode="json")

    return await state.reads.run(whole)


_TOOLS: dict[str, _Tool[Any]] = {
    tool.name: tool
    for tool in (
        _Tool(
            "ask",
            "Ask the articles",
            "Answer a question from the articles, in their own words, with a citation for every "
            "sentence; or say that they do not answer it (`abstained`), and, where something comes "
            "near, with `leads`: quoted sentences that may touch on it.",
            _AskIn,
            AnswerRecord,
            _ask,
            answer_text,
        ),
        _Tool(
            "search",
            "Search the articles",
            "The passages nearest to a question, best first.",
            SearchIn,
            SearchRecord,
            _search,
            results_text,
        ),
        _Tool(
            "get_article",
            "Read an article",
            "An article's text and metadata, and where its sentences stand in the text.",
            _ArticleRequest,
            WholeArticle,
            _get_article,
            article_text,
        ),
    )
}


def build_server(state: AppState) -> Server[Any]:
    """Build the MCP server over this state, for any transport."""

    async def call_tool(
        context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        return await _result_of(state, params, _base_url(context))

    async def resources(
        _: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        return await list_resources(state, params.cursor if params else None)

    async def resource(
        context: ServerRequestContext[Any], params: ReadResourceRequestParams
    ) -> ReadResourceResult:
        return await read_resource(state, params, _base_url(context))

    return Server(
        "pullquote",
        version=pullquote_version(),
        title="Pullquote",
        instructions=_INSTRUCTIONS,
        on_list_tools=_list_tools,
        on_call_tool=call_tool,
        on_list_resources=resources,
        on_list_resource_templates=_list_templates,
        on_read_resource=resource,
        on_list_prompts=_list_prompts,
        on_get_prompt=_get_prompt,
    )


# What the server offers whatever the library holds.


async def _list_tools(
    _: ServerRequestContext[Any], __: PaginatedRequestParams | None
) -> ListToolsResult:
    return ListToolsResult(tools=[tool.declaration() for tool in _TOOLS.values()])


async def _list_templates(
    _: ServerRequestContext[Any], __: PaginatedRequestParams | None
) -> ListResourceTemplatesResult:
    return list_templates()


async def _list_prompts(
    _: ServerRequestContext[Any], __: PaginatedRequestParams | None
) -> ListPromptsResult:
    return list_prompts()


async def _get_prompt(
    _: ServerRequestContext[Any], params: GetPromptRequestParams
) -> GetPromptResult:
    return prompt_of(params)


def _base_url(context: ServerRequestContext[Any]) -> str | None:
    """The address that the client reached the server at; ``None`` on standard input."""
    request = context.request
    return str(request.base_url) if isinstance(request, Request) else None


async def _result_of(
    state: AppState, params: CallToolRequestParams, base_url: str | None
) -> CallToolResult:
    tool = _TOOLS.get(params.name)
    if tool is None:
        name = params.name[:MAX_NAME]
        raise MCPError(INVALID_PARAMS, f"no tool {name!r}; there are {', '.join(_TOOLS)}")
    try:
        content = await tool.call(state, params.arguments or {})
    except ValidationError as exc:
        return _failure(_reasons(exc))
    except Problem as exc:
        return _failure(exc.detail)
    except PullquoteError as exc:
        return _failure(of_error(exc).detail)
    except Exception:
        _log.exception("tool %s failed", params.name)
        return _failure("an error that was not foreseen; the server's log has it")
    # Clients that know nothing of structured content read the text.
    text = TextContent(text=tool.text(content, base_url))
    return CallToolResult(content=[text], structured_content=content)


def _failure(reason: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=reason)], is_error=True)


def _reasons(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_input=False)[:5]
    return "; ".join(f"{field_of(detail)}: {reason_of(detail)}" for detail in details)


def _without_examples(schema: dict[str, Any]) -> dict[str, Any]:
    # Examples are for people; a model would read their tokens with every call.
    for part in (schema, *schema.get("$defs", {}).values()):
        part.pop("examples", None)
    return schema


def session_manager(state: AppState) -> StreamableHTTPSessionManager:
    """Make the SDK's handler of MCP over HTTP: without sessions, so that any worker can take any
    request, and without streams. The application checks Host, Origin and keys before it."""
    return StreamableHTTPSessionManager(
        build_server(state),
        json_response=True,
        stateless=True,
        max_request_body_size=MAX_BODY_BYTES,
    )


def serve_stdio(state: AppState) -> None:
    """Serve MCP on standard input and output until the input ends, then close the state."""
    try:
        asyncio.run(_serve_stdio(state))
    finally:
        state.close()


async def _serve_stdio(state: AppState) -> None:
    state.reads.submit(state.warm).add_done_callback(partial(report_failed_warming, [state]))
    state.pullquote.library.follow()
    server = build_server(state)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
