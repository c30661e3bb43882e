"""The settings as Markdown tables, one a section."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rag.settings import PREFIX
from rag.settings.sections import SECTIONS
from rag.settings.values import DefaultText, Unit

__all__ = ["replace_tables", "settings_tables"]

_BEGIN, _END = "<!-- settings -->\n", "<!-- /settings -->"


def settings_tables() -> str:
    """Write every setting as Markdown: its variable, default, unit and description."""
    return "\n".join(_section_table(section) for section in SECTIONS).rstrip() + "\n"


def replace_tables(document: str) -> str:
    """Put the tables between the marker comments of a Markdown document.

    Raises ``ValueError`` where it does not have both.
    """
    before, begin, rest = document.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"no {_BEGIN.strip()} and {_END} to put the settings between")
    return f"{before}{_BEGIN}\n{settings_tables()}\n{_END}{after}"


def _section_table(section: type[BaseModel]) -> str:
    title = (section.__doc__ or "").strip().replace("``", "`").removesuffix(".")
    rows = [
        f"| `{PREFIX}{name.upper()}` | {_default(field)} | {_unit(field)} | {field.description} |"
        for name, field in section.model_fields.items()
    ]
    head = [f"{title}:", "", "| variable | default | unit | |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _unit(field: FieldInfo) -> str:
    return next((item.name for item in field.metadata if isinstance(item, Unit)), "")


def _default(field: FieldInfo) -> str:
    for item in field.metadata:
        if isinstance(item, DefaultText):
            return item.text
    return _format(field.default)


def _format(value: Any) -> str:
    match value:
        case None | "" | ():
            return "none"
        case bool():
            return "on" if value else "off"
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
    return f"`{value}`"
