"""Turn a reader's network from int8 on a processor into float32 for an accelerator.

Products in int8 whose inputs are quantised at run time exist for processors alone; on a GPU each of
them would be a way back to the processor. And a GPU that is given one input at a time waits for
most of its time, so these graphs take several of different lengths: what is padding is masked.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from index.encode.base import Floats

__all__ = ["to_float"]

_INT8_PRODUCT: Final = "DynamicQuantizeMatMul"
# Added before the softmax to what is padding; its share is 0 in float32.
_OUT_OF_SIGHT: Final = 1e4
_BIAS: Final = "padding.bias"


def to_float(model: ModelProto) -> ModelProto:
    """Return the graph with its products in float32 and a further input, ``mask`` (float32
    ``[inputs, tokens]``: 1 for a token, 0 for padding behind the tokens).

    model: inputs ``[inputs, tokens]``, attention's scores ``[inputs, heads, tokens, tokens]``.
    """
    result = ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    nodes = _padding_nodes(constants)
    for node in graph.node:
        if node.op_type == _INT8_PRODUCT:
            nodes += _float_product(node, constants)
        elif node.op_type == "Softmax":
            nodes += _masked_softmax(node)
        else:
            nodes.append(node)
    mask = helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["inputs", "tokens"])
    graph.input.append(mask)
    graph.ClearField("node")
    graph.node.extend(nodes)
    inputs = {name for node in nodes for name in node.input}
    graph.ClearField("initializer")
    graph.initializer.extend(tensor for name, tensor in constants.items() if name in inputs)
    # Those of products that are gone.
    graph.ClearField("value_info")
    return result


def _padding_nodes(constants: dict[str, TensorProto]) -> list[NodeProto]:
    """Compute from the mask what is added to attention's scores, ``[inputs, 1, 1, tokens]``."""
    values = {
        "padding.one": np.float32(1),
        "padding.depth": np.float32(_OUT_OF_SIGHT),
        "padding.axes": np.asarray([1, 2], np.int64),
    }
    for name, value in values.items():
        constants[name] = numpy_helper.from_array(np.asarray(value), name)
    return [
        helper.make_node("Sub", ["mask", "padding.one"], ["padding.seen"]),
        helper.make_node("Mul", ["padding.seen", "padding.depth"], ["padding.scores"]),
        helper.make_node("Unsqueeze", ["padding.scores", "padding.axes"], [_BIAS]),
    ]


def _masked_softmax(node: NodeProto) -> list[NodeProto]:
    scores = f"{node.output[0]}.masked"
    softmax = NodeProto()
    softmax.CopyFrom(node)
    softmax.input[0] = scores
    return [helper.make_node("Add", [node.input[0], _BIAS], [scores]), softmax]


def _float_product(node: NodeProto, constants: dict[str, TensorProto]) -> list[NodeProto]:
    """Multiply by the weights that the integers stand for."""
    names = [*node.input, "", ""]
    x, whole, scale, zero, bias = names[:5]
    weight = f"{whole}.float"
    if weight not in constants:
        value = _float_weight(constants[whole], constants[scale], constants.get(zero))
        constants[weight] = numpy_helper.from_array(value, weight)
    (output,) = node.output
    if not bias:
        return [helper.make_node("MatMul", [x, weight], [output])]
    product = f"{output}.product"
    return [
        helper.make_node("MatMul", [x, weight], [product]),
        helper.make_node("Add", [product, bias], [output]),
    ]


def _float_weight(whole: TensorProto, scale: TensorProto, zero: TensorProto | None) -> Floats:
    value = numpy_helper.to_array(whole).astype(np.float32)
    if zero is not None:
        value -= numpy_helper.to_array(zero).astype(np.float32)
    return np.asarray(value * numpy_helper.to_array(scale), np.float32)
