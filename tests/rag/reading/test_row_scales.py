"""A scale for each token: what one large number no longer takes from all others."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from index.encode.base import Floats
from rag.reading.row_scales import INT8_PRODUCT, scale_rows

TOKENS, SIZE = 40, 64


def _weights() -> Floats:
    return np.random.default_rng(3).normal(0, 1, (SIZE, SIZE)).astype(np.float32)


def _graph(bias: bool) -> ModelProto:
    """A network of one product in int8, with or without a bias."""
    scales = np.abs(_weights()).max(axis=0) / 63
    constants = {
        "weight": np.rint(_weights() / scales).astype(np.int8),
        "scale": scales.astype(np.float32),
        "bias": np.full(SIZE, 2, np.float32),
    }
    inputs = ["x", "weight", "scale", *(["", "bias"] if bias else [])]
    node = helper.make_node(INT8_PRODUCT, inputs, ["y"], domain="com.microsoft")
    x, y = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["inputs", "tokens", SIZE])
        for name in ("x", "y")
    )
    tensors = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph([node], "product", [x], [y], tensors)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def _error(model: ModelProto, x: Floats, bias: bool) -> Floats:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (y,) = session.run(["y"], {"x": x[None]})
    return np.asarray(np.abs(y[0] - x @ _weights() - 2 * bias))


@pytest.mark.parametrize("bias", [False, True])
def test_one_large_token_costs_the_others_nothing(bias: bool) -> None:
    x = np.random.default_rng(4).normal(0, 1, (TOKENS, SIZE)).astype(np.float32)
    x[0] *= 100
    before = _error(_graph(bias), x, bias)[1:].mean()
    after = _error(scale_rows(_graph(bias)), x, bias)[1:].mean()
    assert after < 0.1 * before


def test_a_token_of_zeros_stays_one() -> None:
    assert _error(scale_rows(_graph(bias=False)), np.zeros((2, SIZE), np.float32), False).max() == 0
