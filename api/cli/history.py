"""The versions of an article, as ``pullquote show --history`` prints them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from api.cli.output import print_json, stdout
from index.store.versions import Change, Version, correction_notes

__all__ = ["print_history"]


def print_history(versions: Sequence[Version], as_json: bool) -> None:
    """Print the versions, the present one first, each with the sentences that it changed."""
    if as_json:
        print_json([version.as_json() for version in versions])
        return
    for version in versions:
        until = f"until {version.replaced_at:%Y-%m-%d %H:%M}" if version.replaced_at else "now"
        head = Text(f"version {version.number}", style="bold")
        head.append(f"  {version.added_at:%Y-%m-%d %H:%M} {until}", style="dim")
        stdout.print(head)
        stdout.print(Text(f"  {version.article.title}"))
        for note in correction_notes(version.article):
            stdout.print(Text(f"  ! {note.of(version.article.text)}", style="yellow"))
        for change in version.changes:
            _print_change(change)
        stdout.print()


def _print_change(change: Change) -> None:
    for sentence in change.before:
        stdout.print(Text(f"  - {sentence}", style="red"))
    for sentence in change.after:
        stdout.print(Text(f"  + {sentence}", style="green"))
