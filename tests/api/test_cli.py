from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from index.store.sqlite.lock import writing
from tests.index.fetch.site import serving
from tests.index.fetch.stories import feed, story

Cli = Callable[..., Result]
pytestmark = pytest.mark.usefixtures("one_encoder")


def runner(home: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("PULLQUOTE_HOME", str(home))

    def run(*arguments: str) -> Result:
        # The group looks there for --json when it has an error to report.
        monkeypatch.setattr(sys, "argv", ["pullquote", *arguments])
        return CliRunner().invoke(app, arguments, catch_exceptions=False)

    return run


@pytest.fixture
def cli(home: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line over the built-in articles; not to be written to."""
    return runner(home, monkeypatch)


@pytest.fixture
def fresh(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line over a library of its own, with the models that are there already."""
    monkeypatch.setenv("PULLQUOTE_LIBRARY", str(tmp_path / "library"))
    return runner(home, monkeypatch)


def test_an_answer_is_cited(cli: Cli) -> None:
    result = cli("ask", "How much will Alibaba invest in AI infrastructure?")
    assert result.exit_code == 0
    assert "380 billion" in result.stdout
    assert "[1]" in result.stdout


def test_json_holds_the_promise(cli: Cli) -> None:
    result = cli("ask", "How much will Alibaba invest in AI infrastructure?", "--json")
    record = json.loads(result.stdout)
    for cited in record["citations"]:
        shown = json.loads(cli("show", cited["document_id"], "--json").stdout)
        start, end = cited["start_char_index"], cited["end_char_index"]
        assert shown["text"][start:end] == cited["cited_text"]


def test_silence_has_its_own_exit_code(cli: Cli) -> None:
    result = cli("ask", "Which goalkeeper saved most penalties in the 1994 final?")
    assert result.exit_code == 3
    assert "do not say" in result.stdout
    assert "Nearest passages" in result.stdout


def test_filters(cli: Cli) -> None:
    result = cli("ask", "How much will Alibaba invest?", "--to", "2001-01-01", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["abstain_reason"] == "nothing_matches_filters"


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("ask", "  ?! "),
        ("ask", "x" * 3000),
        ("ask", "Who?", "--top-k", "0"),
        ("ask", "Who?", "--from", "yesterday"),
        ("ask", "Who?", "--from", "2025-02-01", "--to", "2025-01-01"),
        ("add", "/no/such/path"),
        ("nonsense",),
    ],
)
def test_bad_usage(cli: Cli, arguments: tuple[str, ...]) -> None:
    result = cli(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_every_command_helps_with_an_example(cli: Cli) -> None:
    for command in ("ask", "search", "add", "remove", "list", "show", "sync", "doctor"):
        result = cli(command, "--help")
        assert result.exit_code == 0
        assert f"Example: pullquote {command}" in " ".join(result.stdout.split())


def test_search_and_list_and_show(cli: Cli) -> None:
    (first, *_) = json.loads(cli("search", "SiCarrier lithography", "--json").stdout)
    assert "SiCarrier" in first["text"]
    listed = [article["id"] for article in json.loads(cli("list", "--json").stdout)]
    assert first["document_id"] in listed
    assert "SiCarrier" in cli("show", first["document_id"]).stdout
    assert "SiCarrier" in cli("search", "SiCarrier lithography").stdout
    assert listed[0] in cli("list").stdout


def test_add_update_remove(fresh: Cli, tmp_path: Path) -> None:
    file = tmp_path / "wombats.txt"
    file.write_text("Wombats dig\n\nWombats dig burrows of thirty metres.")
    (added,) = json.loads(fresh("add", str(file), "--json").stdout)["added"]
    assert json.loads(fresh("add", str(file), "--json").stdout)["unchanged"] == 1
    file.write_text("Wombats dig\n\nWombats dig burrows of forty metres.")
    assert json.loads(fresh("add", str(file), "--json").stdout)["updated"] == [added]
    assert fresh("remove", added).exit_code == 0
    assert json.loads(fresh("list", "--json").stdout) == []
    result = fresh("ask", "What do wombats dig?", "--json")
    assert json.loads(result.stdout)["abstain_reason"] == "empty_library"


def test_history_shows_what_changed(fresh: Cli, tmp_path: Path) -> None:
    file = tmp_path / "wombats.txt"
    file.write_text("Wombats dig\n\nWombats dig burrows of thirty metres.")
    (id,) = json.loads(fresh("add", str(file), "--json").stdout)["added"]
    file.write_text("Wombats dig\n\nWombats dig burrows of forty metres.")
    fresh("add", str(file))
    shown = fresh("show", id, "--history").stdout
    assert "- Wombats dig burrows of thirty metres." in shown
    assert "+ Wombats dig burrows of forty metres." in shown
    now, before = json.loads(fresh("show", id, "--history", "--json").stdout)
    assert (now["version"], before["version"]) == (2, 1)
    assert now["changes"][0]["after"] == ["Wombats dig burrows of forty metres."]
    assert "thirty" in fresh("show", id, "--version", "1").stdout
    assert fresh("show", id, "--version", "7").exit_code == 1


def test_sync_says_what_it_did(fresh: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("ants", "bees", "cats"):
        (folder / f"{name}.txt").write_text(f"Of {name}\n\nThere are {name} in the garden.")
    said = json.loads(fresh("sync", str(folder), "--dry-run", "--json").stdout)
    assert (len(said["added"]), said["dry_run"]) == (3, True)
    done = json.loads(fresh("sync", str(folder), "--json").stdout)
    assert (done["added"], done["files"]) == (said["added"], 3)
    (folder / "ants.txt").unlink()
    assert "1 removed, 2 of 2 files unchanged" in fresh("sync", str(folder)).stdout
    for file in folder.iterdir():
        file.unlink()
    refused = fresh("sync", str(folder))
    assert refused.exit_code == 1
    assert "--yes" in refused.stderr
    assert fresh("sync", str(folder), "--yes").exit_code == 0
    assert fresh("sync", str(tmp_path / "nowhere")).exit_code == 1
    assert fresh("sync", str(folder), "--watch", "--dry-run").exit_code == 2


def test_other_languages_are_warned_of(fresh: Cli, tmp_path: Path) -> None:
    file = tmp_path / "hafen.txt"
    file.write_text("Der Hafen hat am Montag ein neues Becken eröffnet, auf das alle warteten.")
    added = fresh("add", str(file))
    assert added.exit_code == 0
    assert "1 in de" in added.stderr
    checks = json.loads(fresh("doctor", "--json").stdout)
    (told,) = [check for check in checks if check["name"] == "languages"]
    assert (told["ok"], told["warning"]) == (True, True)


def test_broken_files_are_listed_and_the_rest_is_indexed(fresh: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for i in range(40):
        (folder / f"{i}.txt").write_text(f"Report number {i} says that all is well in ward {i}.")
    (folder / "3.txt").write_bytes(b"\x00\x01")
    (folder / "7.txt").write_bytes(b"")
    (folder / "9.md").write_text("---\ntitle: [\n---\nBody.")
    result = fresh("add", str(folder))
    assert result.exit_code == 1
    assert "38 added" in result.stdout
    for name in ("3.txt", "7.txt", "9.md"):
        assert f"{folder}/{name}: " in result.stderr.replace("\n", "")


def test_errors_name_the_cause_without_a_traceback(fresh: Cli, tmp_path: Path) -> None:
    missing = fresh("list")
    assert missing.exit_code == 1
    assert "pullquote add" in missing.stderr
    as_json = fresh("show", "nobody", "--json")
    assert json.loads(as_json.stdout)["error"] == "LibraryMissing"


def test_a_locked_library_names_its_writer(
    fresh: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is the first writer to this library that holds the lock.
    monkeypatch.setattr("index.store.sqlite.database._CREATION_SECONDS", 0)
    file = tmp_path / "a.txt"
    file.write_text("Some text.")
    (tmp_path / "library").mkdir()
    with writing(tmp_path / "library", 0):
        result = fresh("add", str(file))
    assert result.exit_code == 1
    assert "process" in result.stderr


def test_doctor_shows_the_prompts(cli: Cli) -> None:
    shown = cli("doctor", "--prompts").stdout
    assert "answer, version" in shown
    assert "completion, version" in shown
    assert {each["name"] for each in json.loads(cli("doctor", "--prompts", "--json").stdout)} == {
        "answer",
        "completion",
        "rewrite",
    }


def test_links(fresh: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_ALLOW_PRIVATE_ADDRESSES", "true")
    monkeypatch.setenv("PULLQUOTE_DOWNLOAD_DELAY", "0")
    with serving() as site:
        host = f"127.0.0.1:{site.port}"
        site.page(f"{host}/feed", feed(f"http://{host}/w", f"http://{host}/none"))
        site.page(f"{host}/w", story("wombats", title="Wombats counted"))
        result = fresh("add", f"http://{host}/feed", "--limit", "5")
        again = fresh("add", f"http://{host}/w", "--json")
    assert result.exit_code == 1
    assert "added     Wombats counted" in result.stdout
    assert "failed    " in result.stdout
    assert "HTTP 404" in result.stdout
    assert "1 added, 0 updated, 0 unchanged, 1 not added" in result.stdout
    assert again.exit_code == 0
    (link,) = json.loads(again.stdout)["links"]
    assert (link["outcome"], link["url"]) == ("unchanged", f"http://{host}/w")


def test_sync_follows_a_feed(fresh: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_ALLOW_PRIVATE_ADDRESSES", "true")
    monkeypatch.setenv("PULLQUOTE_DOWNLOAD_DELAY", "0")
    with serving() as site:
        host = f"127.0.0.1:{site.port}"
        link = f"http://{host}/feed"
        for name in "abc":
            site.page(f"{host}/{name}", story(f"wombats of {name}"))
        site.page(f"{host}/feed", feed(*(f"http://{host}/{name}" for name in "abc")))
        said = json.loads(fresh("sync", link, "--dry-run", "--json").stdout)
        done = json.loads(fresh("sync", link, "--json").stdout)
        again = fresh("sync", link, "--limit", "2")
        site.routes[f"{host}/b"] = lambda asked: asked.send(b"No.", 410)
        gone = fresh("sync", link, "--all")
        del site.routes[f"{host}/feed"]
        nowhere = fresh("sync", link, "--yes")
    assert len(said["added"]) == 3
    assert (done["added"], done["files"], done["dry_run"]) == (said["added"], 3, False)
    assert "0 added, 0 updated, 0 removed, 3 of 3 pages unchanged" in again.stdout
    assert "1 removed, 2 of 3 pages unchanged" in gone.stdout
    assert nowhere.exit_code == 1
    assert "nothing was changed" in " ".join(nowhere.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("articles/", "--limit", "3"),
        ("articles/", "--watch", "--every", "30"),
        ("http://news.example/feed", "--every", "30"),
        ("http://news.example/feed", "--watch", "--every", "1"),
    ],
)
def test_what_sync_does_not_take(fresh: Cli, arguments: tuple[str, ...]) -> None:
    assert fresh("sync", *arguments).exit_code == 2


def test_links_to_this_machine_need_a_setting(fresh: Cli) -> None:
    with serving() as site:
        result = fresh("add", f"http://127.0.0.1:{site.port}/w", "--json")
    assert result.exit_code == 1
    assert "PULLQUOTE_ALLOW_PRIVATE_ADDRESSES" in json.loads(result.stdout)["failed"][0]["reason"]
    assert site.asked == []


def test_doctor(cli: Cli) -> None:
    result = cli("doctor")
    assert result.exit_code == 0, result.output
    assert "checksums hold" in result.stdout
    assert all(check["ok"] for check in json.loads(cli("doctor", "--json").stdout))


def test_a_wrong_setting_is_bad_usage(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_TRESHOLD", "0.5")
    result = cli("ask", "Who?")
    assert result.exit_code == 2
    assert "PULLQUOTE_THRESHOLD" in result.stderr


def test_chat_keeps_the_thread(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_HOME", str(home))
    said = "What does Hunyuan 3D do?\n\n?!\nWhich version of it is out now?\nthanks\n"
    result = CliRunner().invoke(app, ["chat"], input=said, catch_exceptions=False)
    assert result.exit_code == 0
    assert "Understood as: Which version of Hunyuan 3D is out now?" in result.stdout
    assert "question: it is empty" in result.stderr
    assert result.stdout.endswith("You are welcome.\n")


def test_what_was_left_out_is_shown(fresh: Cli, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    prose = "Potatoes are plentiful this year, say the growers of the valley, who have too many."
    page.write_text(f"Potatoes\n\nPublished 26 May 2025\n\nShare\n\n{prose}\n")
    (added,) = json.loads(fresh("add", str(page), "--json").stdout)["added"]
    shown = json.loads(fresh("show", added, "--json").stdout)
    assert (shown["published_at"], shown["date_source"]) == ("2025-05-26", "text")
    assert [each["text"] for each in shown["dropped"]] == ["Published 26 May 2025", "Share"]
    printed = fresh("show", added, "--dropped").stdout
    assert "Share" in printed
    assert "Potatoes are plentiful" not in printed
    assert "date from its text" in fresh("show", added).stdout
