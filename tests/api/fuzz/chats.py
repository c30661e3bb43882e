"""What is fuzzed of chat models: what their servers stream, in each protocol."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rag.chat.base import Message
from rag.chat.opening import open_chat_model
from rag.chat.surrogates import join_surrogates
from rag.errors import ChatModelError
from rag.settings import Settings
from tests.api.fuzz.target import Target
from tests.chat import loopback, streams
from tests.wires import WIRES

__all__ = ["chat_targets"]


@contextmanager
def chat_targets() -> Iterator[list[Target]]:
    """A target for each protocol of chat models, whose server sends a stream with changes in it:
    what comes is text that can be encoded, or one of our errors."""
    sent: list[bytes] = []
    with loopback(lambda handler: streams(*sent)(handler)) as address:
        yield [
            Target(f"chat {name}", _chat(name, address, sent), (_stream(name),), _EVENTS)
            for name in WIRES
        ]


_EVENTS = ["data: ", "\n\n", "\n", "event: ", "{", "}", '"', "[DONE]", "\\ud83d", "\\udc00",
           "null", "[]", "{}", '"content":', '"delta":', '"type":', '"error":', "\r", ":",
           "1e999"]  # fmt: skip


def _stream(name: str) -> bytes:
    return b"".join(WIRES[name].answer("The tower is 74 metres tall [1]. It is \U0001f600 old."))


def _chat(name: str, address: str, sent: list[bytes]) -> Callable[[bytes], None]:
    wire = WIRES[name]
    settings = Settings.model_validate(
        {
            "model": wire.model,
            "model_url": address + wire.base,
            "model_api_key": "sk-0",
            "model_timeout": 20,
        }
    )

    # Its client is imported with the first case.
    opened = functools.cache(lambda: open_chat_model(settings))

    def check(data: bytes) -> None:
        sent[:] = [data]
        said = join_surrogates(opened().stream([Message("user", "How tall?")], 100))
        with suppress(ChatModelError):
            for piece in said:
                piece.text.encode()

    return check
