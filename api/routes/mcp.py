"""``/mcp``: the Model Context Protocol over HTTP, under the same keys and limits as the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextvars import Context
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from api.guard.admission import Readers, admitting
from api.state import AppState, state_of

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

__all__ = ["Mcp", "mcp", "router"]

# The protocol describes itself; the OpenAPI document is about the rest.
router = admitting(include_in_schema=False, dependencies=[Readers])


class Mcp:
    """The SDK's session manager, which runs in a task of the application's lifespan.

    It starts with the first request: the SDK takes half a second to import, and most servers never
    get such a request.
    """

    def __init__(self, state: AppState) -> None:
        self._state = state
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._manager: asyncio.Future[StreamableHTTPSessionManager]

    async def manager(self) -> StreamableHTTPSessionManager:
        """Return the running manager, starting it if need be."""
        if self._running is None:
            self._manager = asyncio.get_running_loop().create_future()
            # It outlives the request, whose id is no concern of it.
            self._running = asyncio.create_task(self._run(), context=Context())
        # One request that is given up must not take the others' manager along.
        return await asyncio.shield(self._manager)

    async def close(self) -> None:
        """End the task, if there is one."""
        self._stop.set()
        if self._running is not None:
            await self._running

    async def _run(self) -> None:
        try:
            manager = await run_in_threadpool(_new_manager, self._state)
        except Exception as exc:
            self._manager.set_exception(exc)
            return
        async with manager.run():
            self._manager.set_result(manager)
            await self._stop.wait()


def _new_manager(state: AppState) -> StreamableHTTPSessionManager:
    from api.mcp.server import session_manager

    return session_manager(state)


class _McpResponse(Response):
    """A response that the SDK's manager writes, once the application has admitted the request."""

    def __init__(self, manager: StreamableHTTPSessionManager) -> None:
        super().__init__()
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


@router.post("/mcp")
@router.post("/mcp/")
async def mcp(request: Request) -> Response:
    """A message of the protocol."""
    services: Mapping[str, Mcp] = request.app.state.mcp
    return _McpResponse(await services[state_of(request).name].manager())
