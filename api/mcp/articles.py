"""Articles as resources of MCP, and a prompt for asking them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    Prompt,
    PromptArgument,
    PromptMessage,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextContent,
    TextResourceContents,
)

from api.mcp.text import article_id, article_text, article_uri
from api.problem import Problem, of_error
from api.schemas.articles import WholeArticle
from api.state import AppState
from index.article import Article
from index.errors import NotFoundError, PullquoteError
from index.filters import Filters
from rag.question import MAX_QUESTION_CHARS

__all__ = [
    "MAX_NAME",
    "list_prompts",
    "list_resources",
    "list_templates",
    "prompt_of",
    "read_resource",
]

T = TypeVar("T")

# Characters of a wrong name that an error repeats.
MAX_NAME = 200
_PAGE = 100
_MIME = "text/plain"
_PROMPT = """Answer this question with Pullquote's tool `ask`, and with nothing else: {question}

Give its answer word for word with its footnotes and their links. If it abstains, say that the
articles do not answer the question; you may quote its `leads` as what they are."""


async def list_resources(state: AppState, cursor: str | None) -> ListResourcesResult:
    """Return a page of the articles, newest first; the cursor is the number of articles before
    it."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise MCPError(INVALID_PARAMS, f"no page begins at {cursor[:MAX_NAME]!r}")
    offset = int(cursor or 0)

    def page() -> tuple[list[Article], int]:
        with state.pullquote.library.view() as view:
            return view.page(Filters(), "", _PAGE, offset)

    articles, total = await _read(state, page)
    end = offset + len(articles)
    return ListResourcesResult(
        resources=[_resource(article) for article in articles],
        next_cursor=str(end) if articles and end < total else None,
    )


def _resource(article: Article) -> Resource:
    day = article.published_at.isoformat() if article.published_at else None
    return Resource(
        uri=article_uri(article.id),
        name=article.id,
        title=article.title or article.id,
        description=", ".join(filter(None, (article.publisher, day))) or None,
        mime_type=_MIME,
    )


def list_templates() -> ListResourceTemplatesResult:
    """Return the template of articles' addresses."""
    template = ResourceTemplate(
        uri_template="pullquote://articles/{id}",
        name="article",
        title="An article by its id",
        description="The `document_id` of a citation, percent-encoded.",
        mime_type=_MIME,
    )
    return ListResourceTemplatesResult(resource_templates=[template])


async def read_resource(
    state: AppState, params: ReadResourceRequestParams, base_url: str | None
) -> ReadResourceResult:
    """The text of an article, with a link to its page below ``base_url``. An error of the protocol
    where there is none of that address."""
    id = article_id(params.uri)
    if id is None:
        raise MCPError(
            INVALID_PARAMS,
            f"no resource {params.uri[:MAX_NAME]}; articles are {article_uri('ID')}",
        )

    def whole() -> str:
        with state.pullquote.library.view() as view:
            return article_text(WholeArticle.from_view(view, id).model_dump(mode="json"), base_url)

    text = await _read(state, whole)
    return ReadResourceResult(
        contents=[TextResourceContents(uri=params.uri, mime_type=_MIME, text=text)]
    )


async def _read(state: AppState, work: Callable[[], T]) -> T:
    """Return what the work reads from the library; what goes wrong is an error of the protocol that
    says what to do, as it is over HTTP."""
    try:
        return await state.reads.run(work)
    except NotFoundError as exc:
        raise MCPError(INVALID_PARAMS, str(exc)) from exc
    except (PullquoteError, Problem) as exc:
        problem = exc if isinstance(exc, Problem) else of_error(exc)
        raise MCPError(INTERNAL_ERROR, problem.detail) from exc


def list_prompts() -> ListPromptsResult:
    """Return the list with the one prompt."""
    prompt = Prompt(
        name="ask_the_articles",
        title="Ask the articles",
        description="Have a question answered from the articles alone, with footnotes.",
        arguments=[PromptArgument(name="question", description="In plain words.", required=True)],
    )
    return ListPromptsResult(prompts=[prompt])


def prompt_of(params: GetPromptRequestParams) -> GetPromptResult:
    """Return the prompt for a question. An error of the protocol for another prompt, or without a
    question."""
    if params.name != "ask_the_articles":
        raise MCPError(
            INVALID_PARAMS, f"no prompt {params.name[:MAX_NAME]!r}; there is ask_the_articles"
        )
    question = (params.arguments or {}).get("question", "").strip()
    if not question:
        raise MCPError(INVALID_PARAMS, "question: it is missing")
    if len(question) > MAX_QUESTION_CHARS:
        words = f"question: at most {MAX_QUESTION_CHARS} characters are taken"
        raise MCPError(INVALID_PARAMS, words)
    text = TextContent(text=_PROMPT.format_map({"question": question}))
    return GetPromptResult(messages=[PromptMessage(role="user", content=text)])
