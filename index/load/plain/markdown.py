"""Markdown with YAML front matter: one article a file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import ValidationError

from index.article import Findings
from index.errors import LoadError
from index.load.base import Loaded, Source, read_text, title_from_name
from index.load.html.blocks import one_line
from index.load.html.markup import words_of_markup
from index.load.html.table import definition_line
from index.load.plain.head_lines import are_credits, author_below
from index.load.plain.header_fields import split_header
from index.load.plain.markdown_dialects import common_markdown, sign_linked_notes, without_signs
from index.load.plain.text_tables import write_text_tables
from index.load.records.field_names import with_known_names
from index.load.records.jsonl import Record, explain
from index.load.rows import row_lines
from index.load.superscripts import subscript_text, superscript_text
from index.text.captions import caption_line
from index.text.hyphenation import join_divided
from index.text.normalise import clean, clean_line

__all__ = ["MarkdownLoader"]

_MAX_FRONT_MATTER_CHARS = 65_536
_MAX_LEVELS = 20
_FIELD = re.compile(r"^(?P<name>[A-Za-z][\w-]*):[ \t]+(?P<value>[^\s[{].*?)[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z]+)[\s/>]")
# Elements in a line that change what its characters say.
_MARK_TAGS = {"sup", "sub", "del", "s", "strike", "q"}
# A note at the foot of the text, its mark in it, and the former as it is kept from being a link.
_NOTE = re.compile(r"^\[\^[^\]\s]{1,20}\]:[ \t]", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,20}\]")
_ESCAPED_NOTE = re.compile(r"^\\(\[\^)", re.MULTILINE)
# The edge of a table that is drawn with plus signs or rulers, which Markdown itself does not know.
_GRID = re.compile(
    r"^(?:\+(?:[-=]+\+){2,}| {0,3}(?:-{2,}(?: +-{2,})+|={2,}(?: +={2,})+))[ \t]*$", re.MULTILINE
)
# The box of a task, and what is marked as with a pen.
_TASK = re.compile(r"\[[ xX]\]\s+(?=\S)")
_HIGHLIGHT = re.compile(r"==(?=[^\s=])([^=\n]+?)(?<=\S)==")
_TOML = re.compile(r"\A\+{3}[ \t]*\n(.*?)^\+{3}[ \t]*$", re.DOTALL | re.MULTILINE)
# Raised characters between carets, one run of them or several, and a note in its place.
_RAISED = r"[-+−]?\d{1,4}|\d{1,3}(?:[,–-]\d{1,3})+|\[\w{1,3}\]|[a-z]{1,3}|[*†‡§]{1,3}"
_CARETS = re.compile(rf"([^\s^]{{1,24}})((?:\^(?:{_RAISED})\^)+)")
_INLINE_NOTE = re.compile(r"\^\[(?=[^\[\]]*\s)([^\[\]]{1,1000})\]")
_DEFINITION = re.compile(r"[:~]\s+(?=\S)")
_TILDES = re.compile(r"([^\W_])~(\d{1,3})~")
_RAISED_FIGURES = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_MOST_TERM_CHARS = 80
# Line ends of the file and of the author while a line is put together.
_SOFT_BREAK, _HARD_BREAK = "\ue000", "\ue001"


class MarkdownLoader:
    """``.md`` files. The front matter, YAML or TOML, may have the fields of a JSON Lines record;
    without a title there, a first heading of level one is the title.

    The text is that of the rendered page: mark-up and link targets are removed, alternative texts
    of images become captions, list items keep their dash or number, cells of tables get their
    column's heading, blocks are separated by a blank line.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown")
    content_types: ClassVar[tuple[str, ...]] = ("text/markdown", "text/x-markdown")

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        metadata, body = _front_matter(read_text(source, max_chars), source.name)
        header, body = split_header(body)
        metadata = {**header.fields, **metadata}
        title, text, findings = _plain_text(body, take_title="title" not in metadata)
        if not clean(text):
            raise source.refused("the file holds no text")
        try:
            record = Record.model_validate({"title": title, **metadata, "text": clean(text)})
        except ValidationError as exc:
            raise source.refused(f"front matter: {explain(exc)}") from exc
        name = clean_line(record.title) or title_from_name(source.stem)
        record.url = record.url or source.url
        record.author = common_markdown(record.author) if record.author else author_below(text)
        id = record.id or source.id()
        left_out = *findings.left_out, *((line, "header") for line in header.unread_lines)
        yield record.article(id, name, source.name, "page", findings.rows, left_out, findings.code)


