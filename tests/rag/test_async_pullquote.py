"""The facade for event loops: the same answers, and a loop that is never held up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeVar

import pytest

from index.snapshot import Found
from rag import AsyncPullquote, Pullquote, Settings
from rag.answer import Answer
from rag.cancellation import check_cancellation
from rag.errors import QuestionError
from rag.events import Event, SearchResults, Sentence
from rag.evidence import Reading
from tests.chat import Endless, Scripted
from tests.fakes import FakeModels, article
from tests.rag.writing import FACTS, HEIGHT, FirstOfAll, library

T = TypeVar("T")

QUESTION = "How tall is the Lunden tower?"
TRUE = "The Lunden tower is 74 metres tall [1]. Harald Lind built it in 1931 [1]."


def of(event: Event) -> object:
    return {**event.as_json(), "usage": None} if isinstance(event, Answer) else event


def test_the_same_events_and_the_same_answer(tmp_path: Path) -> None:
    async def ask() -> tuple[list[Event], Answer]:
        async with AsyncPullquote(library(tmp_path, Scripted(TRUE))) as pullquote:
            events = [event async for event in pullquote.stream(QUESTION, top_k=3)]
            assert await pullquote.search(QUESTION, top_k=1)
            return events, await pullquote.ask(QUESTION, top_k=3)

    events, answer = asyncio.run(ask())
    with library(tmp_path, Scripted(TRUE)) as pullquote:
        assert list(map(of, events)) == list(map(of, pullquote.stream(QUESTION, top_k=3)))
    assert of(events[-1]) == of(answer)
    assert answer.mode == "generative"


def test_it_opens_a_library_and_closes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> str:
        async with AsyncPullquote.open(tmp_path, Settings(home=tmp_path), create=True) as opened:
            monkeypatch.setattr(opened.pullquote.library, "close", lambda: closed.append(True))
            return (await opened.ask(QUESTION)).abstain_reason or ""

    closed: list[bool] = []
    assert asyncio.run(ask()) == "empty_library"
    assert closed


def test_what_is_wrong_is_raised_where_it_is_awaited(tmp_path: Path) -> None:
    async def ask() -> None:
        async with AsyncPullquote(library(tmp_path)) as pullquote:
            with pytest.raises(QuestionError, match="empty"):
                await pullquote.ask("?")
            with pytest.raises(QuestionError, match="top_k"):
                await anext(pullquote.stream(QUESTION, top_k=0))

    asyncio.run(ask())


class Waiting(FirstOfAll):
    """Reads once it is let go, and remembers in which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.thread = ""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        self.thread = threading.current_thread().name
        assert self.go.wait(60)
        return super().read(question, passages)


def test_the_loop_is_free_while_it_reads(tmp_path: Path) -> None:
    reader = Waiting()
    opened = Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=reader
    )
    opened.add_articles([article("tower", FACTS)])

    async def ask() -> Answer:
        async with AsyncPullquote(opened) as pullquote:
            stream = pullquote.stream(QUESTION)
            assert isinstance(await anext(stream), SearchResults)
            # The loop runs: otherwise nobody could let the reader go.
            reader.go.set()
            *_, answer = [event async for event in stream]
            assert isinstance(answer, Answer)
            return answer

    assert asyncio.run(ask()).answer == f"{HEIGHT} [1]"
    assert reader.thread.startswith("pullquote")


def test_nothing_more_is_read_for_who_stopped_listening(tmp_path: Path) -> None:
    class Checking(Waiting):
        is_done = False

        def read(self, question: str, passages: Sequence[Found]) -> Reading:
            super().read(question, passages)
            check_cancellation()
            self.is_done = True
            return Reading((), 0.0)

    reader = Checking()
    opened = Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=reader
    )
    opened.add_articles([article("tower", FACTS)])

    async def ask() -> None:
        async with AsyncPullquote(opened) as pullquote:
            async with aclosing(pullquote.stream(QUESTION)) as stream:
                assert isinstance(await anext(stream), SearchResults)
            reader.go.set()

    asyncio.run(ask())
    assert not reader.is_done


@pytest.mark.parametrize("cancelled", [False, True])
def test_who_stops_listening_leaves_no_thread(tmp_path: Path, cancelled: bool) -> None:
    chat = Endless(f"{HEIGHT} It ", "was built in 1931. It ")
    before = set(threading.enumerate())
    made: list[Event] = []

    class Recorded(Pullquote):
        """Keeps the events that it was asked for."""

        def stream(self, *args: Any, **options: Any) -> Generator[Event, None, None]:
            for event in super().stream(*args, **options):
                made.append(event)
                yield event

    async def listen(pullquote: AsyncPullquote, heard: asyncio.Event) -> None:
        async with aclosing(pullquote.stream(QUESTION)) as events:
            async for event in events:
                if isinstance(event, Sentence):
                    heard.set()
                    if not cancelled:
                        return

    async def stop() -> None:
        known = library(tmp_path, chat)
        recorded = Recorded(known.library, known.settings, known.reader, chat=chat)
        async with AsyncPullquote(recorded) as pullquote:
            heard = asyncio.Event()
            listening = asyncio.create_task(listen(pullquote, heard))
            await heard.wait()
            if cancelled:
                listening.cancel()
            await asyncio.wait({listening})
            chat.go.set()

    asyncio.run(stop())
    assert [type(event) for event in made] == [SearchResults, Sentence]
    # The reader's threads stay, whoever listens.
    left = [t for t in set(threading.enumerate()) - before if not t.name.startswith("reader")]
    for thread in left:
        thread.join(30)
        assert not thread.is_alive(), thread.name


def test_the_work_runs_where_it_is_told_to(tmp_path: Path) -> None:
    ran: list[object] = []

    async def run(work: Callable[[], T]) -> T:
        ran.append(work)
        return await asyncio.to_thread(work)

    async def ask() -> Answer:
        async with AsyncPullquote(library(tmp_path), run) as pullquote:
            return await pullquote.ask(QUESTION)

    assert not asyncio.run(ask()).abstained
    assert len(ran) == 1
