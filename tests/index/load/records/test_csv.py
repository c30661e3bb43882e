from __future__ import annotations

from datetime import date

import pytest

from index.article import Article
from index.errors import LoadError
from tests.index.load.conftest import Load, One, Refusal


def test_columns_are_named_as_the_fields_of_a_json_line(one: One) -> None:
    found = one(
        "a.csv",
        "ID,Title,TEXT,date,publisher,language,views\n"
        '7,Harbour,"Closed, they said.\n\nUntil May.",2025-03-04,The Quay,de,12\n',
    )
    assert (found.id, found.title, found.publisher) == ("7", "Harbour", "The Quay")
    assert found.text == "Closed, they said.\n\nUntil May."
    assert (found.published_at, found.language) == (date(2025, 3, 4), "de")


@pytest.mark.parametrize("divider", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_dividers_and_encodings(one: One, divider: str, encoding: str) -> None:
    rows = [("title", "text", "url"), ("Häfen", "Der Hafen in Göteborg bleibt für Tage zu.", "")]
    content = "\r\n".join(divider.join(row) for row in rows)
    found = one("a.csv", content.encode(encoding))
    assert (found.title, found.url) == ("Häfen", None)


@pytest.mark.parametrize(
    ("written", "day", "unclear"),
    [
        ("1 March 2025", date(2025, 3, 1), ""),
        ("2025-3-1", date(2025, 3, 1), ""),
        ("March 1, 2025", date(2025, 3, 1), ""),
        ("March 1st, 2025", date(2025, 3, 1), ""),
        ("13.03.2025", date(2025, 3, 13), ""),
        ("01.03.2025", None, "01.03.2025"),
        ("01/03/2025", None, "01/03/2025"),
    ],
)
def test_days_as_people_write_them(one: One, written: str, day: date | None, unclear: str) -> None:
    found = one("a.csv", f'title,text,date\na,One.,"{written}"\n')
    assert (found.published_at, found.findings.unclear_day) == (day, unclear)


def test_a_broken_row_costs_one_article(load: Load) -> None:
    rows = ["title,text,date", "a,One.,", "b,Two, or so.,", "", "c,,", "d,Four.,soon", "e,Five.,"]
    found = load("a.csv", "\n".join(rows))
    assert [item.text for item in found if isinstance(item, Article)] == ["One.", "Five."]
    failed = [item for item in found if isinstance(item, LoadError)]
    assert [item.source.rpartition(":")[2] for item in failed] == ["3", "5", "6"]
    assert "4 cells for 3 columns" in failed[0].reason


def test_a_quotation_mark_that_is_not_doubled_costs_its_row(load: Load) -> None:
    rows = ["title,text", 'a,"He said ""yes""."', 'b,"He said "no", once."', "c,Nothing.", 'd,"E."']
    found = load("a.csv", "\n".join(rows))
    texts = [item.text if isinstance(item, Article) else item.reason for item in found]
    assert texts[0] == 'He said "yes".'
    assert "doubled" in texts[1]
    assert texts[2:] == ["Nothing.", "E."]


def test_a_stray_byte_costs_its_row(load: Load) -> None:
    good = "a,Über alles wurde für längere Zeit nachgedacht.\n"
    data = f"title,text\n{good * 20}".encode() + b"b,Two \xe9 or so.\nc,Three.\n"
    *rest, failed, last = load("a.csv", data)
    assert len(rest) == 20
    assert isinstance(failed, LoadError)
    assert "0xe9" in failed.reason
    assert failed.source.endswith(":22")
    assert isinstance(last, Article)


def test_a_quotation_mark_left_open_is_told_with_its_line(load: Load) -> None:
    first, error = load("a.csv", 'title,text\na,One.\nb,"Two.\nc,Three.\n')
    assert isinstance(first, Article)
    assert isinstance(error, LoadError)
    assert error.source.endswith("a.csv:3")
    assert "quotation mark" in error.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("title,words\na,b\n", "no column 'text'"),
        ("text,Text\na,b\n", "twice"),
        ("title,text\na," + "x" * 3_000_000, "a line of over"),
        ("title,text\na," + "x" * 1_000_001, "over the limit"),
    ],
)
def test_refusals(refusal: Refusal, content: str, reason: str) -> None:
    assert reason in refusal("a.csv", content)


def test_line_ends_that_fit_a_page_are_no_part_of_a_cell(one: One) -> None:
    found = one("a.csv", 'text\n"The managers said that repairs would cost 14\nmillion crowns."\n')
    assert found.text == "The managers said that repairs would cost 14 million crowns."


@pytest.mark.parametrize("stated", ["soon", "March 2025", "2025", "31.02.2025"])
def test_what_is_no_day_is_refused(load: Load, stated: str) -> None:
    (found,) = load("a.csv", f"text,date\nIt is closed.,{stated}\n")
    assert isinstance(found, LoadError)
    assert "is no day" in found.reason


LEFT = 'He said "no", and left.'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'title,text\nPier,"He said ""no"", and left."\n'),
        ("a.csv", '"title","text"\n"Pier","He said \\"no\\", and left."\n'),
        ("a.csv", 'title, text\nPier, "He said ""no"", and left."\n'),
        ("a.csv", 'sep=;\r\ntitle;text\r\nPier;"He said ""no"", and left."\r\n'),
        ("a.csv", '\n\n;;\ntitle;text;\nPier;"He said ""no"", and left.";\n'),
        ("a.csv", 'title|text\rPier|He said "no", and left.\r'),
        ("a.tsv", 'title\ttext\nPier\tHe said "no", and left.\n'),
        ("a.csv", "'title','text'\n'Pier','He said \"no\", and left.'\n"),
        ("a.csv", "title,text\n'Pier','He said \"no\", and left.'\n"),
    ],
)
def test_ways_of_writing_a_table(one: One, name: str, content: str) -> None:
    found = one(name, content)
    assert (found.title, found.text) == ("Pier", LEFT)


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0b"])
def test_what_cuts_lines_elsewhere_cuts_no_cell(load: Load, sign: str) -> None:
    first, second = load(
        "a.csv", f'title,text\nQuay,First line{sign}second half.\nPier,"He said \\"no\\", twice."\n'
    )
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.text.split() == ["First", "line", "second", "half."]
    assert second.text == 'He said "no", twice.'


def test_apostrophes_of_a_text_are_its_own(load: Load) -> None:
    first, second = load("a.csv", "title,text\n'Tis shut,The guests' pier.\nPier,'Twas \"shut\".\n")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.title, first.text) == ("'Tis shut", "The guests' pier.")
    assert second.text == '\'Twas "shut".'


def test_apostrophes_within_cells_in_apostrophes_are_doubled(one: One) -> None:
    found = one("a.csv", "'title','text'\n'Pier','It''s shut, they said.'\n")
    assert found.text == "It's shut, they said."


def test_a_cell_that_begins_with_a_quotation_in_a_table_without_them(load: Load) -> None:
    (found,) = load("a.tsv", 'title\ttext\nPier\t"No," he said, and "yes" later.\n')
    assert isinstance(found, Article)
    assert found.text == '"No," he said, and "yes" later.'


def test_the_line_of_a_broken_row_below_what_stands_above_the_header(load: Load) -> None:
    (found,) = load("a.csv", "sep=,\n\ntitle,text\nPier\n")
    assert isinstance(found, LoadError)
    assert found.source.endswith("a.csv:4")
