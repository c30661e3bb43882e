from __future__ import annotations

import pytest

from tests.index.load.archives import CORE, ENTITIES, docx, paragraph, zipped
from tests.index.load.conftest import One, Refusal

BODY = paragraph("The harbour is closed.") + paragraph("It will open in May.")


def test_paragraphs_headings_lists_and_tables(one: One) -> None:
    item = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>first</w:t></w:r></w:p>"
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Ships", "12"))
    body = paragraph("News", "Title") + paragraph("Monday", "Heading1") + BODY
    found = one("a.docx", docx(body + item + f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"))
    assert found.title == "News"
    assert found.text.split("\n\n") == [
        "Monday", "The harbour is closed.", "It will open in May.", "- first", "Ships | 12",
    ]  # fmt: skip


def test_what_was_deleted_or_stands_twice_is_not_read(one: One) -> None:
    gone = "<w:del><w:r><w:delText>never</w:delText></w:r></w:del>"
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    added = "<w:ins><w:r><w:t> Added.</w:t></w:r></w:ins>"
    inside = f"{gone}<w:r>{both}</mc:AlternateContent></w:r>{added}"
    assert one("a.docx", docx(paragraph("Kept.", inside=inside))).text == "Kept. Added."


@pytest.mark.parametrize(
    ("stated", "title"), [("Harbour news", "Harbour news"), ("Document1", "my notes")]
)
def test_properties(one: One, stated: str, title: str) -> None:
    core = {"docProps/core.xml": CORE.format(title=stated)}
    found = one("my-notes.docx", docx(BODY, **core))
    assert (found.title, found.author, found.language) == (title, "Anna Weiss", "de")
    assert found.published_at is None


def test_the_strict_variant_and_another_name_of_the_main_part(one: One) -> None:
    rels = '<R><r Type="http://x/officeDocument" Target="/word/document2.xml"/></R>'
    w = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    main = f'<w:document xmlns:w="{w}"><w:body>{BODY}</w:body></w:document>'
    found = one("b.docx", zipped({"_rels/.rels": rels, "word/document2.xml": main}))
    assert found.text.startswith("The harbour")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (docx(paragraph("&b9;"), ENTITIES), "XML entities"),
        (docx(paragraph("x" * 3_000_000)), "a zip bomb"),
        (docx("<w:p>" * 1000 + "</w:p>" * 1000), "is not XML"),
        (docx(BODY)[:-60], "damaged, or no zip archive"),
        (docx(""), "no text in the document"),
        (docx(paragraph("word " * 250_000)), "over the limit"),
        (zipped({"a.txt": "x"}), "word/document.xml is missing"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "encrypted, or an old .doc"),
    ],
    ids=["entities", "bomb", "deep", "truncated", "empty", "long", "no-document", "encrypted"],
)
def test_refusals(refusal: Refusal, content: bytes, reason: str) -> None:
    assert reason in refusal("a.docx", content)
