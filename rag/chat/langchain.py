"""Chat models through LangChain: any provider that ``init_chat_model`` knows, or any server that
speaks OpenAI's chat completions. Importing this module imports langchain-core."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from pydantic import SecretStr

from index.errors import ChatModelError, MissingExtra, ModelError
from rag.chat.base import Message, Piece, Style, Tokens
from rag.chat.failure import failure_of, refused

__all__ = ["LangChainModel", "open_compatible", "open_provider"]

# Provider: the package that LangChain wants for it, and our extra.
_EXTRAS: Final = {
    "openai": ("langchain_openai", "openai"),
    "anthropic": ("langchain_anthropic", "anthropic"),
    "ollama": ("langchain_ollama", "ollama"),
}
# What a provider's client calls the limit of what is written.
_LIMIT: Final = {"ollama": "num_predict"}


class LangChainModel:
    """A LangChain chat model behind our protocol."""

    def __init__(
        self, model: BaseChatModel, name: str, style: Style = "chat", limit: str = "max_tokens"
    ) -> None:
        self._model = model
        self._limit = limit
        self.name = name
        self.style: Style = style

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[Piece]:
        """The answer in pieces. ``ChatModelError`` for whatever the provider's client raises."""
        sent = [
            (SystemMessage if each.role == "system" else HumanMessage)(each.content)
            for each in messages
        ]
        options: dict[str, Any] = {self._limit: max_tokens}
        if stop:
            options["stop"] = list(stop)
        begun = False
        try:
            for chunk in self._model.stream(sent, **options):
                begun = True
                yield _piece(chunk)
        except Exception as exc:
            failed = failure_of(exc)
            # Clients call a line that breaks a connection that fails, too.
            if begun and failed.failure == "unreachable":
                failed = ChatModelError("malformed")
            # Not chained: a provider's message may quote the key.
            raise failed from None


def _piece(chunk: AIMessageChunk | Any) -> Piece:
    about = chunk.response_metadata
    finish = str(
        about.get("finish_reason") or about.get("stop_reason") or about.get("done_reason") or ""
    )
    if chunk.additional_kwargs.get("refusal"):
        finish = "refusal"
    used = getattr(chunk, "usage_metadata", None)
    tokens = Tokens(used["input_tokens"], used["output_tokens"]) if used else None
    text = chunk.text
    said = text() if callable(text) and not isinstance(text, str) else str(text)
    return Piece(said, tokens, "refusal" if refused(finish) else finish)


def open_provider(named: str, key: SecretStr | None, timeout: float) -> LangChainModel:
    """``provider:name`` through ``init_chat_model``. Raises ``MissingExtra`` for a provider whose
    package is not there, ``ModelError`` for what LangChain does not know or cannot start."""
    from langchain.chat_models import init_chat_model

    provider, _, name = named.partition(":")
    options: dict[str, Any] = {"temperature": 0, "max_retries": 0, "timeout": timeout}
    if provider == "ollama":
        options = {"temperature": 0, "client_kwargs": {"timeout": timeout}}
    if key is not None:
        options["api_key"] = key
    if provider == "openai":
        options["stream_usage"] = True
    try:
        model = init_chat_model(name, model_provider=provider, **options)
    except ImportError as exc:
        package, extra = _EXTRAS.get(provider, ("", ""))
        if package and (exc.name in (None, package) or package.replace("_", "-") in str(exc)):
            raise MissingExtra(package.replace("_", "-"), extra) from exc
        raise ModelError(f"PULLQUOTE_MODEL={named}: {exc}") from exc
    except Exception as exc:
        # Not quoted and not chained: what a client says of its settings may hold the key.
        raise ModelError(
            f"PULLQUOTE_MODEL={named} cannot be used ({type(exc).__name__}): set the provider's "
            "key (PULLQUOTE_MODEL_API_KEY or its own variable) and check the name"
        ) from None
    return LangChainModel(model, named, limit=_LIMIT.get(provider, "max_tokens"))


def open_compatible(
    url: str, name: str, key: SecretStr | None, timeout: float, style: Style = "chat"
) -> LangChainModel:
    """A server that speaks OpenAI's chat completions at ``url``. ``MissingExtra`` without
    langchain-openai."""
    try:
        from langchain_openai import ChatOpenAI
    except ModuleNotFoundError as exc:
        if exc.name != "langchain_openai":
            raise
        raise MissingExtra("langchain-openai", "openai") from exc
    model = ChatOpenAI(
        model=name or "default",
        base_url=url,
        # Servers of one's own seldom want a key, and the client always wants one.
        api_key=key or SecretStr("none"),
        temperature=0,
        max_retries=0,
        timeout=timeout,
        stream_usage=True,
    )
    return LangChainModel(model, name or url, style)
