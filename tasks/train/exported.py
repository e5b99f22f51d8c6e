"""Reads the weights of an exported model back, to go on from them."""

from pathlib import Path

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from onnx import numpy_helper

from tasks.annotate.tagger.pieces import MARK_STATES, SHAPES
from tasks.train.network import Tagger
from tasks.train.shape import EncoderShape

DENSE = ("attend", "project", "widen", "narrow")
NORMS = ("attended_norm", "output_norm")


def read_exported(path: Path) -> tuple[Tagger, str]:
    """The network of a model file that `export_tagger` wrote, its weights as rounded there, and its tokenizer.

    Raises FileNotFoundError where there is no file, ValueError where it is another.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no model at {path}")
    try:
        return _read(onnx.load(path))
    except (DecodeError, KeyError, IndexError, RuntimeError) as error:
        raise ValueError(f"{path} is no model of flows.train_attribution: {error}") from error


def _read(model: onnx.ModelProto) -> tuple[Tagger, str]:
    constants = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    layers = sum(name.endswith(".attend.bias") for name in constants)
    attention = {node.name: node for node in model.graph.node if node.op_type == "MultiHeadAttention"}
    heads = tuple(
        attribute.i
        for number in range(layers)
        for attribute in attention[f"layer{number}.mixed"].attribute
        if attribute.name == "num_heads"
    )
    words = _rounded(constants, "words")
    shape = EncoderShape(
        vocabulary=len(words),
        positions=len(constants["positions"]),
        width=words.shape[1],
        heads=heads,
        inner=tuple(len(constants[f"layer{number}.widen.bias"]) for number in range(layers)),
        head_width=len(constants["layer0.attend.bias"]) // (3 * heads[0]),
    )
    weights = {
        "words.weight": words,
        "positions.weight": constants["positions"],
        "embedding_norm.weight": constants["embedding.scale"],
        "embedding_norm.bias": constants["embedding.shift"],
        "output.weight": _rounded(constants, "output.weight").T,
        "output.bias": constants["output.bias"],
        **_split_features(_rounded(constants, "features.table")),
    }
    for number in range(layers):
        for name in DENSE:
            weights[f"layers.{number}.{name}.weight"] = _rounded(constants, f"layer{number}.{name}.weight").T
            weights[f"layers.{number}.{name}.bias"] = constants[f"layer{number}.{name}.bias"]
        for name in NORMS:
            weights[f"layers.{number}.{name}.weight"] = constants[f"layer{number}.{name}.scale"]
            weights[f"layers.{number}.{name}.bias"] = constants[f"layer{number}.{name}.shift"]
    tagger = Tagger(shape)
    tagger.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in weights.items()})
    tagger.freeze_embeddings()
    return tagger, {item.key: item.value for item in model.metadata_props}["tokenizer"]


def _rounded(constants: dict[str, np.ndarray], name: str) -> np.ndarray:
    steps = constants[f"{name}_quantized"].astype(np.float32) - constants[f"{name}_zero_point"].astype(np.float32)
    return (steps * constants[f"{name}_scale"]).astype(np.float32)


def _split_features(table: np.ndarray) -> dict[str, np.ndarray]:
    """Three tables whose sums are those that `export.feature_table` wrote; the sums alone are known."""
    sums = table.reshape(len(SHAPES), len(MARK_STATES), 2, -1)
    mean = sums.mean((0, 1, 2))
    return {
        "shapes.weight": sums.mean((1, 2)),
        "marks.weight": sums.mean((0, 2)) - mean,
        "paragraph_starts.weight": sums.mean((0, 1)) - mean,
    }
