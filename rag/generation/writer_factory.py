"""Open the writer of a library when a mode first needs it, and sum up what its chat model cost."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.library import Library
from rag.answering_models import AnsweringModels
from rag.chat.base import Tokens
from rag.contract import ModelUse
from rag.errors import QuestionError
from rag.question import Mode
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.generation.writer import Writer
    from rag.query.rewriter import ChatRewriter
    from rag.reading.spans import Scanner

__all__ = ["WriterFactory", "model_use"]


class WriterFactory:
    """Opens the writer of a library, if there is a chat model.

    settings: of the library and its answers.
    library: has the encoder that the support check uses.
    models: opens the chat model and the reader when they are first needed.
    """

    def __init__(self, settings: Settings, library: Library, models: AnsweringModels) -> None:
        self._settings = settings
        self._library = library
        self._models = models
        self._writer: Writer | None = None
        self._turn = threading.Lock()

    @property
    def available(self) -> bool:
        """Whether there is a chat model."""
        return self._models.has_chat

    def for_mode(self, mode: Mode) -> Writer | None:
        """Return the writer for this mode; ``None`` where the answer quotes, as asked or for want
        of a chat model.

        Raises ``QuestionError`` for ``generative`` without a chat model, ``MissingExtra`` or
        ``ModelError`` when the one in the settings cannot be opened.
        """
        if mode == "generative" and not self.available:
            raise QuestionError(
                "mode: generative needs a chat model, and none is set; set PULLQUOTE_MODEL, or use "
                "extractive or auto"
            )
        if mode == "extractive" or not self.available:
            return None
        with self._turn:
            if self._writer is None:
                self._writer = self._make()
            return self._writer

    def rewriter(self, writer: Writer) -> ChatRewriter:
        """Make the rewriter of one follow-up, with the writer's model."""
        from rag.query.rewriter import ChatRewriter

        return ChatRewriter(writer.model, self._settings)

    def _make(self) -> Writer:
        # Not loaded for those who only quote: a cold question is a second.
        from rag.generation.writer import Writer
        from rag.grounding.support_check import SupportCheck

        chat = self._models.chat
        check = SupportCheck(
            self._library.query_encoder(),
            self._scanner(),
            withholds_marks=self._settings.model_marks,
            discounts_orders=self._settings.model_orders,
            forbids_exchanges=self._settings.model_exchanges,
        )
        return Writer(chat, check, self._settings)

    def _scanner(self) -> Scanner:
        """Return the first network of the built-in reader: the open one, if it reads the passages
        anyway. A reader that was passed in may work in any other way."""
        from rag.reading.cascade import CascadeReader
        from rag.reading.first_reader import FirstReader

        reader = self._models.reader if self._settings.reader in ("spans", "fast") else None
        if isinstance(reader, CascadeReader) and isinstance(reader.first, FirstReader):
            return reader.first
        return FirstReader.load(self._settings.models_folder, threads=self._settings.threads)


def model_use(
    model: str | None, requests: Sequence[Tokens | None], settings: Settings
) -> ModelUse | None:
    """Sum up the use of a chat model.

    model: its name; ``None`` where none was asked.
    requests: the tokens of each request, as far as the provider counted them.
    settings: the prices; the cost is left out unless both are set.
    """
    if model is None:
        return None
    counts = [tokens for tokens in requests if tokens]
    if not counts:
        return ModelUse(model=model)
    output_tokens = sum(tokens.output for tokens in counts)
    # Nothing is asked without a prompt: some servers tell only what they wrote.
    input_tokens = (
        sum(tokens.input for tokens in counts) if all(tokens.input for tokens in counts) else None
    )
    cost = None
    price_in, price_out = settings.model_price_in, settings.model_price_out
    if input_tokens is not None and price_in is not None and price_out is not None:
        price = input_tokens * price_in + output_tokens * price_out
        cost = round(price / 1_000_000, 8)
    return ModelUse(model=model, input_tokens=input_tokens, output_tokens=output_tokens, cost=cost)
