"""What a speaker phrase says when it is no pronoun: its nouns, and whether it means one person, several, or a text."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from tasks.resolve.titles import PHRASES_FILE, load_title_words

_WORD = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*")
_FUNCTION_WORDS = {
    "of", "for", "in", "at", "from", "on", "who", "with", "to", "by", "that", "which", "whose", "as", "about", "near",
    "against", "over", "under", "after", "before", "during", "and", "or", "but", "among", "within", "close", "inside",
    "outside", "including", "such", "like", "familiar", "without", "whom", "between", "involved", "speaking",
}  # fmt: skip
_DETERMINERS = {
    "the",
    "this",
    "that",
    "these",
    "those",
    "a",
    "an",
    "one",
    "another",
    "some",
    "his",
    "her",
    "their",
    "its",
}
_DEFINITE = {"the", "this", "that"}
_PERSON_ENDINGS = ("-year-old", "surgeon", "ologist", "icist", "trician", "grapher", "tician", "arian", "naut", "ier")
_OWNERS = {"his", "her", "their", "its"}


@dataclass(frozen=True)
class PhraseWords:
    """phrases.toml, in sets."""

    documents: frozenset[str]
    laws: frozenset[str]
    organisations: frozenset[str]
    any_organisation: frozenset[str]
    beside_name: frozenset[str]
    sides: frozenset[str]
    spokespeople: frozenset[str]
    anonymous: frozenset[str]
    crowds: frozenset[str]
    going_on: frozenset[str]
    prepositions: frozenset[str]
    people: frozenset[str]
    genders: dict[str, str]
    same: dict[str, frozenset[str]]
    kinds: dict[str, frozenset[str]]


@cache
def load_phrase_words() -> PhraseWords:
    """The lexicon of phrases.toml."""
    data = tomllib.loads(PHRASES_FILE.read_text("utf-8"))
    people = data["people"]
    return PhraseWords(
        documents=frozenset(data["documents"]),
        laws=frozenset(data["laws"]),
        organisations=frozenset(data["organisations"]),
        any_organisation=frozenset(data["any_organisation"]),
        beside_name=frozenset(data["beside_name"]),
        sides=frozenset(data["sides"]),
        spokespeople=frozenset(data["spokespeople"]),
        anonymous=frozenset(data["anonymous"]),
        crowds=frozenset(data["crowds"]),
        going_on=frozenset(data["going_on"]),
        prepositions=frozenset(data["prepositions"]),
        people=frozenset([*people["female"], *people["male"], *people["either"]]),
        genders={word: gender for gender in ("female", "male") for word in people[gender]},
        same={word: frozenset(others) for word, others in data["same"].items()},
        kinds={word: frozenset(others) for word, others in data["kinds"].items()},
    )


@dataclass(frozen=True)
class Phrase:
    """A noun phrase without its names: words in lower case up to the head, and what the head is."""

    determiner: str | None
    words: tuple[str, ...]
    tail: tuple[str, ...]

    @property
    def head(self) -> str:
        """The noun that the phrase is about, as printed."""
        return self.words[-1] if self.words else ""

    @property
    def noun(self) -> str:
        """The head in the singular."""
        return singular(self.head)

    @property
    def is_definite(self) -> bool:
        """Whether "the" or "this" points at somebody known."""
        return self.determiner in _DEFINITE

    @property
    def is_owned(self) -> bool:
        """Whether it is "his", "her" or "their" something."""
        return self.determiner in _OWNERS

    @property
    def is_plural(self) -> bool:
        """Whether several are meant."""
        return self.head != self.noun or self.head in ("people", "police", "many", "some", "others", "men", "women")

    @property
    def is_document(self) -> bool:
        """Whether a text speaks."""
        return self.noun in load_phrase_words().documents

    @property
    def is_organisation(self) -> bool:
        """Whether an organisation is called by its kind."""
        return self.noun in load_phrase_words().organisations

    @property
    def is_named_kind(self) -> bool:
        """Whether it says what the organisation is whose name stands beside it: "news agency", "magazine"."""
        known = load_phrase_words().beside_name | load_phrase_words().any_organisation
        return self.noun in known or " ".join(self.words[-2:]) in known

    @property
    def is_person(self) -> bool:
        """Whether the head is a noun for one person."""
        title_words, words = load_title_words(), load_phrase_words()
        known = self.noun in title_words.heads or self.noun in title_words.person_nouns or self.noun in words.people
        return not self.is_plural and (known or self.noun.endswith(_PERSON_ENDINGS))

    @property
    def gender(self) -> str | None:
        """Gender that the head tells."""
        return load_phrase_words().genders.get(self.noun) or load_title_words().gendered.get(self.noun)


def read_phrase(text: str) -> Phrase:
    """The phrase: determiner, the words up to the head, and the words behind it."""
    words = [word.lower().removesuffix("’s").removesuffix("'s") for word in _WORD.findall(text)]
    determiner = words[0] if words and words[0] in _DETERMINERS else None
    rest = words[1:] if determiner else words
    stop = next((place for place, word in enumerate(rest) if place and word in _FUNCTION_WORDS), len(rest))
    return Phrase(determiner, tuple(rest[:stop]), tuple(rest[stop:]))


def singular(word: str) -> str:
    """The noun without its plural ending, as far as English spelling tells."""
    if word in ("men", "women"):
        return word[:-2] + "an"
    if word.endswith(("men", "women")) and len(word) > 5:
        return word[:-2] + "an"
    if word.endswith("ies") and len(word) > 4 and word not in ("series", "movies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "news", "series")) and len(word) > 3:
        return word[:-1]
    return word
