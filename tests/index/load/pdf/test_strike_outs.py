"""Words of a PDF that a line strikes out, and lines that strike nothing out."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.index.load.conftest import One

SENTENCE = "The old harbour was not sold."
LEFT, LINE = 80.0, 700.0


def page(word: str, rise: float, area: bool = False, beyond: float = 0.0) -> bytes:
    """A page with a sentence and a line along a word of it, so many points above its foot."""
    out = io.BytesIO()
    pdf = Canvas(out)
    pdf.setFont("Times-Roman", 12)
    pdf.drawString(LEFT, LINE, SENTENCE)
    pdf.drawString(LEFT, LINE - 14, "Its owner said so on Tuesday.")
    before = SENTENCE.partition(word)[0]
    start = LEFT + stringWidth(before, "Times-Roman", 12) - beyond
    end = start + stringWidth(word, "Times-Roman", 12) + 2 * beyond
    if area:
        pdf.rect(start, LINE + rise - 0.3, end - start, 0.6, stroke=0, fill=1)
    else:
        pdf.line(start, LINE + rise, end, LINE + rise)
    pdf.save()
    return out.getvalue()


@pytest.mark.parametrize("area", [False, True], ids=["line", "area"])
@pytest.mark.parametrize(
    ("word", "left"),
    [
        ("not", "The old harbour was sold."),
        ("The old", "harbour was not sold."),
        ("The old harbour was not sold.", ""),
    ],
)
def test_what_is_struck_out_is_left_out(one: One, word: str, left: str, area: bool) -> None:
    article = one("a.pdf", page(word, 3.2, area))
    assert article.text == f"{left} Its owner said so on Tuesday.".strip()
    assert article.findings.left_out == ((word, "struck out"),)


@pytest.mark.parametrize(
    ("word", "rise", "beyond"),
    [("not", -1.5, 0), ("not", 9, 0), ("not", 3.2, 40), ("harb", 3.2, 1), ("b", 4, 0)],
    ids=["under", "over", "through the line", "through half a word", "bar"],
)
def test_other_lines_leave_words_as_they_are(
    one: One, word: str, rise: float, beyond: float
) -> None:
    assert one("a.pdf", page(word, rise, beyond=beyond)).text.startswith(SENTENCE)


def annotated_page(flags: int, subtype: str = "StrikeOut") -> bytes:
    """A page with a sentence, of which an annotation marks "not" in both of its lines."""
    out = io.BytesIO()
    pdf = Canvas(out)
    pdf.setFont("Times-Roman", 12)
    quads = []
    for line in (LINE, LINE - 14):
        pdf.drawString(LEFT, line, SENTENCE)
        start = LEFT + stringWidth("The old harbour was ", "Times-Roman", 12)
        end = start + stringWidth("not", "Times-Roman", 12)
        quads += [start, line + 9, end, line + 9, start, line - 3, end, line - 3]
    marks = {
        "Type": PDFName("Annot"), "Subtype": PDFName(subtype), "F": flags,
        "Rect": PDFArray([80, 680, 300, 712]), "QuadPoints": PDFArray(quads),
    }  # fmt: skip
    pdf._addAnnotation(PDFDictionary(marks))
    pdf.save()
    return out.getvalue()


def test_what_an_annotation_strikes_out_is_left_out(one: One) -> None:
    article = one("a.pdf", annotated_page(flags=4))
    assert article.text == "The old harbour was sold. The old harbour was sold."
    assert article.findings.left_out == (("not not", "struck out"),)


@pytest.mark.parametrize(
    ("flags", "subtype"), [(2, "StrikeOut"), (32, "StrikeOut"), (4, "Highlight")]
)
def test_other_annotations_and_hidden_ones_leave_words_as_they_are(
    one: One, flags: int, subtype: str
) -> None:
    assert one("a.pdf", annotated_page(flags, subtype)).text == f"{SENTENCE} {SENTENCE}"


def test_a_word_that_is_struck_out_stays_in_its_cell(one: One) -> None:
    out = io.BytesIO()
    pdf = Canvas(out)
    for row, cells in enumerate([("Thing", "Was", "Now"), ("Bread", "210", "195")]):
        for column, cell in enumerate(cells):
            pdf.rect(80 + 60 * column, 700 - 20 * row, 60, 20)
            pdf.drawRightString(138 + 60 * column, 706 - 20 * row, cell)
    width = stringWidth("210", "Helvetica", 12)
    pdf.line(198 - width, 690.2, 198, 690.2)
    pdf.save()
    assert one("a.pdf", out.getvalue()).text == "Thing | Was | Now\n\nBread | Now: 195"
