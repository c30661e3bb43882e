"""The protocol of chat models: messages in, pieces of text out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

__all__ = ["ChatModel", "Message", "Piece", "Style", "Tokens"]

# Whether a model follows instructions, or only goes on with a text (a base model).
Style = Literal["chat", "completion"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the model."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one request, read and written, as the provider counts them."""

    input: int
    output: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text as it arrives.

    text: what it adds.
    tokens: of the whole request, where the provider has counted them by now.
    finish: the provider's word for why the text ends; with the last piece.
    """

    text: str
    tokens: Tokens | None = None
    finish: str = ""


class ChatModel(Protocol):
    """A model that writes text. Safe to share between threads."""

    @property
    def name(self) -> str: ...

    @property
    def style(self) -> Style: ...

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[Piece]:
        """Stream the text in pieces.

        messages: the prompt.
        max_tokens: the most that may be written.
        stop: words at which the text is to end.

        Raises ``ChatModelError`` and nothing else of its own.
        """
        ...
