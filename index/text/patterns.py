"""Regular expressions that are compiled when they are first used.

A question uses a quarter of the patterns of the modules that it imports, and compiling all of them
took a tenth of the time of a cold one.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

__all__ = ["lazy_regex"]

_METHODS: Final = (
    *("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn"),
    *("flags", "groups", "groupindex"),
)


def lazy_regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """Make a pattern with all that a compiled one has, compiled when it is first used, each time by
    the same rules: a mistake in it is raised then. It is no argument for the functions of
    :mod:`re`."""
    return cast("re.Pattern[str]", _LazyRegex(source, flags))


class _LazyRegex:
    def __init__(self, source: str, flags: int) -> None:
        self.pattern, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        # Asked once: what is the object's own is found without this.
        if name not in _METHODS:
            raise AttributeError(f"a pattern has no attribute {name!r}")
        pattern = re.compile(self.pattern, self._flags)
        self.__dict__.update({method: getattr(pattern, method) for method in _METHODS})
        return self.__dict__[name]
