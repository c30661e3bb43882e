"""Bring Markdown as Pandoc, Obsidian, Hugo, kramdown and others write it to what CommonMark knows:
what is no word of the text goes, and what stands for words becomes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

__all__ = ["common_markdown", "sign_linked_notes", "without_signs"]

# Code between fences; what is not closed goes on to the end.
_FENCE = re.compile(
    r"^(?:`{3,}+[^`\n]*|~{3,}+[^\n]*)$.*?(?:^(?:`{3,}+|~{3,}+)[ \t]*$|\Z)|`[^`\n]+`",
    re.DOTALL | re.MULTILINE,
)
# What opens and ends a box; comments; what a site's templates put in; sources as a chat model marks
# them; a block's name.
_SILENT = re.compile(
    r"(?m)^:{3,}.*$|(?<!\d)%%(?:(?!%%)[\s\S]){0,2000}%%|\{\{[<%][^{}]{0,500}[%>]\}\}"
    r"|\{%[^{}\n]{0,300}%\}"
    r"|(?<=\S)[ \t]+\^[a-zA-Z][\w-]*$"
    r"|^[*-] .{1,40}\n\{: ?toc *\}$|:contentReference\[[^\]\n]{0,80}\]\{[^{}\n]{0,40}\}"
)
# Names, classes and sizes of an element: ``{#name .class width="3in"}``, ``{: .lead }``.
_PAIR = r"[\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[\w.%-]+)"
_BRACES = (
    rf"\{{:?\s{{0,9}}(?:[#.][\w:.-]+|toc|{_PAIR})(?:\s{{1,9}}(?:[#.][\w:.-]+|{_PAIR}))*\s{{0,9}}\}}"
)
_ATTRIBUTES = re.compile(rf"[ \t]?{_BRACES}")
# Words that are an element by themselves, in brackets before their attributes.
_SPAN = re.compile(rf"(?<![!\]])\[((?:[^\[\]\\]|\\.){{0,1000}})\](?={_BRACES})", re.DOTALL)
# A link to another note, or the note itself put in here; the sign of a box.
_WIKI_LINK = re.compile(r"(!?)\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")
_CALLOUT = re.compile(r"(?m)^((?:[ \t]*>)+[ \t]*)\[!\w[\w-]{0,30}\][-+]?[ \t]*(.*)$")
_MOST_LEVELS = 4
# Of a link that is a note's mark: a figure, which may have brackets around it.
_NOTE_LINK = re.compile(r"\[?(\d{1,3})\]?")
_SIGN = "\ue002"
_SIGNS = rf"(?:\[{_SIGN}\]|{_SIGN})+"
_SIGN_TAGS = re.compile(
    rf"[ \u00a0]?(?:\^\({_SIGNS}[^()\n]{{0,9}}\)|\^{_SIGNS}[^^\n]{{0,9}}\^|{_SIGNS})"
)


def common_markdown(markdown: str) -> str:
    """Return Markdown without what CommonMark does not know; code stays as it is."""
    parts: list[str] = []
    end = 0
    for code in _FENCE.finditer(markdown):
        parts += [_without_dialect(markdown[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, _without_dialect(markdown[end:])])


def _without_dialect(markdown: str) -> str:
    markdown = _SILENT.sub("", markdown)
    if "[[" in markdown:
        markdown = _WIKI_LINK.sub(_name_of_link, markdown)
    if "[!" in markdown:
        markdown = _CALLOUT.sub(_title_of_box, markdown)
    if "{" in markdown:
        for _ in range(_MOST_LEVELS):
            inner = _SPAN.sub(r"\1", markdown)
            if inner == markdown:
                break
            markdown = inner
        markdown = _ATTRIBUTES.sub("", markdown)
    return markdown


def _name_of_link(match: re.Match[str]) -> str:
    """Return what a link to another note shows; nothing for what is put in."""
    if match[1]:
        return ""
    # What may stand behind it is the address of a link with brackets in its words: [[1]](#note).
    if match.string[match.end() : match.end() + 1] in ("(", "["):
        return match[0]
    return match[3] or match[2].replace("#", " > ")


def _title_of_box(match: re.Match[str]) -> str:
    # A line of its own, as the box has it; without a title there is nothing to read.
    return f"{match[1]}{match[2]}\n{match[1]}" if match[2] else match[1]


def sign_linked_notes(tokens: Sequence[Token]) -> None:
    """Put a sign in the place of links that are marks of notes: figures that count from one,
    or lead to a place of the same text."""
    marks: list[tuple[Token, int]] = []
    local: list[Token] = []
    for token in tokens:
        children = token.children or []
        for before, child, after in zip(children, children[1:], children[2:], strict=False):
            is_link = before.type == "link_open" and after.type == "link_close"
            if is_link and (match := _NOTE_LINK.fullmatch(child.content)):
                marks.append((child, int(match[1])))
                local += [child] if str(before.attrGet("href")).startswith("#") else []
    numbers = list(dict.fromkeys(number for _, number in marks))
    is_counted = numbers == list(range(1, len(numbers) + 1))
    for child in (child for child, _ in marks) if is_counted else local:
        child.content = _SIGN


def without_signs(text: str) -> str:
    """Return a text without the signs of :func:`sign_linked_notes`, their brackets and the space
    before them."""
    return _SIGN_TAGS.sub("", text)
