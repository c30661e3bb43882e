"""PDFs as they are met: columns, divided words, running heads, scans, locks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from fpdf import FPDF
from fpdf.enums import AccessPermission

__all__ = ["Layout", "locked", "newspaper", "picture", "plain"]


@dataclass(frozen=True)
class Layout:
    """``rows``: lines are written across the columns, row by row, as some programs do."""

    columns: int = 2
    rows: bool = False
    title: str = "Harbour closed after cracks in breakwater"
    head: str = "The Westmark Courier"
    size: float = 10
    pages: int = 3
    lines: int = 38


def newspaper(layout: Layout, paragraphs: list[str]) -> bytes:
    """Justified-looking columns with divided words, under a headline, with heads and numbers."""
    pdf = FPDF(format="A4", unit="pt")
    pdf.set_auto_page_break(False)
    gutter, margin = 18.0, 50.0
    width = (pdf.w - 2 * margin - gutter * (layout.columns - 1)) / layout.columns
    pdf.set_font("Times", size=layout.size)
    lines = list(_lines(pdf, paragraphs, width))
    number = 0
    while lines:
        number += 1
        pdf.add_page()
        pdf.set_font("Times", size=8)
        pdf.text(margin, 40, f"{layout.head}, 4 March 2025")
        pdf.text(pdf.w / 2, pdf.h - 30, str(number))
        top = 90.0
        if number == 1 and layout.title:
            pdf.set_font("Times", style="B", size=22)
            pdf.text(margin, top, layout.title)
            top += 40
        pdf.set_font("Times", size=layout.size)
        parts = []
        for _ in range(layout.columns):
            parts.append(lines[: layout.lines])
            lines = lines[layout.lines :]
        placed = [
            [
                (margin + at * (width + gutter), top + 12.5 * row, line)
                for row, line in enumerate(part)
            ]
            for at, part in enumerate(parts)
        ]
        if layout.rows:
            placed = [[each for each in row if each] for row in zip_longest(*placed)]
        for part in placed:
            for x, y, line in part:
                pdf.text(x, y, line)
    return bytes(pdf.output())


def _lines(pdf: FPDF, paragraphs: list[str], width: float) -> Iterator[str]:
    for paragraph in paragraphs:
        line = "   "
        for word in paragraph.split():
            while pdf.get_string_width(f"{line}{word}") > width:
                cut = _cut(pdf, line, word, width)
                if cut:
                    yield f"{line}{word[:cut]}-" if word[cut - 1] != "-" else f"{line}{word[:cut]}"
                    word = word[cut:]
                else:
                    yield line.rstrip()
                line = ""
            line += f"{word} "
        yield line.rstrip()


def _cut(pdf: FPDF, line: str, word: str, width: float) -> int:
    """Where a long word is divided, 0 for nowhere: behind its hyphen, or where it fits."""
    if "-" in word:
        cut = word.index("-") + 1
        return cut if pdf.get_string_width(line + word[:cut]) <= width else 0
    if not word.isalpha() or len(word) < 8:
        return 0
    fits = (cut for cut in range(len(word) - 3, 2, -1))
    return next((cut for cut in fits if pdf.get_string_width(f"{line}{word[:cut]}-") <= width), 0)


def plain(text: str, title: str = "", angle: float = 0) -> bytes:
    """One page of wrapped text, with a title in its properties."""
    pdf = FPDF()
    pdf.set_title(title)
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    if angle:
        with pdf.rotation(angle, 10, 150):
            pdf.text(10, 150, "arXiv stamp in the margin")
    pdf.multi_cell(0, 6, text)
    return bytes(pdf.output())


def picture() -> bytes:
    """A page that is a picture, as scanners make it."""
    from PIL import Image

    pdf = FPDF()
    pdf.add_page()
    pdf.image(Image.new("L", (600, 800), 200), 0, 0, 200)
    return bytes(pdf.output())


def locked(text: str) -> bytes:
    """A PDF that asks for a password."""
    pdf = FPDF()
    pdf.set_encryption("owner", "secret", permissions=AccessPermission.none())
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.multi_cell(0, 6, text)
    return bytes(pdf.output())
