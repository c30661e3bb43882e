"""PDFs as they are met: columns, divided words, running heads, scans, locks."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

__all__ = ["Layout", "drawn", "locked", "newspaper", "picture", "plain", "table"]

_WIDTH, _HEIGHT = A4
_MARGIN, _GUTTER, _LEADING = 50.0, 18.0, 12.5
_FONT = "Times-Roman"


@dataclass(frozen=True)
class Layout:
    """``rows``: lines are written across the columns, row by row, as some programs do.
    ``indent``: paragraphs begin with an indented line, or else after a gap of half a line."""

    columns: int = 2
    rows: bool = False
    indent: bool = True
    title: str = "Harbour closed after cracks in breakwater"
    head: str = "The Westmark Courier"
    size: float = 10
    lines: int = 38


def newspaper(layout: Layout, paragraphs: list[str]) -> bytes:
    """Columns with divided words, under a headline, with running heads and page numbers."""
    out = io.BytesIO()
    pdf = Canvas(out, pagesize=A4)
    width = (_WIDTH - 2 * _MARGIN - _GUTTER * (layout.columns - 1)) / layout.columns
    lines = list(_lines(layout, paragraphs, width))
    number = 0
    while lines:
        number += 1
        top = _furniture(pdf, layout, number)
        parts = []
        for at in range(layout.columns):
            left = _MARGIN + at * (width + _GUTTER)
            part, y = [], top
            for gap, indent, line in lines[: layout.lines]:
                y -= _LEADING + gap
                part.append((left + indent, y, line))
            parts.append(part)
            lines = lines[layout.lines :]
        placed = zip_longest(*parts) if layout.rows else parts
        pdf.setFont(_FONT, layout.size)
        for x, y, line in (each for part in placed for each in part if each):
            pdf.drawString(x, y, line)
        pdf.showPage()
    pdf.save()
    return out.getvalue()


def _furniture(pdf: Canvas, layout: Layout, number: int) -> float:
    """Head, number and, on the first page, the headline; the height below them."""
    pdf.setFont(_FONT, 8)
    pdf.drawString(_MARGIN, _HEIGHT - 40, f"{layout.head}, 4 March 2025")
    pdf.drawString(_WIDTH / 2, 30, str(number))
    if number > 1 or not layout.title:
        return float(_HEIGHT - 80)
    pdf.setFont("Times-Bold", 22)
    pdf.drawString(_MARGIN, _HEIGHT - 90, layout.title)
    return float(_HEIGHT - 115)


def _lines(
    layout: Layout, paragraphs: list[str], width: float
) -> Iterator[tuple[float, float, str]]:
    """The gap above, the indentation and the text of each line."""
    for paragraph in paragraphs:
        gap, indent = (0.0, 8.0) if layout.indent else (0.6 * _LEADING, 0.0)
        line = ""
        for word in paragraph.split():
            while stringWidth(f"{line}{word}", _FONT, layout.size) > width - indent:
                cut = _cut(line, word, width - indent, layout.size)
                hyphen = "-" if cut and word[cut - 1] != "-" else ""
                yield gap, indent, f"{line}{word[:cut]}{hyphen}".rstrip()
                gap, indent, line, word = 0.0, 0.0, "", word[cut:]
            line += f"{word} "
        yield gap, indent, line.rstrip()


def _cut(line: str, word: str, width: float, size: float) -> int:
    """Where a long word is divided, 0 for nowhere: behind its hyphen, or where it fits."""
    if "-" in word:
        cuts = [word.index("-") + 1]
    elif word.isalpha() and len(word) >= 8:
        cuts = list(range(len(word) - 3, 2, -1))
    else:
        return 0
    for cut in cuts:
        if stringWidth(f"{line}{word[:cut]}-", _FONT, size) <= width:
            return cut
    return 0


def plain(lines: list[str], title: str = "", stamp: str = "", password: str = "") -> bytes:
    """One page of lines; the title in its properties, a stamp up its margin, locked on wish."""
    out = io.BytesIO()
    lock = StandardEncryption(password) if password else None
    pdf = Canvas(out, pagesize=A4, encrypt=lock)
    if title:
        pdf.setTitle(title)
    pdf.setFont(_FONT, 11)
    for number, line in enumerate(lines):
        pdf.drawString(80, 700 - 14 * number, line)
    if stamp:
        pdf.translate(40, 300)
        pdf.rotate(90)
        pdf.drawString(0, 0, stamp)
    pdf.save()
    return out.getvalue()


def locked(line: str) -> bytes:
    """A PDF that asks for a password."""
    return plain([line], password="secret")


def picture() -> bytes:
    """Two pages that are pictures, as scanners make them."""
    out = io.BytesIO()
    pdf = Canvas(out, pagesize=A4)
    for _ in range(2):
        pdf.drawImage(ImageReader(Image.new("L", (600, 800), 200)), 0, 0, 400, 600)
        pdf.showPage()
    pdf.save()
    return out.getvalue()


def table(above: list[str], rows: Sequence[tuple[str, ...]]) -> bytes:
    """Lines over a table without rules; each cell is drawn by itself."""
    out = io.BytesIO()
    pdf = Canvas(out, pagesize=A4)
    pdf.setFont(_FONT, 11)
    y = 700.0
    for line in above:
        pdf.drawString(80, y, line)
        y -= 14
    for row in rows:
        y -= 16
        for at, cell in enumerate(row):
            pdf.drawString(80 + 150 * at, y, cell)
    pdf.save()
    return out.getvalue()


Placed = tuple[str, tuple[float, ...], float]


def drawn(pages: Sequence[tuple[int, Sequence[Placed]]]) -> bytes:
    """Pages, each with its ``/Rotate`` and what is drawn on it, in the order given: characters in
    any script (as many as the printable ones of ASCII), their text matrix, their size."""
    chars = sorted({char for _, placed in pages for text, _, _ in placed for char in text})
    code = {char: 33 + at for at, char in enumerate(chars)}
    mapped = "".join(f"<{code[char]:02X}> <{ord(char):04X}>\n" for char in chars)
    cmap = (
        "begincmap 1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{len(chars)} beginbfchar\n{mapped}endbfchar endcmap"
    )
    font = "<</Type/Font/Subtype/Type1/BaseFont/Courier/FirstChar 33/LastChar 126/ToUnicode 4 0 R>>"
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        font,
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
    ]
    for at, (rotate, placed) in enumerate(pages):
        stream = " ".join(
            f"/F1 {size} Tf {' '.join(map(str, matrix))} Tm "
            f"<{''.join(f'{code[char]:02X}' for char in text)}> Tj"
            for text, matrix, size in placed
        )
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {rotate}/Contents {6 + 2 * at}"
            " 0 R/Resources<</Font<</F1 3 0 R>>>>>>",
            f"<</Length {len(stream) + 6}>>stream\nBT {stream} ET\nendstream",
        ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size "
    return out + f"{end}{len(places) + 1}>>\nstartxref\n{len(out)}\n%%EOF".encode()
