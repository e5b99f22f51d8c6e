"""The network as trained: a BERT encoder of as many layers as its shape has, with two tagging and two pointer heads."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tasks.annotate.tagger.labels import OUTPUT_WIDTH
from tasks.annotate.tagger.model import Reading, read_with
from tasks.annotate.tagger.pieces import MARK_STATES, SHAPES, PieceReader
from tasks.train.shape import EncoderShape


class Dense(nn.Linear):
    """A matrix and a bias; where `is_rounded`, with the numbers rounded as the exported model's are."""

    is_rounded = False

    def forward(self, values: Tensor) -> Tensor:
        """(batch, length, in) to (batch, length, out)."""
        if not self.is_rounded:
            return super().forward(values)
        return functional.linear(round_values(values), round_weights(self.weight), self.bias)


def round_weights(weight: Tensor) -> Tensor:
    """Each row on its own 129 steps; gradients pass as if nothing were rounded."""
    with torch.no_grad():
        step = weight.abs().amax(1, keepdim=True).clamp_min(1e-12) / 64
        rounded = (weight / step).round_().mul_(step)
    return weight + (rounded - weight).detach()


def round_values(values: Tensor) -> Tensor:
    """Each window on 256 steps of its own, its padding counted in; gradients pass as if nothing were rounded."""
    with torch.no_grad():
        exact = values.float()
        least, most = exact.amin((1, 2), True).clamp_max(0), exact.amax((1, 2), True).clamp_min(0)
        step = (most - least).clamp_min(1e-12) / 255
        zero = (-least / step).round_()
        rounded = ((exact / step).round_().add_(zero).clamp_(0, 255).sub_(zero)).mul_(step)
    return values + (rounded.to(values.dtype) - values).detach()


class Layer(nn.Module):
    """One transformer layer, normalised after each half as BERT is; queries, keys and values in one matrix."""

    def __init__(self, shape: EncoderShape, number: int) -> None:
        super().__init__()
        self.heads, inner = shape.heads[number], shape.inner[number]
        mixed = self.heads * shape.head_width
        self.attend = Dense(shape.width, 3 * mixed)
        self.project = Dense(mixed, shape.width)
        self.attended_norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.widen = Dense(shape.width, inner)
        self.narrow = Dense(inner, shape.width)
        self.output_norm = nn.LayerNorm(shape.width, shape.epsilon)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        """The next layer's input, (batch, length, width); `mask` is true where a piece may be looked at."""
        batch, length, _ = hidden.shape
        parts = self.attend(hidden).view(batch, length, 3, self.heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        with torch.autocast("cpu", enabled=False):
            # In single precision also where the rest is in bfloat16: its gradients take two thirds of the time so.
            mixed = functional.scaled_dot_product_attention(query.float(), key.float(), value.float(), attn_mask=mask)
        mixed = mixed.transpose(1, 2).flatten(2)
        hidden = self.attended_norm(hidden + self.project(mixed))
        return self.output_norm(hidden + self.narrow(functional.gelu(self.widen(hidden))))


class Tagger(nn.Module):
    """Word pieces in, one row of OUTPUT_WIDTH numbers for each out: see `labels.HEADS`."""

    def __init__(self, shape: EncoderShape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or EncoderShape()
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.embedding_norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.shapes = nn.Embedding(len(SHAPES), shape.width)
        self.marks = nn.Embedding(len(MARK_STATES), shape.width)
        self.paragraph_starts = nn.Embedding(2, shape.width)
        self.layers = nn.ModuleList(Layer(shape, number) for number in range(shape.layers))
        self.output = Dense(shape.width, OUTPUT_WIDTH)
        for embedding in (self.shapes, self.marks, self.paragraph_starts):
            nn.init.zeros_(embedding.weight)

    def forward(self, ids: Tensor, shapes: Tensor, marks: Tensor, opens: Tensor, lengths: Tensor | None) -> Tensor:
        """Rows (batch, length, OUTPUT_WIDTH) for arrays (batch, length); `lengths` None where nothing is padded."""
        return self.output(self.layer_outputs(ids, shapes, marks, opens, lengths)[-1])

    def layer_outputs(
        self, ids: Tensor, shapes: Tensor, marks: Tensor, opens: Tensor, lengths: Tensor | None
    ) -> list[Tensor]:
        """What each layer gives, (batch, length, width)."""
        length = ids.shape[1]
        hidden = self.words(ids) + self.positions.weight[:length]
        hidden = hidden + self.shapes(shapes) + self.marks(marks) + self.paragraph_starts(opens)
        hidden = self.embedding_norm(hidden)
        mask = None
        if lengths is not None:
            mask = (torch.arange(length) < lengths[:, None])[:, None, None, :]
        outputs = []
        for layer in self.layers:
            hidden = layer(hidden, mask)
            outputs.append(hidden)
        return outputs

    def arrays(self) -> dict[str, np.ndarray]:
        """All weights in single precision, by name."""
        return {name: value.detach().float().numpy() for name, value in self.state_dict().items()}

    def load_encoder(self, weights: dict[str, Tensor]) -> None:
        """Take over the encoder as published under BERT's names; the heads and features stay fresh."""
        prefix = "embeddings."
        with torch.no_grad():
            self.words.weight.copy_(weights[prefix + "word_embeddings.weight"])
            # All pieces are of the first segment: its embedding is a constant.
            self.positions.weight.copy_(weights[prefix + "position_embeddings.weight"])
            self.positions.weight.add_(weights[prefix + "token_type_embeddings.weight"][0])
            _copy(self.embedding_norm, weights, prefix + "LayerNorm")
            for number, layer in enumerate(self.layers):
                prefix = f"encoder.layer.{number}."
                names = [prefix + f"attention.self.{name}." for name in ("query", "key", "value")]
                layer.attend.weight.copy_(torch.cat([weights[name + "weight"] for name in names]))
                layer.attend.bias.copy_(torch.cat([weights[name + "bias"] for name in names]))
                _copy(layer.project, weights, prefix + "attention.output.dense")
                _copy(layer.attended_norm, weights, prefix + "attention.output.LayerNorm")
                _copy(layer.widen, weights, prefix + "intermediate.dense")
                _copy(layer.narrow, weights, prefix + "output.dense")
                _copy(layer.output_norm, weights, prefix + "output.LayerNorm")
        self.freeze_embeddings()

    def freeze_embeddings(self) -> None:
        """Keep the words and positions as they are: the encoder has learnt them from far more text."""
        self.words.weight.requires_grad_(False)
        self.positions.weight.requires_grad_(False)


def _copy(module: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(weights[name + ".weight"])
    module.bias.copy_(weights[name + ".bias"])


def torch_reader(tagger: Tagger, reader: PieceReader) -> Callable[[str], Reading]:
    """Reads texts with the network itself, in single precision."""

    def run(ids: np.ndarray, features: np.ndarray) -> np.ndarray:
        shapes, rest = np.divmod(features, 2 * len(MARK_STATES))
        marks, opens = np.divmod(rest, 2)
        arrays = (torch.from_numpy(values)[None] for values in (ids, shapes, marks, opens))
        with torch.no_grad():
            return tagger(*arrays, None)[0].float().numpy()

    return lambda text: read_with(run, reader, text)
