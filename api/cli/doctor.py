"""``pullquote doctor``: check the library and its models, and say how to repair what is wrong."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict
from importlib.metadata import version
from typing import Annotated

import typer
from rich.text import Text

from api.cli.ask import AsJson
from api.cli.exit_codes import FAILURE
from api.cli.library import open_library
from api.cli.output import count_of, print_json, stdout
from api.cli.progress import progress
from index.errors import LibraryMissing, PullquoteError
from index.load.registry import registry
from rag import Settings
from rag.chat.prompts import prompts
from rag.health import Check, check_library, check_models

__all__ = ["doctor", "register"]

_PACKAGES = ("sentence-transformers", "torch", "onnxruntime", "faiss-cpu", "tantivy")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: pullquote doctor --repair")(doctor)


def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Make anew whatever index does not hold.")
    ] = False,
    reencode: Annotated[
        bool, typer.Option("--reencode", help="Cut and encode all articles again.")
    ] = False,
    show_prompts: Annotated[
        bool, typer.Option("--prompts", help="Show what a chat model is told, and stop.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the library, its indexes and the models. Exit code 1 when something is wrong."""
    if show_prompts:
        _print_prompts(as_json)
        return
    settings = Settings.from_environment()
    checks = [
        Check("python", True, platform.python_version()),
        *(Check(name, True, version(name)) for name in _PACKAGES),
        Check("home", _writable(settings), str(settings.home)),
        *(Check("loader", False, problem) for problem in registry().problems),
    ]
    try:
        with open_library() as pullquote:
            if reencode:
                with progress("Encoding again") as show:
                    report = pullquote.library.reencode(show)
                checks.append(Check("reencoded", True, count_of(report.passages, "passage")))
            if repair:
                checks += [Check("repaired", True, detail) for detail in pullquote.library.repair()]
            checks += check_library(pullquote.library)
            checks += check_models(pullquote.library)
    except LibraryMissing as exc:
        checks.append(Check("library", True, str(exc)))
    except PullquoteError as exc:
        checks.append(Check("library", False, str(exc)))
    _print(checks, as_json)
    if not all(check.ok for check in checks):
        raise typer.Exit(FAILURE)


def _print_prompts(as_json: bool) -> None:
    if as_json:
        print_json([asdict(prompt) for prompt in prompts()])
        return
    for prompt in prompts():
        stdout.print(Text(f"{prompt.name}, version {prompt.version}: {prompt.use}", style="bold"))
        for role, text in prompt.parts:
            stdout.print(Text(f"\n# {role}", style="cyan"))
            stdout.print(Text(text))
        stdout.print()


def _writable(settings: Settings) -> bool:
    folder = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    return os.access(folder, os.W_OK)


def _print(checks: list[Check], as_json: bool) -> None:
    if as_json:
        print_json([check.as_json() for check in checks])
        return
    for check in checks:
        word, style = ("ok   ", "green") if check.ok else ("WRONG", "bold red")
        if check.ok and check.warning:
            word, style = "note ", "yellow"
        mark = Text(word, style=style)
        stdout.print(mark.append(f" {check.name}: {check.detail}", style="default"))
