"""The command line as people type it: help, ids by their beginning, lists, pipes and shells."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from shutil import which

import pytest
from typer.testing import CliRunner, Result

import api.cli.listing
import api.cli.output
from api.cli import app
from api.cli.application import main
from rag import Pullquote, Settings
from rag.console import SafeConsole
from tests.fakes import FakeModels, article
from tests.homes import with_models

LONG = "a-quite-long-identifier-of-an-article-about-the-harbour-and-its-new-basin"
TEXTS = {
    "wombats-dig": ("Wombats dig", "The Wire", "2025-05-26"),
    "wombats-sleep": ("Wombats \x1b[2Jsleep", "The Post", "2025-06-01"),
    LONG: ("Harbour", "The Wire", "2024-01-01"),
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line over a library of three small articles, made without a model."""
    home = with_models(tmp_path / "home")
    with Pullquote.open(settings=Settings(home=home), models=FakeModels(), create=True) as library:
        library.add_articles(
            [
                article(
                    id,
                    f"{title} is what it says.",
                    title,
                    publisher=publisher,
                    published_at=_day(day),
                )
                for id, (title, publisher, day) in TEXTS.items()
            ]
        )
    monkeypatch.setenv("PULLQUOTE_HOME", str(home))

    def call(*arguments: str, text: str | None = None) -> Result:
        monkeypatch.setattr(sys, "argv", ["pullquote", *arguments])
        return CliRunner().invoke(app, arguments, input=text, catch_exceptions=False)

    return call


@pytest.mark.usefixtures("run")
def test_an_encoding_without_a_character_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = TextIOWrapper(BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "argv", ["pullquote", "show", "ö", "--json"])
    with pytest.raises(SystemExit):
        main()
    assert "no article ö" in json.loads(stream.buffer.getvalue())["message"]
    assert stream.errors == "replace"


@pytest.mark.usefixtures("run")
def test_a_few_lines_whose_reader_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "argv", ["pullquote", "show", LONG, "--json"])
        with pytest.raises(SystemExit, match="1"):
            main()


def _day(text: str) -> object:
    from datetime import date

    return date.fromisoformat(text)


def test_the_version() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"pullquote {version('pullquote')}\n")


@pytest.mark.parametrize("command", [(), ("ask",), ("eval",), ("keys", "add")])
def test_h_is_help(command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*command, "-h"])
    assert result.exit_code == 0
    assert "Usage" in result.stdout


def shown_help(*command: str, columns: int = 80) -> str:
    """A help as it is shown in a terminal, its words parted by single spaces."""
    result = CliRunner().invoke(app, [*command, "-h"], env={"COLUMNS": str(columns)})
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= columns
    return " ".join(result.stdout.replace("│", " ").split())


def test_the_list_of_commands_has_a_sentence_each() -> None:
    text = shown_help()
    assert "sync Make the library equal to a folder, a feed or a sitemap" in text
    assert "Articles from elsewhere stay" not in text
    assert "eval Ask a question set and measure the answers. ╰" in text
    assert "Articles from elsewhere stay" in shown_help("sync")


@pytest.mark.parametrize("command", [(), ("add",), ("list",), ("keys", "add"), ("eval",)])
def test_no_types_of_python_are_shown(command: tuple[str, ...]) -> None:
    assert not re.search(r"bool|<(str|int|list|path|float)", shown_help(*command))


def test_what_stands_in_place_of_an_option_is_told() -> None:
    text = shown_help("serve")
    assert "--host ADDRESS Where to listen, if not on 127.0.0.1" in text
    assert "--port N [0<=x<=65535] Port, if not 8000" in text
    assert "--set <seeds|" in shown_help("eval")


@pytest.mark.parametrize("command", [(), ("ask",), ("search",), ("list",), ("keys", "add")])
def test_help_is_not_cut(command: tuple[str, ...]) -> None:
    assert "…" not in shown_help(*command)


