"""Whatever a provider's client raises, a chat model that fails is a ``ChatModelError``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, get_args

import anthropic
import httpx
import httpx2
import langchain_core.exceptions
import ollama
import openai
import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from rag.chat.base import Message
from rag.chat.providers import LangChainModel
from rag.errors import ChatFailure, ChatModelError

KEY = "sk-not-to-be-shown"
CLIENTS: tuple[ModuleType, ...] = (
    openai, anthropic, ollama, httpx, httpx2, langchain_core.exceptions
)  # fmt: skip


def _is_error(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Exception)


ERRORS: list[type[Exception]] = [
    kind
    for module in CLIENTS
    for name, kind in sorted(vars(module).items())
    if _is_error(kind) and not name.startswith("_")
]


def made(kind: type[Exception], status: int) -> Exception:
    """An error as its client makes one, the key in its message."""
    client = httpx if kind.__module__.startswith("httpx.") else httpx2
    request = client.Request("POST", "http://model.example/v1")
    known: dict[str, Any] = {
        "message": f"refused: {KEY}",
        "error": f"refused: {KEY}",
        "request": request,
        "response": client.Response(status, request=request),
        "body": {"error": {"message": KEY}},
        "completion": SimpleNamespace(usage=KEY),
        "unsent_messages": [],
    }
    # Each takes other arguments.
    make: Any = kind
    parameters = inspect.signature(make.__init__).parameters
    if "args" in parameters:
        error = make(f"refused: {KEY}")
    else:
        error = make(**{name: value for name, value in known.items() if name in parameters})
    assert isinstance(error, Exception)
    return error


class Failing(BaseChatModel):
    """Raises its error, when asked or in the middle of its answer."""

    error: Any
    words_before: int = 0

    @property
    def _llm_type(self) -> str:
        return "failing"

    def _generate(self, messages: list[BaseMessage], *args: Any, **options: Any) -> ChatResult:
        raise AssertionError("it is asked for a stream")

    def _stream(
        self, messages: list[BaseMessage], *args: Any, **options: Any
    ) -> Iterator[ChatGenerationChunk]:
        for _ in range(self.words_before):
            yield ChatGenerationChunk(message=AIMessageChunk(content="Wombats "))
        raise self.error


def failure(error: Exception, words_before: int) -> ChatModelError:
    model = LangChainModel(Failing(error=error, words_before=words_before), "failing")
    with pytest.raises(ChatModelError) as caught:
        list(model.stream([Message("user", "Who digs?")], 9))
    return caught.value


@pytest.mark.parametrize("words_before", [0, 2], ids=["request", "stream"])
@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_error_of_a_client_is_mapped(kind: type[Exception], words_before: int) -> None:
    mapped = failure(made(kind, 500), words_before)
    assert mapped.failure in get_args(ChatFailure)
    assert KEY not in f"{mapped} {mapped!r}"
    # Nor is what the client said to be seen in a traceback.
    assert mapped.__cause__ is None
    assert mapped.__suppress_context__


@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        ("AuthenticationError", 401, "bad_key"),
        ("PermissionDeniedError", 403, "bad_key"),
        ("NotFoundError", 404, "no_such_model"),
        ("RateLimitError", 429, "rate_limit"),
        ("APITimeoutError", 0, "timeout"),
        ("APIConnectionError", 0, "unreachable"),
        ("InternalServerError", 500, "unavailable"),
    ],
)
@pytest.mark.parametrize("client", [openai, anthropic], ids=["openai", "anthropic"])
def test_what_a_client_calls_an_error_tells_which(
    client: ModuleType, name: str, status: int, expected: str
) -> None:
    assert failure(made(getattr(client, name), status or 500), 0).failure == expected


def test_there_are_errors_of_every_client() -> None:
    assert {kind.__module__.partition(".")[0] for kind in ERRORS} >= {
        "anthropic", "httpx", "httpx2", "langchain_core", "ollama", "openai"
    }  # fmt: skip
