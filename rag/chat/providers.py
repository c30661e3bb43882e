"""Chat models through LangChain: any provider that ``init_chat_model`` knows, or any server that
speaks OpenAI's chat completions. Importing this module imports langchain-core."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from pydantic import SecretStr

from index.errors import ModelError
from rag.chat.base import Message, Piece, Style, Tokens
from rag.chat.failure import classify_failure, is_refusal
from rag.errors import ChatModelError, MissingExtra

__all__ = ["LangChainModel", "names_provider", "open_compatible", "open_provider"]

# Provider: the package that LangChain wants for it, and our extra. Of these it is known that they
# say why a text ends, and that they take an address.
_EXTRAS: Final = {
    "openai": ("langchain_openai", "openai"),
    "anthropic": ("langchain_anthropic", "anthropic"),
    "ollama": ("langchain_ollama", "ollama"),
}
# Ollama's context when nothing else is asked for, in tokens: beyond it, it cuts without a word.
_OLLAMA_CONTEXT: Final = 4096
# What a provider may call the word for why a text ends.
_FINISH: Final = ("finish_reason", "stop_reason", "done_reason", "status")

Options = Callable[[Sequence[Message], int, Sequence[str]], dict[str, Any]]


def _options(messages: Sequence[Message], max_tokens: int, stop: Sequence[str]) -> dict[str, Any]:
    return {"max_tokens": max_tokens, **({"stop": list(stop)} if stop else {})}


def _ollama_options(
    messages: Sequence[Message], max_tokens: int, stop: Sequence[str]
) -> dict[str, Any]:
    """Ollama's client takes limits as ``options`` alone, which stand for all others."""
    options: dict[str, Any] = {"temperature": 0, "num_predict": max_tokens}
    if stop:
        options["stop"] = list(stop)
    # A token is three bytes or more in most languages.
    context_tokens = sum(len(message.content.encode()) for message in messages) // 3 + max_tokens
    if context_tokens > _OLLAMA_CONTEXT:
        options["num_ctx"] = -(-context_tokens // 1024) * 1024
    return {"options": options}


class LangChainModel:
    """A LangChain chat model behind our protocol.

    model: LangChain's.
    name: its name in answers' usage.
    style: whether it follows instructions.
    options: makes the client's options from the limits of a request.
    ends: whether its provider states why a stream ends; then a stream that ends without that was
        cut off.
    """

    def __init__(
        self,
        model: BaseChatModel,
        name: str,
        style: Style = "chat",
        options: Options = _options,
        ends: bool = True,
    ) -> None:
        self._model = model
        self._options = options
        self._ends = ends
        self.name = name
        self.style: Style = style

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[Piece]:
        """Stream the answer in pieces.

        Raises ``ChatModelError`` for whatever the provider's client raises.
        """
        prompt: list[BaseMessage] = [
            (SystemMessage if message.role == "system" else HumanMessage)(message.content)
            for message in messages
        ]
        options = self._options(messages, max_tokens, stop)
        has_started = has_finish = False
        try:
            for chunk in self._chunks(prompt, options):
                has_started = True
                piece = _piece(chunk)
                has_finish = has_finish or bool(piece.finish)
                yield piece
        except Exception as exc:
            error = classify_failure(exc)
            # Clients call a line that breaks a connection that fails, too.
            if has_started and error.failure == "unreachable":
                error = ChatModelError("malformed")
            # Not chained: a provider's message may quote the key.
            raise error from None
        if self._ends and not has_finish:
            raise ChatModelError("malformed")

    def _chunks(self, prompt: list[BaseMessage], options: dict[str, Any]) -> Iterator[Any]:
        has_started = False
        try:
            for chunk in self._model.stream(prompt, **options):
                has_started = True
                yield chunk
            return
        except Exception as exc:
            if has_started or not self._drop_temperature(exc):
                raise
        yield from self._model.stream(prompt, **options)

    def _drop_temperature(self, exc: Exception) -> bool:
        """Whether to try again without a temperature, which some models refuse."""
        has_temperature = getattr(self._model, "temperature", None) is not None
        if not has_temperature or "temperature" not in str(exc).lower():
            return False
        self._model = self._model.model_copy(update={"temperature": None})
        return True


def _piece(chunk: AIMessageChunk | Any) -> Piece:
    about = chunk.response_metadata
    finish = next((str(about[name]) for name in _FINISH if about.get(name)), "")
    if not finish and about.get("done"):
        finish = "stop"
    blocks = chunk.content if isinstance(chunk.content, list) else []
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
    if chunk.additional_kwargs.get("refusal") or "refusal" in kinds:
        finish = "refusal"
    usage = getattr(chunk, "usage_metadata", None)
    tokens = Tokens(usage["input_tokens"], usage["output_tokens"]) if usage else None
    text = chunk.text
    content = text() if callable(text) and not isinstance(text, str) else str(text)
    return Piece(content, tokens, "refusal" if is_refusal(finish) else finish)


class _Bearer:
    """Puts a key into the requests of Ollama's client, which takes one only from the environment;
    unlike headers it is not shown by ``repr``."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        return request


def open_provider(
    model_name: str, key: SecretStr | None, timeout: float, style: Style = "chat", url: str = ""
) -> LangChainModel:
    """Open ``provider:name`` through ``init_chat_model``.

    model_name: provider and name.
    key: for the provider's API; by default from its own environment variable.
    timeout: of a request, in seconds.
    style: whether the model follows instructions.
    url: the address, if not the provider's own.

    Raises ``MissingExtra`` for a provider whose package is not installed, ``ModelError`` for what
    LangChain does not know or cannot start.
    """
    from langchain.chat_models import init_chat_model

    provider, _, name = model_name.partition(":")
    options: dict[str, Any] = {"temperature": 0}
    if provider == "ollama":
        options["client_kwargs"] = {"timeout": timeout} | ({"auth": _Bearer(key)} if key else {})
    else:
        options |= {"max_retries": 0, "timeout": timeout} | ({"api_key": key} if key else {})
    if provider == "openai":
        options["stream_usage"] = True
    if url:
        options["base_url"] = url
    try:
        model = init_chat_model(name, model_provider=provider, **options)
    except ImportError as exc:
        package, extra = _EXTRAS.get(provider, ("", ""))
        if package and (exc.name in (None, package) or package.replace("_", "-") in str(exc)):
            raise MissingExtra(package.replace("_", "-"), extra) from exc
        raise ModelError(f"PULLQUOTE_MODEL={model_name}: {exc}") from exc
    except Exception as exc:
        # Not quoted and not chained: what a client says of its settings may hold the key.
        raise ModelError(
            f"PULLQUOTE_MODEL={model_name} cannot be used ({type(exc).__name__}): set the "
            "provider's key (PULLQUOTE_MODEL_API_KEY or its own variable) and check the name"
        ) from None
    request_options = _ollama_options if provider == "ollama" else _options
    return LangChainModel(model, model_name, style, request_options, ends=provider in _EXTRAS)


def names_provider(model_name: str) -> bool:
    """Whether this names a provider, so that its own protocol is used at a given address."""
    return model_name.partition(":")[0] in _EXTRAS and ":" in model_name


def open_compatible(
    url: str, name: str, key: SecretStr | None, timeout: float, style: Style = "chat"
) -> LangChainModel:
    """Open a server that speaks OpenAI's chat completions.

    url: its address.
    name: of the model there.
    key: if it requires one.
    timeout: of a request, in seconds.
    style: whether the model follows instructions.

    Raises ``MissingExtra`` without langchain-openai.
    """
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
