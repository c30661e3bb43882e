"""Read PDF: PDFium gives characters and their places, :mod:`index.load.pdf.layout` orders them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from index.article import Article, Findings
from index.load.base import Loaded, Source, title_from_name, too_long
from index.load.bylines import author_of_file
from index.load.pdf.characters import TooManyCharacters, upright_pages
from index.load.pdf.fragments import Page
from index.load.pdf.layout import flow, largest_lines
from index.load.pdf.line_numbers import without_line_numbers
from index.load.pdf.running_heads import lines_left_out
from index.load.pdf.tables import with_table_rows
from index.load.pictures.ocr import (
    INSTALL,
    RecognisedLine,
    confidences,
    is_installed,
    join_cut,
    recognise,
)
from index.load.pictures.ocr import MAX_PAGES as MAX_RECOGNISED_PAGES
from index.text.normalise import clean, clean_line

__all__ = ["PdfLoader", "article_of_pages"]

MAX_BYTES = 300_000_000
MAX_PAGES = 3_000
# Pixels a point of a page that is recognised: 200 an inch.
_SCALE = 200 / 72
_MAX_SIDE = 4_000
# Characters that are kept of what stands beside a page.
_MAX_OUTSIDE = 1_000

_NO_TITLE = re.compile(
    r"(?i)(microsoft|powerpoint|untitled|slide \d|document\d*$|.*\.\w{2,4}$|\W*$)"
)
# How many paragraphs from the first the title is looked for: section and date may come before.
_TITLE_WITHIN = 4


class PdfLoader:
    """``.pdf``: one article a document.

    Columns are read one after the other, words divided at line ends are joined, running heads,
    feet and page numbers dropped. The title is the document's own where the first page has it,
    or else the largest line of the first page. A file's dates are the file's, so the article
    has none.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".pdf",)
    content_types: ClassVar[tuple[str, ...]] = ("application/pdf", "application/x-pdf")
    max_bytes: ClassVar[int | None] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        import pypdfium2

        data = source.path if source.path is not None else source.data
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as exc:
            raise source.refused(_reason(exc)) from exc
        try:
            metadata = document.get_metadata_dict()
            pages, lines, left_out = _pages(document, source, max_chars)
        except pypdfium2.PdfiumError as exc:
            raise source.refused(f"damaged: {exc}") from exc
        finally:
            document.close()
        yield article_of_pages(pages, metadata, source, max_chars, lines, left_out)


def _reason(error: Exception) -> str:
    message = str(error).lower()
    if "password" in message:
        return "encrypted: save a copy that opens without a password"
    if "security" in message:
        return "encrypted in a way that PDFium does not know"
    return "damaged, or not a PDF"


def _pages(
    document: Any, source: Source, max_chars: int
) -> tuple[list[Page], list[RecognisedLine], list[tuple[str, str]]]:
    """Return the pages in order, the lines that were recognised on pictures, and what was left
    out."""
    count = len(document)
    if count > MAX_PAGES:
        raise source.refused(f"{count:,} pages, over the limit of {MAX_PAGES:,}; split it")
    pages: list[Page] = []
    lines: list[RecognisedLine] = []
    pictures: list[int] = []
    text_pages: list[Page] = []
    chars = 0
    for number in range(count):
        page = document[number]
        try:
            parts = upright_pages(page)
            if not any(upright.fragments for upright in parts) and _has_image(page):
                pictures.append(number)
                if is_installed() and len(pictures) <= MAX_RECOGNISED_PAGES:
                    picture = _picture(page)
                    part, part_lines = recognise(picture, page.get_width() / picture.width)
                    parts, lines = [part], lines + part_lines
            else:
                text_pages += parts
        except TooManyCharacters as exc:
            raise source.refused(
                f"{exc} characters on a page (number {number + 1}), more than any has"
            ) from exc
        finally:
            page.close()
        pages += parts
        chars += sum(len(fragment.text) for part in parts for fragment in part.fragments)
        # Heads, feet and divided words make it a little more than what will be left.
        if chars > 2 * max_chars + 65_536:
            raise source.refused(too_long(f"over {chars:,} characters", max_chars))
    line_numbers = without_line_numbers(text_pages)
    for upright in text_pages:
        upright.fragments = with_table_rows(upright.fragments, upright.rules)
    unread = pictures[MAX_RECOGNISED_PAGES:] if is_installed() else pictures
    left_out = [(f"page {number + 1}", "a picture of text?") for number in unread]
    left_out += [*line_numbers, *_unread_parts(pages)]
    if not any(page.fragments for page in pages):
        if pictures and not is_installed():
            reason = f"no text layer: its pages are pictures (scanned?); {INSTALL}"
        else:
            reason = "no text was recognised on its pages" if pictures else "no text on its pages"
        raise source.refused(reason)
    return pages, lines, left_out


