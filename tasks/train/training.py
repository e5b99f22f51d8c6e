"""The training loop: plan, steps, checkpoints."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from tasks.annotate.tagger.labels import HEADS, POINTER_WIDTH, POINTERS
from tasks.train.examples import UNSCORED
from tasks.train.network import Tagger
from tasks.train.plan import Plan
from tasks.train.streams import TrainingBatch


@dataclass(slots=True)
class Progress:
    """Where a training stands."""

    step: int = 0
    pieces: int = 0
    attribution_batches: int = 0
    entity_batches: int = 0
    is_refining: bool = False


class Training:
    """One training of the tagger: `run` takes steps until the plan is done, and can go on where it was killed."""

    def __init__(self, plan: Plan, tagger: Tagger, folder: Path) -> None:
        self.plan, self.tagger, self.folder = plan, tagger, folder
        self.progress = Progress()
        self.averaged = {name: value.detach().clone() for name, value in self._trained()}
        heads = ("output.", "shapes.", "marks.", "paragraph_starts.")
        groups: dict[tuple[bool, bool], list[Tensor]] = {}
        for name, parameter in self._trained():
            is_matrix = parameter.dim() > 1 and not name.startswith(heads[1:])
            groups.setdefault((name.startswith(heads), is_matrix), []).append(parameter)
        self.optimizer = torch.optim.AdamW(
            [
                {
                    "params": parameters,
                    "factor": plan.head_factor if is_head else 1.0,
                    "weight_decay": plan.weight_decay if is_matrix else 0.0,
                }
                for (is_head, is_matrix), parameters in groups.items()
            ],
            lr=plan.learning_rate,
            betas=(0.9, 0.98),
            fused=True,
        )

    def _trained(self) -> Iterator[tuple[str, torch.nn.Parameter]]:
        return ((name, value) for name, value in self.tagger.named_parameters() if value.requires_grad)

    def run(
        self,
        attributions: Iterator[TrainingBatch],
        entities: Iterator[TrainingBatch],
        *,
        report: Callable[[Progress, dict[str, float]], None],
        checkpoint_every: int = 200,
    ) -> None:
        """Train to the end of the plan; the streams are brought to where the training stands."""
        for stream, count in (
            (attributions, self.progress.attribution_batches),
            (entities, self.progress.entity_batches),
        ):
            for _ in range(count):
                next(stream)
        self.tagger.train()
        while self.progress.pieces < self.plan.total_pieces:
            if not self.progress.is_refining and self.progress.pieces >= self.plan.first_round:
                self._start_refining()
            batch = self._next_batch(attributions, entities)
            losses = self._step(batch)
            self.progress.step += 1
            self.progress.pieces += batch.pieces
            if self.progress.step % checkpoint_every == 0:
                self.save()
            report(self.progress, losses)
        self.save()

    def _start_refining(self) -> None:
        self.progress.is_refining = True
        with torch.no_grad():
            for name, value in self._trained():
                value.copy_(self.averaged[name])

    def _next_batch(self, attributions: Iterator[TrainingBatch], entities: Iterator[TrainingBatch]) -> TrainingBatch:
        is_mixed = self.progress.pieces >= self.plan.attribution_pieces
        turn = 2 if self.progress.is_refining else 3
        if is_mixed and self.progress.step % turn == turn - 1:
            self.progress.entity_batches += 1
            return next(entities)
        self.progress.attribution_batches += 1
        return next(attributions)

    def _step(self, batch: TrainingBatch) -> dict[str, float]:
        for group in self.optimizer.param_groups:
            group["lr"] = (
                self.plan.learning_rate * group["factor"] * self.plan.rate(self.progress.pieces + batch.pieces)
            )
        ids = self._mask(batch.ids)
        rows = self.tagger(ids, batch.shapes, batch.marks, batch.opens, batch.lengths)
        losses = {batch.task: tag_loss(rows, batch)}
        total = losses[batch.task]
        if len(batch.pointers):
            losses["pointers"] = pointer_loss(rows, batch)
            total = total + self.plan.pointer_weight * losses["pointers"]
        self.optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_([value for _, value in self._trained()], self.plan.clip)
        self.optimizer.step()
        with torch.no_grad():
            names, values = zip(*self._trained(), strict=True)
            decay = min(self.plan.average_decay, (1 + self.progress.step) / (10 + self.progress.step))
            torch._foreach_lerp_([self.averaged[name] for name in names], list(values), 1 - decay)
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _mask(self, ids: Tensor) -> Tensor:
        """Some pieces replaced by the mask: the model learns to read what surrounds a word."""
        random = torch.Generator().manual_seed(self.plan.seed * 1_000_003 + self.progress.step)
        is_masked = torch.rand(ids.shape, generator=random) < self.plan.masked_share
        is_masked &= ids > MASK_ID
        return torch.where(is_masked, MASK_ID, ids)

    def save(self) -> None:
        """Write the checkpoint; it appears whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "plan": asdict(self.plan),
            "progress": asdict(self.progress),
            "tagger": dict(self.tagger.state_dict()),
            "averaged": self.averaged,
            "optimizer": self.optimizer.state_dict(),
        }
        draft = self.folder / "checkpoint.draft"
        torch.save(state, draft)
        os.replace(draft, self.folder / "checkpoint.pt")

    def resume(self) -> bool:
        """Take up the folder's checkpoint, False where there is none; ValueError where it is of another plan."""
        path = self.folder / "checkpoint.pt"
        if not path.is_file():
            return False
        state = torch.load(path, weights_only=True)
        if state["plan"] != asdict(self.plan):
            raise ValueError(
                f"{path} is of another plan ({json.dumps(state['plan'])}): choose another folder or delete it"
            )
        self.progress = Progress(**state["progress"])
        self.tagger.load_state_dict(state["tagger"])
        self.averaged = state["averaged"]
        self.optimizer.load_state_dict(state["optimizer"])
        return True


# Pieces below it are special ones; in BERT's vocabulary the mask is the last of them.
MASK_ID = 103


def tag_loss(rows: Tensor, batch: TrainingBatch) -> Tensor:
    """Mean cross-entropy of the batch's head over the scored pieces."""
    scores = rows[..., HEADS[batch.task]]
    return functional.cross_entropy(scores.flatten(0, 1), batch.tags.flatten(), ignore_index=UNSCORED)


def pointer_loss(rows: Tensor, batch: TrainingBatch) -> Tensor:
    """Mean cross-entropy of where contents point, over all of POINTERS."""
    window, piece = batch.pointers[:, 0], batch.pointers[:, 1]
    is_padding = torch.arange(rows.shape[1]) >= batch.lengths[:, None]
    losses = []
    for position in range(len(POINTERS)):
        part = slice(position * POINTER_WIDTH, (position + 1) * POINTER_WIDTH)
        queries = rows[..., HEADS["queries"]][..., part][window, piece]
        keys = rows[..., HEADS["keys"]][..., part][window]
        scores = torch.einsum("nd,nld->nl", queries, keys) / POINTER_WIDTH**0.5
        scores = scores.masked_fill(is_padding[window], float("-inf"))
        targets = batch.pointers[:, 2 + position]
        if bool((targets != UNSCORED).any()):
            losses.append(functional.cross_entropy(scores, targets, ignore_index=UNSCORED))
    return torch.stack(losses).mean() if losses else rows.sum() * 0
