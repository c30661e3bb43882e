"""Encode texts with the library's encoder, for OpenAI's clients."""

from __future__ import annotations

import base64

import numpy as np

from api.problem import invalid
from api.schemas.embeddings import EmbeddingIn, EmbeddingList, EmbeddingOut, EmbeddingUsage
from index.encode.tokens import count_tokens
from index.library import Library

__all__ = ["embeddings_of"]


def embeddings_of(library: Library, query: EmbeddingIn) -> EmbeddingList:
    """Encode the texts, whatever model was named. ``Problem`` for other dimensions than the
    encoder has."""
    encoder = library.query_encoder()
    if query.dimensions not in (None, encoder.id.dim):
        name, dim = encoder.id.name, encoder.id.dim
        raise invalid(f"{name} has {dim}, not {query.dimensions}", "body.dimensions")
    vectors = [encoder.encode_query(text) for text in query.texts]
    is_base64 = query.encoding_format == "base64"
    tokens = count_tokens(*query.texts)
    return EmbeddingList(
        object="list",
        data=[
            EmbeddingOut(
                object="embedding",
                index=number,
                embedding=base64.b64encode(vector.astype(np.dtype("<f4")).tobytes()).decode()
                if is_base64
                else vector.tolist(),
            )
            for number, vector in enumerate(vectors)
        ],
        model=encoder.id.name,
        usage=EmbeddingUsage(prompt_tokens=tokens, total_tokens=tokens),
    )
