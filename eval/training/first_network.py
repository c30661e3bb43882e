"""The first network in training, and its export: a BERT encoder with three heads.

The heads are those of the second network (:mod:`eval.training.network`). The weights ship in int8
inside one ONNX graph for inputs without padding: it has no mask, computes query, key and value in
one product, and takes positions as a slice.
"""

from __future__ import annotations

import gzip
import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from index.encode.export import trace_network
from index.encode.session import write_optimised

__all__ = ["FirstNetwork", "of_shipped_graph", "write_first"]


class FirstNetwork(nn.Module):
    """The network: ids to float32 logits ``[inputs, tokens]`` for start, end and evidence."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.heads = nn.Linear(config.hidden_size, 3)

    @classmethod
    def of_config(cls, folder: Path) -> FirstNetwork:
        """Make a network of a BERT's shape, with random weights and no dropout."""
        config = BertConfig.from_pretrained(folder)
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        return cls(config)

    def freeze(self, layers: int) -> None:
        """Exclude the embeddings and the lowest ``layers`` layers from training."""
        self.encoder.embeddings.requires_grad_(False)
        for layer in self.encoder.encoder.layer[:layers]:
            layer.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Compute the logits of start, end and evidence."""
        encoder: Any = self.encoder
        states = encoder(input_ids=ids, attention_mask=mask, token_type_ids=types)
        start, end, evidence = self.heads(states.last_hidden_state).float().unbind(-1)
        return start, end, evidence


class _Layer(nn.Module):
    """One transformer layer (Vaswani et al., 2017), with a norm after each half."""

    def __init__(self, layer: Any, heads: int) -> None:
        super().__init__()
        attention, output = layer.attention.self, layer.attention.output
        size = attention.query.in_features
        self.heads, self.width = heads, size // heads
        self.mix = nn.Linear(size, 3 * size)
        parts = (attention.query, attention.key, attention.value)
        self.mix.weight = nn.Parameter(torch.cat([part.weight.detach() for part in parts]))
        self.mix.bias = nn.Parameter(torch.cat([part.bias.detach() for part in parts]))
        with torch.no_grad():
            # The scale of the products of query and key, taken into the query.
            self.mix.weight[:size] /= math.sqrt(self.width)
            self.mix.bias[:size] /= math.sqrt(self.width)
        self.out, self.first = output.dense, output.LayerNorm
        self.up, self.down = layer.intermediate.dense, layer.output.dense
        self.second = layer.output.LayerNorm

    def forward(self, x: Tensor) -> Tensor:
        """Map float32 ``[inputs, tokens, size]`` to the same shape."""
        inputs = x.shape[0]
        projections: Tensor = self.mix(x).reshape(inputs, -1, 3, self.heads, self.width)
        query, key, value = projections.permute(2, 0, 3, 1, 4).unbind(0)
        shares = torch.softmax(query @ key.transpose(-1, -2), -1)
        context = (shares @ value).transpose(1, 2).reshape(inputs, -1, self.heads * self.width)
        x = self.first(self.out(context) + x)
        output: Tensor = self.second(self.down(functional.gelu(self.up(x))) + x)
        return output


class _Graph(nn.Module):
    """The exported graph: int64 ``[inputs, tokens]`` ids and types to float32 ``[inputs, tokens,
    3]``."""

    def __init__(self, network: FirstNetwork) -> None:
        super().__init__()
        # torch types the parts of a module as tensors or modules, transformers' as neither.
        encoder: Any = network.encoder
        words = encoder.embeddings
        self.words, self.types = words.word_embeddings, words.token_type_embeddings
        self.positions = nn.Parameter(words.position_embeddings.weight.detach().clone())
        self.norm = words.LayerNorm
        heads = encoder.config.num_attention_heads
        self.layers = nn.ModuleList(_Layer(layer, heads) for layer in encoder.encoder.layer)
        self.heads = network.heads

    def forward(self, ids: Tensor, types: Tensor) -> Tensor:
        """Compute the logits."""
        x = self.words(ids) + self.types(types) + self.positions[: ids.shape[1]]
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x)
        logits: Tensor = self.heads(x)
        return logits


def write_first(network: FirstNetwork, path: Path) -> None:
    """Write the graph in int8, packed, as ``first.onnx.gz``.

    Weights are kept to seven bits (``reduce_range``): without VNNI, x86 multiplies pairs of bytes
    into 16-bit sums that overflow with eight.
    """
    with tempfile.TemporaryDirectory() as scratch:
        plain, small, ready = (Path(scratch) / f"{name}.onnx" for name in ("a", "b", "c"))
        _trace(network, plain)
        _quantise(plain, small)
        _optimise(small, ready)
        # Without a time of its own the archive of one network is always the same.
        path.write_bytes(gzip.compress(ready.read_bytes(), 9, mtime=0))


def _trace(network: FirstNetwork, path: Path) -> None:
    ids = torch.ones((1, 7), dtype=torch.long)
    shape = {0: "inputs", 1: "tokens"}
    example = (ids, torch.zeros_like(ids))
    inputs = {"ids": shape, "types": shape}
    trace_network(_Graph(network).eval(), example, path, inputs, {"logits": shape})


def _quantise(plain: Path, target: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # The heads are three columns: nothing to save there, and every answer hangs on them.
    heads = [node.name for node in onnx.load(plain).graph.node if node.name.startswith("/heads/")]
    quantize_dynamic(
        plain,
        target,
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=heads,
        extra_options={"MatMulConstBOnly": True},
    )


def _optimise(graph: Path, target: Path) -> None:
    """Write the graph as onnxruntime optimises it, with its weights inside."""
    import onnx

    beside = target.with_suffix(".parts.onnx")
    write_optimised(graph, beside, f"{beside.name}.data")
    onnx.save_model(onnx.load_model(beside), target)


def of_shipped_graph(path: Path, folder: Path) -> FirstNetwork:
    """Load the network whose graph ships at ``path``, to train it further: the inverse of
    :func:`write_first`, apart from the int8 rounding.

    folder: the base model, for its shape.
    """
    import onnx
    from onnx.numpy_helper import to_array

    graph = onnx.load_model_from_string(gzip.decompress(path.read_bytes())).graph
    initializers = {i.name: torch.from_numpy(to_array(i).copy()) for i in graph.initializer}
    products = {n.name: n.input for n in graph.node if n.op_type == "DynamicQuantizeMatMul"}
    (heads,) = (n.input[1] for n in graph.node if n.name == "/heads/MatMul")
    network = FirstNetwork.of_config(folder)
    encoder: Any = network.encoder
    words = encoder.embeddings

    def whole(name: str, scale: str, zero: str) -> Tensor:
        return (initializers[name].float() - initializers[zero].float()) * initializers[scale]

    def product(name: str) -> Tensor:
        _, weight, scale, zero, *_ = products[f"/{name}/MatMul_quant"]
        return whole(weight, scale, zero).T

    with torch.no_grad():
        for name, part in (
            ("words", words.word_embeddings),
            ("types", words.token_type_embeddings),
        ):
            at = f"{name}.weight"
            part.weight.copy_(whole(f"{at}_quantized", f"{at}_scale", f"{at}_zero_point"))
        words.position_embeddings.weight.copy_(initializers["positions"])
        _fill(words.LayerNorm, initializers, "norm")
        network.heads.weight.copy_(initializers[heads].T)
        network.heads.bias.copy_(initializers["heads.bias"])
        for number, layer in enumerate(encoder.encoder.layer):
            _fill_layer(layer, initializers, product, f"layers.{number}")
    return network


def _fill_layer(
    layer: Any, initializers: dict[str, Tensor], product: Callable[[str], Tensor], at: str
) -> None:
    """Fill a transformer layer; ``product`` returns a matrix by its name in the graph."""
    attention, output = layer.attention.self, layer.attention.output
    size = attention.query.in_features
    mix, bias = product(f"{at}/mix"), initializers[f"{at}.mix.bias"].clone()
    grow = math.sqrt(attention.attention_head_size)
    mix[:size] *= grow
    bias[:size] *= grow
    for i, part in enumerate((attention.query, attention.key, attention.value)):
        part.weight.copy_(mix[i * size : (i + 1) * size])
        part.bias.copy_(bias[i * size : (i + 1) * size])
    parts = {"out": output.dense, "up": layer.intermediate.dense, "down": layer.output.dense}
    for name, part in parts.items():
        part.weight.copy_(product(f"{at}/{name}"))
        part.bias.copy_(initializers[f"{at}.{name}.bias"])
    _fill(output.LayerNorm, initializers, f"{at}.first")
    _fill(layer.output.LayerNorm, initializers, f"{at}.second")


def _fill(module: Any, initializers: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(initializers[f"{name}.weight"])
    module.bias.copy_(initializers[f"{name}.bias"])
