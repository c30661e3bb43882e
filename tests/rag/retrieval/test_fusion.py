from __future__ import annotations

import numpy as np

from rag.retrieval.fusion import fuse_ranks


def test_rank_fusion_adds_reciprocal_ranks() -> None:
    lists = [
        (np.array([5, 7]), np.array([0.9, 0.1], np.float32)),
        (np.array([7, 9]), np.array([20.0, 1.0], np.float32)),
    ]
    scores = fuse_ranks(np.array([5, 7, 9]), lists)
    np.testing.assert_allclose(scores, [1 / 61, 1 / 62 + 1 / 61, 1 / 62], rtol=1e-5)
