"""Ask your articles, get answers in their own words, each with its citation.

::

    from pullquote import Pullquote

    with Pullquote.open(create=True) as library:
        library.add([Path("articles/")])
        answer = library.ask("Who runs Acme?")

What is here is the public surface; everything else may change without notice. A name is imported
when it is first asked for, so that importing this module costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from importlib.metadata import version as _version

    from index.ingest.batch import AddReport
    from rag.answer import Answer, Citation, SearchResult
    from rag.async_pullquote import AsyncPullquote
    from rag.errors import (
        ChatModelError,
        FetchError,
        InputError,
        LibraryCorrupt,
        LibraryError,
        LibraryLocked,
        LibraryMissing,
        LoadError,
        MissingExtra,
        ModelError,
        ModelMismatch,
        NotFoundError,
        PullquoteError,
        QuestionError,
        SchemaTooNew,
        SettingsError,
        SourceError,
        StorageError,
    )
    from rag.pullquote import Pullquote
    from rag.question import Filters, Turn
    from rag.settings import Settings

    __version__ = _version("pullquote")

__all__ = [
    "AddReport",
    "Answer",
    "AsyncPullquote",
    "ChatModelError",
    "Citation",
    "FetchError",
    "Filters",
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
    "Pullquote",
    "PullquoteError",
    "QuestionError",
    "SchemaTooNew",
    "SearchResult",
    "Settings",
    "SettingsError",
    "SourceError",
    "StorageError",
    "Turn",
    "__version__",
]

# The module of each name; of those that are not here, the one of the errors.
_MODULES: Final = {
    "AddReport": "index.ingest.batch",
    "Answer": "rag.answer",
    "AsyncPullquote": "rag.async_pullquote",
    "Citation": "rag.answer",
    "Filters": "rag.question",
    "Pullquote": "rag.pullquote",
    "SearchResult": "rag.answer",
    "Settings": "rag.settings",
    "Turn": "rag.question",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("pullquote")
    else:
        from importlib import import_module

        value = getattr(import_module(_MODULES.get(name, "rag.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
