from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.article import Article
from index.load import find_files, known_suffixes, load_bytes, load_file
from index.load.base import Source
from index.load.registry import registry

GOOD = """
from index.article import Article

class Shout:
    suffixes = (".shout", ".pdf")
    content_types = ("text/x-shout",)

    def load(self, source, max_chars):
        text = source.read(max_chars).decode().upper()
        yield Article(id=source.id(), title=source.stem, text=text, source=source.name)
"""
POINTS = """[pullquote.loaders]
a-broken = shouting_missing:Nothing
b-crashing = shouting:__loader__
c-shout = shouting:Shout
d-wordless = shouting:GOOD
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A distribution with a loader that works and three that do not, on the path."""
    site = tmp_path / "site"
    about = site / "shouting-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "shouting.py").write_text(f"{GOOD}\nGOOD = 'no loader'\n")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: shouting\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(site)
    registry.cache_clear()
    yield tmp_path
    registry.cache_clear()
    sys.modules.pop("shouting", None)


def test_loaders_of_others_go_before_ours(installed: Path) -> None:
    path = installed / "a.shout"
    path.write_text("Be quiet.")
    (found,) = load_file(path, 1000)
    assert getattr(found, "text", found) == "BE QUIET."
    assert path in find_files([installed])
    assert type(registry().by_name("x.pdf")).__name__ == "Shout"
    assert {".shout", ".html", ".warc.gz"} <= set(known_suffixes())


def test_broken_ones_are_reported_and_left_out(
    installed: Path, caplog: pytest.LogCaptureFixture
) -> None:
    problems = registry().problems
    assert [each.split("'")[1] for each in problems] == ["a-broken", "b-crashing", "d-wordless"]
    assert "ModuleNotFoundError" in problems[0]
    assert len(caplog.records) == 3
    (refused,) = load_file(installed / "a.xyz", 1000)
    assert ".xyz is no format that is read" in str(refused)
    assert "plug-in 'a-broken'" in str(refused)


def test_the_longest_suffix_counts() -> None:
    assert registry().by_name("A.WARC.GZ") is registry().by_name("a.warc")
    assert registry().by_name("a.gz") is None


def test_heavy_libraries_wait_for_their_first_file() -> None:
    heavy = {"lxml", "trafilatura", "pypdfium2", "fastwarc", "bs4"}
    code = f"import sys, index.load; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == "[]"


def test_comments_before_what_is_no_page_take_no_time() -> None:
    """The bytes are looked at before another process reads them."""
    data = b"<!-- a -->" * 90 + b"A b c."
    (item,) = load_bytes(data, "a.bin", content_type="text/plain", max_chars=1_000)
    assert isinstance(item, Article)
    page = b"<?xml version='1.0'?>" + b"<!-- a - b -->\n" * 3 + b"<!DOCTYPE html><p>A b c."
    loader = registry().by_content(Source.of_bytes(page, "a.bin"))
    assert loader is not None
    assert "text/html" in loader.content_types