def _unread_parts(pages: Sequence[Page]) -> Iterator[tuple[str, str]]:
    """Yield what the pages hold beside their text, each with the reason."""
    for page in pages:
        parts = (page.outside, "beside the page"), (page.invisible, "invisible")
        for text, reason in (*parts, (page.struck, "struck out")):
            if text:
                yield text[:_MAX_OUTSIDE], reason


def _picture(page: Any) -> Any:
    """Render the page for the recogniser; a large one at a lower resolution."""
    side = max(page.get_size())
    return page.render(scale=min(_SCALE, _MAX_SIDE / max(1.0, side))).to_pil()


def _has_image(page: Any) -> bool:
    from pypdfium2.raw import FPDF_PAGEOBJ_FORM, FPDF_PAGEOBJ_IMAGE

    types = (FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_FORM)
    return any(True for _ in page.get_objects(filter=types, max_depth=2))


def article_of_pages(
    pages: list[Page],
    metadata: dict[str, str],
    source: Source,
    max_chars: int,
    lines: Sequence[RecognisedLine] = (),
    left_out: Sequence[tuple[str, str]] = (),
) -> Article:
    """Make the article of some pages.

    metadata: what the file states (``Title``, ``Author``).
    lines: what was recognised on pictures.
    left_out: ``(text, reason)`` of what else the file has.
    """
    title = _title(pages, clean_line(metadata.get("Title", "")))
    paragraphs = join_cut(flow(pages)) if lines else flow(pages)
    for at in range(min(_TITLE_WITHIN, len(paragraphs))):
        if _is_same(paragraphs[at], title):
            del paragraphs[at]
            break
    text = clean("\n\n".join(paragraphs))
    if not text:
        raise source.refused("no text on its pages but heads, feet and numbers")
    unreadable = sum(unicodedata.category(char) in ("Co", "Cn", "Cc", "So") for char in text)
    unreadable -= text.count("\n")
    if unreadable > 0.2 * len(text):
        raise source.refused(
            "its text layer is unreadable (fonts that do not say which letters they draw); "
            "print it anew, or save it as pictures"
        )
    if len(text) > max_chars:
        raise source.refused(too_long(f"{len(text):,} characters", max_chars))
    heads = ((line, "running head") for line in lines_left_out(pages))
    return Article(
        id=source.id(),
        title=title or title_from_name(source.stem),
        text=text,
        author=author_of_file(paragraphs, clean_line(metadata.get("Author", ""))),
        url=source.url,
        source=source.name,
        findings=Findings(left_out=(*left_out, *heads), rows=_rows(pages)),
        recognition=confidences(list(filter(None, text.split("\n"))), lines) if lines else None,
    )


def _title(pages: list[Page], metadata_title: str) -> str:
    first = pages[0].fragments
    letters = _letters(" ".join(line.text for line in first))
    if metadata_title and _letters(metadata_title) and _letters(metadata_title) in letters:
        return metadata_title
    page_title = clean_line(" ".join(largest_lines(pages)))
    if page_title or _NO_TITLE.match(metadata_title):
        return page_title
    return metadata_title


def _rows(pages: list[Page]) -> tuple[str, ...]:
    """Return the lines that are rows of tables."""
    fragments = (fragment for page in pages for fragment in page.fragments)
    return tuple(clean_line(fragment.text) for fragment in fragments if fragment.is_row)


def _is_same(first: str, second: str) -> bool:
    return bool(_letters(first)) and _letters(first) == _letters(second)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
