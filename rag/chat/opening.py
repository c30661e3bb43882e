"""Which chat model the settings name."""

from __future__ import annotations

from pathlib import Path

from rag.chat.base import ChatModel, Style
from rag.settings import Settings

__all__ = ["open_chat_model"]


def open_chat_model(settings: Settings) -> ChatModel:
    """The model at ``model_url``, ``local``, ``local:FILE.gguf``, or ``provider:name``.

    Raises ``MissingExtra`` when its package is not there, ``ModelError`` when it cannot be used.
    """
    timeout = settings.model_seconds
    if settings.model_url:
        from rag.chat.langchain import open_compatible

        style: Style = "completion" if settings.prompt == "completion" else "chat"
        return open_compatible(
            settings.model_url, settings.model, settings.model_api_key, timeout, style
        )
    provider, _, name = settings.model.partition(":")
    if provider == "local":
        from rag.chat.local import LocalModel, built_in_model

        file = Path(name).expanduser() if name else built_in_model(settings.models_folder)
        # The built-in model only goes on with text; one of one's own most likely follows.
        base = settings.prompt == "completion" or (settings.prompt == "auto" and not name)
        return LocalModel(file, settings.threads, "completion" if base else "chat")
    from rag.chat.langchain import open_provider

    return open_provider(settings.model, settings.model_api_key, timeout)
