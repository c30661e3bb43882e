from __future__ import annotations

import asyncio

from starlette.types import Receive, Scope, Send

from api.guard.turns import Turns


async def _no_receive() -> dict[str, str]:
    raise AssertionError


async def _no_send(_: object) -> None: ...


def test_a_crowd_begins_one_by_one_and_liveness_does_not_wait() -> None:
    begun: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(scope["path"])

    async def come() -> list[str]:
        turns = Turns(app)
        paths = [f"/ask/{number}" for number in range(5)]
        scopes = [{"type": "http", "path": path} for path in (*paths, "/healthz")]
        tasks = [asyncio.ensure_future(turns(scope, _no_receive, _no_send)) for scope in scopes]
        tasks[1].cancel()
        await asyncio.sleep(0)
        at_first = list(begun)
        await asyncio.gather(*tasks, return_exceptions=True)
        await turns({"type": "http", "path": "/ask/later"}, _no_receive, _no_send)
        return at_first

    assert asyncio.run(come()) == ["/ask/0", "/healthz"]
    assert begun[2:] == ["/ask/2", "/ask/3", "/ask/4", "/ask/later"]
