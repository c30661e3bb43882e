"""The models that answers are made with: opened when first needed, and once for all libraries that
share them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.evidence import Reader
from rag.query.follow_up import Rewriter
from rag.reading.opening import open_reader
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.chat.base import ChatModel

__all__ = ["AnsweringModels"]


class AnsweringModels:
    """The reader and the chat model of ``settings``, unless others are passed in; and a rewriter of
    follow-ups, where one is.

    opening: opens the reader of the settings, when it is first needed, where it is not to be opened
        in this process.

    Safe to share between threads. ``are_stable``: the same question has the same answer, because
    nothing that was passed in takes part in it.
    """

    def __init__(
        self,
        settings: Settings,
        reader: Reader | None = None,
        rewriter: Rewriter | None = None,
        chat: ChatModel | None = None,
        opening: Callable[[Settings], Reader] | None = None,
    ) -> None:
        self._settings = settings
        self._opening = opening
        self._reader = reader
        self.rewriter = rewriter
        self.are_stable = reader is None and rewriter is None
        self._chat = chat
        self._mutex = threading.Lock()

    @property
    def reader(self) -> Reader:
        """The reader. ``ModelError`` when it cannot be opened."""
        with self._mutex:
            if self._reader is None:
                self._reader = (self._opening or open_reader)(self._settings)
            return self._reader

    @property
    def has_chat(self) -> bool:
        """Whether there is a chat model."""
        return self._chat is not None or self._settings.has_model

    @property
    def chat(self) -> ChatModel:
        """The chat model. ``MissingExtra`` or ``ModelError`` when it cannot be opened."""
        # Not loaded for those who only quote: a cold question is a second.
        from rag.chat.opening import open_chat_model

        with self._mutex:
            if self._chat is None:
                self._chat = open_chat_model(self._settings)
            return self._chat
