from __future__ import annotations

import re

import pytest

from index.text.patterns import lazy_regex

TEXT = "Zinc, tin and Lead"


@pytest.mark.parametrize("first", ["search", "finditer", "sub", "flags", "groupindex"])
def test_a_lazy_pattern_does_what_a_compiled_one_does(first: str) -> None:
    source, flags = r"\b(?P<metal>zinc|tin|lead)\b", re.IGNORECASE
    lazy, compiled = lazy_regex(source, flags), re.compile(source, flags)
    getattr(lazy, first)  # whichever comes first compiles it
    assert lazy.pattern == source
    assert (lazy.flags, lazy.groups) == (compiled.flags, compiled.groups)
    assert lazy.groupindex == compiled.groupindex
    assert lazy.findall(TEXT) == compiled.findall(TEXT)
    assert lazy.sub("-", TEXT) == compiled.sub("-", TEXT)
    assert [found["metal"] for found in lazy.finditer(TEXT)] == ["Zinc", "tin", "Lead"]
    assert lazy.fullmatch("ZINC")
    assert not lazy.match(" tin")


def test_a_mistake_is_raised_at_the_first_use() -> None:
    lazy = lazy_regex("(")
    with pytest.raises(re.error):
        lazy.search(TEXT)


def test_nothing_else_is_looked_for_in_it() -> None:
    with pytest.raises(AttributeError, match="scanner"):
        _ = lazy_regex("zinc").scanner  # type: ignore[attr-defined]
