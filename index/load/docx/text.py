"""Extract the visible text of a Word document: paragraphs, tables, notes, text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from index.load.docx.formatting import Look, Looks, W, is_bold, is_large
from index.load.docx.lists import BULLET, Lists
from index.load.docx.symbols import SYMBOLS
from index.load.rows import Cell, table_lines
from index.load.superscripts import subscript_text, superscript_text
from index.text.captions import caption_line
from index.text.normalise import clean, clean_line

__all__ = ["Paragraph", "WordText"]

# What was deleted, is written by a field's code, reads a character aloud, or says how things look.
_SKIP_TAGS = {
    "del",
    "moveFrom",
    "delText",
    "instrText",
    "rt",
    "rPr",
    "pPr",
    "sdtPr",
    "sdtEndPr",
} | {
    *("ctrlPr", "fPr", "sSupPr", "sSubPr"),
}
_BREAKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "‑"}
_TAIL = 24
# Characters: a cell that is longer holds paragraphs, and its table lays out a page.
_LAYOUT_CELL = 400
# Word's own limit.
_MAX_COLUMNS = 63
_NOTE = "* "
# What is left out, and listed.
_MOST_LEFT_OUT, _MOST_CHARS = 100, 1_000
# What Word calls the style of a caption in some languages.
_CAPTIONS = {
    "caption",
    "imagecaption",
    "beschriftung",
    "lgende",
    "legenda",
    "didascalia",
    "epgrafe",
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``style``: its name in lower case, often empty; ``table`` for a row, ``note`` for a note.
    ``stands_out``: its own characters are bold or large."""

    style: str
    text: str
    stands_out: bool = False


@dataclass
class _Line:
    """A paragraph in construction: its characters, and the notes and boxes that follow it."""

    parts: list[str] = field(default_factory=list)
    superscript: str = ""
    notes: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    images: list[str] = field(default_factory=list)

    def add(self, characters: str, height: int = 0) -> None:
        if height > 0:
            self.superscript += characters
            return
        self._settle()
        self.parts.append(subscript_text(self._tail(), characters) if height < 0 else characters)

    def text(self) -> str:
        self._settle()
        return "".join(self.parts)

    def _settle(self) -> None:
        # A mark may be divided among runs, so it is judged where it ends.
        if self.superscript:
            self.parts.append(superscript_text(self._tail(), self.superscript))
            self.superscript = ""

    def _tail(self) -> str:
        return "".join(self.parts[-_TAIL:])[-_TAIL:]


