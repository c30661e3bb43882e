"""Open the templates of the pages that the evaluation writes."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

__all__ = ["open_template"]


def open_template(path: Path) -> Template:
    """Open a template that escapes all text; a name that it is not given is an error
    (``jinja2.UndefinedError``) when it is rendered."""
    environment = Environment(
        loader=FileSystemLoader(path.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(path.name)