@pytest.mark.parametrize(
    ("command", "names"),
    [((), ["--install-completion "]), (("ask",), ["--publisher NAME", "--no-time-filters"])],
)
def test_a_narrow_help_names_options_whole(command: tuple[str, ...], names: list[str]) -> None:
    # A process of its own: the runner's terminal has 80 columns, whatever is set.
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *command, "-h"],
        env={**os.environ, "COLUMNS": "50"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert max(map(len, done.stdout.splitlines())) <= 50
    assert "…" not in done.stdout
    assert [name for name in names if name not in done.stdout] == []


def test_completion_is_of_the_whole_command_line() -> None:
    assert "--show-completion" in CliRunner().invoke(app, ["-h"]).stdout
    assert "--show-completion" not in CliRunner().invoke(app, ["eval", "-h"]).stdout


def completed(line: str) -> set[str]:
    """What bash offers for a line, by the script that it is given to complete with."""
    script = """
    eval "$(_PULLQUOTE_COMPLETE=source_bash pullquote)"
    read -ra COMP_WORDS <<< "$1"
    COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )) COMPREPLY=()
    _pullquote_completion pullquote
    echo "${COMPREPLY[*]}"
    """
    program = "import sys; sys.argv = ['pullquote']; from api.cli import main; main()"
    function = f'pullquote() {{ {shlex.quote(sys.executable)} -c "{program}"; }}'
    # The script starts the command through env, which knows no functions.
    function += '; env() { local -x "${@:1:3}"; pullquote; }'
    done = subprocess.run(
        [which("bash") or "", "--norc", "-c", function + script, "bash", line],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return set(done.stdout.split())


@pytest.mark.skipif(which("bash") is None, reason="there is no bash")
@pytest.mark.usefixtures("run")
def test_bash_completes_ids() -> None:
    assert completed("pullquote show wom") == {"wombats-dig", "wombats-sleep"}


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("pullquote s", {"search", "serve", "show", "sync"}),
        ("pullquote eval --data", {"--dataset"}),
        ("pullquote list --sort o", {"oldest"}),
    ],
)
def test_commands_and_options_are_completed(line: str, offered: set[str]) -> None:
    # As bash asks, without a process for it.
    environment = {
        "_PULLQUOTE_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
    }
    result = CliRunner().invoke(app, env=environment, prog_name="pullquote")
    assert set(result.stdout.split()) == offered


def test_an_article_is_known_by_the_beginning_of_its_id(run: Callable[..., Result]) -> None:
    assert json.loads(run("show", "wombats-d", "--json").stdout)["id"] == "wombats-dig"
    assert json.loads(run("remove", "a-quite", "--json").stdout)["removed"] == [LONG]


def test_a_beginning_of_several_names_them(run: Callable[..., Result]) -> None:
    result = run("show", "wombats")
    assert result.exit_code == 1
    assert "wombats-dig" in result.stderr
    assert "wombats-sleep" in result.stderr


def test_a_misspelt_id_names_the_nearest(run: Callable[..., Result]) -> None:
    result = run("remove", "wombat-digs")
    assert result.exit_code == 1
    assert "do you mean wombats-dig" in result.stderr
    assert len(json.loads(run("list", "--json").stdout)) == 3


def test_a_title_with_a_slip_names_its_article(run: Callable[..., Result]) -> None:
    result = run("show", "harbor")
    assert result.exit_code == 1
    assert f"do you mean {LONG} (Harbour)?" in result.stderr
    assert "pullquote list lists them" in run("show", "elephants").stderr


@pytest.mark.parametrize("command", [("list",), ("search", "wombats")])
def test_nothing_is_said_to_be_nothing(
    run: Callable[..., Result], command: tuple[str, ...]
) -> None:
    result = run(*command, "--publisher", "The Wyre")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "did you mean “The Wire”?" in result.stderr
    assert run(*command, "--from", "2030-01-01").stderr == "No article matches.\n"
    assert json.loads(run(*command, "--from", "2030-01-01", "--json").stdout) == []


def test_an_empty_library_says_how_to_begin(run: Callable[..., Result]) -> None:
    run("remove", *TEXTS)
    assert "pullquote add FILE" in run("list").stderr


def test_a_pipe_has_a_line_an_article_with_the_whole_id(run: Callable[..., Result]) -> None:
    lines = run("list").stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["wombats-sleep", "wombats-dig", LONG]
    assert "\x1b" not in run("list").stdout


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (("--sort", "title"), [LONG, "wombats-sleep", "wombats-dig"]),
        (("--sort", "oldest"), [LONG, "wombats-dig", "wombats-sleep"]),
        (("--sort", "publisher"), ["wombats-sleep", "wombats-dig", LONG]),
        (("--publisher", "The Wire"), ["wombats-dig", LONG]),
        (("--from", "2025-05-27"), ["wombats-sleep"]),
        (("--match", "harbour"), [LONG]),
        (("--limit", "1"), ["wombats-sleep"]),
    ],
)
def test_a_list_is_filtered_and_sorted(
    run: Callable[..., Result], options: tuple[str, ...], ids: list[str]
) -> None:
    assert [each["id"] for each in json.loads(run("list", *options, "--json").stdout)] == ids


