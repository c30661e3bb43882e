"""Addresses: of the page that people are sent to, and of requests below a library's own."""

from __future__ import annotations

from urllib.parse import quote

from starlette.types import Scope

__all__ = ["article_link", "path_below", "root_of"]


def article_link(base_url: str, id: str, start: int | None = None, end: int | None = None) -> str:
    """Make the address of an article's page below ``base_url``, which ends in a slash; with
    ``start`` and ``end``, code points of its text, the page marks that stretch."""
    page = f"{base_url}a/{quote(id, safe='')}"
    return page if start is None else f"{page}#c{start}-{end}"


def root_of(scope: Scope) -> str:
    """Return what stands before every path of the application that takes a request: ``/l/NAME``
    where it is for one of several libraries, else mostly nothing."""
    # A mounted application (files) has its own; that of the whole stays beside it.
    root: str = scope.get("app_root_path", scope.get("root_path", ""))
    return root.rstrip("/")


def path_below(scope: Scope) -> str:
    """Return the path of a request below :func:`root_of`: ``/ask``."""
    path: str = scope["path"]
    root = root_of(scope)
    return path.removeprefix(root) if path.startswith(f"{root}/") else path
