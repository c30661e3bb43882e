"""Read a stream under a deadline, even if the other side stalls."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator

from rag.chat.base import Piece
from rag.chat.failure import classify_failure
from rag.chat.surrogates import join_surrogates
from rag.chat.thoughts import leave_out_thoughts
from rag.errors import ChatModelError

__all__ = ["with_deadline"]


def with_deadline(seconds: float, start: Callable[[], Iterator[Piece]]) -> Iterator[Piece]:
    """Yield the pieces of a stream that come within ``seconds`` of the call, without thoughts.

    The stream is read in a thread of its own, which cannot be stopped while it waits for the
    network: it is left behind, asks for no further piece, and ends when its client's own timeout
    does. Raises ``ChatModelError``, for ``timeout`` or what the stream raised.
    """
    end = time.monotonic() + seconds
    pieces: queue.SimpleQueue[Piece | ChatModelError | None] = queue.SimpleQueue()
    stop = threading.Event()

    def read() -> None:
        try:
            for piece in leave_out_thoughts(join_surrogates(start())):
                # Whoever reads may be slower than what comes, and would never find nothing there.
                if time.monotonic() > end:
                    raise TimeoutError
                pieces.put(piece)
                if stop.is_set():
                    return
        except Exception as exc:  # whatever a client raises is one failure or another
            pieces.put(classify_failure(exc))
        else:
            pieces.put(None)

    threading.Thread(target=read, name="chat", daemon=True).start()
    try:
        while True:
            try:
                piece = pieces.get(timeout=max(end - time.monotonic(), 0.001))
            except queue.Empty:
                raise ChatModelError("timeout") from None
            if piece is None:
                return
            if isinstance(piece, ChatModelError):
                raise piece
            yield piece
    finally:
        stop.set()
