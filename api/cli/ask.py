"""``pullquote ask``, ``pullquote timeline`` and ``pullquote search``."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from api.cli.library import library_of, warn
from api.cli.output import print_answer, print_json, print_nothing, print_results
from index.filters import Filters
from index.validation import reason_of
from rag.answer import Answer
from rag.errors import QuestionError
from rag.question import Mode

if TYPE_CHECKING:
    from rag import Pullquote

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
    "with_full_ids",
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
    typer.Option(
        "--article",
        metavar="ID",
        help="Only from the article of this id, or its beginning; again for more.",
    ),
]
Language = Annotated[
    list[str] | None,
    typer.Option(
        "--language", metavar="TAG", help="Only in this language, as in fr; again for more."
    ),
]


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as exc:
        raise typer.BadParameter("a day is needed, such as 2025-05-26") from exc


Since = Annotated[
    date | None,
    typer.Option(
        "--from", parser=_day, metavar="YYYY-MM-DD", help="Published on this day or later."
    ),
]
Until = Annotated[
    date | None,
    typer.Option(
        "--to", parser=_day, metavar="YYYY-MM-DD", help="Published on this day or earlier."
    ),
]
# Who forgets the quotation marks around a question is understood all the same.
_UNQUOTED = {"allow_extra_args": True}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        epilog='Example: pullquote ask "Who runs Nvidia?" --from 2025-01-01',
        context_settings=_UNQUOTED,
    )(ask)
    app.command(
        epilog='Example: pullquote timeline "chip exports" --from 2025-01-01',
        context_settings=_UNQUOTED,
    )(timeline)
    app.command(
        epilog='Example: pullquote search "chip exports" --top-k 3',
        context_settings=_UNQUOTED,
    )(search)


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
            _whole(question, context),
            top_k=top_k,
            filters=with_full_ids(pullquote, filters),
            time_filters=time_filters,
            mode=mode,
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
        filters = with_full_ids(pullquote, filters)
        answer = pullquote.ask(_whole(question, context), filters=filters, timeline=True)
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
        filters = with_full_ids(pullquote, filters)
        results = pullquote.search(_whole(question, context), top_k=top_k, filters=filters)
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
    since: date | None,
    until: date | None,
    article: list[str] | None,
    language: list[str] | None,
) -> Filters:
    """Make the filters of these options. ``QuestionError`` when they contradict each other."""
    if since and until and since > until:
        raise QuestionError(f"--from {since} is after --to {until}")
    try:
        return Filters(
            publisher=tuple(publisher or ()),
            published_from=since,
            published_to=until,
            article_ids=tuple(article or ()),
            language=tuple(language or ()),
        )
    except ValidationError as exc:
        raise QuestionError(reason_of(exc.errors(include_url=False)[0])) from exc


def with_full_ids(pullquote: Pullquote, filters: Filters) -> Filters:
    """Return the filters with the ids of articles in full where there are their beginnings.
    ``NotFoundError`` where an id is none."""
    if not filters.article_ids:
        return filters
    # Only who names articles waits for it.
    from api.cli.ids import full_ids

    with pullquote.library.view() as view:
        ids = full_ids(view, filters.article_ids)
    return filters.model_copy(update={"article_ids": tuple(ids)})


def _whole(question: str, context: typer.Context) -> str:
    return " ".join([question, *context.args])


def _print(answer: Answer, as_json: bool) -> None:
    if as_json:
        print_json(answer.as_json())
    else:
        print_answer(answer)
