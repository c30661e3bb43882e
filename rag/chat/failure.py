"""Classify the failures of chat models: any exception of a provider's client becomes one of a few
kinds.

Providers' messages quote what was sent, keys included, so none of their text is passed on: each
kind has its own sentence, and the original exception is cut off (``from None``).
"""

from __future__ import annotations

from typing import Final

from rag.errors import ChatFailure, ChatModelError

__all__ = ["classify_failure", "is_refusal"]

_STATUS: Final[dict[int, ChatFailure]] = {
    401: "bad_key",
    402: "quota",
    403: "bad_key",
    404: "no_such_model",
    408: "timeout",
    413: "context_overflow",
    429: "rate_limit",
    529: "rate_limit",
}
# What providers call an error, in its body: within a stream there is no status, and a status may
# stand for several.
_CODES: Final[dict[str, ChatFailure]] = {
    "authentication_error": "bad_key",
    "billing_error": "quota",
    "context_length_exceeded": "context_overflow",
    "insufficient_quota": "quota",
    "invalid_api_key": "bad_key",
    "model_not_found": "no_such_model",
    "not_found_error": "no_such_model",
    "overloaded_error": "rate_limit",
    "permission_error": "bad_key",
    "rate_limit_error": "rate_limit",
    "rate_limit_exceeded": "rate_limit",
    "request_too_large": "context_overflow",
    "timeout_error": "timeout",
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


def classify_failure(exc: BaseException) -> ChatModelError:
    """Turn an exception of a provider's client into the error of its kind."""
    if isinstance(exc, ChatModelError):
        return exc
    message = str(exc).lower()
    if any(words in message for words in _OVERFLOW):
        return ChatModelError("context_overflow")
    for code in _codes(exc):
        if code in _CODES:
            return ChatModelError(_CODES[code])
    status = _status(exc)
    if status in _STATUS:
        return ChatModelError(_STATUS[status])
    names = [kind.__name__ for kind in type(exc).__mro__]
    for part, failure in _NAMES:
        if any(part in name for name in names):
            return ChatModelError(failure)
    if isinstance(exc, (ValueError, TypeError, KeyError, AttributeError, IndexError)):
        return ChatModelError("malformed")
    return ChatModelError("unavailable")


def _codes(exc: BaseException) -> tuple[str, ...]:
    body = getattr(exc, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    if not isinstance(inner, dict):
        # Of an error within a response of OpenAI's, LangChain makes a ValueError, "code: message".
        return (str(exc).partition(":")[0],)
    return tuple(str(inner.get(name)) for name in ("code", "type"))


def _status(exc: BaseException) -> int:
    response = getattr(exc, "response", None)
    status = getattr(exc, "status_code", None) or getattr(response, "status_code", None)
    return status if isinstance(status, int) else 0


def is_refusal(finish: str) -> bool:
    """Whether a provider's word for why a text ends means that the model refused to write it."""
    return finish.lower() in _REFUSALS