class WordText:
    """The text of a document. ``notes``: the elements of its footnotes and endnotes, by kind
    (``footnote``, ``endnote``) and number. ``chunks``: the paragraphs of files of other formats, by
    the id under which they stand in the document. ``lists`` counts the items of lists."""

    def __init__(
        self,
        looks: Looks,
        notes: Mapping[str, Any],
        chunks: Mapping[str, Sequence[Paragraph]] = MappingProxyType({}),
        paper_is_white: bool = True,
        lists: Lists | None = None,
    ) -> None:
        self._looks = looks
        self._notes = dict(notes)
        self._chunks = chunks
        self._paper_is_white = paper_is_white
        self._left_out: list[tuple[str, str]] = []
        self._last_absent: Any = None
        self._lists = lists or Lists()
        # Of each field that is open, from the outermost: whether this is its code, not its result.
        self._in_code: list[bool] = []

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """``(text, reason)`` of what nobody reads in the paragraphs so far."""
        pairs = ((clean_line(text), reason) for text, reason in self._left_out)
        return [(text, reason) for text, reason in pairs if re.search(r"\w", text)]

    def paragraphs(self, body: Any) -> Iterator[Paragraph]:
        """Yield the paragraphs of a body, a cell, a note or a box, in order; each note and each box
        follows the paragraph (or the table) that it belongs to."""
        line = _Line()
        for element in _flat(body):
            if element.tag == f"{W}tbl":
                yield from self._table(element)
                continue
            if element.tag == f"{W}altChunk":
                yield from self._chunks.get(_chunk_id(element), ())
                continue
            look = self._looks.of(element)
            on_paper = body.tag == f"{W}body" and self._paper_is_white
            self._in_code.clear()
            self._read(element, line, look if on_paper else replace(look, on_colour=True))
            # An initial over several lines is a paragraph of its own in the file.
            if not _joins_next(element):
                yield from self._paragraph_of(element, line)
                line = _Line()
        if body_text := clean(line.text()):
            yield Paragraph("", body_text)

    def _paragraph_of(self, element: Any, line: _Line) -> Iterator[Paragraph]:
        mark = self._lists.mark(element)
        if text := clean(line.text()):
            style = element.find(f"{W}pPr/{W}pStyle")
            name = "" if style is None else str(style.get(f"{W}val", "")).lower()
            if name in _CAPTIONS and (caption := caption_line(text)):
                yield Paragraph("caption", caption)
            else:
                is_item = mark and not name.startswith("heading")
                stands_out = is_bold(element) or is_large(element)
                yield Paragraph(name, f"{mark} {text}" if is_item else text, stands_out)
        yield from self._hanging(line)

    def _hanging(self, line: _Line) -> Iterator[Paragraph]:
        for image in line.images:
            yield Paragraph("caption", image)
        for box in line.boxes:
            yield from self.paragraphs(box)
        for key in line.notes:
            # Once, however often it is referred to.
            if (note := self._notes.pop(key, None)) is None:
                continue
            for at, paragraph in enumerate(self.paragraphs(note)):
                yield Paragraph("note", paragraph.text if at else f"{_NOTE}{paragraph.text}")

    # Tables

    def _table(self, table: Any) -> Iterator[Paragraph]:
        rows: list[list[Cell]] = []
        above: list[Cell] = []
        hanging = _Line()
        for number, row in enumerate(self._rows(table)):
            beside = _Line()
            cells = [(cell, self._cell(cell, beside)) for cell in _children(row, "tc")]
            if any(_lays_out(cell, text, alone=len(cells) == 1) for cell, text in cells):
                yield from _lines(rows)
                rows, above = [], []
                for cell, _ in cells:
                    yield from self.paragraphs(cell)
                continue
            hanging.notes += beside.notes
            hanging.boxes += beside.boxes
            hanging.images += beside.images
            above = _across(row, cells, above, number)
            rows.append(above[:1] if len(cells) == 1 else above)
        yield from _lines(rows)
        yield from self._hanging(hanging)

    def _rows(self, table: Any) -> Iterator[Any]:
        for row in _children(table, "tr"):
            if row.find(f"{W}trPr/{W}del") is None:
                yield row
            else:
                self._leave_out(row, "deleted")

    def _cell(self, cell: Any, hanging: _Line) -> str:
        texts = []
        for paragraph in _flat(cell):
            if paragraph.tag != f"{W}p":
                continue
            line = _Line(notes=hanging.notes, boxes=hanging.boxes, images=hanging.images)
            # Tables have colours by their style, which is not looked up.
            look = replace(self._looks.of(paragraph), on_colour=True)
            self._in_code.clear()
            self._read(paragraph, line, look)
            mark = self._lists.mark(paragraph)
            texts.append(line.text() if mark == BULLET else f"{mark} {line.text()}")
        return clean_line(" ".join(texts))

    # Characters

    def _read(self, element: Any, line: _Line, look: Look) -> None:
        for child in element:
            name = _name(child)
            if name in _SKIP_TAGS:
                if name == "del":
                    self._leave_out(child, "deleted")
                continue
            if name == "r" and child.tag == f"{W}r":
                within = self._looks.of(child, look)
                if within.absence:
                    self._leave_out(child, within.absence)
                else:
                    self._read(child, line, within)
            elif name == "fldChar":
                self._enter_field(str(child.get(f"{W}fldCharType", "")))
            elif any(self._in_code):
                # Words amid a code are its arguments.
                self._read(child, _Line(), look)
            elif name == "t":
                line.add(child.text or "", look.height)
            elif name in _BREAKS:
                line.add(_BREAKS[name])
            elif name == "sym":
                line.add(_symbol(child), look.height)
            elif name in ("footnoteReference", "endnoteReference"):
                line.notes.append(f"{name.removesuffix('Reference')} {child.get(f'{W}id')}")
                if child.get(f"{W}customMarkFollows") in ("1", "true", "on"):
                    _remove_mark(child.getnext())
            elif name == "docPr":
                if caption := caption_line(child.get("descr") or "", "Image"):
                    line.images.append(caption)
            elif name == "txbxContent":
                line.boxes.append(child)
            elif name == "AlternateContent":
                # The same twice, for newer programs and for older ones.
                self._read(next(iter(child), child), line, look)
            elif name in ("sSup", "sSub", "f"):
                self._formula(child, line, look)
            else:
                self._read(child, line, look)

    def _enter_field(self, kind: str) -> None:
        if kind == "begin":
            self._in_code.append(True)
        elif self._in_code and kind == "separate":
            self._in_code[-1] = False
        elif self._in_code and kind == "end":
            self._in_code.pop()

    def _leave_out(self, element: Any, reason: str) -> None:
        """Note the words of an element that nobody reads; with those of the one before it, if that
        is left out for the same reason."""
        paragraphs = list(element.iter(f"{W}p")) or [element]
        text = " ".join(
            "".join(node.text or "" for node in paragraph.iter(f"{W}t", f"{W}delText"))
            for paragraph in paragraphs
        )
        goes_on = self._last_absent is not None and self._last_absent is element.getprevious()
        self._last_absent = element
        if goes_on and self._left_out and self._left_out[-1][1] == reason:
            text = f"{self._left_out.pop()[0]}{text}"
        if len(self._left_out) < _MOST_LEFT_OUT:
            self._left_out.append((text[:_MOST_CHARS], reason))

    def _formula(self, element: Any, line: _Line, look: Look) -> None:
        mark = {"sSup": "^", "sSub": "_", "f": "/"}[_name(element)]
        parts = []
        for part in element:
            if _name(part) not in _SKIP_TAGS:
                inner = _Line()
                self._read(part, inner, look)
                text = inner.text().strip()
                parts.append(text if re.fullmatch(r"-?\w*", text) else f"({text})")
        line.add(mark.join(filter(None, parts)))


