"""Running a network: each input once for a question, several at a time, and no more of them."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.cancellation import Cancellation, cancellable
from rag.reading.layout import NO_TOKENS, Pair
from rag.reading.network import Network, remembered_outputs


class Counting:
    """A session whose logits are the input's ids, and which counts its inputs. With a barrier it
    waits in each run until so many have begun."""

    def __init__(self, barrier: threading.Barrier | None = None) -> None:
        self.sizes: list[int] = []
        self.names: set[tuple[str, ...]] = set()
        self._barrier = barrier

    def run(self, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]]) -> list[Any]:
        self.sizes.append(inputs["ids"].shape[1])
        self.names.add(tuple(inputs))
        if self._barrier:
            self._barrier.wait(timeout=60)
        return [np.repeat(inputs["ids"][..., None], 3, axis=2)]


def pair(*ids: int, kind: int = 0) -> Pair:
    return Pair(np.array(ids), np.full(len(ids), kind), NO_TOKENS, NO_TOKENS.reshape(-1, 2))


def first_logits(network: Network, *pairs: Pair) -> list[float]:
    outputs = dict(network.run(pairs))
    return [float(outputs[i][0, 0]) for i in range(len(pairs))]


def test_outputs_belong_to_their_inputs() -> None:
    session = Counting()
    pairs = [pair(1), pair(2, 2, 2), pair(3, 3)]
    assert first_logits(Network(session), *pairs) == [1, 2, 3]
    assert session.sizes == [3, 2, 1]
    assert session.names == {("ids",)}


def test_nothing_is_read_for_nothing() -> None:
    assert list(Network(Counting()).run([])) == []


def test_inputs_are_read_at_the_same_time() -> None:
    # Neither run ends before the other has begun.
    session = Counting(threading.Barrier(2))
    assert first_logits(Network(session, workers=2), pair(1), pair(2)) == [1, 2]


def test_an_input_is_read_once_for_a_question() -> None:
    session = Counting()
    network = Network(session, has_types=True)
    with remembered_outputs():
        assert first_logits(network, pair(1), pair(2), pair(1)) == [1, 2, 1]
        with remembered_outputs():
            assert first_logits(network, pair(2)) == [2]
        assert first_logits(network, pair(2), pair(1, 1)) == [2, 1]
        # Another network, and an input of other types, are something else.
        assert first_logits(Network(session), pair(1)) == [1]
        assert first_logits(network, pair(1, kind=1)) == [1]
    assert session.sizes == [1, 1, 2, 1, 1]


@pytest.mark.parametrize("questions", [1, 2])
def test_the_next_question_is_read_anew(questions: int) -> None:
    session = Counting()
    network = Network(session)
    for _ in range(questions):
        with remembered_outputs():
            first_logits(network, pair(1))
    assert len(session.sizes) == questions
    first_logits(network, pair(1))
    assert len(session.sizes) == questions + 1


def test_a_failure_is_raised() -> None:
    class Failing(Counting):
        def run(self, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]]) -> list[Any]:
            raise RuntimeError("out of memory")

    for pairs in ([pair(1)], [pair(1), pair(2)]):
        with pytest.raises(RuntimeError, match="memory"), remembered_outputs():
            list(Network(Failing()).run(pairs))


@pytest.mark.parametrize("answers", [[True], [False, True]])
def test_nothing_is_read_for_nobody(answers: list[bool]) -> None:
    barrier, checks = threading.Barrier(2), iter(answers)
    session = Counting(barrier)
    network = Network(session)
    with pytest.raises(Cancellation), cancellable(lambda: next(checks)):
        first_logits(network, pair(1, 1), pair(2))
    # What has begun by then goes on; what would come next does not.
    barrier.abort()
    network._pool.shutdown()
    assert session.sizes in ([], [2])
