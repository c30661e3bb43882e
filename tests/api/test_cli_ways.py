"""Ways through the command line that are taken seldom: going on, on a terminal, making anew."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from api.cli import listing
from api.cli import resident as resident_commands
from api.cli import sync as sync_command
from api.routes.service import readiness_of
from index.errors import SourceError
from index.library import Library
from index.sync.engine import SyncOptions, SyncReport
from index.sync.watch import poll, watch_folder
from rag.console import SafeConsole
from tests.api.test_cli import Cli, cli, fresh
from tests.fakes import article
from tests.index.fetch.site import serving
from tests.index.fetch.stories import feed, story

__all__ = ["cli", "fresh"]
pytestmark = pytest.mark.usefixtures("one_encoder")


def _put(folder: Path, name: str) -> None:
    (folder / f"{name}.txt").write_text(f"About {name}\n\nThe {name} of this town are many.")


def test_a_folder_is_watched_until_the_end(
    fresh: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def watch(
        library: Library, folder: Path, options: SyncOptions, on_trouble: Any
    ) -> Iterator[SyncReport]:
        stop = threading.Event()
        reports = watch_folder(library, folder, options, on_trouble, stop)
        yield next(reports)
        _put(folder, "bees")
        yield next(reports)
        stop.set()

    monkeypatch.setattr(sync_command, "watch_folder", watch)
    folder = tmp_path / "articles"
    folder.mkdir()
    _put(folder, "ants")
    result = fresh("sync", str(folder), "--watch")
    assert result.exit_code == 0
    lines = [line for line in result.stdout.splitlines() if " added, " in line]
    assert [line.split(",")[0].strip() for line in lines] == ["1 added", "1 added"]


def test_a_link_is_looked_at_again_after_so_many_minutes(
    fresh: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_ALLOW_PRIVATE_ADDRESSES", "true")
    monkeypatch.setenv("PULLQUOTE_DOWNLOAD_DELAY", "0")
    waits: list[float] = []
    with serving() as site:
        host = f"127.0.0.1:{site.port}"

        def wait(seconds: float) -> bool:
            waits.append(seconds)
            if len(waits) == 1:
                raise_in_turn.append(SourceError("the feed is away"))
            if len(waits) == 2:
                site.page(f"{host}/feed", feed(f"http://{host}/a", f"http://{host}/b"))
            return len(waits) == 3

        raise_in_turn: list[SourceError] = []

        def looked(sync: Callable[[bool], SyncReport], seconds: float, trouble: Any) -> Any:
            def look(first: bool) -> SyncReport:
                if raise_in_turn:
                    raise raise_in_turn.pop()
                return sync(first)

            return poll(look, seconds, trouble, wait)

        monkeypatch.setattr(sync_command, "poll", looked)
        for name in "ab":
            site.page(f"{host}/{name}", story(f"wombats of {name}", title=f"Wombats {name}"))
        site.page(f"{host}/feed", feed(f"http://{host}/a"))
        result = fresh("sync", f"http://{host}/feed", "--watch", "--every", "30", "--json")
    assert waits == [1800.0] * 3
    decoder, rest, reports = json.JSONDecoder(), result.stdout.strip(), []
    while rest:
        report, end = decoder.raw_decode(rest)
        reports.append(report)
        rest = rest[end:].strip()
    assert [len(report["added"]) for report in reports] == [1, 1]
    assert "warning: the feed is away" in result.stderr


def test_indexes_are_made_anew_on_request(fresh: Cli, tmp_path: Path) -> None:
    _put(tmp_path, "ants")
    (id,) = json.loads(fresh("add", str(tmp_path / "ants.txt"), "--json").stdout)["added"]
    for index in (tmp_path / "library" / "lexical").iterdir():
        index.unlink()
    result = fresh("doctor", "--repair", "--reencode")
    assert result.exit_code == 0, result.output
    assert "reencoded: 1 passage" in result.stdout
    assert "WRONG" not in result.stdout
    removed = fresh("remove", id, "--json")
    assert (removed.exit_code, json.loads(removed.stdout)) == (0, {"removed": [id]})


def _on_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> io.StringIO:
    shown = io.StringIO()
    console = SafeConsole(file=shown, force_terminal=True, color_system=None, width=width)
    monkeypatch.setattr(listing, "stdout", console)
    return shown


ARTICLES = [article(f"a-long-name-of-an-article-{n}", "Ships wait.") for n in range(2)]


def test_a_wide_terminal_has_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _on_terminal(monkeypatch, 120)
    listing._print_list(ARTICLES)
    head, *rows = shown.getvalue().splitlines()
    assert head.split() == ["id", "title", "publisher", "published"]
    assert [row.split()[0] for row in rows] == [each.id for each in ARTICLES]


def test_a_narrow_terminal_has_whole_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _on_terminal(monkeypatch, 20)
    listing._print_list(ARTICLES)
    assert [each.id for each in ARTICLES if f"{each.id}\n" in shown.getvalue()] == [
        each.id for each in ARTICLES
    ]


def test_why_a_list_is_empty_is_said(cli: Cli) -> None:
    result = cli("list", "--to", "1990-01-01")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "No article matches.\n"


def test_an_article_is_opened_where_it_was_published(
    fresh: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(listing, "_browse", browse)
    record = {"id": "ships", "text": "Ships wait in the bay.", "url": "https://quay.example/ships"}
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    assert fresh("add", str(tmp_path / "a.jsonl")).exit_code == 0
    assert fresh("open", "ships").stdout.strip() == record["url"]
    assert "Ships wait in the bay." in fresh("open", "ships", "--text").stdout
    assert opened == [record["url"]]


@pytest.mark.parametrize(
    ("status", "exit_code", "said"),
    [({"pid": 1}, 0, "running already"), (None, 1, "It did not start")],
)
def test_a_resident_process_that_runs_or_cannot(
    cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
    status: dict[str, int] | None,
    exit_code: int,
    said: str,
) -> None:
    monkeypatch.setattr(resident_commands, "control", lambda *_: status)
    ended = SimpleNamespace(poll=lambda: 1)
    monkeypatch.setattr(resident_commands, "start_resident", lambda _: ended)
    result = cli("resident", "start")
    assert (result.exit_code, said in result.output) == (exit_code, True)


def test_a_server_whose_store_has_no_place_is_not_ready() -> None:
    ready = threading.Event()
    ready.set()
    state = SimpleNamespace(ready=ready, reads=SimpleNamespace(full=True))
    readiness = asyncio.run(readiness_of(cast(Any, state)))
    assert (readiness.status, readiness.problems) == (
        "unavailable", ["too many requests for the store"]
    )  # fmt: skip
