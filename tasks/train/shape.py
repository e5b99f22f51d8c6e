"""The encoder's sizes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EncoderShape:
    """Sizes of the published encoder all-MiniLM-L6-v2 (Wang et al. 2020; Reimers & Gurevych 2019)."""

    vocabulary: int = 30522
    positions: int = 512
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    epsilon: float = 1e-12
