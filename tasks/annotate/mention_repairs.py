"""Names that scraping or headlines broke, put right: glued words, capitals, words that are no part of a name."""

import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from spacy.lang.en.stop_words import STOP_WORDS

from tasks.annotate.common_words import is_common
from tasks.annotate.whole_words import find_whole
from tasks.first_names import load_every_first_name, load_first_names, load_sure_first_names

MENTIONS_FILE = Path(__file__).with_name("mentions.toml")
_GLUED = re.compile(r"([A-Z][a-zà-ÿ]+)([A-Z][a-zà-ÿ]+|[A-Z]{2,4})$")
_LOWER_WORD = re.compile(r"(?<![\w’'-])[a-zà-ÿ]{3,}(?![\w-])")
_PARTICLES = {
    "de",
    "del",
    "der",
    "den",
    "di",
    "da",
    "dos",
    "du",
    "la",
    "le",
    "van",
    "von",
    "bin",
    "al",
    "el",
    "ibn",
    "y",
}
# "al-Hamad": the Arabic article before a surname.
_ARTICLE_IN_NAME = re.compile(r"(?:al|el|ul|ash)-(?=[A-Z])")
_WORK_REACH = 40
# Endings of the names of peoples that stand for nothing else: "Norwegian", but not "Pole" or "Turk".
_ADJECTIVES = ("ian", "ican", "ean", "ese", "crat")


# A name that stands so often is one, though the model finds it once.
USUAL = 4


@dataclass
class Candidate:
    """A stretch of text that may be a mention, and its label; OTHER is kept only if another mention tells more."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Lexicon:
    """mentions.toml, in sets."""

    labels: dict[str, str]
    not_names: frozenset[str]
    things: frozenset[str]
    kinds: frozenset[str]
    states: frozenset[str]
    last_offices: frozenset[str]
    fields: frozenset[str]
    company_words: frozenset[str]
    known: dict[str, str]
    known_by_first_word: dict[str, list[str]]
    organisation_words: frozenset[str]
    glued_words: frozenset[str]
    opening_words: frozenset[str]
    offices_before: frozenset[str]
    short_offices: frozenset[str]
    works: frozenset[str]
    groups: frozenset[str]
    peoples: frozenset[str]
    adjectives: frozenset[str]
    bodies: frozenset[str]
    pageants: frozenset[str]
    circles: dict[str, str]
    sure_circles: tuple[str, ...]
    not_of_circles: tuple[str, ...]

    def is_group(self, name: str) -> bool:
        """Whether the name is that of a people, a faith or a party's followers, or its adjective."""
        return name in self.groups

    def label_of(self, name: str, label: str) -> str:
        """The label that is known for the name, whatever the model says, else `label`."""
        if name in self.known:
            return self.known[name]
        if label in ("PERSON", "PLACE") and name.split()[-1] in self.organisation_words and " " in name:
            return "ORG"
        return "GROUP" if name in self.groups and label in ("OTHER", "ORG", "PLACE") else label

    def after_offices(self, text: str, start: int, end: int) -> int:
        """Where the name begins behind the offices and forms of address before it; one word always stays."""
        before = text[start - 5 : start] if start >= 5 else ""
        while (space := text.find(" ", start, end)) > 0:
            word = text[start:space]
            if word not in self.offices_before and not (before == "Miss " and word in self.pageants):
                break
            before, start = word + " ", space + 1
        return start


@cache
def load_lexicon() -> Lexicon:
    """The lexicon of mentions.toml."""
    data = tomllib.loads(MENTIONS_FILE.read_text("utf-8"))
    groups = data["groups"]
    plain = groups["words"].split()
    plurals = [word[:-3] + "men" if word.endswith("man") and len(word) > 7 else f"{word}s" for word in plain]
    phrases = {*groups["phrases"], *(f"{name}s" for name in groups["phrases"] if name.endswith("an"))}
    known = {name: label for label, names in data["known"].items() for name in names}
    known_by_first_word: dict[str, list[str]] = defaultdict(list)
    for name in known:
        known_by_first_word[re.split(r"\W", name)[0]].append(name)
    return Lexicon(
        labels=data["labels"],
        not_names=frozenset(data["not_names"]["words"]),
        things=frozenset([*data["things"]["names"].split(), *data["things"]["credits"].split()]),
        kinds=frozenset(data["kinds"]["words"]),
        states=frozenset(data["states"]["names"].split()),
        last_offices=frozenset(data["offices_before"]["last"]),
        fields=frozenset(data["fields"]["words"]),
        company_words=frozenset(data["organisation_words"]["company_words"]),
        known=known,
        known_by_first_word=known_by_first_word,
        organisation_words=frozenset(data["organisation_words"]["last"]),
        glued_words=frozenset(data["glued_words"]["words"]),
        opening_words=frozenset(data["opening_words"]["words"]),
        offices_before=frozenset(data["offices_before"]["words"]),
        short_offices=frozenset(word[:-1] for word in data["offices_before"]["words"] if word.endswith(".")),
        works=frozenset(data["works"]["words"]),
        groups=frozenset([*plain, *plurals, *groups["invariable"].split(), *phrases]),
        peoples=frozenset([*plurals, *(name for name in phrases if name.endswith("s"))]),
        adjectives=frozenset(word for word in plain if word.endswith(_ADJECTIVES)) | set(groups["certain"].split()),
        bodies=frozenset(data["organisation_words"]["bodies"]),
        pageants=frozenset(data["pageants"]["words"]),
        circles={noun: label for label in ("ORG", "GROUP") for noun in data["circles"][label]},
        sure_circles=tuple(data["circles"]["sure"]),
        not_of_circles=tuple(data["circles"]["not_before"]),
    )


