"""The version of Pullquote that is installed."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

__all__ = ["pullquote_version"]


@cache
def pullquote_version() -> str:
    """Look up the version, once: with it the whole description of the package is read, which takes
    ten milliseconds. ``PackageNotFoundError`` where Pullquote was not installed."""
    return version("pullquote")
