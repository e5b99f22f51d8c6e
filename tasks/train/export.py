"""Writes a trained tagger as one ONNX file, quantised for processors."""

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from tasks.annotate.tagger.labels import OUTPUT_WIDTH
from tasks.annotate.tagger.pieces import MARK_STATES, SHAPES
from tasks.train.shape import EncoderShape

# Packed, quantised operators of the runtime's own set.
RUNTIME_DOMAIN = "com.microsoft"
OPSET = 20
QUANTISED = ["MatMul", "Gather"]


Weights = dict[str, np.ndarray]


def export_tagger(
    weights: Weights, shape: EncoderShape, path: Path, *, tokenizer_json: str, metadata: dict[str, str]
) -> None:
    """Write the tagger to `path` as int8, its tokenizer and `metadata` inside; the file appears whole or not at all.

    `weights` are named as `network.Tagger` names them.

    The graph takes one window without padding: `ids` and `features` (length), and gives `rows` (length,
    OUTPUT_WIDTH). A feature is the number that `feature_numbers` in tasks/annotate/tagger/model.py gives a piece.
    """
    with tempfile.TemporaryDirectory() as scratch:
        plain, quantised = Path(scratch, "plain.onnx"), Path(scratch, "int8.onnx")
        onnx.save(build_graph(weights, shape), plain)
        quantize_dynamic(
            plain,
            quantised,
            op_types_to_quantize=QUANTISED,
            per_channel=True,
            # Processors without the VNNI instructions add pairs of products in sixteen bits, which full eight-bit
            # weights overflow.
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
        )
        model = onnx.load(quantised)
    properties = {"tokenizer": _without_limits(tokenizer_json), "calibration": "[[0, 1], [0, 1]]"}
    helper.set_model_props(model, properties | metadata)
    draft = path.with_suffix(".draft")
    onnx.save(model, draft)
    draft.replace(path)


def _without_limits(tokenizer_json: str) -> str:
    content = json.loads(tokenizer_json)
    content["truncation"] = content["padding"] = None
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def build_graph(weights: Weights, shape: EncoderShape) -> onnx.ModelProto:
    """The tagger as a graph in single precision."""
    graph = _Graph(shape)
    hidden = graph.embed(weights)
    for number in range(shape.layers):
        hidden = graph.layer(hidden, number, {k: weights[f"layers.{number}.{k}"] for k in _layer_names(weights)})
    rows = graph.dense(hidden, weights["output.weight"], weights["output.bias"], "output")
    graph.add("Squeeze", [rows, graph.constant("first_axis", np.array([0]))], "rows")
    return graph.model()


def _layer_names(weights: Weights) -> list[str]:
    return [name.removeprefix("layers.0.") for name in weights if name.startswith("layers.0.")]


class _Graph:
    """Collects nodes and constants."""

    def __init__(self, shape: EncoderShape) -> None:
        self.shape = shape
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def add(self, operator: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def dense(self, hidden: str, weight: np.ndarray, bias: np.ndarray, name: str) -> str:
        product = self.add("MatMul", [hidden, self.constant(f"{name}.weight", weight.T)], f"{name}.product")
        return self.add("Add", [product, self.constant(f"{name}.bias", bias)], f"{name}.sum")

    def norm(self, hidden: str, weight: np.ndarray, bias: np.ndarray, name: str) -> str:
        inputs = [hidden, self.constant(f"{name}.scale", weight), self.constant(f"{name}.shift", bias)]
        return self.add("LayerNormalization", inputs, f"{name}.normed", axis=-1, epsilon=self.shape.epsilon)

    def embed(self, weights: Weights) -> str:
        words = self.add("Gather", [self.constant("words", weights["words.weight"]), "ids"], "embedded_words")
        features = self.constant("features.table", feature_table(weights))
        featured = self.add("Gather", [features, "features"], "embedded_features")
        zero = self.constant("zero", np.array([0]))
        length = self.add("Shape", ["ids"], "length")
        table = self.constant("positions", weights["positions.weight"])
        positions = self.add("Slice", [table, zero, length, zero], "embedded_positions")
        placed = self.add("Add", [words, positions], "placed_words")
        summed = self.add("Add", [placed, featured], "embedded")
        batched = self.add("Unsqueeze", [summed, zero], "batched")
        return self.norm(batched, weights["embedding_norm.weight"], weights["embedding_norm.bias"], "embedding")

    def layer(self, hidden: str, number: int, weights: Weights) -> str:
        name = f"layer{number}"

        def dense(source: str, part: str) -> str:
            return self.dense(source, weights[f"{part}.weight"], weights[f"{part}.bias"], f"{name}.{part}")

        packed = dense(hidden, "attend")
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        self.nodes.append(helper.make_node("Split", [packed], parts, name=f"{name}.split", axis=-1, num_outputs=3))
        mixed = self.add(
            "MultiHeadAttention", parts, f"{name}.mixed", domain=RUNTIME_DOMAIN, num_heads=self.shape.heads[number]
        )
        attended = self.add("Add", [hidden, dense(mixed, "project")], f"{name}.attended")
        norm = "attended_norm"
        attended = self.norm(attended, weights[f"{norm}.weight"], weights[f"{norm}.bias"], f"{name}.{norm}")
        widened = self.add("Gelu", [dense(attended, "widen")], f"{name}.activated")
        result = self.add("Add", [attended, dense(widened, "narrow")], f"{name}.result")
        norm = "output_norm"
        return self.norm(result, weights[f"{norm}.weight"], weights[f"{norm}.bias"], f"{name}.{norm}")

    def model(self) -> onnx.ModelProto:
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["length"]) for name in ("ids", "features")]
        output = helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["length", OUTPUT_WIDTH])
        graph = helper.make_graph(self.nodes, "tagger", inputs, [output], list(self.constants.values()))
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME_DOMAIN, 1)]
        model = helper.make_model(graph, opset_imports=opsets)
        model.ir_version = 10
        return model


def feature_table(weights: Weights) -> np.ndarray:
    """One row for each combination of shape, mark state and paragraph start, in the order of `feature_numbers`."""
    shapes, marks, opens = (weights[f"{name}.weight"] for name in ("shapes", "marks", "paragraph_starts"))
    table = shapes[:, None, None] + marks[None, :, None] + opens[None, None, :]
    return table.reshape(len(SHAPES) * len(MARK_STATES) * 2, -1)