@dataclass
class NameWords:
    """What an article tells of its people's names: surnames with the full names they end, and who is named alone."""

    surnames: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    alone: frozenset[str] = frozenset()
    lower_words: frozenset[str] = frozenset()

    @classmethod
    def of_people(cls, text: str, names: list[str], lower_words: frozenset[str]) -> "NameWords":
        """Gathered from the names that the model takes for people's, and the text's words in lower case."""
        known = cls(
            alone=frozenset(name for name in names if " " not in name),
            lower_words=lower_words,
        )
        capitalised = set(re.findall(r"\b[A-Z][a-z]+\b", text)) if any(map(_GLUED.search, names)) else set()
        for name in names:
            words = name.split()
            if not 2 <= len(words) <= 5 or is_people(words) or name.isupper():
                continue
            surname = _without_suffix(words)[-1]
            if (glued := _GLUED.match(surname)) and known._parts_from_glue(glued, capitalised):
                surname = glued.group(1)
            for printed in {surname, _ARTICLE_IN_NAME.sub("", surname)}:
                if known._may_be_surname(printed):
                    known.surnames[printed][" ".join([*words[:-1], surname])] += 1
        known._drop_headline_words()
        return known

    def _parts_from_glue(self, glued: re.Match[str], capitalised: set[str]) -> bool:
        rest = glued.group(2)
        is_word = _is_glued_word(rest) or rest.lower() in self.lower_words
        return is_word or glued.group(1) in capitalised

    def _may_be_surname(self, word: str) -> bool:
        if not word[0].isupper() or word.endswith(".") or (len(word) < 3 and word not in self.alone):
            return False
        # What also stands in lower case is a word glued to a name, unless the model finds it alone too.
        return word in self.alone or not self.stands_in_lower_case(word)

    def _drop_headline_words(self) -> None:
        """Takes out "Paper" of "Sewell Says Paper" and "Will Sewell" where somebody else of that name is in full."""
        for surname, full_names in list(self.surnames.items()):
            is_opening = {name: _opens_headline(name.split()[0]) and name.count(" ") == 1 for name in full_names}
            for name in list(full_names):
                first = name.split()[0]
                if is_opening[name] and not all(is_opening.values()):
                    del full_names[name]
                    continue
                if first in self.surnames and first != surname and first.lower() not in load_first_names():
                    del full_names[name]
            if not full_names:
                del self.surnames[surname]

    def stands_in_lower_case(self, word: str) -> bool:
        """Whether the text has the word in lower case too."""
        return word.lower() in self.lower_words

    def is_person(self, name: str) -> bool:
        """Whether the name is a surname of somebody named in full, or such a full name."""
        return name in self.surnames or name in self.surnames.get(name.split()[-1], ())

    def called_alone(self, text: str, name: str, count: int) -> bool:
        """Whether one word found so often as a person means that person wherever it stands."""
        if " " in name or self.stands_in_lower_case(name) or len(name) < 3:
            return False
        is_first = any(name == full.split()[0] for names in self.surnames.values() for full in names)
        if count > 1 or (is_first and name.lower() in load_sure_first_names()):
            return True
        return sum(1 for _ in find_whole(text, name, not_before="-", not_behind="-")) >= USUAL

    def sure_first_names(self) -> set[str]:
        """First names of people named in full that stand for nobody and nothing else."""
        firsts = {full.split()[0] for names in self.surnames.values() for full in names}
        sure = {first for first in firsts if first.lower() in load_sure_first_names()}
        return {first for first in sure - self.surnames.keys() if not self.stands_in_lower_case(first)}

    def is_first_name_of(self, word: str, surname: str) -> bool:
        """Whether the word is a first name printed with the surname, or a spelling of one: three letters agree."""
        if word in self.surnames:
            return False
        return any(word[:3] == name.split()[0][:3] for name in self.surnames[surname])


