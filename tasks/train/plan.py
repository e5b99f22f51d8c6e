"""How long and how fast a training learns; read without the packages that training needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """What one training does; two trainings of one plan on one machine give the same model.

    Attributions alone come first (`attribution_pieces`), then two batches of them to one of entities
    (`mixed_pieces` in all). Learning rates climb over the first `warm_up` share and fall linearly to zero. A second
    round (`refining_pieces`, batches of both by turns) starts from the averaged weights, at `refining_rate` of the
    first one's rates, which again climb and fall.
    """

    attribution_pieces: int = 2_600_000
    mixed_pieces: int = 3_400_000
    refining_pieces: int = 3_000_000
    refining_rate: float = 0.4
    batch_pieces: int = 2400
    learning_rate: float = 2.5e-4
    head_factor: float = 6.0
    warm_up: float = 0.04
    weight_decay: float = 0.01
    clip: float = 1.0
    pointer_weight: float = 0.15
    masked_share: float = 0.05
    average_decay: float = 0.998
    seed: int = 1

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
            return self._climb_and_fall(pieces / self.first_round)
        return self.refining_rate * self._climb_and_fall((pieces - self.first_round) / self.refining_pieces)

    def _climb_and_fall(self, progress: float) -> float:
        return min(progress / self.warm_up, max(0.0, (1 - progress) / (1 - self.warm_up)))
