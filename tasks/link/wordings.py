"""What a wording says, apart from how it is worded: its ideas, its numbers and whether it denies."""

import re
import tomllib
from functools import cache
from pathlib import Path

from tasks.link.vectors import stop_words

SYNONYMS_FILE = Path(__file__).with_name("synonyms.toml")
WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
NEGATION = re.compile(
    r"\b(?:not|no|never|nobody|nothing|none|neither|nor|nowhere|cannot|without|\w+n['’]?t)\b(?<!\bwant)", re.IGNORECASE
)
# Longest first; what remains of a word keeps at least four letters.
ENDINGS = ("ations", "ation", "ments", "ment", "ingly", "ings", "ions", "ness", "ing", "ion", "ies", "ied",
           "ers", "ive", "ity", "est", "edly", "ed", "er", "es", "ly", "al", "s", "e", "y")  # fmt: skip
SHORTEST_STEM = 4
NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}


def fold_wording(text: str) -> str:
    """The text's words, lower case, without punctuation; equal for versions that differ in those only."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("’", "").replace("'", "")))


def stem_word(word: str) -> str:
    """The word in lower case without the endings that change with its place in a sentence."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if word.endswith(ending) and len(word) - len(ending) >= (3 if ending == "s" else SHORTEST_STEM):
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > SHORTEST_STEM and word[-1] == word[-2] else word


@cache
def _synonyms() -> dict[str, str]:
    sets = tomllib.loads(SYNONYMS_FILE.read_text("utf-8"))["sets"]
    return {form: group[0] for group in sets for word in group for form in (word, stem_word(word))}


def name_ideas(text: str) -> list[str]:
    """The ideas of a text in its order: its content words, each as stem or as the name of its synonyms."""
    small, synonyms = stop_words("en"), _synonyms()
    ideas = []
    for word in WORD.findall(text.casefold().replace("’s", "").replace("'s", "")):
        stem = stem_word(word)
        if word in synonyms or stem in synonyms:
            ideas.append(synonyms.get(word) or synonyms[stem])
        elif word not in small and (len(word) > 1 or word.isdigit()):
            ideas.append(NUMBER_WORDS.get(word, stem))
    return ideas


def is_denied(text: str) -> bool:
    """Whether the text holds a word of negation."""
    return bool(NEGATION.search(text))


def list_numbers(text: str) -> set[str]:
    """The numbers of a text, in digits and up to twelve in words, thousands joined."""
    words = (word.casefold() for word in WORD.findall(text))
    # "one" is a pronoun more often than a number.
    named = {NUMBER_WORDS.get(word, word).replace(",", "") for word in words if word != "one"}
    return {word for word in named if word[0].isdigit()}
