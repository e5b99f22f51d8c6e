"""The cue lexicon: which words report what somebody says or thinks."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spacy.tokens import Token

WORD = re.compile(r"[a-z]+")
CUES_FILE = Path(__file__).with_name("cues.toml")


@dataclass(frozen=True)
class CueLexicon:
    """Lemmas by frame, and their kinds.

    `frames` maps a verb's lemma to the frames it takes; `nouns` are nouns whose clause is reported;
    `thoughts` holds (lemma, frame) pairs that report thought, not speech; `phrases` are lower-case phrases.
    `nested_forms` are verbs as printed that report what another said inside a quotation, `title_forms` those that
    name a work.
    """

    frames: dict[str, frozenset[str]]
    thoughts: frozenset[tuple[str, str]]
    nouns: frozenset[str]
    thought_nouns: frozenset[str]
    phrases: dict[tuple[str, ...], str]
    lemma_repairs: dict[str, str]
    thought_forms: frozenset[str]
    speech_forms: frozenset[str]
    nested_forms: frozenset[str]
    title_forms: frozenset[str]

    def reports_thought(self, cue: str) -> bool:
        """Whether the cue as printed reports thought: it holds a word of thinking and none of speaking."""
        words = set(WORD.findall(cue.lower()))
        return not words.isdisjoint(self.thought_forms) and words.isdisjoint(self.speech_forms)

    def lemma_of(self, token: Token) -> str:
        """The token's lemma in lower case, as the lexicon spells it."""
        lemma = token.lemma_.lower()
        return self.lemma_repairs.get(lemma, lemma)

    def takes(self, lemma: str, frame: str) -> bool:
        """Whether the verb can stand in the frame."""
        return frame in self.frames.get(lemma, frozenset())

    def is_thought(self, lemma: str, frame: str) -> bool:
        """Whether the verb in this frame reports thought and not speech."""
        return (lemma, frame) in self.thoughts


@cache
def load_cues() -> CueLexicon:
    """The lexicon of cues.toml."""
    data = tomllib.loads(CUES_FILE.read_text("utf-8"))
    frames: dict[str, set[str]] = {}
    speech: set[tuple[str, str]] = set()
    thoughts: set[tuple[str, str]] = set()
    for group in data["verbs"]:
        for lemma in group["lemmas"]:
            frames.setdefault(lemma, set()).update(group["frames"])
            pairs = {(lemma, frame) for frame in group["frames"]}
            (speech if group["kind"] == "speech" else thoughts).update(pairs)
    irregular = data["irregular_forms"]
    verbs_of_thought = {lemma for lemma, _ in thoughts - speech} - {lemma for lemma, _ in speech}
    nouns = {(lemma, group["kind"]) for group in data["nouns"] for lemma in group["lemmas"]}
    return CueLexicon(
        frames={lemma: frozenset(values) for lemma, values in frames.items()},
        thoughts=frozenset(thoughts - speech),
        nouns=frozenset(lemma for lemma, _ in nouns),
        thought_nouns=frozenset(lemma for lemma, kind in nouns if kind == "thought"),
        phrases={tuple(phrase["text"].split()): phrase["kind"] for phrase in data["phrases"]},
        lemma_repairs=data["lemma_repairs"],
        thought_forms=frozenset(
            form
            for lemma in verbs_of_thought | {lemma for lemma, kind in nouns if kind == "thought"}
            for form in inflect(lemma, irregular)
        ),
        speech_forms=frozenset(form for lemma, _ in speech for form in inflect(lemma, irregular)),
        title_forms=frozenset(form for lemma in data["titles"]["lemmas"] for form in inflect(lemma, irregular)),
        nested_forms=frozenset(form for lemma in data["nested"]["lemmas"] for form in inflect(lemma, irregular)),
    )


def inflect(lemma: str, irregular: dict[str, list[str]]) -> list[str]:
    """Forms of an English verb or noun: itself, in -s, -ed and -ing, or with those that `irregular` gives for it."""
    stem = lemma[:-1] if lemma.endswith(("e", "y")) else lemma
    with_i = lemma.endswith("y") and lemma[-2] not in "aeiou"
    ending = "ies" if with_i else "es" if lemma.endswith(("s", "sh", "ch", "x")) else "s"
    plural = (stem if with_i else lemma) + ending
    past = stem + "ied" if with_i else (lemma if lemma.endswith("y") else stem) + "ed"
    participle = (stem if lemma.endswith("e") and not lemma.endswith("ee") else lemma) + "ing"
    doubled = [lemma + lemma[-1] + suffix for suffix in ("ed", "ing")] if lemma[-1] in "npt" else []
    return [lemma, plural, participle, *(irregular.get(lemma) or [past]), *doubled]
