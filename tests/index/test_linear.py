"""The work that a text costs grows with its length, whatever is in it: no step from a loader's text
to passages may take the square of it. Compared are a text and one four times as long."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from index.article import Article, Span
from index.boilerplate.classifier import LineScorer
from index.boilerplate.detector import Layout, furniture
from index.errors import LoadError
from index.ingest.admission import AdmissionRecords, _Repetition
from index.ingest.preparation import page_day
from index.load.base import Source, check_article
from index.load.note_marks import without_note_marks
from index.load.plain.line_numbers import without_line_numbers
from index.load.plain.markdown import MarkdownLoader
from index.load.plain.text_dialects import read_dialect
from index.load.plain.text_tables import write_text_tables
from index.load.superscripts import settle_superscripts
from index.settings import PassageSettings
from index.store.sqlite.articles import ArticleTable
from index.store.sqlite.database import Database
from index.store.sqlite.passages import PassageTable
from index.text.dates import days_in, stamp
from index.text.language import language_of
from index.text.line_joining import clean_prose, unwrap
from index.text.normalise import clean
from index.text.passages import cut_passages
from index.text.sentences import sentences
from index.text.shingles import words

# Work of the square would be sixteen times as much, linear work is four; there is noise in both.
LONGER, MOST = 4, 9
# Where linear work alone takes long, the square shows in shorter texts.
SIZES = {
    "sentences": 5_000, "passages": 5_000, "days": 5_000, "day of the page": 5_000,
    "furniture": 4_000, "markdown": 2_000, "divided words": 5_000,
}  # fmt: skip
# Seconds of processor time for the longer text that are no matter, however they grew.
NOTHING = 0.1

PROSE = "The council met on Tuesday and approved the budget for the year to come.\n"
TEXTS: dict[str, Callable[[int], str]] = {
    "opening quotation marks": lambda n: "“" * n,
    "closing ones after words": lambda n: "“He said ”" * (n // 10),
    "unbroken Chinese": lambda n: "中" * n,
    "Chinese sentences": lambda n: "中文字句。" * (n // 5),
    "one letter": lambda n: "x" * n,
    "full stops": lambda n: "." * n,
    "initials": lambda n: "A. " * (n // 3),
    "brackets": lambda n: "[(" * (n // 2),
    "wide spaces": lambda n: "x" + "\u00a0" * n + "x",
    "accents": lambda n: "a" + "\u0301" * n,
    "line ends": lambda n: "ab\n" * (n // 3),
    "blank lines": lambda n: "ab\n\n" * (n // 4),
    "days": lambda n: "2025-03-01 " * (n // 11),
    "line ends of word processors": lambda n: "a\x0bb" + " " * n + "c",
    "bylines that are none": lambda n: PROSE + f"By Ada Roe, {'a' * 90}!\n" * (n // 104),
    "bars": lambda n: "a | " * (n // 4),
    "prose": lambda n: PROSE * (n // len(PROSE)),
    "lists of headlines": lambda n: "Most read\n" * (n // 10) + PROSE,
    "divided words": lambda n: "ter-\nminal " * (n // 11),
    "hyphens": lambda n: "-" * n,
    "hyphens at line ends": lambda n: "a-\n" * (n // 3),
    "soft hyphens": lambda n: "a\u00ad" + "\n" * n + "a",
    "raised figures": lambda n: "10¹, " * (n // 5),
    "raised figures alone": lambda n: "¹" * n,
    "rules": lambda n: "|-" * (n // 2) + "x",
    "columns": lambda n: "ab  cd  ef\n" * (n // 11),
    "tabs": lambda n: "ab\tcd\n" * (n // 6),
    "fences": lambda n: "`" * n + "\n" + "```a\n" * (n // 5),
    "numbers of lines": lambda n: "".join(f"{i % 97} so it goes on\n" for i in range(n // 17)),
    "carets": lambda n: "10^2^ " * (n // 6),
    "tags": lambda n: "10<sup>2</sup> " * (n // 15),
    "open tags": lambda n: "<sup></del>" * (n // 11),
    "marks": lambda n: "14 [3] | 7.5 a)\n" * (n // 15) + "a) Estimate.",
    "rows": lambda n: PROSE + "a | b\n" * (n // 6) + PROSE,
    "titles of AsciiDoc": lambda n: "== a\n:b:\n" + "= x\n" * (n // 4),
    "a long head and tail": lambda n: "Harbour\n" * (n // 16) + PROSE + "Harbour\n" * (n // 16),
}


def _read_markdown(text: str) -> None:
    # Of marks alone there is no article, which is said once they are read.
    with suppress(LoadError):
        list(MarkdownLoader().load(Source("a.md", "a.md", data=text.encode()), len(text)))


STEPS: dict[str, Callable[[str], object]] = {
    "clean": clean,
    "unwrap": unwrap,
    "sentences": sentences,
    "passages": lambda text: cut_passages(text, sentences(text), PassageSettings()),
    "language": language_of,
    "words": words,
    "days": days_in,
    "stamp": stamp,
    "day of the page": lambda text: page_day(text, "https://a.example/b", date(2025, 6, 1)),
    "furniture": lambda text: furniture(Layout.of(text), "Title", LineScorer.load()),
    "markdown": _read_markdown,
    "divided words": clean_prose,
    "tables of text": write_text_tables,
    "dialects": read_dialect,
    "numbers of lines": without_line_numbers,
    "raised characters": settle_superscripts,
    "marks of notes": lambda text: without_note_marks(text, tuple(text.split("\n"))[:-1]),
    "checked": lambda text: check_article(Article(id="a", title="T", text=text)),
}


def times(step: Callable[[str], object], shorter: str, longer: str) -> list[tuple[float, float]]:
    """Seconds of the processor for the shorter and the longer text, up to three times, as long as
    they look like more than linear work: a cache or another process may have been in the way. Empty
    when they once did not."""
    measured: list[tuple[float, float]] = []
    while len(measured) < 3:
        long = _seconds(step, longer)
        if long < NOTHING:
            return []
        short = _seconds(step, shorter)
        if long < MOST * short:
            return []
        measured.append((short, long))
    return measured


def _seconds(step: Callable[[str], object], text: str) -> float:
    # The collector looks at all that the process holds, the more the more tests ran before.
    gc.disable()
    try:
        start = time.process_time()
        step(text)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("step", STEPS)
def test_four_times_the_text_is_four_times_the_work(step: str) -> None:
    STEPS[step]("Once, for what is loaded with the first text. And twice.")
    size = SIZES.get(step, 10_000)
    for name, text in TEXTS.items():
        assert times(STEPS[step], text(size), text(LONGER * size)) == [], name


@pytest.mark.parametrize(
    "step",
    [lambda table: list(table.lexical_rows()), PassageTable.corrupt_keys],
    ids=["rows of the lexical index", "passages as they were written"],
)
def test_an_article_is_not_read_again_with_each_of_its_passages(
    tmp_path: Path, step: Callable[[PassageTable], object]
) -> None:
    tables = {
        text: _stored(tmp_path / str(len(text)), text) for text in ("é" * 90_000, "é" * 360_000)
    }
    assert times(lambda text: step(tables[text]), *tables) == []


def test_lines_that_an_article_shares_with_others_are_counted_in_linear_time() -> None:
    class Records:
        def line_counts(self, lines: object, longest: object, but: object) -> dict[int, int]:
            return {}

    def bulletins(count: int) -> str:
        return "\n".join(f"The bulletin of day {day} was read out." for day in range(count))

    def repetition(text: str) -> Mapping[str, int]:
        page = Article(id="a", title="T", text=text, url="https://a.example/a", found_as="page")
        pages = [page, replace(page, id="b")]
        return _Repetition(pages, cast(AdmissionRecords, Records())).of(page)

    assert repetition(bulletins(3)) == dict.fromkeys(bulletins(3).split("\n"), 1)
    assert times(repetition, bulletins(5_000), bulletins(20_000)) == []


def _stored(folder: Path, text: str) -> PassageTable:
    """A library with one article, a passage of it for each 500 characters."""
    database = Database(folder, create=True)
    passages = PassageTable(database)
    with database.writing():
        key = ArticleTable(database).insert(Article(id="a", title="T", text=text), 1)
        for start in range(0, len(text), 500):
            passages.insert(key, start, [Span(start, start + 500)], np.zeros(2, dtype=np.float32))
    return passages
