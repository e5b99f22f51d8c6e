"""How long and how fast a training learns; read without the packages that training needs."""

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True)
class LearningPlan(ABC):
    """What every training is told: two of one plan on one machine give the same model.

    In `swapped_share` of the documents of entities, names are replaced by others (see `swap_names`).
    """

    batch_pieces: int = 2400
    learning_rate: float = 2.5e-4
    head_factor: float = 6.0
    warm_up: float = 0.04
    weight_decay: float = 0.01
    clip: float = 1.0
    pointer_weight: float = 0.15
    masked_share: float = 0.05
    average_decay: float = 0.998
    swapped_share: float = 0.0
    seed: int = 1

    @property
    @abstractmethod
    def total_pieces(self) -> int:
        """Pieces read in all."""

    @abstractmethod
    def rate(self, pieces: int) -> float:
        """Share of the learning rate after so many pieces."""

    def climb_and_fall(self, progress: float) -> float:
        """From 0 to 1 in the `warm_up` share of the way, then linearly to 0."""
        return min(progress / self.warm_up, max(0.0, (1 - progress) / (1 - self.warm_up)))


@dataclass(frozen=True)
class Plan(LearningPlan):
    """How a tagger learns from annotated texts.

    Attributions alone come first (`attribution_pieces`), then two batches of them to one of entities
    (`mixed_pieces` in all). Learning rates climb over the first `warm_up` share and fall linearly to zero. A second
    round (`refining_pieces`, batches of both by turns) starts from the averaged weights, at `refining_rate` of the
    first one's rates, which again climb and fall.
    """

    attribution_pieces: int = 2_600_000
    mixed_pieces: int = 3_400_000
    refining_pieces: int = 3_000_000
    refining_rate: float = 0.4

    @property
    def total_pieces(self) -> int:
        """Pieces read in all."""
        return self.first_round + self.refining_pieces

    @property
    def first_round(self) -> int:
        """Pieces read before the refining ones."""
        return self.attribution_pieces + self.mixed_pieces

    def rate(self, pieces: int) -> float:
        """Share of the learning rate after so many pieces."""
        if pieces <= self.first_round or not self.refining_pieces:
            return self.climb_and_fall(pieces / self.first_round)
        return self.refining_rate * self.climb_and_fall((pieces - self.first_round) / self.refining_pieces)


@dataclass(frozen=True)
class DistillationPlan(LearningPlan):
    """How a smaller tagger learns from a trained one.

    It begins as the trained one without the parts that matter least: `heads` attention heads and `inner` inner
    neurons are kept in all layers together, weighed on `weighed_batches`. Then it reads `pieces`, of every five
    batches two of attributions, two of entities and one of texts without annotation. It is told the trained one's
    answers (Hinton, Vinyals & Dean 2015), what is annotated `gold_weight` times as loudly, and up to `hinted_share`
    of the way also what the trained one's layers give, ever less. For the last `rounded_share` its numbers are
    rounded as the exported model's are (Jacob et al., CVPR 2018).
    """

    heads: int = 36
    inner: int = 7680
    weighed_batches: int = 60
    pieces: int = 4_500_000
    learning_rate: float = 1.5e-4
    head_factor: float = 2.0
    warm_up: float = 0.02
    gold_weight: float = 0.3
    hinted_share: float = 0.3
    rounded_share: float = 0.3
    swapped_share: float = 0.4

    @property
    def total_pieces(self) -> int:
        """Pieces read in all."""
        return self.pieces

    def rate(self, pieces: int) -> float:
        """Share of the learning rate after so many pieces."""
        return self.climb_and_fall(pieces / self.pieces)

    def hint_weight(self, pieces: int) -> float:
        """How much the trained one's layers count after so many pieces, 1 to 0."""
        return max(0.0, 1 - pieces / (self.hinted_share * self.pieces)) if self.hinted_share else 0.0

    def is_rounded(self, pieces: int) -> bool:
        """Whether numbers are rounded after so many pieces."""
        return pieces >= (1 - self.rounded_share) * self.pieces
