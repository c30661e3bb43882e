"""Call replicas until one answers."""

from __future__ import annotations

import time
from typing import Any, Final

from api.replicas.models import Reply
from index.distributed.ray_pool import import_ray
from index.errors import ClusterError, PullquoteError

__all__ = ["Calls"]

# Replicas that a call is lost with, one after another, before it is an error.
_TRIES: Final = 4


class Calls:
    """Calls to the replicas behind a handle of Ray Serve. Safe to share between threads.

    A call that its replica dies of or with is made again: replicas only compute, so that nothing
    is done twice.

    key: of the plan that replies have to be made by.
    seconds: that a call may take, tries and waiting included.
    """

    def __init__(self, handle: Any, key: str, seconds: float) -> None:
        self._handle = handle
        self._key = key
        self._seconds = seconds

    def ask(self, method: str, *arguments: object) -> Reply:
        """Return the reply to a call.

        Raises ``ClusterError`` when replicas are lost again and again, answer late or are of
        another version or with other models, and the ``PullquoteError`` that the model raised.
        """
        reply = self.call(method, *arguments)
        if not isinstance(reply, Reply) or reply.key != self._key:
            raise ClusterError(
                "the replicas are of another version of Pullquote or have other models than this "
                "server; begin it again"
            )
        return reply

    def call(self, method: str, *arguments: object) -> Any:
        """Return what the method returns, whatever that is; raises as :meth:`ask` does."""
        errors = import_ray().exceptions
        deadline = time.monotonic() + self._seconds
        problem = ""
        for _ in range(_TRIES):
            response = getattr(self._handle, method).remote(*arguments)
            try:
                return response.result(timeout_s=max(deadline - time.monotonic(), 0.0))
            except TimeoutError as exc:
                response.cancel()
                raise ClusterError(
                    f"no replica answered within {self._seconds:g} seconds{problem}"
                ) from exc
            except errors.RayTaskError as exc:
                if isinstance(cause := exc.cause, PullquoteError):
                    raise cause from exc
                raise ClusterError(f"a replica failed: {exc.cause!r}"[:300]) from exc
            except errors.RayError as exc:
                problem = f"; one was lost ({type(exc).__name__})"
                error = exc
        raise ClusterError(f"replicas were lost, {_TRIES} times in a row") from error
