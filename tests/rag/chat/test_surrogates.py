from __future__ import annotations

import pytest

from rag.chat.base import Piece, Tokens
from rag.chat.deadline import with_deadline
from rag.chat.surrogates import join_surrogates


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (["It is \ud83d", "\ude00 here."], "It is 😀 here."),
        (["\ud83d\ude00"], "😀"),
        (["a\ud83d b", "c"], "a\ufffd bc"),
        (["a\ude00b"], "a\ufffdb"),
        (["a\ud83d"], "a\ufffd"),
        (["a\ud83d", "", "\ude00"], "a😀"),
        (["\ud83d", "\ud83d", "\ude00"], "\ufffd😀"),
        (["plain", " and ü"], "plain and ü"),
    ],
)
def test_halves_of_characters_are_joined_or_marked(pieces: list[str], whole: str) -> None:
    assert "".join(piece.text for piece in join_surrogates(map(Piece, pieces))) == whole


def test_what_comes_with_a_piece_stays() -> None:
    last = Piece("end \ud83d", Tokens(1, 2), "stop")
    (piece,) = join_surrogates([last])
    assert piece == Piece("end \ufffd", Tokens(1, 2), "stop")


def test_no_stream_of_a_chat_model_has_halves() -> None:
    pieces = list(with_deadline(60, lambda: iter([Piece("a\ud800"), Piece("b")])))
    assert "".join(piece.text for piece in pieces) == "a\ufffdb"
