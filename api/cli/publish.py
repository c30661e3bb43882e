"""``pullquote publish`` and ``pullquote follow``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from api.cli.ask import AsJson
from api.cli.output import count_of, print_json, stderr, stdout
from index.errors import SettingsError
from index.publication.follower import FollowerStore
from index.publication.place import open_publication
from index.publication.publisher import Publication, publish
from index.store.opening import open_store
from rag import Settings

__all__ = ["follow", "publish_library", "register", "watch"]

_Place = Annotated[
    str, typer.Argument(help="A folder, or s3://BUCKET/PATH (extra cluster).", metavar="DIR|URL")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("publish", epilog="Example: pullquote publish /mnt/share/news")(publish_library)
    app.command(epilog="Example: pullquote follow /mnt/share/news")(follow)


def publish_library(
    place: _Place,
    keep: Annotated[int, typer.Option(min=1, max=1000, help="Generations that stay there.")] = 3,
    anew: Annotated[
        bool, typer.Option("--anew", help="Write every file, also those that are there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish the library as it is now, for others to follow: all of it or nothing, verified. What
    is there already is not written again; others may read and write the library meanwhile."""
    settings = Settings.from_environment()
    if settings.store.get_secret_value():
        raise SettingsError(
            "PULLQUOTE_STORE is set, and what is on Milvus is not published: every server can "
            "read it there"
        )
    publication = publish(
        settings.library_folder,
        open_publication(place),
        keep=keep,
        anew=anew,
        vector_index=settings.vector_index,
        lock_timeout=settings.lock_timeout,
    )
    if as_json:
        print_json(asdict(publication))
        return
    stdout.print(_summary(publication))


def _summary(publication: Publication) -> str:
    counts = (
        f"{count_of(publication.articles, 'article')}, {count_of(publication.passages, 'passage')}"
    )
    if not publication.is_new:
        return f"generation {publication.generation} is there already: {counts}"
    return (
        f"generation {publication.generation} published: {counts}; "
        f"{publication.written_bytes:,} of {publication.bytes:,} bytes written"
    )


def follow(
    place: _Place,
    once: Annotated[bool, typer.Option("--once", help="Stop with the newest generation.")] = False,
) -> None:
    """Keep the library equal to the one that is published there, until interrupted. It is read
    here and written where it is published; pullquote serve follows by itself from then on."""
    settings = Settings.from_environment().model_copy(update={"follow": place})
    store = open_store(settings.library_folder, settings.index_settings(), create=True)
    assert isinstance(store, FollowerStore)
    try:
        for problem in store.problems:
            stderr.print(f"warning: {problem}", style="yellow", markup=False)
        stdout.print(store.description, markup=False)
        if not once:
            stop = threading.Event()
            watch(store, lambda: stop.wait(settings.follow_interval))
    finally:
        store.close()


def watch(store: FollowerStore, pause: Callable[[], object]) -> None:
    """Look for new generations, with a pause before each look, until interrupted; print each, and
    what goes wrong, once."""
    problems = store.problems
    while True:
        pause()
        if store.check():
            stdout.print(store.description, markup=False)
        if store.problems != problems:
            problems = store.problems
            for problem in problems:
                stderr.print(f"warning: {problem}", style="yellow", markup=False)
