"""The facade for programs with an event loop: nothing that takes long runs on the loop."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, closing
from pathlib import Path
from typing import Protocol, Self, TypeVar, Unpack

from rag.answer import Answer, SearchResult
from rag.cancellation import cancellable, check_cancellation
from rag.events import Event
from rag.pullquote import Pullquote
from rag.question import Filters, Question, QuestionOptions, Turn
from rag.settings import Settings

__all__ = ["AsyncPullquote", "RunWork"]

T = TypeVar("T")


class RunWork(Protocol):
    """Runs work in a thread, under the caller's context, and returns its result. Work that has not
    begun when the caller is cancelled is dropped."""

    async def __call__(self, work: Callable[[], T]) -> T: ...


class AsyncPullquote:
    """A :class:`~rag.pullquote.Pullquote` to be awaited.

    ::

        async with AsyncPullquote.open(Path("my-library")) as pullquote:
            answer = await pullquote.ask("Who runs Acme?")
            async for event in pullquote.stream("Who runs Acme?"):
                ...

    pullquote: the synchronous facade behind it, also an attribute, for all other methods.
    run: runs the work; by default in threads of its own, ``work_threads`` of the settings.
    """

    def __init__(self, pullquote: Pullquote, run: RunWork | None = None) -> None:
        self.pullquote = pullquote
        self._threads = ThreadPoolExecutor(pullquote.settings.work_threads, "pullquote")
        self._run = run or self._in_threads

    @classmethod
    @asynccontextmanager
    async def open(
        cls, path: Path | None = None, settings: Settings | None = None, *, create: bool = False
    ) -> AsyncIterator[Self]:
        """Open the library in ``path``, as :meth:`Pullquote.open` does, until the block ends."""
        pullquote = await asyncio.to_thread(Pullquote.open, path, settings, create=create)
        async with cls(pullquote) as facade:
            yield facade

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Wait for its own threads to finish, and close the library."""
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self.pullquote.close)

    async def search(
        self,
        question: str | Question,
        *,
        top_k: int | None = None,
        filters: Filters | None = None,
        history: Sequence[Turn] | None = None,
    ) -> list[SearchResult]:
        """Search for the passages nearest to a question; see :meth:`Pullquote.search`."""
        return await self._run(
            lambda: self.pullquote.search(question, top_k=top_k, filters=filters, history=history)
        )

    async def ask(self, question: str | Question, **options: Unpack[QuestionOptions]) -> Answer:
        """Answer a question, or abstain: the last event of :meth:`stream`."""
        async with aclosing(self.stream(question, **options)) as events:
            async for event in events:
                last = event
        assert isinstance(last, Answer)
        return last

    async def stream(
        self, question: str | Question, **options: Unpack[QuestionOptions]
    ) -> AsyncGenerator[Event, None]:
        """Answer a question in the events of :meth:`Pullquote.stream`, as they come.

        Closing it, or cancelling the task that waits for it, ends the work at its next event, or
        before the next input that the reader would read: a thread cannot be stopped before that.
        """
        loop = asyncio.get_running_loop()
        events_queue: asyncio.Queue[Event | None] = asyncio.Queue()
        stop = threading.Event()

        def work() -> None:
            stream = self.pullquote.stream(question, **options)
            with cancellable(stop.is_set), closing(stream) as events:
                for event in events:
                    check_cancellation()
                    loop.call_soon_threadsafe(events_queue.put_nowait, event)

        def end(future: asyncio.Future[None]) -> None:
            # Where nobody listens any more, its exception is dropped.
            _ = future.cancelled() or future.exception()
            events_queue.put_nowait(None)

        worker = asyncio.ensure_future(self._run(work))
        worker.add_done_callback(end)
        try:
            while (event := await events_queue.get()) is not None:
                yield event
            worker.result()
        finally:
            stop.set()
            worker.cancel()

    async def _in_threads(self, work: Callable[[], T]) -> T:
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, context.run, work)
