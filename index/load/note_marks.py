"""Leave out the marks of notes that stand in brackets (``14[3]``) or behind a table's figures
(``7.5*``).

A mark that hangs on a word or figure is one by its place. One that stands apart (``14 [3]``) may as
well be a share, an interval or a second figure, so it has to be borne out: by a note that begins
with it, or by the order of all such marks of the text. Behind a word (``the board [3]``) only a
list of notes bears it out. So are the signs of wikis beside words and headings (``[who?]``,
``[edit]``) left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from index.text.normalise import clean_line, word_set

__all__ = ["without_note_marks"]

_NUMBERS = r"(?!0)\d{1,3}(?:[,–-] ?\d{1,3})*"
_OPEN, _SHUT = r"[\[［]", r"[\]］]"
# What follows a mark; code, in which a figure in brackets counts, goes on otherwise.
_AFTER = r"(?=[\s.,;:!?)”\"’|%–—]|[^\x00-\u2e7f]|\Z)(?!\s*[=(]|\.[^\W\d])"
_HANGING = re.compile(
    r"(?:(?<=[^\W_]{2})|(?<=[\d.,;:!?”\"’')%])|(?<=[^\d\]［]\]))"
    rf"(?:{_OPEN}(?:{_NUMBERS}|(?:note|nb|fn|n) ?\d{{1,2}}){_SHUT})+"
    rf"(?:{_OPEN}[a-z]{_SHUT})*{_AFTER}"
    # A letter may as well be the end of a word that somebody mended; figures have none.
    rf"|(?<=\d)(?:{_OPEN}[a-z]{_SHUT})+{_AFTER}"
)
# Code, as in a programmer's prose: notes are counted from one, places from nought.
_NOUGHT = re.compile(rf"(?<=[^\W]){_OPEN}0\d{{0,2}}{_SHUT}")
_SIGN_OF_NOTE = r"(?:\d{1,3}|[a-z])"
_APART = re.compile(
    rf"(?<=[\d%])[ \u00a0\u2009](?:\[{_SIGN_OF_NOTE}(?:, ?{_SIGN_OF_NOTE})*\])+{_AFTER}"
)
_NAMED = re.compile(rf"(?<=[^\W_])[ \u00a0]?(?:\[(?:[Nn]ote|nb) ?\w{{1,2}}\])+{_AFTER}")
_BEHIND_WORD = re.compile(
    rf"(?<=[\w.,;:!?”\"’')%])[ \u00a0]{_OPEN}{_NUMBERS}{_SHUT}"
    rf"(?: ?{_OPEN}{_NUMBERS}{_SHUT})*{_AFTER}"
)
# Behind these a number in brackets is a word of the sentence: "as in [7]".
_REFERRING = word_set(
    "see cf in from by of to and or per as at on with than ref refs eq table figure siehe vgl aus"
    " von und bei nach voir dans et de selon véase ver en y según"
)
# What wikis and chat models write at the end of a word: a raised mark in plain text, what a
# sentence lacks, a source; and beside a heading and before a note, the links to change and go back.
_RAISED_IN_TEXT = re.compile(
    r"\^\((?:\[[\w ]{1,30}\])+[^()\n]{0,9}\)|[ \u00a0]?【\d[^】\n]{0,9}†[^】\n]{0,80}】"
)
_LACK = re.compile(rf"(?<=[\w.,;:!?”\"’')%])\[[a-z][a-z –-]{{0,40}}(?:needed|\?)\]{_AFTER}")
_EDIT = re.compile(
    r"(?:\n+|(?<=[\w)?!]) ?)\[(?:[\w |]{1,20}[ |])?"
    r"(?i:edit|bearbeiten|modifier|editar|modifica|bewerken|edytuj|править)"
    r"(?:[ |][\w |]{1,30})?\](?=\n|\Z)"
)
_WAY_BACK = re.compile(r"(?m)^([ \t]*(?:\d{1,3}\.|-)[ \t]+)\^ ?(?:[a-z] (?=\S)){0,9}")
_LABEL = re.compile(r"(?<=[\[, ])(\d{1,3}|[a-z])(?=[\],])")
_LEAST_IN_ORDER = 2
# What no text has.
_CODE = "\0"
_CELL_EDGE = " | "
# A mark at the end of a table's figure or heading; signs also behind its words.
_BEHIND_FIGURE = re.compile(r"(?<=[\d%])\s?(\(?[a-z1-9]\)|[a-z](?:, ?[a-z])*)(?=: |\Z)")
_IN_BRACKETS = re.compile(r"(?<=[\w%)])\s?\[([a-z]|[1-9])\](?=: |\Z)")
_SIGN = re.compile(r"(?<=[\w%)])\s?([*†‡§]{1,3})(?=: |\Z)")
# The line of a note: its mark, and words that begin as sentences do.
_NOTE = re.compile(r"\s*(?:([*†‡§]{1,3})\s?|[(\[]?([a-z]|[1-9](?=[)\]]))[)\].:]?\s)(?=[^\Wa-z_])")
_LINES_BELOW = 12
# A note in a list of its own, and the heading above it.
_LISTED_NOTE = re.compile(r"\s*(?:[\[［](\d{1,3})[\]］]|(\d{1,3})[.)])\s+\S")
_NOTES_HEADING = re.compile(
    r"(?i)\s*(?:foot|end)?(?:notes|references|sources|citations|bibliography|anmerkungen"
    r"|fu(?:ß|ss)noten|quellen|einzelnachweise|références|fuentes|referencias|bronnen|note|źródła"
    r"|przypisy)(?: (?:and|et|und|y) \w+)?\s*:?\s*"
)


def without_note_marks(
    text: str, rows: Sequence[str], code: Sequence[str] = ()
) -> tuple[str, tuple[str, ...]]:
    """Leave out the marks of notes; returns the text and the rows of its tables.

    rows: lines of the text that are rows of tables.
    code: those of programs, in which a figure in brackets is none.
    """
    if code and ("[" in text or "^" in text):
        places = frozenset(map(clean_line, code))
        lines = text.split("\n")
        masks = [_CODE if line and clean_line(line) in places else line for line in lines]
        code = [line for line, mask in zip(lines, masks, strict=True) if mask == _CODE]
        text, rows = without_note_marks("\n".join(masks), rows)
        pieces = text.split(_CODE)
        text = "".join(map(str.__add__, pieces, [*code, ""]))
        return text, tuple(rows)
    if rows:
        text, rows = _without_marks_of_cells(text, rows)
    if "^" in text or "【" in text:
        text = _WAY_BACK.sub(r"\1", _RAISED_IN_TEXT.sub("", text))
    if "]" not in text and "］" not in text:
        return text, tuple(rows)
    labels = _labels_of_notes(text) if _APART.search(text) else frozenset()
    notes = _notes_list(text) if _BEHIND_WORD.search(text) else frozenset()

    def without_marks(line: str) -> str:
        line = _NAMED.sub("", _HANGING.sub("", line))
        line = _BEHIND_WORD.sub(lambda match: _unless_in_list(match, notes), line)
        return _APART.sub(lambda match: _unless_note(match[0], labels), line) if labels else line

    text = _EDIT.sub("", _LACK.sub("", text))
    if _NOUGHT.search(text):
        return text, tuple(rows)
    return without_marks(text), tuple(map(without_marks, rows))


def _unless_note(marks: str, labels: Set[str]) -> str:
    return "" if all(label in labels for label in _LABEL.findall(marks)) else marks


def _notes_list(text: str) -> frozenset[str]:
    """Return the numbers of a list of notes at the end of the text: in brackets, or as a list is
    counted below a heading that says so."""
    numbers: list[int] = []
    is_below = False
    for line in text.split("\n"):
        if _NOTES_HEADING.fullmatch(line):
            numbers, is_below = [], True
        elif match := _LISTED_NOTE.match(line):
            number = int(match[1] or match[2])
            if match[1] or is_below:
                numbers = [*numbers, number] if numbers and number == numbers[-1] + 1 else [number]
        elif line.strip() and not is_below:
            numbers = []
    return frozenset(map(str, range(1, numbers[-1] + 1))) if numbers[:1] == [1] else frozenset()


def _unless_in_list(match: re.Match[str], notes: Set[str]) -> str:
    """Return the marks behind a word where the list of notes lacks one, or the word before them
    makes them words of the sentence."""
    line = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
    words = re.findall(r"[^\W\d_]+", line[-20:])
    is_word = bool(words) and line[-1:].isalpha() and words[-1].lower() in _REFERRING
    numbers = re.findall(r"\d+", match[0])
    in_note = _LISTED_NOTE.match(line)
    return match[0] if is_word or in_note or not set(numbers) <= notes else ""


def _labels_of_notes(text: str) -> frozenset[str]:
    """Return the labels in brackets that stand apart and are marks of notes."""
    hanging = [(match.start(), match[0]) for match in _HANGING.finditer(text)]
    apart = [(match.start(), match[0]) for match in _APART.finditer(text)]
    marks = [mark for _, mark in sorted(hanging + apart)]
    numbers = list(dict.fromkeys(int(n) for mark in marks for n in re.findall(r"\d+", mark)))
    if (
        hanging
        and len(numbers) >= _LEAST_IN_ORDER
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    ):
        # Beside marks that hang on words, those that continue their numbers are more of them.
        return frozenset(map(str, numbers)) | _borne_out(text)
    return _borne_out(text)


def _borne_out(text: str) -> frozenset[str]:
    """Return the labels that a note begins with, or that are in order among themselves."""
    notes = set(re.findall(r"(?m)^\s*\[(\d{1,3}|[a-z])\]\s+[^\W\d_]", text))
    uses = [label for match in _APART.finditer(text) for label in _LABEL.findall(match[0])]
    for kind in ("digits", "letters"):
        labels = list(dict.fromkeys(u for u in uses if u.isdigit() == (kind == "digits")))
        first = [str(i) if kind == "digits" else chr(96 + i) for i in range(1, len(labels) + 1)]
        if len(labels) >= _LEAST_IN_ORDER and labels == first:
            notes.update(labels)
    return frozenset(notes)


def _without_marks_of_cells(text: str, rows: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Leave out the marks of cells for which a note stands below the table."""
    lines = text.split("\n")
    is_row = frozenset(rows)
    places = [at for at, line in enumerate(lines) if line in is_row]
    notes = set(_notes_below(lines, places))
    if not notes:
        return text, tuple(rows)
    bare_rows = {row: _CELL_EDGE.join(_cell(cell, notes) for cell in row.split(_CELL_EDGE))
                 for row in rows}  # fmt: skip
    for at in places:
        lines[at] = bare_rows[lines[at]]
    return "\n".join(lines), tuple(bare_rows[row] for row in rows)


def _notes_below(lines: Sequence[str], places: Sequence[int]) -> Iterator[str]:
    """Yield the marks with which the lines below a table begin, its own last rows included."""
    if not places:
        return
    for line in [lines[places[-1]], *lines[places[-1] + 1 : places[-1] + 1 + _LINES_BELOW]]:
        if match := _NOTE.match(line):
            yield match[1] or match[2]


def _cell(cell: str, notes: Set[str]) -> str:
    for pattern in (_BEHIND_FIGURE, _IN_BRACKETS, _SIGN):
        cell = pattern.sub(lambda match: _unless_noted(match, notes), cell)
    return cell


def _unless_noted(match: re.Match[str], notes: Set[str]) -> str:
    marks = re.split(r", ?", match[1].strip("()"))
    return "" if all(mark in notes for mark in marks) else match[0]
