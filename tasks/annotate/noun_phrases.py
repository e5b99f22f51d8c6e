"""Words and noun phrases of news, read without tags or a parse."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tasks.number_words import number_words

LEXICON_FILE = Path(__file__).with_name("noun_phrases.toml")
# A set of characters comes first: the search leaps from one of them to the next.
SENTENCE_BREAK = re.compile(
    r"[.!?\n](?:(?<=\n)\n*"
    r"|(?<![A-Z][.!?])(?<!\b[A-Z][a-z][.!?])(?<!\b[A-Z][a-z]{2}[.!?])['\"’”)]*\s+(?=['\"‘“(]?[A-Z0-9]))"
)
WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d[\d.,]*|\S")
PARENTHESIS = re.compile(r"\s*\([^()\n]{1,40}\)")
CONTRACTIONS = ("'ve", "'re", "'ll", "'d", "n't", "'m")
REACH_BEFORE, REACH_AFTER = 160, 100
PHRASE_WORDS = 6
MODIFIERS = 3


@dataclass(frozen=True)
class Lexicon:
    """The word lists of noun_phrases.toml, ready to look up."""

    ends: frozenset[str]
    prepositions: frozenset[str]
    clause_ends: frozenset[str]
    pronouns: frozenset[str]
    determiners: frozenset[str]
    auxiliaries: frozenset[str]
    auxiliary_adverbs: frozenset[str]
    times: frozenset[str]
    singulars: frozenset[str]
    plurals: dict[str, str]
    person_verbs: frozenset[str]
    verbs: dict[str, str]
    sides: dict[str, str]
    lists: dict[str, frozenset[str]]


@cache
def load_lexicon() -> Lexicon:
    """The lexicon, read once."""
    data = tomllib.loads(LEXICON_FILE.read_text("utf-8"))
    ends = {name: frozenset(words) for name, words in data["ends"].items()}
    return Lexicon(
        ends=frozenset().union(*ends.values()),
        prepositions=ends["prepositions"],
        clause_ends=ends["conjunctions"] | {"said", "says", "after", "before", "since"},
        pronouns=ends["pronouns"],
        determiners=ends["determiners"],
        auxiliaries=ends["auxiliaries"] | ends["adverbs"],
        auxiliary_adverbs=ends["adverbs"],
        times=ends["times"],
        singulars=frozenset(data["singulars"]["words"]),
        plurals=data["plurals"],
        person_verbs=frozenset(data["person_verbs"]["words"]),
        verbs={form: lemma for lemma, forms in data["verbs"].items() for form in forms},
        sides=data["sides"],
        lists={
            name: frozenset(next(iter(data[name].values())))
            for name in (
                "counting_verbs",
                "empty_verbs",
                "amounts",
                "tallies",
                "trailing_adjectives",
                "empty_nouns",
                "lengths",
                "stays",
                "states",
            )
        },
    )


def words_before(text: str, start: int) -> list[str]:
    """The words and signs of the sentence before text[start], in its order."""
    return WORD.findall(SENTENCE_BREAK.split(text[max(0, start - REACH_BEFORE) : start])[-1])


def words_after(text: str, end: int) -> list[str]:
    """The words and signs of the sentence from text[end] on; a parenthesis at its start is left out."""
    following = SENTENCE_BREAK.split(text[end : end + REACH_AFTER])[0]
    # "a 2,650-hectare (6,540-acre) fire"
    if aside := PARENTHESIS.match(following):
        following = following[aside.end() :]
    return WORD.findall(following)


def is_plural(word: str) -> bool:
    """Whether a word looks like a noun in the plural."""
    lower, lexicon = word.lower(), load_lexicon()
    if lower in lexicon.plurals:
        return lower not in ("politics", "economics")
    if lower.endswith("men") and len(lower) > 5:
        return True
    # A possessive belongs to a noun that follows.
    is_possessive = lower.endswith(("'s", "’s"))
    ends_so = lower.endswith("s") and not lower.endswith(("ss", "us", "is", "'s", "’s"))
    return ends_so and len(lower) > 2 and lower not in lexicon.singulars and not is_possessive


def is_collective(word: str) -> bool:
    """Whether a plural is one by its meaning only, and may stand before another noun ("police", "staff")."""
    return load_lexicon().plurals.get(word.lower()) == word.lower()


def singular_of(word: str) -> str:
    """The noun in the singular and lower case; a word that is no plural stays."""
    lower = word.lower()
    if known := load_lexicon().plurals.get(lower):
        return known
    if lower.endswith("men") and len(lower) > 5:
        return lower[:-3] + "man"
    if not is_plural(lower):
        return lower
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("sses", "shes", "ches", "xes", "zes")):
        return lower[:-2]
    if lower.endswith("oes") and len(lower) > 5:
        return lower[:-2]
    return lower[:-1]


def verb_of(word: str) -> str | None:
    """The base form of a word that looks like a verb in the past, a participle or a listed form; None of others."""
    lower = word.lower()
    if known := load_lexicon().verbs.get(lower):
        return known
    if not re.fullmatch(r"[a-z]{2,}(?:ed|ing)", lower) or len(lower) < 5:
        return None
    stem = lower[:-2] if lower.endswith("ed") else lower[:-3]
    if stem.endswith("i"):
        return stem[:-1] + "y"
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "ls":
        return stem[:-1]
    return (
        stem + "e"
        if re.search(r"(?:[cuvz]|[^aeiou]s|[^aeou]at|[aeiou][gs]|[^aeiou]l|iv|ir|ur)$", stem)
        and not stem.endswith(("ss", "ill", "ell", "all", "oll", "ull"))
        else stem
    )


def ends_phrase(word: str) -> bool:
    """Whether a noun phrase ends before this word."""
    lower = word.lower().replace("’", "'")
    return not word[0].isalpha() or lower in load_lexicon().ends or lower.endswith(CONTRACTIONS)


def read_phrase(words: Sequence[str], *, plural: bool) -> list[str] | None:
    """The words of the noun phrase that `words` begin with, its head last; None where none is seen.

    Where things are counted the head is the first noun in the plural; else the last word before the phrase ends.
    """
    phrase: list[str] = []
    for position, word in enumerate(words[:PHRASE_WORDS]):
        if not phrase and word in ("-", "–", "“", '"', "‘", "'"):
            continue
        is_name_after_noun = bool(phrase) and word[0].isupper() and not phrase[-1][0].isupper()
        if ends_phrase(word) or is_name_after_noun:
            break
        if word.lower().endswith("ly") and len(word) > 4:
            if phrase:
                break
            continue
        if phrase and not plural and _is_verb_after_noun(word, words[position + 1 :]):
            break
        phrase.append(word)
        # A noun in the plural closes the phrase ("100 soldiers march"), but for "police officers".
        if is_plural(word) and not (is_collective(word) and any(map(is_plural, words[position + 1 : position + 2]))):
            return phrase
    while phrase and (phrase[-1].endswith(("'s", "’s")) or phrase[-1].lower() in load_lexicon().lists["lengths"]):
        phrase.pop()
    return phrase if phrase and not plural else None


def _is_verb_after_noun(word: str, following: Sequence[str]) -> bool:
    """Whether a word ends a noun phrase as its verb; "cut" and "meeting" may be nouns that go on with it."""
    lower = word.lower()
    if lower.endswith("ing"):
        return bool(following) and (is_number(following[0]) or following[0].lower() in load_lexicon().determiners)
    verb = verb_of(word)
    return verb is not None and verb != lower


def read_phrase_backwards(words: list[str]) -> list[str] | None:
    """The noun phrase at the end of `words`."""
    phrase: list[str] = []
    for word in reversed(words):
        if ends_phrase(word) or len(phrase) > MODIFIERS or (phrase and (verb_of(word) or is_number(word))):
            break
        if phrase and word[0].islower() and phrase[0][0].isupper():
            break
        phrase.insert(0, word)
    while len(phrase) > 1 and phrase[-1].lower() in load_lexicon().lists["trailing_adjectives"]:
        phrase.pop()
    return phrase or None


def name_phrase(phrase: Sequence[str]) -> str:
    """The phrase in lower case, its head in the singular, with the modifiers right before it."""
    kept = [word for word in phrase[-1 - MODIFIERS :] if not word.endswith(("'s", "’s"))]
    return " ".join([*(word.lower() for word in kept[:-1]), singular_of(kept[-1])]) if kept else ""


def skip_determiners(words: list[str]) -> list[str]:
    """The words without articles, possessives and signs of currency at their start."""
    while words and words[0].lower() in (
        "$",
        "£",
        "€",
        "the",
        "a",
        "an",
        "its",
        "their",
        "his",
        "her",
        "all",
        "registered",
        "convertible",
    ):
        words = words[1:]
    return words


def skip_number(words: list[str]) -> list[str]:
    """The words without the numbers at their start."""
    while words and is_number(words[0]):
        words = words[1:]
    return words


def is_number(word: str) -> bool:
    """Whether a word is a number, in digits or spelled."""
    listed = number_words()
    return word[0].isdigit() or word.lower() in listed["small"] or word.lower() in listed["scales"]
