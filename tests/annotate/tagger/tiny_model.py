"""A tagger of a few random weights, for tests of all but what it has learnt."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from tasks.annotate.tagger.labels import OUTPUT_WIDTH
from tasks.annotate.tagger.pieces import MARK_STATES, SHAPES, PieceReader
from tasks.train.export import export_tagger
from tasks.train.shape import EncoderShape

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = (
    *("the", "said", "she", "mara", "lind", "ferry", "was", "late", "##ly", "##s", "we", "won", "mayor", "of", "town"),
    *("“", "”", '"', "'", ".", ",", ":"),
)
SHAPE = EncoderShape(
    vocabulary=len(SPECIAL) + len(WORDS), positions=512, width=32, heads=(4, 4), inner=(48, 48), head_width=8
)


@cache
def tokenizer_json() -> str:
    """A tokenizer of a few words, made as the encoder's is."""
    vocabulary = {word: number for number, word in enumerate(SPECIAL + WORDS)}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer.to_str()


def tiny_reader() -> PieceReader:
    """Cuts texts with the tokenizer of a few words."""
    return PieceReader(tokenizer_json())


def tiny_weights(seed: int = 0) -> dict[str, np.ndarray]:
    """Random weights under the names of the network."""
    random = np.random.default_rng(seed)
    sizes = {
        "words.weight": (SHAPE.vocabulary, SHAPE.width),
        "positions.weight": (SHAPE.positions, SHAPE.width),
        "shapes.weight": (len(SHAPES), SHAPE.width),
        "marks.weight": (len(MARK_STATES), SHAPE.width),
        "paragraph_starts.weight": (2, SHAPE.width),
        "output.weight": (OUTPUT_WIDTH, SHAPE.width),
        "output.bias": (OUTPUT_WIDTH,),
        "embedding_norm.weight": (SHAPE.width,),
        "embedding_norm.bias": (SHAPE.width,),
    }
    dense = {
        "attend": (3 * SHAPE.width, SHAPE.width),
        "project": (SHAPE.width, SHAPE.width),
        "widen": (SHAPE.inner[0], SHAPE.width),
        "narrow": (SHAPE.width, SHAPE.inner[0]),
    }
    for layer in range(SHAPE.layers):
        for name, size in dense.items():
            sizes[f"layers.{layer}.{name}.weight"] = size
            sizes[f"layers.{layer}.{name}.bias"] = size[:1]
        for norm in ("attended_norm", "output_norm"):
            sizes[f"layers.{layer}.{norm}.weight"] = sizes[f"layers.{layer}.{norm}.bias"] = (SHAPE.width,)
    return {name: random.normal(0, 0.3, size).astype(np.float32) for name, size in sizes.items()}


@cache
def tiny_model_bytes() -> bytes:
    """The model file's content."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "tagger.onnx")
        metadata = {"calibration": json.dumps([[0, 1], [0.2, 0.9]])}
        export_tagger(tiny_weights(), SHAPE, path, tokenizer_json=tokenizer_json(), metadata=metadata)
        return path.read_bytes()