@pytest.mark.parametrize(
    ("option", "says"),
    [("0", "1 or more is needed"), ("101", "100 or less is needed"), ("x", "a whole number")],
)
def test_a_number_that_is_none_is_told_in_our_words(
    run: Callable[..., Result], option: str, says: str
) -> None:
    result = run("search", "wombats", "--top-k", option)
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_narrow_list_keeps_its_margin(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = SafeConsole(file=StringIO(), force_terminal=True, color_system=None, width=24)
    monkeypatch.setattr(api.cli.listing, "stdout", terminal)
    run("list")
    assert isinstance(terminal.file, StringIO)
    lines = [line for line in terminal.file.getvalue().splitlines() if line not in TEXTS]
    assert len(lines) > len(TEXTS)
    assert all(line.startswith("  ") for line in lines)


@pytest.mark.parametrize("width", [50, 80, 160])
def test_ids_are_whole_in_a_terminal_of_any_width(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    terminal = SafeConsole(file=StringIO(), force_terminal=True, color_system=None, width=width)
    monkeypatch.setattr(api.cli.listing, "stdout", terminal)
    run("list")
    assert isinstance(terminal.file, StringIO)
    assert LONG in terminal.file.getvalue()
    assert "\x1b[2J" not in terminal.file.getvalue()


def test_a_pipe_is_not_wrapped(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    lines = run("show", "wombats-dig").stdout.splitlines()
    assert "Wombats dig is what it says." in lines
    assert all(line == line.rstrip() for line in lines)


def test_an_article_without_a_link_is_opened_as_text(run: Callable[..., Result]) -> None:
    result = run("open", "wombats-sl")
    assert result.exit_code == 0
    assert "sleep is what it says." in result.stdout
    assert "\x1b" not in result.stdout


def test_an_article_is_shown_in_the_pager_of_a_terminal(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", "sed s/^/paged:/")
    written = typed([sys.executable, "-m", "api.cli", "open", "wombats-sl"], b"> ")
    assert "paged:Wombats" in written
    assert "\x1b[2J" not in written


def test_a_port_in_use_is_an_error_before_anything_is_announced(run: Callable[..., Result]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}: address already in use" in result.stderr
    assert "is the page" not in result.output


def test_chat_has_commands(run: Callable[..., Result]) -> None:
    result = run("chat", text="/help\n\n/sources\n/nonsense\n/quit\nWhat do wombats do?\n")
    assert result.exit_code == 0
    assert "/sources  the citations" in result.stdout
    assert "no answer with sources yet" in result.stdout
    assert "there is no /nonsense" in result.stderr
    assert "confidence" not in result.stdout


def test_chat_in_a_terminal_greets_and_edits_lines(run: Callable[..., Result]) -> None:
    # Ctrl-A goes to the beginning of the line: the stroke is typed last.
    written = typed([sys.executable, "-m", "api.cli", "chat"], b"> ", b"help\x01/\r", b"/quit\r")
    assert "3 articles to ask." in written
    assert "/sources  the citations" in written
    history = Path(os.environ["PULLQUOTE_HOME"]) / "chat_history"
    assert history.read_text().splitlines()[:1] == ["/help"]
    assert history.stat().st_mode & 0o077 == 0


def typed(command: list[str], prompt: bytes, *lines: bytes) -> str:
    """What a command writes in a terminal while the lines are typed, one at each prompt."""
    parent, child = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "INPUTRC": "/dev/null"}
    with subprocess.Popen(
        command, stdin=child, stdout=child, stderr=child, env=environment, close_fds=True
    ) as process:
        os.close(child)
        written, start, waiting = b"", 0, list(lines)
        try:
            while select.select([parent], [], [], 120)[0]:
                try:
                    written += os.read(parent, 65_536)
                except OSError:  # the other end is closed
                    break
                # A prompt may come in two parts.
                if waiting and (place := written.find(prompt, start)) >= 0:
                    start = place + len(prompt)
                    os.write(parent, waiting.pop(0))
        finally:
            process.kill()
    os.close(parent)
    return written.decode()
