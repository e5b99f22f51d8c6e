"""Names of people: their parts, their folded forms, and when two may be one."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

FIRST_NAMES_FILE = Path(__file__).with_name("first_names.toml")
_WORD = re.compile(r"[^\W\d_][\w.’'-]*")
_PARTICLES = {"de", "del", "der", "den", "di", "da", "dos", "du", "la", "le", "van", "von", "bin", "al", "el", "ten"}
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
# Transliterations that differ in no sound: Sergey and Sergei, Yury and Yuri, Ivanow and Ivanov.
_FOLDS = [pair.split(":") for pair in ["ey:ei", "iy:i", "yi:i", "ij:i", "y:i", "kh:h", "ph:f", "w:v", "ck:k"]]
# First names that differ by at most this ratio are one: a letter in seven. Chosen so that every pair of spellings in
# the Sergei/Sergey, Dmitri/Dmitry, Mohamed/Mohammed family joins and John/Joan, Maria/Mario stay apart.
FIRST_NAME_RATIO = 86.0
SURNAME_RATIO = 90.0


def name_words(name: str) -> list[str]:
    """The words of a name, initials without their stop, generational suffixes left out."""
    words = [word.rstrip(".'’") for word in _WORD.findall(name)]
    return [word for word in words if word.lower() not in _SUFFIXES]


def fold_word(word: str) -> str:
    """The word in lower case, without diacritics, transliteration differences levelled."""
    plain = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(letter for letter in plain if letter.isalpha())
    for variant, common in _FOLDS:
        plain = plain.replace(variant, common)
    return re.sub(r"(.)\1", r"\1", plain)


def fold_name(name: str) -> str:
    """The folded words of a name, joined by a space: the key under which spellings meet."""
    return " ".join(filter(None, (fold_word(word) for word in name_words(name))))


def split_name(name: str) -> tuple[list[str], str]:
    """First names and surname; a one-word name is a surname. Particles belong to the surname."""
    words = name_words(name)
    if len(words) < 2:
        return [], words[0] if words else name
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return words[:start], " ".join(words[start:])


def may_be_same_person(one: str, other: str) -> bool:
    """Whether two names can be one person's: same surname or one as last word, and first names that agree.

    A missing first name agrees with any, an initial with what it begins.
    """
    first_one, last_one = split_name(one)
    first_other, last_other = split_name(other)
    words_one, words_other = fold_name(one).split(), fold_name(other).split()
    if not words_one or not words_other:
        return False
    if not first_one or not first_other:
        single, full = (words_one, words_other) if not first_one else (words_other, words_one)
        return single == full or single[-1] in full[1:]
    if not _similar(fold_name(last_one), fold_name(last_other), SURNAME_RATIO):
        # "Pedro Alba" and "Pedro Alba Fuentes": a second surname that is not always printed.
        short, long = sorted((words_one, words_other), key=len)
        return len(short) >= 2 and long[: len(short)] == short
    return _first_names_agree(fold_word(first_one[0]), fold_word(first_other[0]))


def _first_names_agree(one: str, other: str) -> bool:
    if not one or not other or one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return one[0] == other[0] and _similar(one, other, FIRST_NAME_RATIO)


def _similar(one: str, other: str, ratio: float) -> bool:
    return one == other or (min(len(one), len(other)) >= 5 and fuzz.ratio(one, other) >= ratio)


@cache
def load_first_names() -> dict[str, str]:
    """Gender by first name in lower case."""
    data = tomllib.loads(FIRST_NAMES_FILE.read_text("utf-8"))
    return {name: gender for gender in ("female", "male") for name in data[gender].split()}


def gender_of_first_name(name: str) -> str | None:
    """Gender that the first name of a full name tells; None where it does not, or stands alone."""
    first, _ = split_name(name)
    return load_first_names().get(first[0].lower()) if first else None
