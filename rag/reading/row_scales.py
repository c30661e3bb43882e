"""Give each token a scale of its own where a network computes in int8.

onnxruntime quantises what goes into a product with one scale for the whole input, so that the one
token with the largest number (a separator, often) leaves all others few of the 256 values. Dividing
each row by its largest number before the product, and multiplying behind it, gives every token a
scale of its own, as in LLM.int8() (Dettmers et al., 2022), with the same fast products.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from onnx import ModelProto, NodeProto, helper, numpy_helper

__all__ = ["INT8_PRODUCT", "scale_rows"]

# onnxruntime's product with int8 weights: input, weights, their scales, zero points and the bias.
INT8_PRODUCT: Final = "DynamicQuantizeMatMul"
_MICROSOFT: Final = "com.microsoft"
_LEAST: Final = "rows.least"


def scale_rows(model: ModelProto) -> ModelProto:
    """Return the graph with a scale for each row of what its int8 products take."""
    result = ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    # A row of zeros is divided by this.
    graph.initializer.append(numpy_helper.from_array(np.asarray(1e-6, np.float32), _LEAST))
    nodes: list[NodeProto] = []
    for node in graph.node:
        nodes += _product(node) if node.op_type == INT8_PRODUCT else [node]
    graph.ClearField("node")
    graph.node.extend(nodes)
    return result


def _product(node: NodeProto) -> list[NodeProto]:
    names = [*node.input, "", ""]
    x, weight, scale, zero, bias = names[:5]
    (output,) = node.output
    at = f"{output}.rows"
    weights = [weight, scale, zero] if zero else [weight, scale]
    product = f"{at}.product" if bias else output
    nodes = [
        helper.make_node("Abs", [x], [f"{at}.sizes"]),
        helper.make_node("ReduceMax", [f"{at}.sizes"], [f"{at}.most"], axes=[-1], keepdims=1),
        helper.make_node("Max", [f"{at}.most", _LEAST], [f"{at}.scale"]),
        helper.make_node("Div", [x, f"{at}.scale"], [f"{at}.unit"]),
        helper.make_node(
            INT8_PRODUCT, [f"{at}.unit", *weights], [f"{at}.whole"], domain=_MICROSOFT
        ),
        helper.make_node("Mul", [f"{at}.whole", f"{at}.scale"], [product]),
    ]
    return [*nodes, helper.make_node("Add", [product, bias], [output])] if bias else nodes
