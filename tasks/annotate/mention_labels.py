"""What each name of an article is: one label for one name, and what is no name after all."""

import re
from collections import Counter, defaultdict

from tasks.annotate.mention_repairs import Candidate, NameWords, is_people, load_lexicon
from tasks.annotate.whole_words import find_whole
from tasks.first_names import load_every_first_name, load_sure_first_names

_BEFORE_PLACE = re.compile(
    r"(?:\b[Ii]n|\b(?:mayor|city|town|village|council|capital|government|people|envoys?|president|minister) of)"
    r" (?:\w+ and )?$"
)
_KIND_BEFORE = re.compile(r"\b([A-Za-z][a-z-]+) $")
_INITIALLED = re.compile(r"([A-Z][a-z]+) [A-Z]\. ([A-Z][\w’'-]+)")
# "Jackson Lake" and "Victoria Station" are no people.
_PLACE_WORDS = {
    "Beach", "Bay", "Bridge", "City", "County", "Creek", "Falls", "Harbor", "Harbour", "Heights", "Hill", "Hills",
    "Hole", "Island", "Islands", "Lake", "Park", "Point", "River", "Road", "Springs", "Square", "Station", "Street",
    "Valley", "Village",
}  # fmt: skip
_PERSON_BEFORE = re.compile(
    r"\b(?:host|anchor|actor|actress|singer|author|writer|reporter|columnist|adviser|aide|spokesman|spokeswoman|senator"
    r"|manager|director|strategist|analyst|professor|son|daughter|wife|husband|brother|sister) $"
)
_CAPITAL_INSIDE = re.compile(
    r"(?!(?:Mc|Mac|De|Del|Di|Du|La|Le|Fitz|Van|Von|Mo|Ben|San|Al|El|Jo)[A-Z])([A-Z][a-z]+)[A-Z][a-z]+"
)
# Who speaks in a printed transcript: "LIND: We stay."
_TURN = re.compile(r"(?:^|\n)[\"“]?([A-Z][A-Z’'-]{2,}[A-Z]): ")
# A place that opens a report: "ASHBY, Maine (Wire) - ".
_DATELINE = re.compile(r"(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)?)?(?: \([A-Z][\w ]{1,20}\))? ?[–—-]{1,2} ")


def settle_labels(text: str, candidates: list[Candidate], names: NameWords) -> list[Candidate]:
    """The candidates with one label for one name: a known person's is a person, else the usual label."""
    lexicon = load_lexicon()
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for item in candidates:
        votes[text[item.start : item.end]][item.label] += 1
    companies = _find_companies(text, candidates)
    turns = Counter(_TURN.findall(text))
    called = _find_called(text, candidates)
    settled = []
    for item in candidates:
        name = text[item.start : item.end]
        if _is_of_headline(text, item, names) or _is_family(name, names):
            continue
        is_person = name not in called and (names.is_person(name) or _is_called_by_surname(name, votes, names))
        label = "PERSON" if is_person else _usual_label(votes[name])
        if label == "PERSON" and " " not in name and not names.is_person(name) and _stands_as_place(text, name):
            label = "PLACE"
        elif label in ("ORG", "PLACE") and _is_first_and_last(text, name, label):
            label = "PERSON"
        elif name in called or (
            label == "PERSON" and not names.is_person(name) and (name in companies or _is_brand(name))
        ):
            label = "ORG"
        elif label == "ORG" and turns[name] > 1:
            label = "PERSON"
        label = lexicon.label_of(name, label)
        if label == "OTHER" or (label == "PERSON" and not _may_be_person(text, name, names)):
            continue
        settled.append(Candidate(item.start, item.end, label))
    return settled


def _find_companies(text: str, candidates: list[Candidate]) -> set[str]:
    """Single words that are companies' names in full: "Brennick" of "Brennick Media"."""
    names = {text[item.start : item.end] for item in candidates if item.label == "ORG"}
    ends = load_lexicon().company_words
    return {first for first, _, rest in (name.partition(" ") for name in names) if rest in ends}


