"""One server for the pages of all tests of a process, whose application is exchanged.

An address of its own for every test would cost more than the application behind it: the browser
would fetch and compile the page's forty files anew.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.lifespan.on import LifespanOn

__all__ = ["SiteServer", "listening"]

_SECONDS = 60
_Result = TypeVar("_Result")


class SiteServer(uvicorn.Server):
    """Answers with the application that was opened last and is not closed yet."""

    def __init__(self) -> None:
        super().__init__(
            uvicorn.Config(
                self._answer, port=0, log_level="error", lifespan="off", interface="asgi3"
            )
        )
        self._apps: list[ASGIApp] = []
        self._requests: dict[asyncio.Task[None], ASGIApp] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self._listens.set()

    @property
    def url(self) -> str:
        """The address, once the server listens."""
        assert self._listens.wait(_SECONDS), "the server did not start"
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"

    @contextmanager
    def app(self, app: ASGIApp) -> Iterator[None]:
        """Start the application, answer with it, and stop it once its requests are done."""
        lifespan = self._run(self._start(app))
        assert not lifespan.should_exit, "the application did not start"
        try:
            yield
        finally:
            self._run(self._stop(app, lifespan))

    async def _start(self, app: ASGIApp) -> LifespanOn:
        lifespan = LifespanOn(uvicorn.Config(app, lifespan="on", log_level="error"))
        await lifespan.startup()
        self._apps.append(app)
        return lifespan

    async def _stop(self, app: ASGIApp, lifespan: LifespanOn) -> None:
        self._apps.remove(app)
        if requests := [task for task, of in self._requests.items() if of is app]:
            await asyncio.wait(requests)
        await lifespan.shutdown()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        app, task = self._apps[-1], asyncio.current_task()
        assert task is not None
        self._requests[task] = app
        try:
            await _with_cached_files(app)(scope, receive, send)
        finally:
            del self._requests[task]

    def _run(self, work: Coroutine[None, None, _Result]) -> _Result:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)


@contextmanager
def listening() -> Iterator[SiteServer]:
    """A server in a thread of its own, as yet without an application."""
    server = SiteServer()
    thread = threading.Thread(target=server.run, name="page under test")
    thread.start()
    try:
        assert server.url
        yield server
    finally:
        server.should_exit = True
        thread.join(_SECONDS)


def _with_cached_files(app: ASGIApp) -> ASGIApp:
    """The application, whose files browsers need not ask for again: they do not change during a
    test, and a page has forty."""

    async def with_age(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_age(message: Message) -> None:
            if message["type"] == "http.response.start" and "/static/" in scope["path"]:
                MutableHeaders(scope=message)["Cache-Control"] = "max-age=600"
            await send(message)

        await app(scope, receive, send_with_age)

    return with_age
