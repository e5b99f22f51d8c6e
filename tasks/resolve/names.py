"""Names of people: their parts, their folded forms, and when two may be one."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import fuzz

from tasks.first_names import load_first_names

# An article compares the same few names over and over; a batch of them holds some thousand.
CACHED_NAMES = 20_000
NICKNAMES_FILE = Path(__file__).with_name("nicknames.toml")
_WORD = re.compile(r"[^\W\d_][\w.’'-]*")
# The Arabic article before a surname: "al-Hamad" is Hamad as well.
_ARTICLE = re.compile(r"\b([Aa]l|[Ee]l|[Uu]l|[Aa]sh)-(?=[A-Z])")
_ARTICLES = {"al", "el", "ul", "ash"}
PARTICLES = {"de", "del", "der", "den", "di", "da", "dos", "du", "la", "le", "van", "von", "bin", "al", "el", "ten"}
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
# Transliterations that differ in no sound: Sergey and Sergei, Yury and Yuri, Ivanow and Ivanov.
# "Dixon" and "Dickson", "Marx" and "Marks" are two names, "Alexei" and "Aleksei" one.
_FOLDS = [pair.split(":") for pair in ["ey:ei", "iy:i", "yi:i", "ij:i", "y:i", "kh:h", "ph:f", "w:v", "ck:k"]]
_FOLDS += [pair.split(":") for pair in ["alex:aleks", "maxim:maksim", "xeni:kseni"]]
# First names that differ by at most this ratio are one: a letter in seven. Chosen so that every pair of spellings in
# the Sergei/Sergey, Dmitri/Dmitry, Mohamed/Mohammed family joins and John/Joan, Maria/Mario stay apart.
FIRST_NAME_RATIO = 86.0
SURNAME_RATIO = 90.0


@lru_cache(maxsize=CACHED_NAMES)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name, initials without their stop, generational suffixes left out; "al-Hamad" has two."""
    name = _ARTICLE.sub(lambda match: match.group(1).lower() + " ", name)
    words = [word.rstrip(".'’") for word in _WORD.findall(name)]
    return tuple(word for word in words if word.lower() not in _SUFFIXES)


@lru_cache(maxsize=CACHED_NAMES)
def fold_word(word: str) -> str:
    """The word in lower case, without diacritics, transliteration differences levelled."""
    plain = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(letter for letter in plain if letter.isalpha())
    for variant, common in _FOLDS:
        plain = plain.replace(variant, common)
    return re.sub(r"(.)\1", r"\1", plain)


@lru_cache(maxsize=CACHED_NAMES)
def folded_words(name: str) -> tuple[str, ...]:
    """The words of a name, each folded."""
    return tuple(map(fold_word, name_words(name)))


@lru_cache(maxsize=CACHED_NAMES)
def fold_name(name: str) -> str:
    """The folded words of a name, Arabic articles left out, joined by a space: the key under which spellings meet."""
    words = name_words(name)
    plain = [word for word in words if word not in _ARTICLES] or words
    return " ".join(filter(None, (fold_word(word) for word in plain)))


@lru_cache(maxsize=CACHED_NAMES)
def split_name(name: str) -> tuple[tuple[str, ...], str]:
    """First names and surname; a one-word name is a surname. Particles belong to the surname: "de Roos" is one."""
    words = name_words(name)
    if len(words) < 2:
        return (), words[0] if words else name
    start = len(words) - 1
    # "De Roos" is a first name and a surname, "de Roos" a surname alone.
    first = 1 if words[0][0].isupper() else 0
    while start > first and words[start - 1].lower() in PARTICLES:
        start -= 1
    return words[:start], " ".join(words[start:])


@lru_cache(maxsize=CACHED_NAMES)
def has_first_name(name: str) -> bool:
    """Whether a first name stands there, and no initial alone: not in "S. Orlov"."""
    first, _ = split_name(name)
    return bool(first) and len(first[0].replace(".", "")) > 1


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


@lru_cache(maxsize=CACHED_NAMES)
def agree_in_full(one: str, other: str) -> bool:
    """Whether two full names can be one person's.

    A father and a son, told by "Jr." and "Sr.", are two, and so are people of other initials: "J.H. Cole", "J.R. Cole".
    """
    if _suffix(one) | _suffix(other) == {"jr", "sr"}:
        return False
    initials, others = _initials(one), _initials(other)
    if initials and others and initials != others:
        return False
    # "Aung San Suu Kyi" is "Suu Kyi" as well.
    short, long = sorted((fold_name(one).split(), fold_name(other).split()), key=len)
    return may_be_same_person(one, other) or (len(short) > 1 and long[-len(short) :] == short)


@lru_cache(maxsize=CACHED_NAMES)
def _initials(name: str) -> str:
    """The initials behind the first name, where nothing else stands between it and the surname."""
    between = name_words(name)[1:-1]
    letters = "".join(between).replace(".", "")
    return letters if letters.isupper() and len(letters) <= 2 * len(between) else ""


@lru_cache(maxsize=CACHED_NAMES)
def _suffix(name: str) -> frozenset[str]:
    return frozenset(word.rstrip(".").lower() for word in name.split()[1:]) & {"jr", "sr"}


def is_close(one: str, other: str) -> bool:
    """Whether two words of five letters or more differ by a letter or so."""
    return _similar(fold_word(one), fold_word(other), SURNAME_RATIO) if min(len(one), len(other)) >= 5 else False


def _first_names_agree(one: str, other: str) -> bool:
    if not one or not other or one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if load_nicknames().get(one, set()) & load_nicknames().get(other, set()):
        return True
    return one[0] == other[0] and _similar(one, other, FIRST_NAME_RATIO)


@cache
def load_nicknames() -> dict[str, set[int]]:
    """Numbers of the lines of nicknames.toml that hold a folded first name: two of one line may be one name."""
    lines = tomllib.loads(NICKNAMES_FILE.read_text("utf-8"))["names"].strip().splitlines()
    found: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(lines):
        for name in line.split():
            found[fold_word(name)].add(number)
    return dict(found)


def _similar(one: str, other: str, ratio: float) -> bool:
    if one == other or _as_scanned(one) == _as_scanned(other):
        return True
    return min(len(one), len(other)) >= 5 and fuzz.ratio(one, other) >= ratio


@lru_cache(maxsize=CACHED_NAMES)
def _as_scanned(word: str) -> str:
    """The word with letters made one that a scanner takes for each other."""
    for printed, seen in (("rn", "m"), ("cl", "d"), ("vv", "w"), ("ii", "u")):
        word = word.replace(printed, seen)
    return word


def gender_of_first_name(name: str) -> str | None:
    """Gender that the first name of a full name tells; None where it does not, or stands alone."""
    first, _ = split_name(name)
    return load_first_names().get(first[0].lower()) if first else None
