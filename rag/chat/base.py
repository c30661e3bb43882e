"""What a chat model is: messages in, text in pieces out."""

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
    """What was read and written, as the provider counts it."""

    input: int
    output: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text as it arrives. ``tokens`` are of the whole request, when they are told;
    ``finish`` is why the text ends, in the provider's word, with the last piece."""

    text: str
    tokens: Tokens | None = None
    finish: str = ""


class ChatModel(Protocol):
    """Writes text. Safe to share between threads."""

    @property
    def name(self) -> str: ...

    @property
    def style(self) -> Style: ...

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[Piece]:
        """The answer in pieces. Raises ``ChatModelError`` and nothing else of its own."""
        ...
