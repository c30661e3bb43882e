"""What is over a limit, empty or unreadable is refused with its reason, and costs that one only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.article import Article
from index.errors import LoadError
from index.load.archives import arc
from index.load.archives.arc import ArcLoader
from index.load.base import Loaded, Loader, Source, check_article
from index.load.docx import chunks as docx_chunks
from index.load.docx.loader import DocxLoader
from index.load.epub import EpubLoader
from index.load.mail import mbox
from index.load.mail.eml import EmlLoader
from index.load.mail.mbox import MboxLoader
from index.load.pdf import loader as pdf
from index.load.pdf.loader import PdfLoader
from index.load.plain.text import TextLoader
from index.load.records.csv import CsvLoader
from index.load.records.jsonl import JsonlLoader
from tests.fakes import article
from tests.index.load.archives.test_arc import VERSION, record
from tests.index.load.archives.test_warc import PAGE
from tests.index.load.docx.test_chunks import chunks
from tests.index.load.pdfs import plain
from tests.index.load.web_archives import epub

MAX_CHARS = 300
LONG = " ".join(f"Ship {number} waits at the quay." for number in range(40))
MAIL = "Subject: News\nFrom: Jon <jon@quay.example>\n\n{}\n"
ENVELOPE = "From jon@quay.example Tue Mar  4 23:30:00 2025\n"


def told(loader: Loader, data: bytes | str, name: str = "a") -> list[str]:
    """What comes of a source: the texts of its articles, and the reasons for the others."""

    def line(item: Loaded) -> str:
        return item.text if isinstance(item, Article) else f"refused: {item.reason}"

    data = data.encode() if isinstance(data, str) else data
    try:
        return [line(item) for item in loader.load(Source.of_bytes(data, name), MAX_CHARS)]
    except LoadError as exc:
        return [line(exc)]


CELLS = 'title,text\nShort,The quay is open.\nLong,"{}"\nNext,It is closed.\n'
HEADER = "Title: News\nDate: 2025-03-04\n"
BARE = "<body><h1>The calm</h1></body>"
CHAPTER = "<body><h1>The storm</h1><p>{}</p></body>"
CASES: dict[str, tuple[Loader, bytes | str, list[str]]] = {
    "lines of nothing": (JsonlLoader(), "\n \n", ["refused: the file is empty"]),
    "a text of nothing but a header": (TextLoader(), HEADER, ["the file holds no text"]),
    "a text in no encoding": (TextLoader(), bytes(range(128, 256)) * 9, ["save it as UTF-8"]),
    "a long mail": (EmlLoader(), MAIL.format(LONG), ["characters, over the limit of 300"]),
    "a long cell": (
        CsvLoader(),
        CELLS.format((LONG + "\n") * 120),
        ["The quay is open.", "characters, over the limit of 300", "It is closed."],
    ),
    "a cell that csv gives up": (
        CsvLoader(),
        CELLS.format((LONG + "\n") * 140),
        ["The quay is open.", "a cell, over the limit of 300"],
    ),
    "a long chapter": (
        EpubLoader(),
        epub({"1.xhtml": CHAPTER.format(LONG), "2.xhtml": CHAPTER.format("It rained.")}, {
            "1.xhtml": "One", "2.xhtml": "The storm"
        }),
        ["characters, over the limit of 300", "It rained."],
    ),
    "a chapter of its title": (
        EpubLoader(),
        epub({"1.xhtml": BARE, "2.xhtml": CHAPTER.format("It rained.")}, {
            "1.xhtml": "The calm", "2.xhtml": "The storm"
        }),
        ["no text in the chapter", "It rained."],
    ),
    "a long page": (
        PdfLoader(), plain(LONG.split(". ")), ["characters, over the limit of 300"]
    ),
}  # fmt: skip


@pytest.mark.parametrize(("loader", "data", "lines"), CASES.values(), ids=CASES)
def test_the_reason_is_told(loader: Loader, data: bytes | str, lines: list[str]) -> None:
    found = told(loader, data)
    assert len(found) == len(lines)
    for line, expected in zip(found, lines, strict=True):
        assert expected in line


def test_a_message_over_the_limit_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "MAX_BYTES", 500)
    long, short = MAIL.format(f"{LONG}\n{LONG}"), MAIL.format("The quay is open.")
    assert told(MboxLoader(), f"{ENVELOPE}{long}\n{ENVELOPE}{short}") == [
        "refused: over the limit of 500 bytes a message",
        "The quay is open.",
    ]


def test_a_page_of_an_archive_over_the_limit_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arc, "MAX_BYTES", 1_000)
    # As long as is taken into memory, and longer.
    long = [record(f"http://quay.example/{size}", "x" * size) for size in (1_100, 200_000)]
    data = VERSION + b"".join(long) + record("http://quay.example/a", PAGE.format("Old ships"))
    first, second, last = told(ArcLoader(), data)
    assert (first, second) == ("refused: over the limit of 1,000 bytes a page",) * 2
    assert last.startswith("Old ships")


def test_a_book_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 0)
    assert told(PdfLoader(), plain(["The quay is open."])) == [
        "refused: 1 pages, over the limit of 0; split it"
    ]


def test_of_too_many_files_in_a_document_those_beyond_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(docx_chunks, "_MAX_CHUNKS", 2)
    names = [f"{number}.txt" for number in range(3)]
    data = chunks({name: f"This is {name}." for name in names})
    (found,) = DocxLoader().load(Source.of_bytes(data, "a.docx"), MAX_CHARS)
    assert isinstance(found, Article)
    assert "This is 1.txt" in found.text
    assert "This is 2.txt" not in found.text
    assert found.findings.left_out == (("word/2.txt", "one of too many"),)


def test_an_article_without_an_id_is_refused() -> None:
    found = check_article(replace(article("a", "The quay is open."), id="  "))
    assert isinstance(found, LoadError)
    assert found.reason == "the article has no id"
