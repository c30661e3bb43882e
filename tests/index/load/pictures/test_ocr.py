from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from index.article import Article, Span
from index.errors import LoadError
from index.load import find_files
from index.load.base import Loader, Source
from index.load.pdf import loader as pdf_loader
from index.load.pdf.fragments import Page
from index.load.pdf.loader import PdfLoader
from index.load.pictures import image
from index.load.pictures.image import ImageLoader
from index.load.pictures.ocr import (
    RecognisedLine,
    confidences,
    is_installed,
    join_cut,
    with_low_quotes,
)
from index.load.pictures.ocr_spaces import DrawnLine, with_spaces
from tests.index.load.pdfs import picture

LINE = "The harbour board voted to close the terminal."


def photograph(kind: str, lines: tuple[str, ...] = (LINE,), turns: int = 0) -> bytes:
    """A picture of one line or more, turned by so many right angles, as a file of a format of
    PIL's."""
    page = Image.new("RGB", (760, 80 + 40 * len(lines)), "white")
    font = ImageFont.load_default(28)
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((30, 40 + 40 * number), line, fill="black", font=font)
    file = io.BytesIO()
    page.rotate(90 * turns, expand=True).save(file, kind)
    return file.getvalue()


@pytest.mark.skipif(not is_installed(), reason="the extra ocr is not installed")
@pytest.mark.parametrize(("kind", "loader"), [("PNG", ImageLoader()), ("PDF", PdfLoader())])
def test_a_picture_of_a_sentence(kind: str, loader: Loader) -> None:
    (found,) = loader.load(Source.of_bytes(photograph(kind), f"a.{kind.lower()}"), 1_000)
    assert isinstance(found, Article)
    assert LINE in (found.text, found.title)
    assert found.recognition is not None
    assert all(0.5 < confidence <= 1 for confidence in found.recognition)


@pytest.mark.skipif(not is_installed(), reason="the extra ocr is not installed")
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_picture_on_its_side_or_upside_down(turns: int) -> None:
    lines = (
        "The harbour board voted to close the old",
        "terminal on 3 March 2026, Ada Roe said.",
    )
    data = photograph("PNG", lines, turns)
    (article,) = ImageLoader().load(Source.of_bytes(data, "a.png"), 1_000)
    assert isinstance(article, Article)
    assert " ".join(lines) in article.text.replace("\n", " ")


def drawn_line(text: str, words: str) -> tuple[DrawnLine, Any]:
    """A line that was recognised as ``text`` of a picture that shows ``words``, and the picture:
    ten pixels a character, six of them ink."""
    grey = np.full((30, 10 * len(words) + 20), 255, dtype=np.uint8)
    places = [10 * at + 15 for at, char in enumerate(words) if char != " "]
    for middle in places:
        grey[8:22, middle - 3 : middle + 3] = 0
    right = grey.shape[1] - 1
    box = [[1.0, 2.0], [right, 2.0], [right, 28.0], [1.0, 28.0]]
    return DrawnLine(text, 0.9, box, [float(place) for place in places]), grey


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the old grain terminalcloses in March", "the old grain terminal closes in March"),
        ("it cost them some 14.5million crowns", "it cost them some 14.5 million crowns"),
        ("all the words are there already", "all the words are there already"),
    ],
)
def test_spaces_that_the_picture_has_are_put_back(text: str, words: str) -> None:
    line, grey = drawn_line(text, words)
    assert with_spaces([line], grey) == [words]


def test_no_space_within_a_number_or_a_line_whose_characters_are_unknown() -> None:
    line, grey = drawn_line("in the year 20250 or later", "in the year 20 250 or later")
    assert with_spaces([line], grey) == ["in the year 20250 or later"]
    unknown = replace(line, text="in the yeartwenty", centres=())
    assert with_spaces([unknown], grey) == ["in the yeartwenty"]


@pytest.mark.parametrize(
    ("content", "loader"), [(photograph("PNG"), ImageLoader()), (picture(), PdfLoader())]
)
def test_without_the_extra_the_refusal_names_it(
    content: bytes, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (image, pdf_loader):
        monkeypatch.setattr(module, "is_installed", lambda: False)
    with pytest.raises(LoadError, match=r"\.\[ocr\]"):
        list(loader.load(Source.of_bytes(content, "a"), 1_000))


def test_a_picture_without_words_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def recognise(_: object, __: float) -> tuple[Page, list[RecognisedLine]]:
        return Page(595, 842, []), []

    monkeypatch.setattr(image, "is_installed", lambda: True)
    monkeypatch.setattr(image, "recognise", recognise)
    source = Source.of_bytes(photograph("JPEG"), "a.jpg")
    with pytest.raises(LoadError, match="no text"):
        list(ImageLoader().load(source, 1_000))


@pytest.mark.parametrize("content", [b"GIF89a", b"", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_refused(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "is_installed", lambda: True)
    with pytest.raises(LoadError, match="damaged"):
        list(ImageLoader().load(Source.of_bytes(content, "a.png"), 1_000))


def test_a_paragraph_is_as_sure_as_its_least_sure_line() -> None:
    lines = [RecognisedLine("Ships wait for the har-", 0.9), RecognisedLine("bour.", 0.6)]
    assert confidences(["Ships wait for the harbour.", "Typed."], lines) == (0.6, 1.0)


def test_a_span_is_as_sure_as_the_lines_that_it_touches() -> None:
    article = Article("a", "A", "One two.\n\nThree four.\nFive.", recognition=(0.9, 0.7, 0.8))
    assert article.recognition_confidence(Span(0, 3)) == 0.9
    assert article.recognition_confidence(Span(4, 14)) == 0.7
    assert article.recognition_confidence(Span(22, 27)) == 0.8
    assert Article("a", "A", "One.").recognition_confidence(Span(0, 3)) is None


def test_what_a_line_end_cut_is_joined() -> None:
    assert join_cut(["They close the old", "terminal. It", "Ships wait.", "so they say"]) == [
        "They close the old terminal. It", "Ships wait.", "so they say",
    ]  # fmt: skip


def test_pictures_of_saved_pages_are_none_of_the_articles(tmp_path: Path) -> None:
    folder = tmp_path / "story_files"
    folder.mkdir()
    (folder / "logo.png").write_bytes(b"x")
    (tmp_path / "a.txt").write_text("Ships wait.")
    assert find_files([tmp_path]) == [tmp_path / "a.txt"]


@pytest.mark.parametrize(
    ("recognised", "written"),
    [
        (',,Nein", sagte sie.', '„Nein", sagte sie.'),
        ("Er sagte: ,,Ja“ (,,gern“).", "Er sagte: „Ja“ („gern“)."),
        ("Kiel, , Oslo,, 7,5", "Kiel, , Oslo,, 7,5"),
    ],
)
def test_quotation_marks_that_begin_below_the_line(recognised: str, written: str) -> None:
    assert with_low_quotes(recognised) == written
