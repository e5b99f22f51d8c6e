"""Our own texts with what is said in them, and how well a way of finding it does on them."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from schemas import Quote
from tasks.annotate.quotes import find_quotes

FOLDER = Path(__file__).parents[2] / "data" / "gold" / "attribution"
WORD = re.compile(r"\w+(?:[’']\w+)*")


@dataclass(frozen=True)
class GoldText:
    """A text and the attributions in it, as the file has them."""

    name: str
    text: str
    attributions: tuple[dict, ...]


def read_gold_texts() -> list[GoldText]:
    """All texts."""
    entries = tomllib.loads((FOLDER / "texts.toml").read_text("utf-8"))["text"]
    return [GoldText(entry["name"], entry["text"], tuple(entry["attributions"])) for entry in entries]


@dataclass(frozen=True)
class GoldScore:
    """Names of texts by what went wrong in them, and counts; a text stands in a list once for each fault."""

    expected: int
    found: int
    missed: list[str]
    wrong_source: list[str]
    wrong_kind: list[str]
    not_said: list[str]


def score_texts(nlp: Language, texts: list[GoldText]) -> GoldScore:
    """How the quotes found by the pipeline agree with the texts' attributions."""
    score = GoldScore(sum(not item.get("optional") for text in texts for item in text.attributions), 0, [], [], [], [])
    found = 0
    for text in texts:
        rows = find_quotes(nlp(text.text), "0" * 16)
        found += len(rows)
        unmatched = list(rows)
        for expected in text.attributions:
            match = max(unmatched, key=lambda row: overlap(expected, row), default=None)
            if match is None or overlap(expected, match) < 0.5:
                if expected.get("optional"):
                    continue
                score.missed.append(text.name)
                continue
            unmatched.remove(match)
            if expected.get("optional"):
                continue
            if not words(expected.get("source", "")) & words(match.speaker_text or ""):
                score.wrong_source.append(text.name)
            is_thought = "thought" in match.flags.split(",")
            if (match.kind, is_thought) != (expected["kind"], expected.get("thought", False)):
                score.wrong_kind.append(text.name)
        score.not_said.extend(text.name for row in unmatched if "nested" not in row.flags.split(","))
    return GoldScore(score.expected, found, score.missed, score.wrong_source, score.wrong_kind, score.not_said)


def overlap(expected: dict, row: Quote) -> float:
    """Words in both contents over words in either."""
    one, two = words(" ".join(expected["content"])), words(row.content)
    return len(one & two) / len(one | two)


def words(text: str) -> set[str]:
    """The text's words in lower case."""
    return set(WORD.findall(text.lower()))