def _find_called(text: str, candidates: list[Candidate]) -> set[str]:
    """Names without a first name that the text calls a newspaper, a company or the like: "the magazine Ny Tid".

    Whoever is named in full is nobody's newspaper: "the company Lind founded" is Anna Lind's.
    """
    kinds, found = load_lexicon().kinds, set()
    full_names = (text[item.start : item.end].split() for item in candidates if item.label == "PERSON")
    surnames = {words[-1] for words in full_names if len(words) > 1}
    for item in candidates:
        before = _KIND_BEFORE.search(text, max(0, item.start - 25), item.start)
        name = text[item.start : item.end]
        if item.label == "PERSON" and before and before.group(1).lower() in kinds:
            is_named = name in surnames or name.split()[0].lower() in load_every_first_name()
            found |= set() if is_named else {name}
    return found


def _is_of_headline(text: str, item: Candidate, names: NameWords) -> bool:
    """Whether the name is words of the title that the text has in lower case: "New Harbour Plan Fails"."""
    words = [word for word in text[item.start : item.end].split() if word[0].isupper()]
    if item.label not in ("ORG", "OTHER") or len(words) < 2 or text.find("\n") < item.start:
        return False
    if text.find(text[item.start : item.end], item.end) >= 0:
        return False
    opening = load_lexicon().opening_words
    common = sum(names.stands_in_lower_case(word) or word in opening for word in words)
    return names.stands_in_lower_case(words[-1]) and common >= len(words) - 1


def _is_family(name: str, names: NameWords) -> bool:
    """Whether several of one surname are meant: "the Lindqvists"."""
    return name[-1] == "s" and name[:-1] in names.surnames and not names.is_person(name)


def _is_called_by_surname(name: str, votes: dict[str, Counter[str]], names: NameWords) -> bool:
    """Whether what the model takes for no person's name is one.

    It has two words and ends with what the model takes for a person alone, or it has a first name and an initial.
    """
    first, _, last = name.partition(" ")
    initialled = _INITIALLED.fullmatch(name)
    if initialled and initialled.group(1).lower() in load_every_first_name():
        return initialled.group(2) not in load_lexicon().organisation_words
    is_name = (
        last.isalpha() and first.isalpha() and first[0].isupper() and last not in load_lexicon().organisation_words
    )
    if not is_name or names.surnames.get(last) or first in votes or load_lexicon().is_group(first):
        return False
    return votes[last]["PERSON"] > votes[last].total() / 2 if last in votes else False


def _is_first_and_last(text: str, name: str, label: str) -> bool:
    """Whether a first name tells a person, whom the model takes for a place or, behind "host", an organisation."""
    first, _, last = name.partition(" ")
    if first.lower() not in load_sure_first_names() or not last.isalpha() or last in _PLACE_WORDS:
        return False
    if label == "PLACE":
        return not _stands_as_place(text, name)
    start = text.find(name)
    while start >= 0:
        if _PERSON_BEFORE.search(text, max(0, start - 20), start):
            return True
        start = text.find(name, start + 1)
    return False


def _is_brand(name: str) -> bool:
    """Whether a capital stands inside the one word, as in no surname or first name: "PolitiFact"."""
    match = _CAPITAL_INSIDE.fullmatch(name)
    return match is not None and match.group(1).lower() not in load_every_first_name()


def _stands_as_place(text: str, name: str) -> bool:
    """Whether the one-word name stands somewhere as only a place does: "in Ravensford", "the mayor of Ravensford"."""
    for start in find_whole(text, name, not_behind="’'-"):
        opens_line = start == 0 or text[start - 1] == "\n"
        if _BEFORE_PLACE.search(text, max(0, start - 30), start) or (
            opens_line and _DATELINE.match(text, start + len(name))
        ):
            return True
    return False


def _usual_label(votes: Counter[str]) -> str:
    """The label given most; any other before OTHER, and a person before an organisation of as many votes."""
    order = ("PERSON", "PLACE", "ORG", "GROUP")
    named = {label: votes[label] for label in order if votes[label]}
    return max(named, key=lambda label: named[label]) if named else "OTHER"


def _may_be_person(text: str, name: str, names: NameWords) -> bool:
    """False for "Proud Italian", for six words, and for one word that also stands in lower case."""
    words = name.split()
    if (is_people(words) and not names.is_person(name)) or len(words) > 5:
        return False
    return len(words) > 1 or names.is_person(name) or not names.stands_in_lower_case(name)
