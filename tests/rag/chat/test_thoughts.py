from __future__ import annotations

import pytest

from rag.chat.base import Piece, Tokens
from rag.chat.thoughts import leave_out_thoughts
from rag.errors import ChatModelError

SIZES = (1, 3, 7, 1000)


def kept(text: str, size: int) -> str:
    pieces = (Piece(text[at : at + size]) for at in range(0, len(text), size))
    return "".join(piece.text for piece in leave_out_thoughts(pieces))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<think>\nMaybe. It is so.\n</think>\n\nIt rained.", "\n\nIt rained."),
        ("It rained. <Thinking>Or <b>not</b>?</Thinking>It snowed.", "It rained. It snowed."),
        ("<reasoning>a</reasoning><thought>b</thought>It rained.", "It rained."),
        ("<think></think>It rained.", "It rained."),
        ("<think>One <think>within.</think>It rained.", "It rained."),
        ("3 < 4 <thi <b>x</b> <thinker> <", "3 < 4 <thi <b>x</b> <thinker> <"),
        ("", ""),
    ],
)
def test_what_is_thought_is_left_out(text: str, answer: str, size: int) -> None:
    assert kept(text, size) == answer


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", ["It rained. <think>Or not?", "Or not?</think>It rained."])
def test_thoughts_without_an_end_or_a_beginning_are_malformed(text: str, size: int) -> None:
    with pytest.raises(ChatModelError) as caught:
        kept(text, size)
    assert caught.value.failure == "malformed"


def test_what_comes_with_a_piece_stays() -> None:
    last = Piece("so</think>.", Tokens(3, 4), "stop")
    pieces = list(leave_out_thoughts([Piece("It is <think>"), last]))
    assert pieces == [Piece("It is "), Piece(".", Tokens(3, 4), "stop")]
