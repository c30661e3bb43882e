"""Read the mark-up of texts that were written for a program: MediaWiki, Org, AsciiDoc and
reStructuredText.

A text is taken for one of these only by two kinds of marks. What names a field becomes one, links
and emphasis leave their words, and what no reader sees is left out and named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.text.dates import parse_day
from index.text.normalise import clean_line

__all__ = ["DialectText", "read_dialect"]

Replacement = tuple[re.Pattern[str], str]
_TEMPLATE_LEVELS = 4
_MOST_LEFT_OUT, _MOST_CHARS = 100, 1_000
_FIELDS = {"title": "title", "author": "author", "date": "published_at"}


class DialectText(NamedTuple):
    """A text without mark-up, its fields by their names in a record, and what was left out, each
    with the reason."""

    text: str
    fields: dict[str, str]
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Dialect:
    """``signs``: two of these show it. ``field``: a line of a name and a value. ``unseen``: what
    readers do not see. ``replacements``: what becomes of the rest."""

    signs: tuple[re.Pattern[str], ...]
    field: re.Pattern[str]
    unseen: tuple[re.Pattern[str], ...]
    replacements: tuple[Replacement, ...]


def _lines(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.MULTILINE) for pattern in patterns)


def _replacements(*pairs: tuple[str, str]) -> tuple[Replacement, ...]:
    return tuple((re.compile(pattern, re.MULTILINE), text) for pattern, text in pairs)


def _emphasis(marks: str) -> tuple[str, str]:
    return (
        rf"(?<![\w{marks}])([{marks}])(?=[^\s{marks}])([^\n]{{0,200}}?[^\s])\1(?![\w{marks}])",
        r"\2",
    )


_NOTHING = re.compile(r"(?!)")
_DIALECTS = (
    # MediaWiki
    _Dialect(
        signs=_lines(
            r"^(={2,6})[^=\n]{1,120}\1[ \t]*$",
            r"\[\[[^\[\]\n]{1,200}\]\]",
            r"'''[^'\n]{1,200}'''",
            r"^\{\{[^\n]{1,200}$",
        ),
        field=_NOTHING,
        unseen=_lines(
            r"<!--(?:(?!<!--|-->)[\s\S])*-->",
            r"<ref[^<>/\n]*/>|<ref[^<>]*>(?:(?!</?ref)[\s\S])*</ref>",
            *[r"\{\{[^{}]*\}\}"] * _TEMPLATE_LEVELS,
            r"\[\[(?i:category|file|image|kategorie|datei|bild|catégorie|fichier|categoría|archivo)"
            r":(?:[^\[\]]|\[\[[^\[\]]*\]\])*\]\]",
            r"^\{\|(?:(?!^\|\}|^\{\|)[\s\S])*^\|\}",
        ),
        replacements=_replacements(
            (r"\[\[(?:[^\[\]|\n]*\|)?([^\[\]|\n]+)\]\]", r"\1"),
            (r"\[https?://\S{1,500} ([^\[\]\n]{1,300})\]", r"\1"),
            (r"'{2,5}", ""),
            (r"^(={1,6})[ \t]?([^=\n]{1,200}?)[ \t]*\1[ \t]*$", r"\n\2\n"),
            (r"^[*#]+[ \t]*", "- "),
            (r"^[:;]+[ \t]*", ""),
        ),
    ),
    # Org
    _Dialect(
        signs=_lines(
            r"^#\+[A-Za-z_]+:[ \t]",
            r"^\*{1,6} \S[^\n]*$",
            r"\[\[[^\[\]\n]+\]\[[^\[\]\n]+\]\]",
            r"^:PROPERTIES:[ \t]*$",
        ),
        field=re.compile(r"#\+(\w+):[ \t]*(.*)"),
        unseen=_lines(
            r"^[ \t]*:PROPERTIES:[ \t]*\n(?:(?![ \t]*:(?:END|PROPERTIES):)[^\n]*\n)*"
            r"[ \t]*:END:[ \t]*$",
            r"^#\+[^\n]*$",
            r"^[ \t]*(?:SCHEDULED|DEADLINE|CLOSED):[^\n]*$",
        ),
        replacements=_replacements(
            (r"\[\[[^\[\]\n]+\]\[([^\[\]\n]+)\]\]", r"\1"),
            (r"\[\[([^\[\]\n]+)\]\]", r"\1"),
            (r"^\*{1,6} (?:TODO |DONE )?([^\n]{1,300}?)(?:[ \t]+:[\w:@]+:)?[ \t]*$", r"\n\1\n"),
            _emphasis("*/_=~"),
        ),
    ),
    # AsciiDoc
    _Dialect(
        signs=_lines(
            r"\A={1,2} [^=\n]+$",
            r"^={2,5} [^=\n]+$",
            r"^:[a-z][\w-]*:(?:[ \t][^\n]*)?$",
            r"^\[(?:source|quote|NOTE|TIP|WARNING)\b[^\]\n]*\]$",
            r"https?://[^\s\[\]]{1,500}\[[^\[\]\n]{1,300}\]",
        ),
        field=re.compile(r"(=) (.+)"),
        unseen=_lines(
            r"^:[a-z!][\w!-]*:(?:[ \t][^\n]*)?$",
            r"^\[[^\]\n]*\]$",
            r"^(?:-{4,}|={4,}|\.{4,}|_{4,}|\*{4,}|\+{4,})$",
            r"^//[^\n]*$|^(?:include|image|ifdef|endif)::[^\n]*$",
        ),
        replacements=_replacements(
            (r"(?:link:)?https?://[^\s\[\]]{1,500}\[([^\[\]\n]{1,300}?)\^?\]", r"\1"),
            (r"<<[^<,>\n]+,([^<>\n]+)>>", r"\1"),
            (r"^={1,6} ([^\n]+)$", r"\n\1\n"),
            (r"^(?:NOTE|TIP|WARNING|IMPORTANT|CAUTION): ", ""),
            (r"^\.(?=[^\s.])", ""),
            (r"^[*.]{1,5} ", "- "),
            _emphasis("*_`"),
        ),
    ),
    # reStructuredText; the rules of its headings go as in other texts.
    _Dialect(
        signs=_lines(
            r"^([=~^#*+\"-])\1{2,}[ \t]*$",
            r"^:[A-Z][\w ]{0,30}:[ \t]+\S|^\.\. [\w-]+::|`[^`\n]+ <[^>\s]+>`__?",
        ),
        field=re.compile(r":(\w[\w ]{0,30}):[ \t]+(.*)"),
        unseen=_lines(
            r"^\.\. (?!(?:note|warning|tip|hint|important|caution|attention|danger|epigraph)::)"
            r"(?:[\w-]+::|_)[^\n]*(?:\n[ \t]+:[\w-]+:[^\n]*)*$",
            r"^:[A-Z][\w ]{0,30}:[ \t]+[^\n]*$",
        ),
        replacements=_replacements(
            (r"`([^`<\n]+?) <[^>\s]+>`__?", r"\1"),
            (r"(?::[\w:-]{1,40}:)?`{1,2}([^`\n]+)`{1,2}_{0,2}", r"\1"),
            (r"^\.\. [\w-]+::[ \t]*", ""),
            (r"\*\*([^*\n]+)\*\*", r"\1"),
            _emphasis("*"),
        ),
    ),
)


def read_dialect(text: str) -> DialectText:
    """Read a text in one of the dialects; any other stays as it is."""
    dialect = next((dialect for dialect in _DIALECTS if _is_written_in(text, dialect)), None)
    if dialect is None:
        return DialectText(text, {}, ())
    fields, text = _fields(text, dialect)
    left_out: list[tuple[str, str]] = []
    for pattern in dialect.unseen:
        left_out += ((match[0], "mark-up") for match in pattern.finditer(text))
        text = pattern.sub("", text)
    for pattern, words in dialect.replacements:
        text = pattern.sub(words, text)
    omissions = ((clean_line(part)[:_MOST_CHARS], reason) for part, reason in left_out)
    return DialectText(text, fields, tuple(omissions)[:_MOST_LEFT_OUT])


def _is_written_in(text: str, dialect: _Dialect) -> bool:
    return sum(pattern.search(text) is not None for pattern in dialect.signs) > 1


def _fields(text: str, dialect: _Dialect) -> tuple[dict[str, str], str]:
    """Return the fields of a text, which stand before its first paragraph, and the text without
    them."""
    lines = text.split("\n")
    fields: dict[str, str] = {}
    rest: list[str] = []
    is_first = True
    for at, line in enumerate(lines):
        match = dialect.field.fullmatch(line.strip())
        if match and match[1] == "=" and is_first:
            fields = {"title": match[2], **_author_and_day(lines[at + 1 : at + 3])}
            return fields, "\n".join(lines[at + len(fields) :])
        is_first = is_first and not line
        name = _FIELDS.get(match[1].casefold()) if match else None
        is_day = name != "published_at" or (match and parse_day(match[2]))
        if match and name and is_day and name not in fields:
            fields[name] = match[2].strip()
        else:
            rest.append(line)
    return fields, "\n".join(rest)


def _author_and_day(lines: Sequence[str]) -> dict[str, str]:
    """Return the author and the day of the two lines below a title of AsciiDoc."""
    author = re.fullmatch(r"([^\W\d_][^\n<:=*]{2,60}?)(?: <[^>\s]+>)?", lines[0]) if lines else None
    if author is None:
        return {}
    day = re.fullmatch(r"(?:v[\w.]+, )?(\d{4}-\d\d-\d\d)", lines[1]) if len(lines) > 1 else None
    return {"author": author[1], **({"published_at": day[1]} if day else {})}
