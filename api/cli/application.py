"""The command line application, with what holds for every command: errors, exit codes,
interruption. A command is imported when it is used, so that asking does not wait for the others."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import EntryPoints, entry_points
from inspect import cleandoc
from io import TextIOWrapper
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from api.cli.exit_codes import FAILURE, INTERRUPTION, MISUSE
from api.cli.output import json_of, stderr, stdout
from index.errors import PullquoteError, SettingsError
from index.validation import reason_of
from index.version import pullquote_version
from rag.errors import QuestionError

__all__ = ["COMMANDS", "app", "main"]

PLUGINS = "pullquote.commands"
# Of a terminal that has room for a help in boxes.
_BOX_COLUMNS: Final = 80

# The module of each command, in the order of the help.
COMMANDS: Final = {
    "ask": "ask",
    "timeline": "ask",
    "search": "ask",
    "chat": "chat",
    "add": "articles",
    "remove": "articles",
    "show": "articles",
    "list": "listing",
    "open": "listing",
    "sync": "sync",
    "doctor": "doctor",
    "backup": "backup",
    "restore": "backup",
    "copy": "copy",
    "publish": "publish",
    "follow": "publish",
    "serve": "serve",
    "keys": "keys",
    "resident": "resident",
    "mcp": "mcp",
}


class _Group(TyperGroup):
    """Turns errors that a user can cause into a message and an exit code, and finds the commands
    that other packages register under the entry point ``pullquote.commands``."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*COMMANDS, *(plugin.name for plugin in _plugins())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in COMMANDS:
            module = import_module(f"api.cli.{COMMANDS[cmd_name]}")
            return _reflow(_commands_of(module.register).commands[cmd_name], ctx)
        for plugin in _plugins():
            if plugin.name == cmd_name:
                return _reflow(_only_command(plugin.load()), ctx)
        return None

    def get_params(self, ctx: Any) -> Any:
        params = super().get_params(ctx)
        _name_values(params)
        return params

    def format_help(self, ctx: Any, formatter: Any) -> None:
        if _is_narrow():
            self.rich_markup_mode = None
        super().format_help(ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        # The suggestion for a misspelt command is looked for among these.
        self.commands = dict.fromkeys(COMMANDS, _commands_of(lambda _: None))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        try:
            try:
                return self._invoke(ctx)
            finally:
                # Python would do it as it ends, and complain.
                if sys.stdout:
                    sys.stdout.flush()
        except BrokenPipeError as exc:
            # The reader of our output (head, less) has closed it: nothing more can be printed.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(FAILURE) from exc

    def _invoke(self, ctx: Any) -> Any:
        as_json = "--json" in sys.argv
        try:
            return super().invoke(ctx)
        except PullquoteError as exc:
            _report(exc, as_json)
            raise typer.Exit(
                MISUSE if isinstance(exc, QuestionError | SettingsError) else FAILURE
            ) from exc
        except typer.BadParameter as exc:
            # Typer passes on what pydantic says.
            if isinstance(exc.__cause__, ValidationError):
                exc.message = reason_of(exc.__cause__.errors(include_url=False)[0])
            raise
        except KeyboardInterrupt as exc:
            stderr.print("Interrupted.")
            raise typer.Exit(INTERRUPTION) from exc


def _holder(register: Callable[[typer.Typer], None]) -> typer.Typer:
    # Completion is of the whole command line, not of one command.
    holder = typer.Typer(add_completion=False)
    register(holder)
    return holder


def _commands_of(register: Callable[[typer.Typer], None]) -> TyperGroup:
    """Return a group of the commands that a module adds."""
    return typer.main.get_group(_holder(register))


def _only_command(register: Callable[[typer.Typer], None]) -> Any:
    """Return the command, or the group, that a plugin adds."""
    return typer.main.get_command(_holder(register))


def _reflow(command: Any, ctx: Any) -> Any:
    """Return the command with help that fits any terminal: its lines break where the terminal's do,
    a list of commands shows its first sentence, and no type of Python's is shown."""
    paragraphs = cleandoc(command.help or "").split("\n\n")
    command.help = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    sentence, _, more = command.help.partition(". ")
    command.short_help = f"{sentence}." if more else sentence
    _name_values(command.get_params(ctx))
    if _is_narrow():
        command.rich_markup_mode = None
    for subcommand in getattr(command, "commands", {}).values():
        _reflow(subcommand, ctx)
    return command


def _is_narrow() -> bool:
    """Whether the boxes and columns of a help would cut names of options."""
    return shutil.get_terminal_size().columns < _BOX_COLUMNS


def _name_values(params: Any) -> None:
    """Say what stands behind an option in words of the shell; typer says ``<int range>``."""
    for parameter in params:
        if parameter.param_type_name == "argument":
            parameter.metavar = parameter.metavar or parameter.name.upper()
            parameter.display_type = lambda *_, **__: None
        elif parameter.metavar is None:
            parameter.metavar = _value_name(parameter)


def _value_name(option: Any) -> str | None:
    kind = option.type_descriptor
    if option.is_flag:
        return ""
    if kind.is_choice:
        return None
    if kind.is_path:
        return "PATH"
    return "N" if kind.is_ranged else "NAME"


def _plugins() -> EntryPoints:
    return entry_points(group=PLUGINS)


def _report(error: PullquoteError, as_json: bool) -> None:
    if as_json:
        record = {"error": type(error).__name__, "message": str(error)}
        sys.stdout.write(json_of(record) + "\n")
    else:
        stderr.print(f"pullquote: {error}", style="red", markup=False, highlight=False)


app = typer.Typer(
    name="pullquote",
    cls=_Group,
    help="Ask your articles, get answers in their own words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)


def _print_version(is_asked_for: bool) -> None:
    if is_asked_for:
        stdout.print(f"pullquote {pullquote_version()}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None: ...


def main() -> None:
    """Entry point of the ``pullquote`` script."""
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        # A character that the encoding of the terminal lacks is a question mark, and no error.
        sys.stdout.reconfigure(errors="replace")
    app()
