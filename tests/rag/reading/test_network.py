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
        self.batches: list[int] = []
        self.names: set[tuple[str, ...]] = set()
        self._barrier = barrier

    def run(self, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]]) -> list[Any]:
        self.sizes.append(inputs["ids"].shape[1])
        self.batches.append(len(inputs["ids"]))
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


class Small(Counting):
    """A device with room for so many tokens."""

    def __init__(self, tokens: int, message: str = "Failed to allocate memory") -> None:
        super().__init__()
        self.masks: list[list[list[float]]] = []
        self._tokens = tokens
        self._message = message

    def run(self, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]]) -> list[Any]:
        if inputs["ids"].size > self._tokens:
            raise RuntimeError(self._message)
        self.masks.append(inputs["mask"].tolist())
        return super().run(outputs, inputs)


def test_inputs_of_a_batch_are_padded() -> None:
    session = Small(100)
    network = Network(session, has_types=True, batch_tokens=9)
    outputs = dict(network.run([pair(1), pair(2, 2, 2, 2), pair(3, 3), pair(4, kind=1)]))
    assert {i: rows[:, 0].tolist() for i, rows in outputs.items()} == {
        0: [1], 1: [2, 2, 2, 2], 2: [3, 3], 3: [4],
    }  # fmt: skip
    assert session.masks == [[[1, 1, 1, 1], [1, 1, 0, 0]], [[1], [1]]]
    assert session.names == {("ids", "mask", "types")}


def test_a_batch_is_as_large_as_the_device_has_room_for() -> None:
    session = Small(5)
    network = Network(session, batch_tokens=100)
    pairs = [pair(number, number) for number in range(7)]
    assert first_logits(network, *pairs) == list(range(7))
    assert session.batches == [1] * 7 or session.batches == [2, 2, 2, 1]
    # The room is remembered for the next question.
    assert first_logits(network, *pairs[:3]) == [0, 1, 2]
    assert max(session.batches) <= 2


@pytest.mark.parametrize(("room", "message"), [(1, "Failed to allocate memory"), (5, "bad input")])
def test_what_a_smaller_batch_would_not_mend_is_raised(room: int, message: str) -> None:
    network = Network(Small(room, message), batch_tokens=100)
    with pytest.raises(RuntimeError, match=message):
        first_logits(network, *[pair(number, number) for number in range(3)])


def test_no_batch_is_run_for_nobody() -> None:
    answers = iter([False, False, True])
    session = Small(100)
    network = Network(session, batch_tokens=2)
    with pytest.raises(Cancellation), cancellable(lambda: next(answers)):
        first_logits(network, pair(1, 1), pair(2, 2))
    assert session.sizes == [2]
