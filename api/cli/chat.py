"""``pullquote chat``: questions line by line, each understood with those before it."""

from __future__ import annotations

import sys

import typer

from api.cli.ask import ArticleId, Language, Publisher, Since, TopK, Until, filters_of
from api.cli.library import open_or_seed, warn
from api.cli.output import print_answer, stderr
from rag import Turn
from rag.errors import QuestionError
from rag.question import MAX_TURNS

__all__ = ["chat", "register"]


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
    """Answer questions from standard input, one a line, until it ends (Ctrl-D)."""
    filters = filters_of(publisher, since, until, article, language)
    turns: list[Turn] = []
    with open_or_seed() as pullquote:
        warn(pullquote)
        while question := _next():
            try:
                answer = pullquote.ask(question, top_k=top_k, filters=filters, history=turns)
            except QuestionError as exc:
                stderr.print(f"pullquote: {exc}", style="red", markup=False)
                continue
            print_answer(answer)
            turns += [
                Turn(role="user", content=answer.question),
                Turn(role="assistant", content=answer.answer),
            ]
            del turns[:-MAX_TURNS]


def _next() -> str:
    """The next line that is not blank; empty at the end of the input."""
    while True:
        if sys.stdin.isatty():
            stderr.print("\n> ", end="", style="cyan")
        line = sys.stdin.readline()
        if not line or line.strip():
            return line.strip()
