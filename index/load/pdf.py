"""PDF: characters and their places through PDFium, put in order by :mod:`index.load.layout`."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, ClassVar

from index.article import Article
from index.clean import clean, clean_line
from index.load.base import Loaded, Source, title_from_name, too_long
from index.load.layout import Fragment, Page, flow, largest_lines

__all__ = ["PdfLoader"]

MAX_BYTES = 300_000_000
MAX_PAGES = 3_000
# A page of a newspaper has 30,000 characters; a page that is a bomb has millions.
MAX_PAGE_CHARS = 200_000

_NO_TITLE = re.compile(
    r"(?i)(microsoft|powerpoint|untitled|slide \d|document\d*$|.*\.\w{2,4}$|\W*$)"
)
# How many paragraphs from the first the title is looked for: section and date may come before.
_TITLE_WITHIN = 4
# Names that programs write by themselves.
_NOBODY = re.compile(r"(?i)\W*(anonymous|unknown|user|admin(istrator)?|owner|author)?\W*$")
_HYPHENS = {0x02, 0xAD, 0xFFFE}


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

        given = source.path if source.path is not None else source.data
        try:
            document = pypdfium2.PdfDocument(given)
        except pypdfium2.PdfiumError as exc:
            raise source.refused(_reason(exc)) from exc
        try:
            stated = document.get_metadata_dict()
            pages = _pages(document, source, max_chars)
        except pypdfium2.PdfiumError as exc:
            raise source.refused(f"damaged: {exc}") from exc
        finally:
            document.close()
        yield _article(pages, stated, source, max_chars)


def _reason(error: Exception) -> str:
    said = str(error).lower()
    if "password" in said:
        return "encrypted: save a copy that opens without a password"
    if "security" in said:
        return "encrypted in a way that PDFium does not know"
    return "damaged, or no PDF"


def _pages(document: Any, source: Source, max_chars: int) -> list[Page]:
    count = len(document)
    if count > MAX_PAGES:
        raise source.refused(f"{count:,} pages, over the limit of {MAX_PAGES:,}; split it")
    pages: list[Page] = []
    chars = images = 0
    for number in range(count):
        page = document[number]
        try:
            found = _fragments(page, source)
            images += not found and _has_image(page)
            width, height = page.get_size()
            pages.append(Page(width, height, found))
        finally:
            page.close()
        chars += sum(len(each.text) for each in found)
        # Heads, feet and divided words make it a little more than what will be left.
        if chars > 2 * max_chars + 65_536:
            raise source.refused(too_long(f"over {chars:,} characters", max_chars))
    if not any(page.fragments for page in pages):
        raise source.refused(
            "no text layer: its pages are pictures (scanned?); run it through OCR first"
            if images
            else "no text on its pages"
        )
    return pages


def _has_image(page: Any) -> bool:
    from pypdfium2.raw import FPDF_PAGEOBJ_FORM, FPDF_PAGEOBJ_IMAGE

    wanted = (FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_FORM)
    return any(True for _ in page.get_objects(filter=wanted, max_depth=2))


def _article(pages: list[Page], stated: dict[str, str], source: Source, max_chars: int) -> Article:
    title = _title(pages, clean_line(stated.get("Title", "")))
    paragraphs = flow(pages)
    for at in range(min(_TITLE_WITHIN, len(paragraphs))):
        if _same(paragraphs[at], title):
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
            "run it through OCR"
        )
    if len(text) > max_chars:
        raise source.refused(too_long(f"{len(text):,} characters", max_chars))
    author = clean_line(stated.get("Author", ""))
    return Article(
        id=source.id(),
        title=title or title_from_name(source.stem),
        text=text,
        author=None if _NOBODY.match(author) else author,
        url=source.url,
        source=source.name,
    )


def _title(pages: list[Page], stated: str) -> str:
    first = pages[0].fragments
    letters = _letters(" ".join(each.text for each in first))
    if stated and _letters(stated) and _letters(stated) in letters:
        return stated
    seen = clean_line(" ".join(largest_lines(pages)))
    if seen or _NO_TITLE.match(stated):
        return seen
    return stated


def _same(one: str, other: str) -> bool:
    return bool(_letters(one)) and _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _fragments(page: Any, source: Source) -> list[Fragment]:
    """Runs of characters that stand on one line without a gap wide enough for a gutter."""
    from pypdfium2 import raw

    text_page = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text_page)
        if count > MAX_PAGE_CHARS:
            raise source.refused(f"{count:,} characters on a page, over {MAX_PAGE_CHARS:,}")
        return _runs(text_page, count, raw)
    finally:
        text_page.close()


def _runs(text_page: Any, count: int, raw: Any) -> list[Fragment]:
    found: list[Fragment] = []
    run: Fragment | None = None
    space = False
    box = raw.FS_RECTF()
    where = ctypes.byref(box)
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if code in (0x0D, 0x0A):
            run, space = None, False
            continue
        if code in (0x20, 0x09, 0xA0) or code == 0:
            space = True
            continue
        if not raw.FPDFText_GetLooseCharBox(text_page, index, where):
            continue
        char = "\u00ad" if code in _HYPHENS else _character(code)
        if run is None or not _continues(run, box):
            if _turned(raw.FPDFText_GetCharAngle(text_page, index)):
                run = None
                continue
            run = Fragment(char, box.left, box.right, box.bottom, box.top)
            found.append(run)
        else:
            run.text += f" {char}" if space else char
            run.right = max(run.right, box.right)
            run.bottom, run.top = min(run.bottom, box.bottom), max(run.top, box.top)
        space = False
    return found


def _continues(run: Fragment, box: Any) -> bool:
    """Whether a character belongs to the run before it: same line, same size, no gutter."""
    middle, gap = float(box.bottom + box.top) / 2, float(box.left) - run.right
    size = max(run.size, float(box.top) - float(box.bottom))
    return run.bottom < middle < run.top and -2 * size < gap < 1.1 * size


def _turned(angle: float) -> bool:
    # Stamps along the margin, and watermarks across the page.
    return abs(math.sin(angle)) > 0.1 if angle >= 0 else False


def _character(code: int) -> str:
    # A letter pair drawn as one (U+FB01) is two letters to whoever searches for it.
    char = chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
    return unicodedata.normalize("NFKC", char) if "\ufb00" <= char <= "\ufb06" else char
