"""Words that news prints in lower case."""

import tomllib
from functools import cache
from pathlib import Path

COMMON_WORDS_FILE = Path(__file__).with_suffix(".toml")


def is_common(word: str) -> bool:
    """Whether news prints the word, or one of which it is the plural, in lower case nearly always."""
    plain = word.lower().removesuffix("’s").removesuffix("'s")
    words = load_common_words()
    return plain in words or (plain.endswith("s") and plain[:-1] in words)


@cache
def load_common_words() -> frozenset[str]:
    """The words of common_words.toml."""
    return frozenset(tomllib.loads(COMMON_WORDS_FILE.read_text("utf-8"))["words"].split())
