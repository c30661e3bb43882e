"""Open the chat model that the settings name."""

from __future__ import annotations

from pathlib import Path

from rag.chat.base import ChatModel, Style
from rag.settings import Settings

__all__ = ["open_chat_model"]


def open_chat_model(settings: Settings) -> ChatModel:
    """Open the chat model that the settings name: ``local``, ``local:FILE.gguf``, ``provider:name``
    (at ``model_url`` if that is set), or any name at ``model_url``.

    Raises ``MissingExtra`` when its package is not installed, ``ModelError`` when it cannot be
    used.
    """
    timeout, key, url = settings.model_seconds, settings.model_api_key, settings.model_url
    style: Style = "completion" if settings.prompt == "completion" else "chat"
    provider, _, name = settings.model.partition(":")
    if provider == "local" and not url:
        from rag.chat.local import LocalModel, built_in_model

        file = Path(name).expanduser() if name else built_in_model(settings.models_folder)
        # The built-in model only goes on with text; one of one's own most likely follows.
        base = settings.prompt == "auto" and not name
        return LocalModel(file, settings.threads, "completion" if base else style)
    from rag.chat.providers import names_provider, open_compatible, open_provider

    if url and not names_provider(settings.model):
        return open_compatible(url, settings.model, key, timeout, style)
    return open_provider(settings.model, key, timeout, style, url)
