"""The training loop: plan, steps, checkpoints."""

import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor
from torch.nn import functional

from tasks.annotate.tagger.labels import HEADS, POINTER_WIDTH, POINTERS
from tasks.train.examples import UNSCORED
from tasks.train.network import Tagger
from tasks.train.plan import LearningPlan, Plan
from tasks.train.streams import TrainingBatch


@dataclass(slots=True)
class Progress:
    """Where a training stands."""

    step: int = 0
    pieces: int = 0
    # Batches taken of each stream.
    batches: dict[str, int] = field(default_factory=dict)
    is_refining: bool = False


P = TypeVar("P", bound=LearningPlan)


class Training(ABC, Generic[P]):
    """One training of the tagger: `run` takes steps until the plan is done, and can go on where it was killed.

    `hashes` name what is learnt from: a checkpoint of anything else is not gone on from.
    """

    def __init__(self, plan: P, tagger: Tagger, folder: Path, hashes: dict[str, str] | None = None) -> None:
        self.plan, self.tagger, self.folder, self.hashes = plan, tagger, folder, hashes or {}
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
        streams: dict[str, Iterator[TrainingBatch]],
        *,
        report: Callable[[Progress, dict[str, float]], None],
        checkpoint_every: int = 200,
    ) -> None:
        """Train to the end of the plan; the streams, by task, are brought to where the training stands."""
        for task, count in self.progress.batches.items():
            for _ in range(count):
                next(streams[task])
        self.tagger.train()
        while self.progress.pieces < self.plan.total_pieces:
            task = self._next_task()
            self.progress.batches[task] = self.progress.batches.get(task, 0) + 1
            batch = next(streams[task])
            losses = self._step(batch)
            self.progress.step += 1
            self.progress.pieces += batch.pieces
            if self.progress.step % checkpoint_every == 0:
                self.save()
            report(self.progress, losses)
        self.save()

    @abstractmethod
    def _next_task(self) -> str:
        """Which stream the next batch is taken of."""

    def _step(self, batch: TrainingBatch) -> dict[str, float]:
        for group in self.optimizer.param_groups:
            group["lr"] = (
                self.plan.learning_rate * group["factor"] * self.plan.rate(self.progress.pieces + batch.pieces)
            )
        losses, total = self._losses(batch, self._mask(batch.ids))
        self.optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_([value for _, value in self._trained()], self.plan.clip)
        self.optimizer.step()
        with torch.no_grad():
            names, values = zip(*self._trained(), strict=True)
            decay = min(self.plan.average_decay, (1 + self.progress.step) / (10 + self.progress.step))
            torch._foreach_lerp_([self.averaged[name] for name in names], list(values), 1 - decay)
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _losses(self, batch: TrainingBatch, ids: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        rows = self.tagger(ids, batch.shapes, batch.marks, batch.opens, batch.lengths)
        return gold_losses(rows, batch, self.plan.pointer_weight)

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
            "hashes": self.hashes,
            "shape": asdict(self.tagger.shape),
            "progress": asdict(self.progress),
            "tagger": dict(self.tagger.state_dict()),
            "averaged": self.averaged,
            "optimizer": self.optimizer.state_dict(),
        }
        draft = self.folder / "checkpoint.draft"
        torch.save(state, draft)
        os.replace(draft, self.folder / "checkpoint.pt")

    def resume(self) -> bool:
        """Take up the folder's checkpoint, False where there is none; ValueError as `read_checkpoint`."""
        state = read_checkpoint(self.folder, self.plan, self.hashes)
        if state is None:
            return False
        self.take_up(state)
        return True

    def take_up(self, state: dict[str, Any]) -> None:
        """Go on from what `read_checkpoint` read."""
        self.progress = Progress(**state["progress"])
        self.tagger.load_state_dict(state["tagger"])
        self.averaged = state["averaged"]
        self.optimizer.load_state_dict(state["optimizer"])


def read_checkpoint(folder: Path, plan: LearningPlan, hashes: dict[str, str]) -> dict[str, Any] | None:
    """The state that a training of this plan and data left in the folder, None where there is none.

    Raises ValueError where it is of another plan, of other data or of an earlier version.
    """
    path = folder / "checkpoint.pt"
    if not path.is_file():
        return None
    state = torch.load(path, weights_only=True)
    known = {"plan", "hashes", "shape", "progress", "tagger", "averaged", "optimizer"}
    if set(state) != known or set(state["progress"]) != {item.name for item in fields(Progress)}:
        fault = "of an earlier version"
    elif state["plan"] != asdict(plan):
        fault = f"of another plan ({json.dumps(state['plan'])})"
    elif state["hashes"] != hashes:
        names = [name for name in sorted({*state["hashes"], *hashes}) if state["hashes"].get(name) != hashes.get(name)]
        fault = f"of other data ({', '.join(names)})"
    else:
        return state
    raise ValueError(f"{path} is {fault}: choose another folder or delete it")


class StagedTraining(Training[Plan]):
    """Attributions, then entities as well, then both again from the averaged weights; see `Plan`."""

    def _start_refining(self) -> None:
        self.progress.is_refining = True
        with torch.no_grad():
            for name, value in self._trained():
                value.copy_(self.averaged[name])

    def _next_task(self) -> str:
        if not self.progress.is_refining and self.progress.pieces >= self.plan.first_round:
            self._start_refining()
        is_mixed = self.progress.pieces >= self.plan.attribution_pieces
        turn = 2 if self.progress.is_refining else 3
        if is_mixed and self.progress.step % turn == turn - 1:
            return "entities"
        return "roles"


# Pieces below it are special ones; in BERT's vocabulary the mask is the last of them.
MASK_ID = 103


def gold_losses(rows: Tensor, batch: TrainingBatch, pointer_weight: float) -> tuple[dict[str, Tensor], Tensor]:
    """What the rows are away from what is annotated, by head, and all of it as one number to be made smaller."""
    losses = {batch.task: tag_loss(rows, batch)}
    total = losses[batch.task]
    if len(batch.pointers):
        losses["pointers"] = pointer_loss(rows, batch)
        total = total + pointer_weight * losses["pointers"]
    return losses, total


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
