"""The protocols of encoders: text in, unit vectors out.

Passages are encoded in bulk when they are indexed; questions one at a time when they are asked,
without torch. Both use the same weights, which :class:`EncoderId` names, and a library refuses
vectors of any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["EncoderId", "Floats", "PassageEncoder", "Progress", "QueryEncoder", "TokenVectors"]

Floats = NDArray[np.float32]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class EncoderId:
    """The identity of the weights that made a vector: ``weights`` is the SHA-256 (hex) of the
    weights file(s).

    ``dim`` is the length of a vector, ``max_tokens`` where a text is cut off.
    """

    name: str
    weights: str
    dim: int
    max_tokens: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """Return the identity that was written with :meth:`as_json`. ``TypeError`` for anything
        else."""
        identity = cls(**record)
        if tuple(map(type, astuple(identity))) != (str, str, int, int):
            raise TypeError("a part of it is of another kind")
        return identity


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The embeddings of a text's tokens.

    ``vectors``: float32 ``[tokens, dim]``, unit rows. ``offsets``: int32 ``[tokens, 2]``, the code
    points of the text that each token covers, ``(0, 0)`` for special tokens. ``mean``: float32
    ``[dim]``, unit length, the text's own embedding.
    """

    vectors: Floats
    offsets: NDArray[np.int32]
    mean: Floats


class PassageEncoder(Protocol):
    """Encodes passages for the index."""

    @property
    def id(self) -> EncoderId: ...

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Encode texts: float32 ``[len(texts), dim]``, unit rows. ``progress`` is called with
        the number of texts encoded since its last call."""
        ...


class QueryEncoder(Protocol):
    """Encodes questions, and passages token by token for late interaction."""

    @property
    def id(self) -> EncoderId: ...

    def encode_query(self, text: str) -> Floats:
        """Encode a question: float32 ``[dim]``, unit length."""
        ...

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Encode each text token by token, in context, in the order given."""
        ...