def _opens_headline(word: str) -> bool:
    """Whether the word opens a question, a clause or a headline, and is no first name: "Will Lind", "Top Lind"."""
    return word in load_lexicon().opening_words or (is_common(word) and word.lower() not in load_every_first_name())


def is_people(words: list[str]) -> bool:
    """Whether a name ends with that of a people and begins with no first name: "Proud Italian", not "Anna German"."""
    has_first_name = len(words) == 2 and words[0].lower() in load_every_first_name()
    return load_lexicon().is_group(words[-1]) and not has_first_name


def find_lower_words(text: str) -> frozenset[str]:
    """The words that the text has in lower case."""
    return frozenset(_LOWER_WORD.findall(text))


def _without_suffix(words: list[str]) -> list[str]:
    return words[:-1] if len(words) > 2 and words[-1].rstrip(".") in ("Jr", "Sr", "II", "III", "IV") else words


def cut_person(text: str, item: Candidate, names: NameWords) -> Candidate:
    """The person's mention cut to the words that are the name.

    "AltmannChairman" ends with the surname, "SewellGrant Sewell" begins behind the glued one, "Okello was" ends
    before a word in lower case, "SEWELL SAYS" and "Lind Talks" are the surname of somebody named in full.
    """
    words = list(re.finditer(r"\S+", text[item.start : item.end]))
    first, last = 0, len(words) - 1
    while (last and _is_lower_word(words[last].group())) or (words[last].group().lower() in _PARTICLES and last):
        last -= 1
    lower = next((n for n in range(1, last) if _is_lower_word(words[n].group())), None)
    if lower is not None:
        last = lower - 1
    start, end = words[first].start(), words[last].end()
    if glued := _GLUED.match(words[last].group()):
        start, end = _cut_glued_end(glued, words[last].start(), (start, end), names)
    elif last > first and (glued := _GLUED.match(words[first].group())) and glued.group(1) in names.surnames:
        start = words[first].start() + glued.start(2)
    if last > first and (known := _known_words(words[first : last + 1], names)):
        start, end = known
    return Candidate(item.start + start, item.start + end, item.label)


def _is_lower_word(word: str) -> bool:
    return word[0].islower() and word not in _PARTICLES and not _ARTICLE_IN_NAME.match(word)


def _is_glued_word(word: str) -> bool:
    """Whether a caption or an apposition goes on so behind a name: "Chairman", "US", "German"."""
    lexicon = load_lexicon()
    is_known = word in lexicon.glued_words or word in lexicon.known or word in lexicon.groups
    return is_known or word.lower() in STOP_WORDS


def _cut_glued_end(glued: re.Match[str], offset: int, bounds: tuple[int, int], names: NameWords) -> tuple[int, int]:
    """Bounds without the word glued behind the surname, or without the surname glued before a first name."""
    one, other = glued.groups()
    start, end = bounds
    is_word = _is_glued_word(other)
    if one in names.surnames or (is_word and start < offset):
        return start, offset + glued.end(1)
    if other in names.surnames and names.is_first_name_of(one, other):
        return offset + glued.start(2), end
    return start, end


def _known_words(words: list[re.Match[str]], names: NameWords) -> tuple[int, int] | None:
    """Bounds of the one surname of somebody named in full among words that are no name together; None if none."""
    printed = [word.group() for word in words]
    if names.is_person(" ".join(printed)):
        return None
    folded = {surname.casefold(): surname for surname in names.surnames}
    is_shouted = all(word.isupper() for word in printed)
    if printed[0] in names.surnames and printed[-1] not in names.surnames:
        return words[0].span()
    if _opens_headline(printed[0]) and printed[1] in names.surnames:
        return words[1].start(), words[-1].end()
    if is_shouted and printed[0].casefold() in folded:
        return words[0].span()
    return None


def is_work(text: str, item: Candidate) -> bool:
    """Whether the mention is (part of) the title of a film, book or song in quotation marks, named as such before."""
    line = text.rfind("\n", 0, item.start)
    opening = max(text.rfind(mark, line + 1, item.start) for mark in '“"')
    if item.label != "PERSON" or opening < 0 or len(text[opening + 1 : item.start].split()) > 2:
        return False
    closing = re.compile(r"[”\"\n]").search(text, item.end)
    if closing is None or closing.group() == "\n":
        return False
    title = text[opening + 1 : closing.start()].rstrip(",. ")
    is_short = len(title.split()) <= 7 and not re.search(r"[.!?;]", title)
    words_before = re.findall(r"\w+", text[max(0, opening - _WORK_REACH) : opening].lower())[-3:]
    return is_short and not load_lexicon().works.isdisjoint(words_before)
