"""Run a reader's network: several inputs at a time, and within one question each input once.

A question is often read more than once: in other words, article by article, for its parts. Many of
the inputs are the same then, and so is what the network makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import numpy as np

from index.encode.base import Floats
from index.encode.session import has_accelerator
from index.text.patterns import lazy_regex
from rag.cancellation import Cancellation, check_cancellation
from rag.reading.layout import Pair

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["ACCELERATED_BATCH", "Network", "default_batch", "remembered_outputs"]

# Tokens of a batch on an accelerator, to begin with: where its memory is too small, less.
ACCELERATED_BATCH: Final = 16_384

# A network, and the bytes of the ids and types of an input.
_Key = tuple["Network", bytes, bytes]
_Memory = dict[_Key, "Future[Floats]"]
# How CUDA and its libraries say that memory is full, through onnxruntime.
_NO_MEMORY: Final = lazy_regex(r"failed to allocate|out of memory|alloc_failed", re.I)
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


def default_batch() -> int:
    """Return the tokens of a batch on this machine's accelerator; 0 where it has none."""
    return ACCELERATED_BATCH if has_accelerator() else 0


class Network:
    """A session of onnxruntime. Safe to share between threads.

    session: from ``ids``, and ``types`` where ``has_types``, to ``logits``.
    workers: inputs that are run at a time.
    batch_tokens: tokens, with the padding, of the inputs that are run as one batch; the session
        takes a ``mask`` then. 0 for one input a run.
    """

    def __init__(
        self,
        session: InferenceSession,
        workers: int = 1,
        *,
        has_types: bool = False,
        batch_tokens: int = 0,
    ) -> None:
        self._session = session
        self._has_types = has_types
        self._batch_tokens = batch_tokens
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="reader")

    def run(self, pairs: Sequence[Pair]) -> Iterator[tuple[int, Floats]]:
        """Run the network over inputs; yields the number of each and its logits, float32 ``[tokens,
        3]`` (start, end, evidence), not to be changed.

        One input a run, on a processor: without padding that is faster than a batch, and every
        input has the scale of its own numbers. The longest go first, so that no thread is left with
        one at the end. None is begun once the question is cancelled (:mod:`rag.cancellation`).
        """
        check_cancellation()
        memory = _memory.get()
        outputs: _Memory = {} if memory is None else memory
        keys = [(self, pair.ids.tobytes(), pair.types.tobytes()) for pair in pairs]
        longest = sorted(range(len(pairs)), key=lambda i: -len(pairs[i].ids))
        fresh = {keys[i]: pairs[i] for i in longest if keys[i] not in outputs}
        if self._batch_tokens:
            for key, logits in zip(fresh, self._batches(list(fresh.values())), strict=True):
                outputs[key] = _finished_future(logits)
        elif len(fresh) == 1:
            # By this thread: another would only have to be woken.
            ((key, pair),) = fresh.items()
            outputs[key] = _finished_future(self._logits(pair))
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

    def _batches(self, pairs: Sequence[Pair]) -> Iterator[Floats]:
        """Yield the logits of inputs, which are run in batches; the longest come first.

        A batch that finds no room in the accelerator's memory is halved, and so are those to come.
        """
        position = 0
        while position < len(pairs):
            check_cancellation()
            longest = len(pairs[position].ids)
            batch = pairs[position : position + max(1, self._batch_tokens // longest)]
            try:
                logits = self._batch_logits(batch)
            # onnxruntime has no class of its own for it.
            except Exception as exc:
                if len(batch) == 1 or not _NO_MEMORY.search(str(exc)):
                    raise
                self._batch_tokens = len(batch) // 2 * longest
                continue
            yield from (rows[: len(pair.ids)] for pair, rows in zip(batch, logits, strict=True))
            position += len(batch)

    def _batch_logits(self, batch: Sequence[Pair]) -> Floats:
        """Run a batch, padded to its first and longest input: float32 ``[inputs, tokens, 3]``."""
        shape = len(batch), len(batch[0].ids)
        ids, types, mask = (np.zeros(shape, kind) for kind in (np.int64, np.int64, np.float32))
        for number, pair in enumerate(batch):
            size = len(pair.ids)
            ids[number, :size] = pair.ids
            types[number, :size] = pair.types
            mask[number, :size] = 1
        inputs = {"ids": ids, "mask": mask}
        if self._has_types:
            inputs["types"] = types
        (out,) = self._session.run(["logits"], inputs)
        return np.asarray(out, np.float32)


def _finished_future(logits: Floats) -> Future[Floats]:
    output: Future[Floats] = Future()
    output.set_result(logits)
    return output
