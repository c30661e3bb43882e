"""What a replica holds: the encoder, or the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.replicas.plan import Plan, Scale
from index.encode.base import EncoderId, Floats, QueryEncoder, TokenVectors
from index.encode.encoders import ExportedModels
from index.encode.onnx import OnnxEncoder
from index.errors import ModelError
from index.snapshot import Found
from rag.evidence import Reading
from rag.reading.opening import open_reader
from rag.retrieval.reranker import open_reranker

__all__ = ["EncoderReplica", "ReaderReplica", "Reply"]


@dataclass(frozen=True, slots=True)
class Reply:
    """A result, with the key of the plan and the weights (hash; none for the reader) that it was
    made by."""

    key: str
    weights: str
    value: Any


class EncoderReplica:
    """The encoder for questions. ``PullquoteError`` s of its making end the replica's start."""

    def __init__(self, plan: Plan, scale: Scale) -> None:
        plan.require_same_sources()
        self.plan = plan
        self.scale = scale
        models = ExportedModels(plan.settings().models_folder, plan.threads)
        self._encoder: QueryEncoder = models.query_encoder(plan.encoder, plan.encoder_id)
        if plan.encoder_id and self._encoder.id.weights != plan.encoder_id.weights:
            raise ModelError(f"this machine has other weights of {plan.encoder} than the server")

    def describe(self) -> tuple[Plan, Scale, EncoderId]:
        """Return the plan, the scale and the encoder's identity."""
        return self.plan, self.scale, self._encoder.id

    def encode_queries(self, texts: Sequence[str]) -> list[Reply]:
        """Encode questions that came at about the same time."""
        if isinstance(self._encoder, OnnxEncoder):
            vectors: Sequence[Floats] = list(self._encoder.encode_queries(texts))
        else:
            vectors = [self._encoder.encode_query(text) for text in texts]
        return [self._reply(vector) for vector in vectors]

    def encode_tokens(self, texts: Sequence[str]) -> Reply:
        tokens: list[TokenVectors] = self._encoder.encode_tokens(texts)
        return self._reply(tokens)

    def _reply(self, value: object) -> Reply:
        return Reply(self.plan.key, self._encoder.id.weights, value)


class ReaderReplica:
    """The reader. ``PullquoteError`` s of its making end the replica's start."""

    def __init__(self, plan: Plan, scale: Scale) -> None:
        plan.require_same_sources()
        self.plan = plan
        self.scale = scale
        self._reader = open_reader(plan.settings())

    def describe(self) -> tuple[Plan, Scale]:
        """Return the plan and the scale."""
        return self.plan, self.scale

    def read(self, question: str, passages: Sequence[Found]) -> Reply:
        reading: Reading = self._reader.read(question, passages)
        return Reply(self.plan.key, "", reading)

    def scores(self, question: str, passages: Sequence[Found]) -> Reply:
        """Score passages for reranking. ``ModelError`` where the reader gives no scores."""
        reranker = open_reranker("reader", lambda: self._reader)
        return Reply(self.plan.key, "", reranker.scores(question, passages))
