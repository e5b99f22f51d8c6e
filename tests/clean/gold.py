"""The labelled documents of data/gold/clean, and how well a cleaning does on them."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "data" / "gold" / "clean"
MARKED = re.compile(r"⟦(.*?)⟧")
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document as received, and the words of it that are article text and residue."""

    name: str
    raw_text: str
    body: Counter[str]
    residue: Counter[str]


@dataclass(frozen=True, slots=True)
class Score:
    """Words kept rightly, residue words kept, body words lost; sums over documents."""

    right: int
    residue: int
    surviving: int
    lost: int

    @property
    def f1(self) -> float:
        """F1 of the words kept."""
        return 2 * self.right / (2 * self.right + self.surviving + self.lost)

    @property
    def surviving_share(self) -> float:
        """Share of the residue's words that survive."""
        return self.surviving / self.residue

    @property
    def lost_per_thousand(self) -> float:
        """Body words lost in a thousand."""
        return 1000 * self.lost / (self.right + self.lost)


def read_labelled() -> list[Labelled]:
    """All labelled documents, by name."""
    return [_read_document(path) for path in sorted(FOLDER.glob("*.txt"))]


def count_words(text: str) -> Counter[str]:
    """Each word of the text with how often it stands there."""
    return Counter(WORD.findall(text.lower()))


def _read_document(path: Path) -> Labelled:
    kept, residue, raw = [], [], []
    for line in path.read_text("utf-8").splitlines():
        sign, content = line[:1], line[1:].strip(" ")
        if sign not in "+-" or not sign:
            raise ValueError(f"{path.name}: a line starts neither with + nor with -: {line[:60]}")
        raw.append(MARKED.sub(r"\1", content))
        (kept if sign == "+" else residue).append(MARKED.sub(" ", content))
        residue += MARKED.findall(content) if sign == "+" else []
    return Labelled(path.stem, "\n\n".join(raw), count_words(" ".join(kept)), count_words(" ".join(residue)))


def score(documents: list[Labelled], texts: list[str]) -> Score:
    """How the texts compare with the documents they were cleaned from, in the same order."""
    right = residue = surviving = lost = 0
    for document, text in zip(documents, texts, strict=True):
        words = count_words(text)
        right += (document.body & words).total()
        lost += (document.body - words).total()
        surviving += (words - document.body).total()
        residue += document.residue.total()
    return Score(right, residue, surviving, lost)
