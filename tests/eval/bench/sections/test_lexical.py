"""Search by words, ours and FTS5."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from eval.bench.baselines.fts5 import FullTextTable
from eval.bench.corpus import Corpus
from eval.bench.options import BenchOptions
from eval.bench.sections.lexical import made_up_rows, measure
from index.search.lexical import LexicalRow

ROWS = [
    LexicalRow(1, 1, "en", "Harbour", "The harbour counted its ships."),
    LexicalRow(2, 2, "en", "Town", "A town without any sea."),
]


def test_fts5_finds_what_is_there_until_it_is_removed(tmp_path: Path) -> None:
    with closing(FullTextTable(tmp_path / "fts5")) as table:
        table.add(ROWS)
        assert table.search("Which ship was counted?", 5) == [1]
        assert set(table.search("harbour town", 5)) == {1, 2}
        assert len(table.search("harbour town", 1)) == 1
        table.remove(ROWS[:1])
        assert table.search("harbour town", 5) == [2]


def test_rows_are_passages_of_the_corpus() -> None:
    rows = list(made_up_rows(50, seed=2))
    assert [row.passage for row in rows] == list(range(1, 51))
    assert rows == list(made_up_rows(60, seed=2))[:50]
    first = next(Corpus(2).articles(1)).text.replace("\n\n", " ")
    assert rows[0].text in first
    assert sum(len(row.text.split()) for row in rows) / 50 > 60


def test_both_are_measured_at_two_sizes() -> None:
    figures = measure(BenchOptions(largest=300))
    (table,) = figures.tables
    assert [row[:2] for row in table.rows] == [
        [30, "pullquote"], [30, "FTS5"], [300, "pullquote"], [300, "FTS5"]
    ]  # fmt: skip
    hits = table.heads.index("found")
    assert all(float(row[place] or 0) > 0 for row in table.rows for place in (2, 3, 4, 8, 9))
    # The same words are looked for on both sides.
    assert [row[hits] for row in table.rows[::2]] == [row[hits] for row in table.rows[1::2]]
    assert table.rows[-1][hits] != 0
    assert {each.baseline for each in figures.comparisons} == {"FTS5"}
