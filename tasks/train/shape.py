"""The encoder's sizes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EncoderShape:
    """Sizes of the published encoder all-MiniLM-L6-v2 (Wang et al. 2020; Reimers & Gurevych 2019).

    `heads` and `inner` tell how many attention heads and inner neurons each layer has: a pruned encoder has fewer,
    and not of each layer as many.
    """

    vocabulary: int = 30522
    positions: int = 512
    width: int = 384
    heads: tuple[int, ...] = (12,) * 6
    inner: tuple[int, ...] = (1536,) * 6
    head_width: int = 32
    epsilon: float = 1e-12

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return len(self.heads)
