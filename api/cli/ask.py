"""``pullquote ask``, ``pullquote timeline`` and ``pullquote search``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from pydantic import ValidationError

from api.cli.library import library_of, warn
from api.cli.output import print_answer, print_json, print_nothing, print_results
from index.filters import Filters
from index.validation import reason_of
from rag.answer import Answer
from rag.errors import QuestionError
from rag.question import Mode

__all__ = [
    "ArticleId",
    "AsJson",
    "Language",
    "Publisher",
    "Since",
    "TopK",
    "Until",
    "ask",
    "filters_of",
    "register",
    "search",
    "timeline",
]

ABSTENTION = 3

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
TopK = Annotated[
    int, typer.Option("--top-k", "-k", min=1, max=100, metavar="N", help="How many passages.")
]
Publisher = Annotated[
    list[str] | None,
    typer.Option("--publisher", metavar="NAME", help="Only from this publisher; again for more."),
]
ArticleId = Annotated[
    list[str] | None,
    typer.Option("--article", metavar="ID", help="Only from this article; again for more."),
]
Language = Annotated[
    list[str] | None,
    typer.Option(
        "--language", metavar="TAG", help="Only in this language, as in fr; again for more."
    ),
]
_DAY = "%Y-%m-%d"
Since = Annotated[
    datetime | None,
    typer.Option(
        "--from", formats=[_DAY], metavar="YYYY-MM-DD", help="Published on this day or later."
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--to", formats=[_DAY], metavar="YYYY-MM-DD", help="Published on this day or earlier."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog='Example: pullquote ask "Who runs Nvidia?" --from 2025-01-01')(ask)
    app.command(epilog='Example: pullquote timeline "chip exports" --from 2025-01-01')(timeline)
    app.command(epilog='Example: pullquote search "chip exports" --top-k 3')(search)


AnswerMode = Annotated[
    Mode | None,
    typer.Option(
        "--mode",
        metavar="MODE",
        help="extractive quotes, generative lets the chat model write, auto does if there is one.",
    ),
]


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question, in plain language.")],
    top_k: TopK = 5,
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    article: ArticleId = None,
    language: Language = None,
    mode: AnswerMode = None,
    time_filters: Annotated[
        bool,
        typer.Option(
            help="Heed words of time in the question, such as “last month”.", show_default=False
        ),
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the articles, with citations; exit code 3 when they do not say."""
    filters = filters_of(publisher, since, until, article, language)
    with library_of(context) as pullquote:
        answer = pullquote.ask(
            question, top_k=top_k, filters=filters, time_filters=time_filters, mode=mode
        )
        warn(pullquote)
    _print(answer, as_json)
    if answer.abstained and answer.abstain_reason != "no_question":
        raise typer.Exit(ABSTENTION)


def timeline(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="A question, or a topic.")],
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    article: ArticleId = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Show what was said of something over time, day by day, the oldest first."""
    filters = filters_of(publisher, since, until, article, language)
    with library_of(context) as pullquote:
        answer = pullquote.ask(question, filters=filters, timeline=True)
        warn(pullquote)
    _print(answer, as_json)
    if answer.abstained:
        raise typer.Exit(ABSTENTION)


def search(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="What to look for.")],
    top_k: TopK = 5,
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    article: ArticleId = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Show the passages nearest to a question."""
    filters = filters_of(publisher, since, until, article, language)
    with library_of(context) as pullquote:
        results = pullquote.search(question, top_k=top_k, filters=filters)
        warn(pullquote)
        if not results and not as_json:
            with pullquote.library.view() as view:
                print_nothing(view, filters)
    if as_json:
        print_json([result.as_json() for result in results])
    else:
        print_results(results)


def filters_of(
    publisher: list[str] | None,
    since: datetime | None,
    until: datetime | None,
    article: list[str] | None,
    language: list[str] | None,
) -> Filters:
    """Make the filters of these options. ``QuestionError`` when they contradict each other."""
    try:
        return Filters(
            publisher=tuple(publisher or ()),
            published_from=since.date() if since else None,
            published_to=until.date() if until else None,
            article_ids=tuple(article or ()),
            language=tuple(language or ()),
        )
    except ValidationError as exc:
        raise QuestionError(reason_of(exc.errors(include_url=False)[0])) from exc


def _print(answer: Answer, as_json: bool) -> None:
    if as_json:
        print_json(answer.as_json())
    else:
        print_answer(answer)
