"""Admission: check the API key and the rate before anything of a body is read.

FastAPI reads and parses a body before it calls the dependencies of a route. A route of
:class:`AdmittedRoute` admits the caller first, reads the JSON within its bounds
(:mod:`api.guard.json_body`), and cancels the work when the client disconnects.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeVar, get_origin

from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from api.guard.json_body import JsonRequest
from api.guard.keys import Key, Scope
from api.problem import Problem, invalid
from api.state import AppState, state_of

__all__ = ["AdmittedRoute", "Readers", "Room", "ServerReaders", "Writers", "admitting"]

T = TypeVar("T")

# Seconds that a question waits for a place in a full queue before it is refused.
_PATIENCE: Final = 0.5

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="API key",
    description="Only where the server has keys: `pullquote keys add NAME` makes one.",
)


class _Admission:
    """The scope that a route requires of its caller.

    FastAPI treats it as a dependency, which only puts the key into the OpenAPI document: the route
    has called :meth:`check` by then.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(
        self, _: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
    ) -> None: ...

    def check(self, request: Request) -> None:
        """Admit the sender of ``request``, whose key is kept as ``request.state.key``. ``Problem``:
        401 without a known key, 403 where the key lacks the scope or is of another library, 429
        beyond the rate limit."""
        state = state_of(request)
        request.state.key = key = state.gate.admit(request)
        if key and not key.opens(state.name):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                f"the key {key.name!r} is of other libraries; pullquote keys list shows of which",
            )
        self._check_scope(key)
        if self.scope == "write":
            state.pullquote.library.check_writable()

    def _check_scope(self, key: Key | None) -> None:
        if key and self.scope not in key.scopes:
            raise Problem(
                HTTPStatus.FORBIDDEN,
                f"the key {key.name!r} has no {self.scope} scope; "
                "pullquote keys add makes one that has",
            )


class _ServerAdmission(_Admission):
    """A key of any library, for what a server of several has beside them."""

    def check(self, request: Request) -> None:
        """Admit the sender of ``request``, whose key is kept as ``request.state.key``. ``Problem``:
        401 without a known key, 403 where the key lacks the scope, 429 beyond the rate limit."""
        states: Mapping[str, AppState] = request.app.state.libraries
        request.state.key = key = next(iter(states.values())).gate.admit(request)
        self._check_scope(key)


class _Room:
    """Room in the queue of the models, asked for before a body is read: under overload most
    requests are refused, and a refusal should not cost the work of reading a question."""

    async def __call__(self) -> None: ...

    async def wait(self, request: Request) -> None:
        """``Problem`` (503) where the question cannot be queued, nor a moment later."""
        await state_of(request).models.wait_for_room(_PATIENCE)


class AdmittedRoute(APIRoute):
    """A route that checks the key before it reads the body, and refuses a parameter of one value
    that stands twice in the query: a proxy in front may go by the first, we by the last."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler, called once the caller is admitted and the body is read."""
        handle = super().get_route_handler()
        dependencies = [parameter.dependency for parameter in self.dependencies]
        admissions = [item for item in dependencies if isinstance(item, _Admission)]
        rooms = [item for item in dependencies if isinstance(item, _Room)]
        # Who asks the models a question without a body (GET /ask) may hang up too.
        is_watched = self.body_field is not None or bool(rooms)
        single = [name for name, annotation in self._parameters() if not _is_list(annotation)]

        async def handle_admitted(request: Request) -> Response:
            for admission in admissions:
                admission.check(request)
            for room in rooms:
                await room.wait(request)
            for name in single:
                if len(request.query_params.getlist(name)) > 1:
                    raise invalid("it stands there more than once", f"query.{name}")
            if not is_watched:
                return await handle(request)
            json_request = JsonRequest(request.scope, request.receive)
            await json_request.parse()
            return await _while_there(json_request, handle(json_request))

        return handle_admitted

    def _parameters(self) -> Iterator[tuple[str, Any]]:
        """Yield the names and types of the parameters in the query."""
        for field in self.dependant.query_params:
            model = field.field_info.annotation
            if isinstance(model, type) and issubclass(model, BaseModel):
                for name, info in model.model_fields.items():
                    yield name, info.annotation
            else:
                yield field.alias, model


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in (list, tuple)


async def _while_there(request: Request, answering: Awaitable[T]) -> T:
    """Return the result of ``answering``, which is cancelled when the client disconnects
    (``ClientDisconnect``). The body of ``request`` has to be read before."""
    working = asyncio.ensure_future(answering)
    leaving = asyncio.ensure_future(_disconnection(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
        if working.cancelled():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def _disconnection(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def admitting(**options: Any) -> APIRouter:
    """Make a router of :class:`AdmittedRoute` s; ``options`` are those of ``APIRouter``."""
    return APIRouter(route_class=AdmittedRoute, **options)


# Dependencies of routes that read and of routes that write.
Readers = Depends(_Admission("read"))
Writers = Depends(_Admission("write"))
# Of routes beside several libraries.
ServerReaders = Depends(_ServerAdmission("read"))
# Of routes that ask the models one question, beside who may.
Room = Depends(_Room())
