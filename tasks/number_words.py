"""Numbers in words: which words make up one, and what it is worth."""

import re
import tomllib
from functools import cache
from pathlib import Path

WORDS_FILE = Path(__file__).with_suffix(".toml")
MAX_NUMBER_WORDS = 12


@cache
def number_words() -> dict:
    """The word lists of number_words.toml, by section."""
    return tomllib.loads(WORDS_FILE.read_text("utf-8"))


def parse_number_words(phrase: str) -> float | None:
    """Value of a number in words ("two hundred and fifty thousand"); None where the words make none."""
    words = number_words()
    tokens = re.findall("[a-z]+", phrase.lower())
    if len(tokens) > MAX_NUMBER_WORDS:
        return None
    total, factor = 0.0, 1.0
    group: float | None = None
    last_small: float | None = None
    for word in tokens:
        if word == "half":
            factor = 0.5
        elif word in ("and", "a", "an"):
            continue
        elif word in words["small"]:
            value = words["small"][word]
            # "twenty five" adds up, "two three" does not.
            if last_small is not None and not (last_small >= 20 and value < 10):
                return None
            group = (group or 0) + value
            last_small = value
        else:
            scale = words["scales"][word]
            if scale == 100 and group is not None and group >= 100:
                return None
            if scale <= 100:
                group = (1 if group is None else group) * scale
            elif 0 < total < scale:
                # "five hundred thousand million": the larger scale multiplies all before it.
                total = (total + (group or 0)) * scale
                group = None
            else:
                total += (1 if group is None else group) * scale
                group = None
            last_small = None
    return (total + (group or 0)) * factor
