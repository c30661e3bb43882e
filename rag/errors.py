"""Everything that answering raises on purpose, beside what the index does.

::

    PullquoteError            (index.errors)
    ├── InputError            (index.errors)
    │   └── QuestionError     a question, filter or option that makes no sense
    ├── ChatModelError        a chat model did not answer; an extractive answer can
    └── MissingExtra          an optional package is not installed

The errors of :mod:`index.errors` can be imported from here too, so that whoever catches errors
needs one module. Every message says what was wrong, where, and what to do about it.
"""

from __future__ import annotations

from typing import Final, Literal

from index.errors import (
    FetchError,
    InputError,
    LibraryCorrupt,
    LibraryError,
    LibraryLocked,
    LibraryMissing,
    LoadError,
    ModelError,
    ModelMismatch,
    NotFoundError,
    PullquoteError,
    SchemaTooNew,
    SettingsError,
    SourceError,
    StorageError,
)

__all__ = [
    "ChatFailure",
    "ChatModelError",
    "FetchError",
    "InputError",
    "LibraryCorrupt",
    "LibraryError",
    "LibraryLocked",
    "LibraryMissing",
    "LoadError",
    "MissingExtra",
    "ModelError",
    "ModelMismatch",
    "NotFoundError",
    "PullquoteError",
    "QuestionError",
    "SchemaTooNew",
    "SettingsError",
    "SourceError",
    "StorageError",
]


class QuestionError(InputError):
    """A question, filter or option is invalid."""


ChatFailure = Literal[
    "timeout",
    "rate_limit",
    "quota",
    "refusal",
    "malformed",
    "context_overflow",
    "bad_key",
    "no_such_model",
    "unreachable",
    "unavailable",
]
_CHAT_FAILURES: Final[dict[ChatFailure, str]] = {
    "timeout": "the chat model took too long; PULLQUOTE_MODEL_TIMEOUT gives it more time",
    "rate_limit": "the chat model's provider limits how often it may be asked; ask again later",
    "quota": "the chat model's provider wants to be paid first",
    "refusal": "the chat model would not answer",
    "malformed": "what came from the chat model broke off or cannot be read",
    "context_overflow": "the articles are too long for the chat model; lower "
    "PULLQUOTE_MODEL_CONTEXT_CHARS",
    "bad_key": "the chat model's provider does not accept the key",
    "no_such_model": "the chat model's provider has no model of that name",
    "unreachable": "the chat model cannot be reached",
    "unavailable": "the chat model failed",
}


class ChatModelError(PullquoteError):
    """A chat model did not answer; ``failure`` names the kind of failure.

    It never repeats the provider's message, which may quote a key.
    """

    def __init__(self, failure: ChatFailure) -> None:
        super().__init__(_CHAT_FAILURES[failure])
        self.failure: ChatFailure = failure


class MissingExtra(PullquoteError):
    """An optional package is needed and not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"{package} is not installed: run pip install -c constraints.txt -e '.[{extra}]'"
        )
        self.package = package
        self.extra = extra
