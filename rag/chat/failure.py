"""What goes wrong with a chat model, whoever made it: one place where that is told apart.

Providers' messages quote what was sent, keys among it, so nothing of them is passed on: each kind
has its own sentence, and the original exception is cut off (``from None``).
"""

from __future__ import annotations

from typing import Final

from index.errors import ChatFailure, ChatModelError

__all__ = ["failure_of", "refused"]

_STATUS: Final[dict[int, ChatFailure]] = {
    401: "bad_key",
    402: "quota",
    403: "bad_key",
    404: "no_such_model",
    408: "timeout",
    413: "context_overflow",
    429: "rate_limit",
}
_NAMES: Final[tuple[tuple[str, ChatFailure], ...]] = (
    ("Timeout", "timeout"),
    ("RateLimit", "rate_limit"),
    ("Authentication", "bad_key"),
    ("PermissionDenied", "bad_key"),
    ("ContextOverflow", "context_overflow"),
    ("ContentFilter", "refusal"),
    ("RemoteProtocol", "malformed"),
    ("IncompleteRead", "malformed"),
    ("ReadError", "malformed"),
    ("Connect", "unreachable"),
    ("APIConnection", "unreachable"),
    ("JSONDecode", "malformed"),
    ("Validation", "malformed"),
    ("OutputParser", "malformed"),
)
_OVERFLOW: Final = (
    "context length", "context_length", "context size", "context window", "maximum context",
    "prompt is too long", "too many tokens", "exceed_context",
)  # fmt: skip
_REFUSALS: Final = frozenset(("content_filter", "refusal", "safety", "recitation", "prohibited"))


def failure_of(exc: BaseException) -> ChatModelError:
    """The failure that an exception of a provider's client stands for."""
    if isinstance(exc, ChatModelError):
        return exc
    said = str(exc).lower()
    if any(words in said for words in _OVERFLOW):
        return ChatModelError("context_overflow")
    status = _status(exc)
    if status in _STATUS:
        return ChatModelError(_STATUS[status])
    names = [kind.__name__ for kind in type(exc).__mro__]
    for part, failure in _NAMES:
        if any(part in name for name in names):
            return ChatModelError(failure)
    if isinstance(exc, TimeoutError):
        return ChatModelError("timeout")
    if isinstance(exc, ConnectionError):
        return ChatModelError("unreachable")
    if isinstance(exc, (ValueError, TypeError, KeyError, AttributeError, IndexError)):
        return ChatModelError("malformed")
    return ChatModelError("unavailable")


def _status(exc: BaseException) -> int:
    response = getattr(exc, "response", None)
    status = getattr(exc, "status_code", None) or getattr(response, "status_code", None)
    return status if isinstance(status, int) else 0


def refused(finish: str) -> bool:
    """Whether a provider's word for why a text ends means that it would not write it."""
    return finish.lower() in _REFUSALS
