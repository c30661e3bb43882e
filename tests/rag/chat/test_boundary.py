"""Whatever a provider's client raises, a chat model that fails is a ``ChatModelError``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any, get_args

import httpx
import httpx2
import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from rag.chat.base import Message
from rag.chat.providers import LangChainModel
from rag.errors import ChatFailure, ChatModelError

KEY = "sk-not-to-be-shown"
# Imported by the tests that need them: all of them together take seconds.
CLIENTS = ("anthropic", "httpx", "httpx2", "langchain_core.exceptions", "ollama", "openai")


def errors_of(client: str) -> list[type[Exception]]:
    """The exceptions that a client's module names."""
    # A list: while they are imported, modules get names that they had not yet.
    names = [*vars(import_module(client)).items()]
    public = (value for name, value in names if name[0] != "_")
    return [kind for kind in public if isinstance(kind, type) and issubclass(kind, Exception)]


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
@pytest.mark.parametrize("client", CLIENTS)
def test_every_error_of_a_client_is_mapped(client: str, words_before: int) -> None:
    kinds = errors_of(client)
    assert any(kind.__module__.startswith(client.split(".")[0]) for kind in kinds)
    for kind in kinds:
        mapped = failure(made(kind, 500), words_before)
        assert mapped.failure in get_args(ChatFailure), kind
        assert KEY not in f"{mapped} {mapped!r}", kind
        # Nor is what the client said to be seen in a traceback.
        assert mapped.__cause__ is None, kind
        assert mapped.__suppress_context__, kind


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
@pytest.mark.parametrize("client", ["openai", "anthropic"])
def test_what_a_client_calls_an_error_tells_which(
    client: str, name: str, status: int, expected: str
) -> None:
    kind = getattr(import_module(client), name)
    assert failure(made(kind, status or 500), 0).failure == expected
