"""Build the reader's second network as an ONNX graph from its weights.

An MPNet encoder (Song et al., 2020: BERT's layers, and a bias for the distance of two tokens that
is added to every layer's attention) with three linear heads on its tokens. Products with weights
are computed in int8 (activations quantised at run time), all else in float32. Weights have seven
bits: without VNNI, x86 adds pairs of products in 16 bits, which overflow with eight. A few columns
in which activations are a hundred times larger than elsewhere stay in float32 (after Dettmers et
al., 2022): one scale for all would leave the others no precision.

The graph is built here, without torch, when the reader is first used: the repository has four bits,
processors multiply eight.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from index.encode.base import Floats

__all__ = ["build_graph"]

_OPSET: Final = 17
_MICROSOFT: Final = "com.microsoft"
_SEVEN_BITS: Final = 63
_EPSILON: Final = 1e-5
_IDS: Final = ("inputs", "tokens")
_LOGITS: Final = (*_IDS, 3)


def build_graph(weights: Mapping[str, Floats], layers: int, heads: int) -> ModelProto:
    """The graph from ``ids`` (int64 ``[inputs, tokens]``) to ``logits`` (float32 ``[inputs, tokens,
    3]``: start, end, evidence). It knows no padding: inputs of one run are of one length.

    weights: float32 by name. ``words`` ``[vocabulary, size]``, ``positions`` ``[tokens, size]``,
    ``distances`` ``[heads, 2 * tokens - 1]`` (the attention's bias by how far the second token
    stands behind the first, from ``1 - tokens`` on), ``norm.weight`` and ``norm.bias``, ``heads.
    weight`` ``[3, size]``, ``heads.bias``; and for each layer ``i`` under ``i.``: ``mix`` (query,
    key and value one below the other), ``out``, ``up``, ``down``, each with ``.weight`` ``[out,
    in]`` and ``.bias``, and ``first`` and ``second``, its two norms. ``.apart`` beside a
    ``.weight`` names the columns that stay in float32.
    """
    graph = _Graph(weights, heads)
    x = graph.embed()
    for layer in range(layers):
        x = graph.layer(x, f"{layer}.")
    graph.node("MatMul", [x, graph.constant("heads.w", weights["heads.weight"].T)], "heads.product")
    graph.node("Add", ["heads.product", graph.weight("heads.bias")], "logits")
    return graph.model()


class _Graph:
    """Nodes and constants of a graph in construction."""

    def __init__(self, weights: Mapping[str, Floats], heads: int) -> None:
        self._weights = weights
        self._heads = heads
        self._size = weights["words"].shape[1]
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **set: Any) -> str:
        """Add a node of one output; returns the output's name."""
        self._nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **set))
        return output

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self._constants[name] = numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self._weights[name])

    def ints(self, *values: int) -> str:
        return self.constant("i" + "_".join(map(str, values)), np.asarray(values, np.int64))

    def int(self, value: int) -> str:
        return self.constant(f"n{value}", np.asarray(value, np.int64))

    def embed(self) -> str:
        """Add words and positions, normalised, and the attention's bias, ``[heads, tokens,
        tokens]``; returns the output's name."""
        words, scales = _rows_in_int8(self._weights["words"])
        row = self.node("Gather", [self.constant("words", words), "ids"], "words.row")
        row = self.node("Cast", [row], "words.cast", to=TensorProto.FLOAT)
        scale = self.node("Gather", [self.constant("words.scale", scales), "ids"], "words.scaled")
        row = self.node("Mul", [row, scale], "words.float")
        shape = self.node("Shape", ["ids"], "ids.shape")
        tokens = self.node("Gather", [shape, self.int(1)], "tokens")
        places = self.node("Range", [self.int(0), tokens, self.int(1)], "places")
        position = self.node("Gather", [self.weight("positions"), places], "position")
        x = self._layer_norm(self.node("Add", [row, position], "embedded"), "norm")
        self._distances(places)
        return x

    def _distances(self, places: str) -> None:
        reach = (self._weights["distances"].shape[1] + 1) // 2
        across = self.node("Unsqueeze", [places, self.ints(0)], "places.across")
        down = self.node("Unsqueeze", [places, self.ints(1)], "places.down")
        apart = self.node("Sub", [across, down], "apart")
        apart = self.node("Add", [apart, self.int(reach - 1)], "apart.row")
        self.node("Gather", [self.weight("distances"), apart], "distance.bias", axis=1)

    def layer(self, x: str, at: str) -> str:
        """Add one transformer layer (Vaswani et al., 2017), with a norm after each half; returns
        the output's name."""
        context = self._linear(self._attention(x, at), f"{at}out")
        x = self._layer_norm(self.node("Add", [context, x], f"{at}seen"), f"{at}first")
        up = self._product(x, f"{at}up")
        wide = self.node(
            "BiasGelu", [up, self.weight(f"{at}up.bias")], f"{at}wide", domain=_MICROSOFT
        )
        down = self._linear(wide, f"{at}down")
        return self._layer_norm(self.node("Add", [down, x], f"{at}sum"), f"{at}second")

    def _attention(self, x: str, at: str) -> str:
        width = self._size // self._heads
        projection = self._linear(x, f"{at}mix")
        projection = self.node(
            "Reshape", [projection, self.ints(0, -1, 3, self._heads, width)], f"{at}parts"
        )
        # Query, key and value; each [inputs, heads, tokens, width], the key's last two turned.
        part = {}
        rows, columns = (0, 2, 1, 3), (0, 2, 3, 1)
        for i, (name, turn) in enumerate((("q", rows), ("k", columns), ("v", rows))):
            row = self.node("Gather", [projection, self.int(i)], f"{at}{name}.part", axis=2)
            part[name] = self.node("Transpose", [row], f"{at}{name}", perm=turn)
        near = self.node("MatMul", [part["q"], part["k"]], f"{at}near")
        near = self.node("Add", [near, "distance.bias"], f"{at}near.placed")
        share = self.node("Softmax", [near], f"{at}share", axis=-1)
        context = self.node("MatMul", [share, part["v"]], f"{at}heads.seen")
        context = self.node("Transpose", [context], f"{at}seen.turned", perm=(0, 2, 1, 3))
        return self.node("Reshape", [context, self.ints(0, -1, self._size)], f"{at}seen.joined")

    def _product(self, x: str, name: str, bias: str = "") -> str:
        weight = self._weights[f"{name}.weight"]
        apart = self._weights.get(f"{name}.apart")
        if apart is None:
            return self._int8_product(x, name, weight, bias)
        columns = apart.astype(np.int64)
        scale = np.ones(weight.shape[1], np.float32)
        scale[columns] = 0
        few = self.node(
            "Gather", [x, self.constant(f"{name}.apart", columns)], f"{name}.few", axis=2
        )
        few = self.node(
            "MatMul",
            [few, self.constant(f"{name}.few.w", weight[:, columns].T)],
            f"{name}.few.product",
        )
        most = self.node("Mul", [x, self.constant(f"{name}.kept", scale)], f"{name}.most")
        most = self._int8_product(most, name, weight * scale, bias)
        return self.node("Add", [most, few], f"{name}.whole")

    def _int8_product(self, x: str, name: str, weight: Floats, bias: str) -> str:
        whole, scales = _columns_in_int8(weight)
        inputs = [x, self.constant(f"{name}.int8", whole), self.constant(f"{name}.scale", scales)]
        inputs += ["", bias] if bias else []
        return self.node("DynamicQuantizeMatMul", inputs, f"{name}.product", domain=_MICROSOFT)

    def _linear(self, x: str, name: str) -> str:
        return self._product(x, name, self.weight(f"{name}.bias"))

    def _layer_norm(self, x: str, name: str) -> str:
        inputs = [x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.node("LayerNormalization", inputs, f"{name}.normed", epsilon=_EPSILON)

    def model(self) -> ModelProto:
        graph = helper.make_graph(
            self._nodes,
            "reader",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, _IDS)],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, _LOGITS)],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def _columns_in_int8(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Quantise a layer's ``[out, in]`` weights to int8 ``[in, out]`` in seven bits, with a scale
    for each output."""
    scales = np.maximum(np.abs(weight).max(axis=1), 1e-8) / _SEVEN_BITS
    whole = np.rint(weight / scales[:, None]).astype(np.int8)
    return whole.T, scales.astype(np.float32)


def _rows_in_int8(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Quantise embeddings ``[rows, size]`` to int8, with a scale for each row, ``[rows, 1]``."""
    scales = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-8) / 127
    return np.rint(weight / scales).astype(np.int8), scales.astype(np.float32)
