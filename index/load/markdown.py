"""Markdown with YAML front matter: one article a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import ValidationError

from index.errors import LoadError
from index.load.base import Loaded, Source, read_text, title_from_name
from index.load.blocks import one_line
from index.load.jsonl import Record, explain
from index.load.rows import row_lines
from index.text.captions import caption_line
from index.text.normalise import clean, clean_line

__all__ = ["MarkdownLoader", "plain_text"]

_MAX_FRONT_MATTER_CHARS = 65_536
_MAX_LEVELS = 20


class MarkdownLoader:
    """``.md`` files. The front matter may have the fields of a JSON Lines record; without a title
    there, a first heading of level one is the title.

    The text is that of the rendered page: mark-up and link targets are removed, alternative texts
    of images become captions, list items keep their dash or number, cells of tables get their
    column's heading, blocks are separated by a blank line.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown")
    content_types: ClassVar[tuple[str, ...]] = ("text/markdown", "text/x-markdown")

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        metadata, body = _front_matter(read_text(source, max_chars), source.name)
        title, text, rows = _plain_text(body, take_title="title" not in metadata)
        if not clean(text):
            raise source.refused("the file holds no text")
        try:
            record = Record.model_validate({"title": title, **metadata, "text": clean(text)})
        except ValidationError as exc:
            raise source.refused(f"front matter: {explain(exc)}") from exc
        name = clean_line(record.title) or title_from_name(source.stem)
        record.url = record.url or source.url
        yield record.article(
            id=record.id or source.id(), title=name, source=source.name, found_as="page", rows=rows
        )


class _PlainYaml(YAMLHandler):
    """Reads YAML of names and values. What makes a small file large or deep is refused before it is
    built: references, merges, and more levels than people write by hand."""

    def load(self, fm: str, **kwargs: object) -> Any:
        if not fm.strip():
            return {}
        if len(fm) > _MAX_FRONT_MATTER_CHARS:
            raise ValueError(f"over the limit of {_MAX_FRONT_MATTER_CHARS:,} characters")
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


def _front_matter(content: str, source: str) -> tuple[dict[str, Any], str]:
    try:
        metadata, body = frontmatter.parse(content, handler=_PlainYaml())
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        reason = " ".join(str(exc).split())
        raise LoadError(source, f"front matter is not YAML: {reason}") from exc
    return {str(key): value for key, value in metadata.items() if value is not None}, body


def plain_text(markdown: str, take_title: bool = False) -> tuple[str, str]:
    """Return the title (empty unless ``take_title``) and the text of a Markdown document."""
    return _plain_text(markdown, take_title)[:2]


def _plain_text(markdown: str, take_title: bool) -> tuple[str, str, tuple[str, ...]]:
    """Return the same, and which of its lines are rows of tables."""
    table_rows: list[str] = []
    blocks: list[str] = []
    title = ""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    lists: list[int | None] = []
    rows: list[list[str]] = []
    prefix = ""
    for i, token in enumerate(tokens):
        match token.type:
            case "tr_open":
                rows.append([])
            case "table_close":
                lines = list(row_lines(rows, headings=1))
                blocks += lines
                table_rows += lines
                rows = []
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                prefix = _marker(lists)
            case "inline":
                text = _inline(token)
                pictures = _pictures(token)
                if rows:
                    rows[-1].append(one_line(text))
                elif take_title and not title and not blocks and tokens[i - 1].tag == "h1":
                    title = text
                elif text:
                    blocks.append(prefix + text)
                    prefix = ""
                blocks += pictures
            case "fence" | "code_block":
                blocks.append(token.content.rstrip())
    return clean_line(title), "\n\n".join(blocks), tuple(table_rows)


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


def _inline(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline":
                parts.append(child.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
    return "".join(parts).strip()