def _symbol(element: Any) -> str:
    """Return the character of a sign in the font Symbol; empty for other fonts, whose signs are
    pictures."""
    code = str(element.get(f"{W}char", ""))[-2:]
    if str(element.get(f"{W}font", "")).lower() != "symbol" or not re.fullmatch(
        "[0-9A-Fa-f]{2}", code
    ):
        return ""
    return SYMBOLS.get(int(code, 16), "")


def _lines(rows: list[list[Cell]]) -> Iterator[Paragraph]:
    for line in table_lines(rows):
        yield Paragraph("table", line)


def _lays_out(cell: Any, text: str, alone: bool) -> bool:
    """Whether a cell is page layout: a place for paragraphs of the text, or another table."""
    if any(element.tag != f"{W}p" for element in _flat(cell)):
        return True
    return len(text) > _LAYOUT_CELL or (alone and len(list(_children(cell, "p"))) > 1)


def _flat(body: Any) -> Iterator[Any]:
    """Yield the paragraphs, tables and chunks of a body, including those in content controls."""
    for element in body:
        name = _name(element)
        if element.tag in (f"{W}p", f"{W}tbl", f"{W}altChunk"):
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _flat(element)


def _chunk_id(element: Any) -> str:
    return next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), "")


def _children(element: Any, name: str) -> Iterator[Any]:
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif _name(child) in ("sdt", "sdtContent", "customXml"):
            yield from _children(child, name)


def _across(row: Any, cells: list[tuple[Any, str]], above: list[Cell], number: int) -> list[Cell]:
    """Return the cells of a row, one a column; merged cells are repeated in every column and row
    that they cover.

    above: the cells of the row before.
    number: the row's number in the table.
    """
    repeats = row.find(f"{W}trPr/{W}tblHeader") is not None
    line = [Cell("")] * _number(row, "trPr", "gridBefore", 0)
    for at, (cell, text) in enumerate(cells, start=1):
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
        span = _number(cell, "tcPr", "gridSpan", 1)
        heading = repeats or is_bold(cell)
        place = Cell(text, heading, number * _MAX_COLUMNS + at if span > 1 else 0)
        if goes_on and not text and len(line) < len(above):
            place = above[len(line)]
        line += [place] * span
    return line + [Cell("")] * _number(row, "trPr", "gridAfter", 0)


def _number(element: Any, properties: str, name: str, default: int) -> int:
    node = element.find(f"{W}{properties}/{W}{name}")
    value = "" if node is None else str(node.get(f"{W}val", ""))
    return min(int(value), _MAX_COLUMNS) if value.isdecimal() else default


def _joins_next(paragraph: Any) -> bool:
    """Whether the next paragraph continues the same line: after a drop cap, and where the mark
    between the two was deleted."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        return False
    frame = properties.find(f"{W}framePr")
    initial = frame is not None and frame.get(f"{W}dropCap", "none") != "none"
    return initial or properties.find(f"{W}rPr/{W}del") is not None


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _remove_mark(text: Any) -> None:
    """Remove the author's own mark of a note, which stands behind its reference."""
    if text is not None and text.tag == f"{W}t":
        text.text = ""
