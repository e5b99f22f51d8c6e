"""A smaller tagger learns from a trained one, and from what that one learnt from."""

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from tasks.annotate.tagger.labels import HEADS, POINTER_WIDTH, POINTERS, ROLES, begin_tag
from tasks.train.examples import UNSCORED
from tasks.train.network import Dense, Tagger
from tasks.train.plan import DistillationPlan
from tasks.train.streams import UNLABELLED, TrainingBatch
from tasks.train.training import Training, gold_losses

CONTENT = begin_tag(ROLES.index("content"))
TURNS = ("roles", "entities", UNLABELLED, "roles", "entities")
HAS_BFLOAT16 = torch.ops.mkldnn._is_mkldnn_bf16_supported()


class Distillation(Training[DistillationPlan]):
    """Training of a smaller tagger beside its teacher, whose layers are as many and as wide."""

    def __init__(
        self,
        plan: DistillationPlan,
        tagger: Tagger,
        teacher: Tagger,
        folder: Path,
        hashes: dict[str, str] | None = None,
    ) -> None:
        super().__init__(plan, tagger, folder, hashes)
        self.teacher = teacher.eval().requires_grad_(False)

    def _next_task(self) -> str:
        return TURNS[self.progress.step % len(TURNS)]

    def _losses(self, batch: TrainingBatch, ids: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        pieces = self.progress.pieces
        for module in self.tagger.modules():
            if isinstance(module, Dense):
                module.is_rounded = self.plan.is_rounded(pieces)
        features = (batch.shapes, batch.marks, batch.opens, batch.lengths)
        # Half as long where the processor has instructions for it, many times as long where it has not.
        with torch.autocast("cpu", torch.bfloat16, enabled=HAS_BFLOAT16):
            with torch.no_grad():
                taught_layers = self.teacher.layer_outputs(batch.ids, *features)
                taught = self.teacher.output(taught_layers[-1]).float()
            layers = self.tagger.layer_outputs(ids, *features)
            rows = self.tagger.output(layers[-1])
        rows = rows.float()
        is_scored = batch.tags != UNSCORED
        losses = {f"taught {name}": _divergence(rows, taught, HEADS[name], is_scored) for name in ("roles", "entities")}
        losses["taught pointers"] = pointer_divergence(rows, taught, is_scored, batch.lengths)
        total = losses["taught roles"] + losses["taught entities"]
        total = total + self.plan.pointer_weight * losses["taught pointers"]
        if hint_weight := self.plan.hint_weight(pieces):
            losses["hints"] = _hints(layers, taught_layers, batch.lengths)
            total = total + hint_weight * losses["hints"]
        if batch.task != UNLABELLED:
            gold, gold_total = gold_losses(rows, batch, self.plan.pointer_weight)
            losses |= gold
            total = total + self.plan.gold_weight * gold_total
        return losses, total


def _divergence(rows: Tensor, taught: Tensor, columns: slice, is_scored: Tensor) -> Tensor:
    mine, theirs = (part[..., columns][is_scored].log_softmax(-1) for part in (rows, taught))
    return functional.kl_div(mine, theirs, reduction="batchmean", log_target=True)


def pointer_divergence(rows: Tensor, taught: Tensor, is_scored: Tensor, lengths: Tensor) -> Tensor:
    """How far the pointers of what the teacher takes for contents are from its own."""
    begins = is_scored & (taught[..., HEADS["roles"]].argmax(-1) == CONTENT)
    window, piece = begins.nonzero(as_tuple=True)
    if not len(window):
        return rows.sum() * 0
    is_padding = torch.arange(rows.shape[1]) >= lengths[:, None]
    total = rows.new_zeros(())
    for position in range(len(POINTERS)):
        part = slice(position * POINTER_WIDTH, (position + 1) * POINTER_WIDTH)
        mine, theirs = (
            torch.einsum(
                "nd,nld->nl",
                source[..., HEADS["queries"]][..., part][window, piece],
                source[..., HEADS["keys"]][..., part][window],
            )
            .div(POINTER_WIDTH**0.5)
            .masked_fill(is_padding[window], -1e4)
            .log_softmax(-1)
            for source in (rows, taught)
        )
        total = total + functional.kl_div(mine, theirs, reduction="batchmean", log_target=True)
    return total / len(POINTERS)


def _hints(layers: list[Tensor], taught: list[Tensor], lengths: Tensor) -> Tensor:
    """Mean square of what the layers' outputs are away from the teacher's, beside their variance."""
    is_piece = torch.arange(layers[0].shape[1]) < lengths[:, None]
    total = layers[0].new_zeros((), dtype=torch.float32)
    for mine, theirs in zip(layers, taught, strict=True):
        wanted = theirs[is_piece].float()
        total = total + functional.mse_loss(mine[is_piece].float(), wanted) / wanted.var()
    return total / len(layers)