class _PlainYaml(YAMLHandler):
    """Reads YAML of names and values. What makes a small file large or deep is refused before it is
    built: references, merges, and more levels than people write by hand."""

    def load(self, fm: str, **kwargs: object) -> Any:
        if not fm.strip():
            return {}
        if len(fm) > _MAX_FRONT_MATTER_CHARS:
            raise ValueError(f"over the limit of {_MAX_FRONT_MATTER_CHARS:,} characters")
        try:
            return self._load(fm, **kwargs)
        except yaml.YAMLError:
            quoted = _FIELD.sub(_quoted_field, fm)
            if quoted == fm:
                raise
            return self._load(quoted, **kwargs)

    def _load(self, fm: str, **kwargs: object) -> Any:
        depth = 0
        for event in yaml.parse(fm, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_LEVELS:
                raise ValueError(f"nested more than {_MAX_LEVELS} levels deep")
            merge = isinstance(event, yaml.ScalarEvent) and event.value == "<<"
            if merge or isinstance(event, yaml.AliasEvent):
                raise ValueError("references (*name) and merges (<<) are not read; write it out")
        return super().load(fm, **kwargs)


def _quoted_field(match: re.Match[str]) -> str:
    """Return a line ``name: value`` with its value in quotation marks, where it is no YAML by
    itself: titles often have a colon, or words in quotation marks at their beginning."""
    try:
        for _ in yaml.parse(match.group(), Loader=yaml.CSafeLoader):
            pass
    except yaml.YAMLError:
        return f"{match['name']}: {json.dumps(match['value'], ensure_ascii=False)}"
    return match.group()


def _front_matter(content: str, source: str) -> tuple[dict[str, Any], str]:
    """Return the fields above the text, and the text. What stands between two rules is no such
    fields where it is no mapping, or the first rule is not the beginning."""
    if toml := _TOML.match(content[:_MAX_FRONT_MATTER_CHARS]):
        try:
            return with_known_names(tomllib.loads(toml[1])), content[toml.end() :]
        except tomllib.TOMLDecodeError as exc:
            raise LoadError(source, f"front matter is not TOML: {exc}") from exc
    content = content.strip()
    if not YAMLHandler.FM_BOUNDARY.match(content):
        return {}, content
    try:
        metadata, body = frontmatter.parse(content, handler=_PlainYaml())
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        reason = " ".join(str(exc).split())
        raise LoadError(source, f"front matter is not YAML: {reason}") from exc
    parts = YAMLHandler.FM_BOUNDARY.split(content, 2)
    if not metadata and (len(parts) < 3 or parts[1].strip()):
        return {}, content
    fields = {str(key): value for key, value in metadata.items() if value is not None}
    return with_known_names(fields), body


def _plain_text(markdown: str, take_title: bool) -> tuple[str, str, Findings]:
    """Return the title (empty unless ``take_title``) and the text of a Markdown document, and what
    its lines are."""
    grid_rows: tuple[str, ...] = ()
    markdown = common_markdown(markdown)
    if _GRID.search(markdown):
        markdown, grid_rows = write_text_tables(markdown)
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    grid_rows = tuple(_inline(parser.parseInline(row)[0], []) for row in grid_rows)
    writer = _Writer(take_title, grid_rows)
    tokens = parser.parse(_NOTE.sub(r"\\\g<0>", markdown))
    sign_linked_notes(tokens)
    for before, token in zip([None, *tokens], tokens, strict=False):
        writer.take(token, before)
    text = "\n\n".join(writer.blocks)
    rows, code = tuple(writer.table_rows), tuple(writer.code)
    findings = Findings(tuple(writer.left_out), rows=rows, code=code)
    return clean_line(writer.title), text, findings


class _Writer:
    """Collects the blocks of a document, token by token."""

    def __init__(self, take_title: bool, table_rows: Sequence[str]) -> None:
        self.title = ""
        self.blocks: list[str] = []
        self.table_rows = list(table_rows)
        self.left_out: list[tuple[str, str]] = []
        self.code: list[str] = []
        self._known_rows = frozenset(table_rows)
        self._take_title = take_title
        self._lists: list[int | None] = []
        self._rows: list[list[str]] = []
        self._prefix = ""

    def take(self, token: Token, before: Token | None) -> None:
        match token.type:
            case "tr_open":
                self._rows.append([])
            case "table_close":
                self._write_rows(list(row_lines(self._rows, headings=1)))
                self._rows = []
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._prefix = _marker(self._lists)
            case "inline":
                self._write_line(token, before)
            case "html_block":
                piece = words_of_markup(token.content)
                self.blocks += piece.blocks
                self.table_rows += piece.rows
                self.left_out += piece.left_out
            case "fence" | "code_block":
                self.blocks.append(_ESCAPED_NOTE.sub(r"\1", token.content.rstrip()))
                self.code += self.blocks[-1].split("\n")

    def _write_rows(self, lines: list[str]) -> None:
        self.blocks += lines
        self.table_rows += lines
        self._known_rows |= frozenset(lines)

    def _write_line(self, token: Token, before: Token | None) -> None:
        struck_words: list[str] = []
        text, notes = _without_notes(_inline(token, struck_words))
        self.left_out += ((words, "struck out") for words in struck_words)
        if self._rows:
            self._rows[-1].append(one_line(text))
        elif self._takes_title(before):
            self.title = text
        elif text and not self._lists and self.blocks and _DEFINITION.match(text):
            self._define(text)
        elif text:
            self.blocks.append(self._prefix + (_TASK.sub("", text) if self._lists else text))
            self._prefix = ""
        self.blocks += [f"* {note}" for note in notes]
        self.blocks += _pictures(token)

    def _define(self, text: str) -> None:
        """Write a definition that stands apart from its term, the block before."""
        meaning = _DEFINITION.sub("", text, count=1)
        # Below a table it is what the table is called.
        is_term = self.blocks[-1] not in self._known_rows
        is_term = is_term and len(self.blocks[-1]) <= _MOST_TERM_CHARS
        is_term = is_term and "\n" not in self.blocks[-1]
        term = self.blocks.pop() if is_term else ""
        self.blocks.append(definition_line(term, meaning))

    def _takes_title(self, before: Token | None) -> bool:
        is_first = self._take_title and not self.title and not self.blocks
        return is_first and before is not None and before.tag == "h1"


def _marker(lists: list[int | None]) -> str:
    number = lists[-1]
    if number is None:
        return "- "
    lists[-1] = number + 1
    return f"{number}. "


def _pictures(token: Token) -> list[str]:
    """Return a line for each picture with an alternative text."""
    images = (child for child in token.children or [] if child.type == "image")
    return list(filter(None, (caption_line(image.content, "Image") for image in images)))


def _inline(token: Token, struck_words: list[str]) -> str:
    """Return the text of a line, without what is struck out, which goes into ``struck_words``."""
    frames = [_Frame("", struck_words=struck_words)]
    for child in token.children or []:
        match child.type:
            case "text":
                frames[-1].parts.append(child.content)
            case "code_inline":
                frames[-1].parts.append(child.content)
            case "softbreak":
                frames[-1].parts.append(_SOFT_BREAK)
            case "hardbreak":
                frames[-1].parts.append("\n")
            case "s_open":
                frames.append(_Frame("s"))
            case "s_close":
                _close(frames, "s")
            case "html_inline":
                _read_tag(child.content, frames)
    while len(frames) > 1:
        _close(frames, frames[-1].tag)
    return _marks_written("".join(frames[0].parts)).strip()


@dataclass
class _Frame:
    """An inline element that is not closed yet, and its characters."""

    tag: str
    parts: list[str] = field(default_factory=list)
    struck_words: list[str] = field(default_factory=list)


def _read_tag(markup: str, frames: list[_Frame]) -> None:
    tag = _TAG.match(markup)
    name = tag["name"].lower() if tag else ""
    if name == "br":
        frames[-1].parts.append("\n")
    elif tag and not tag["end"] and name in _MARK_TAGS and len(frames) < _MAX_LEVELS:
        frames.append(_Frame(name))
    elif tag and tag["end"] and any(frame.tag == name for frame in frames[1:]):
        while len(frames) > 1 and frames[-1].tag != name:
            _close(frames, frames[-1].tag)
        _close(frames, name)


def _close(frames: list[_Frame], name: str) -> None:
    """Write the last open element as a reader sees it."""
    if len(frames) < 2 or frames[-1].tag != name:
        return
    text = "".join(frames.pop().parts)
    before = "".join(frames[-1].parts[-4:])
    if name == "sup":
        frames[-1].parts.append(_superscript(before, text))
    elif name == "sub":
        frames[-1].parts.append(subscript_text(before, text))
    elif name == "q":
        frames[-1].parts.append(f"“{text}”")
    elif words := clean_line(text.replace(_SOFT_BREAK, " ")):
        frames[0].struck_words.append(words)


def _superscript(before: str, text: str) -> str:
    """Write raised characters. Figures stay raised characters: whether they are notes or powers is
    decided for all formats alike, once the text after them is known."""
    mark = text.strip()
    if re.fullmatch(r"[-+]?\d+", mark):
        return mark.translate(_RAISED_FIGURES)
    return superscript_text(before, text)


def _marks_written(text: str) -> str:
    """Write the marks of notes and the raised and lowered characters of Pandoc's Markdown as a
    reader sees them, and join divided words."""
    text = _NOTE.sub("* ", text)
    text = without_signs(_NOTE_MARK.sub("", text))
    if "^" in text:
        text = _CARETS.sub(_raised, text)
    if "~" in text:
        text = _TILDES.sub(lambda match: match[1] + subscript_text(match[1], match[2]), text)
    text = _definitions(_HIGHLIGHT.sub(r"\1", text))
    if _SOFT_BREAK in text and are_credits(text.split(_SOFT_BREAK)):
        return text.replace(_SOFT_BREAK, "\n")
    text = join_divided(text.replace("\n", _HARD_BREAK).replace(_SOFT_BREAK, "\n"))
    return text.replace("\n", " ").replace(_HARD_BREAK, "\n")


def _raised(match: re.Match[str]) -> str:
    """Write what stands between carets after the characters before it."""
    text = match[1]
    runs = re.findall(rf"\^({_RAISED})\^", match[2])
    after = match.string[match.end() : match.end() + 40]
    for run in runs:
        # Runs beside each other are not one number: of 10^6^^3^, the 3 is a note.
        characters = (
            superscript_text(text, run, after) if len(runs) > 1 else _superscript(text, run)
        )
        text += characters
    return text


def _without_notes(text: str) -> tuple[str, list[str]]:
    """Return a text without the notes that Pandoc's Markdown writes in their place, and these."""
    if "^[" not in text:
        return text, []
    return _INLINE_NOTE.sub("", text), [one_line(note) for note in _INLINE_NOTE.findall(text)]


def _definitions(text: str) -> str:
    """Join a term with its definition, which begins the next line with a colon or a tilde."""
    lines = text.split(_SOFT_BREAK)
    if len(lines) < 2 or not any(map(_DEFINITION.match, lines[1:])):
        return text
    pairs: list[str] = []
    for line in lines:
        if pairs and _DEFINITION.match(line):
            is_next = ": " in pairs[-1]
            meaning = _DEFINITION.sub("", line, count=1)
            pairs[-1] = (
                f"{pairs[-1]}; {meaning}" if is_next else definition_line(pairs[-1], meaning)
            )
        else:
            pairs.append(line)
    return "\n".join(pairs)
