"""``pullquote chat``: questions line by line, each understood with those before it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import typer

from api.cli.ask import (
    ArticleId,
    Language,
    Publisher,
    Since,
    TopK,
    Until,
    filters_of,
    with_full_ids,
)
from api.cli.library import open_or_seed, warn
from api.cli.output import count_of, print_answer, print_sources, stderr, stdout
from rag import Filters, Pullquote, Turn
from rag.answer import Answer
from rag.errors import QuestionError
from rag.question import MAX_TURNS

__all__ = ["chat", "register"]

_HELP: Final = """A line is a question; what it leaves out is taken from those before it.
/sources  the citations of the last answer in full, with links
/new      forget what was asked so far
/help     this
/quit     leave, as Ctrl-D does"""
_HISTORY_LINES: Final = 1000
# Where readline is told that a colour takes no room.
_PROMPT: Final = "\n\x01\x1b[36m\x02> \x01\x1b[0m\x02"


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(epilog="Example: pullquote chat --publisher Reuters")(chat)


def chat(
    top_k: TopK = 5,
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    article: ArticleId = None,
    language: Language = None,
) -> None:
    """Answer questions from standard input, one a line, until it ends (Ctrl-D or /quit)."""
    filters = filters_of(publisher, since, until, article, language)
    with open_or_seed() as pullquote:
        warn(pullquote)
        next_line = _line_reader(pullquote.settings.home / "chat_history")
        if sys.stdin.isatty():
            articles = count_of(pullquote.library.status()["articles"], "article")
            stderr.print(f"{articles} to ask. /help says what else there is.", style="dim")
        conversation = _Conversation(pullquote, top_k, with_full_ids(pullquote, filters))
        while (line := next_line()) is not None:
            if line.startswith("/"):
                if line in ("/quit", "/exit"):
                    return
                conversation.obey(line)
            elif line:
                conversation.ask(line)


@dataclass
class _Conversation:
    """The turns of a conversation so far, and the last answer."""

    pullquote: Pullquote
    top_k: int
    filters: Filters
    turns: list[Turn] = field(default_factory=list)
    answer: Answer | None = None

    def ask(self, question: str) -> None:
        """Print the answer to a question; Ctrl-C cancels it."""
        try:
            answer = self.pullquote.ask(
                question, top_k=self.top_k, filters=self.filters, history=self.turns
            )
        except QuestionError as exc:
            stderr.print(f"pullquote: {exc}", style="red", markup=False)
            return
        except KeyboardInterrupt:
            if not sys.stdin.isatty():
                raise
            stderr.print("Given up. /quit leaves.", style="dim")
            return
        self.answer = answer
        print_answer(answer)
        self.turns += [
            Turn(role="user", content=answer.question),
            Turn(role="assistant", content=answer.answer),
        ]
        del self.turns[:-MAX_TURNS]

    def obey(self, command: str) -> None:
        """Execute a command, a line that begins with a slash."""
        match command:
            case "/help":
                stdout.print(_HELP, markup=False)
            case "/new":
                self.turns.clear()
                self.answer = None
            case "/sources" if self.answer and self.answer.citations:
                print_sources(self.answer)
            case "/sources":
                stdout.print("There is no answer with sources yet.")
            case _:
                stderr.print(
                    f"pullquote: there is no {command}; /help lists what there is",
                    style="red",
                    markup=False,
                )


def _line_reader(history: Path) -> Callable[[], str | None]:
    """Make a function that reads a line, stripped; ``None`` at the end of the input.

    In a terminal lines can be edited, and those of earlier conversations recalled.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _next_line
    try:
        import atexit
        import readline
    except ImportError:  # a Python that was built without it
        return _next_line
    try:
        readline.read_history_file(history)
    except OSError:  # the first conversation
        history.touch(mode=0o600, exist_ok=True)
    readline.set_history_length(_HISTORY_LINES)
    atexit.register(readline.write_history_file, history)

    def edited_line() -> str | None:
        try:
            return input(_PROMPT).strip()
        except EOFError:
            stdout.print()
            return None

    return edited_line


def _next_line() -> str | None:
    if sys.stdin.isatty():
        stderr.print("\n> ", end="", style="cyan")
    line = sys.stdin.readline()
    return line.strip() if line else None
