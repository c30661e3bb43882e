from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import ClassVar

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import Loaded, Source
from index.load.isolate import IsolatedLoader, Limits
from index.load.registry import LOADERS

LIMITS = Limits(memory=1 << 30, seconds=1)


class Hostile:
    """A loader that does what its file says."""

    suffixes: ClassVar[tuple[str, ...]] = (".do",)
    content_types: ClassVar[tuple[str, ...]] = ()
    max_bytes: ClassVar[int | None] = 1000

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        match source.read(1000).decode():
            case "crash":
                ctypes.string_at(0)
            case "exit":
                os._exit(3)
            case "loop":
                while True:
                    pass
            case "fill":
                bytearray(2 << 30)
            case "recur":
                self.load(source, max_chars).__next__()
            case "stumble":
                raise KeyError("head")
            case "print":
                print("noise")  # noqa: T201
            case "babble":
                os.write(1, b'{"article": {"id": 3}}\n')
            case "environment":
                yield source.refused(" ".join(os.environ))
        for number in range(3):
            yield Article(id=f"{source.id()}-{number}", title="T", text=f"{os.getpid()}")
        yield source.refused("the fourth is bad")


def load(content: bytes) -> list[Loaded]:
    source = Source.of_bytes(content, "a.do")
    try:
        return list(IsolatedLoader(Hostile(), LIMITS).load(source, 100))
    except LoadError as exc:
        return [exc]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"crash", "its reader crashed"),
        (b"exit", "its reader crashed"),
        (b"loop", "1 seconds of work"),
        (b"fill", "more memory"),
        (b"recur", "nested too deeply"),
        (b"stumble", "unreadable: KeyError: 'head'"),
        (b"babble", "answered with what is no article"),
        (b"x" * 1001, "over the limit of 1,000 bytes"),
    ],
)
def test_what_goes_wrong_is_a_refusal_and_the_next_file_is_read(
    content: bytes, reason: str
) -> None:
    (failed,) = load(content)
    assert isinstance(failed, LoadError)
    assert (failed.source, reason in failed.reason) == ("a.do", True), failed
    assert len(load(b"well")) == 4


def test_the_process_is_another_one_and_stays() -> None:
    first, again = load(b"well"), load(b"print")
    numbers = {item.text for item in (*first, *again) if isinstance(item, Article)}
    assert len(numbers) == 1
    assert numbers != {str(os.getpid())}
    assert isinstance(first[-1], LoadError)


def test_an_interruption_in_the_terminal_does_not_reach_the_process() -> None:
    (number, *_) = [item.text for item in load(b"well") if isinstance(item, Article)]
    assert os.getpgid(int(number)) != os.getpgid(0)


def test_a_batch_that_is_left_halfway_leaves_nothing_for_the_next() -> None:
    source = Source.of_bytes(b"well", "left.do")
    items = IsolatedLoader(Hostile(), LIMITS).load(source, 100)
    assert len(list(islice(items, 1))) == 1
    items.close()  # type: ignore[attr-defined]  # a generator, as all loaders have
    assert next(item.id for item in load(b"well") if isinstance(item, Article)).startswith("a-")


def test_files_are_read_in_place(tmp_path: Path) -> None:
    path = tmp_path / "a.do"
    path.write_bytes(b"well")
    found = list(IsolatedLoader(Hostile(), LIMITS).load(Source.of_file(path), 100))
    assert len(found) == 4


def test_the_process_knows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_API_KEY", "secret")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    limits = Limits(memory=1 << 30, seconds=2)  # no process that was started before
    names = next(
        iter(IsolatedLoader(Hostile(), limits).load(Source.of_bytes(b"environment", "a.do"), 9))
    )
    assert isinstance(names, LoadError)
    assert "PATH" in names.reason.split()
    assert not [name for name in names.reason.split() if "KEY" in name or "PULLQUOTE" in name]


def test_all_formats_are_read_there() -> None:
    assert all(isinstance(loader, IsolatedLoader) for loader in LOADERS)
