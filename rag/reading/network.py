"""Run a reader's network: several inputs at a time, and within one question each input once.

A question is often read more than once: in other words, article by article, for its parts. Many of
the inputs are the same then, and so is what the network makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import numpy as np

from index.encode.base import Floats
from rag.cancellation import Cancellation, check_cancellation
from rag.reading.layout import Pair

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["Network", "remembered_outputs"]

# A network, and the bytes of the ids and types of an input.
_Key = tuple[int, bytes, bytes]
_Memory = dict[_Key, "Future[Floats]"]
_memory: ContextVar[_Memory | None] = ContextVar("outputs", default=None)


@contextmanager
def remembered_outputs() -> Iterator[None]:
    """Remember, until the block ends, what networks make of the inputs that this thread has read:
    some kilobytes each. A block in another has the memory of that one."""
    token = None if _memory.get() is not None else _memory.set({})
    try:
        yield
    finally:
        if token is not None:
            _memory.reset(token)


class Network:
    """A session of onnxruntime. Safe to share between threads.

    session: from ``ids``, and ``types`` where ``has_types``, to ``logits``.
    workers: inputs that are run at a time.
    """

    def __init__(
        self, session: InferenceSession, workers: int = 1, *, has_types: bool = False
    ) -> None:
        self._session = session
        self._has_types = has_types
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="reader")

    def run(self, pairs: Sequence[Pair]) -> Iterator[tuple[int, Floats]]:
        """Run the network over inputs; yields the number of each and its logits, float32 ``[tokens,
        3]`` (start, end, evidence), not to be changed.

        One input a run: without padding that is faster on a processor than a batch, and every input
        has the scale of its own numbers. The longest go first, so that no thread is left with one
        at the end. None is begun once the question is cancelled (:mod:`rag.cancellation`).
        """
        check_cancellation()
        memory = _memory.get()
        outputs: _Memory = {} if memory is None else memory
        keys = [(id(self), pair.ids.tobytes(), pair.types.tobytes()) for pair in pairs]
        longest = sorted(range(len(pairs)), key=lambda i: -len(pairs[i].ids))
        fresh = {keys[i]: pairs[i] for i in longest if keys[i] not in outputs}
        if len(fresh) == 1:
            # By this thread: another would only have to be woken.
            ((key, pair),) = fresh.items()
            output: Future[Floats] = Future()
            output.set_result(self._logits(pair))
            outputs[key] = output
        else:
            for key, pair in fresh.items():
                outputs[key] = self._pool.submit(self._logits, pair)
        try:
            for i in longest:
                check_cancellation()
                yield i, outputs[keys[i]].result()
        except Cancellation:
            for key in fresh:
                outputs[key].cancel()
            raise

    def _logits(self, pair: Pair) -> Floats:
        inputs = {"ids": pair.ids[None]}
        if self._has_types:
            inputs["types"] = pair.types[None]
        (out,) = self._session.run(["logits"], inputs)
        return np.asarray(out[0], np.float32)
