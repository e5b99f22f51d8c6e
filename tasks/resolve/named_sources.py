"""Speaker phrases that hold a name: who of those named speaks, and who only owns, describes or is spoken for."""

import re
from dataclasses import dataclass

from tasks.resolve.clusters import Cluster
from tasks.resolve.discourse import Discourse, Place
from tasks.resolve.names import fold_word, name_words, split_name
from tasks.resolve.organisations import country_of
from tasks.resolve.phrases import load_phrase_words, read_phrase, singular
from tasks.resolve.titles import load_title_words

_OWNER = re.compile(r"[’']s?\s+")
_AND = re.compile(r"(?:\s*\([^)]*\))?,?\s+(?:and|&|or)\s+(?:the\s+)?(?:[\w.’'-]+\s+){0,4}$")
_AND_OTHERS = re.compile(
    r"(?:\s*\([^)]*\))?,?\s+(?:and|or)\s+(?:(?:his|her|their|other|others|the|several|many|some|two|three|a|an)\b"
    r"|(?:[a-z-]+\s+){0,2}[a-z]+s\b)"
)
# Where an organisation sits: "the Kelm Institute, based in Ashby".
_SEAT = re.compile(r",?\s(?:based\s)?(?:in|at|of|near)\s(?:the\s)?")
# "The fund backing Lind": somebody else does something for or against the one who is named.
_DOING = re.compile(r"\b(?!including\b)[a-z]+ing\s+(?:[A-Z][\w.]*\s+){0,3}$")
_BY_AUTHOR = re.compile(r"\b(?:from|by)\s+(?:the\s+)?(?:[A-Z][\w.]*\s+){0,3}$")
_NOUN_BEHIND = re.compile(
    r"\s+(?!(?:who|and|of|in|at|when|while|on|during|from|as|or|is|was|has|had|that|to|for|by|with|himself|"
    r"herself|itself|also|later|then|told|said|says|said|wrote|once|now|both|both)\b)[a-z-]{3,}"
)
# What a phrase that ends with the name's noun may hold up to its end: "Lind campaign", "Lind ally in the council".
_NOUNS_BEHIND = re.compile(
    r"((?:\s+[a-z][\w’'-]*){1,4}?)(?:\s+(?:who|that|of|in|at|on|from|for|with|to|and)\b.*|[,(].*)?", re.DOTALL
)
_WHEN = {
    "yesterday",
    "today",
    "tonight",
    "tomorrow",
    "last",
    "this",
    "next",
    "week",
    "month",
    "year",
    "night",
    "alone",
    "too",
}
# Between a preposition and the name that it leads to stand so many words at most.
WORDS_BEHIND_PREPOSITION = 5
# "The Kelm state news agency": what stands behind a name and says what it is has so many words at most.
KIND_WORDS = 3
_NAME_BEHIND = re.compile(r"\s+(?:[A-Z][\w.’'-]*\s+)*$")


@dataclass(frozen=True)
class Named:
    """Whom a name in the phrase leads to, and how; `cluster` is None where nobody can be told, for `reason`."""

    cluster: Cluster | None
    method: str
    reason: str | None = None
    country: str | None = None
    speaks_for: bool = False


def find_named(discourse: Discourse, start: int, end: int) -> Named | None:
    """Who speaks of those named in [start, end); None where the phrase holds no name that could."""
    places = discourse.places_between(start, end)
    people = [place for place in places if place.cluster.label == "PERSON"]
    heads = [place for place in people if _is_head(discourse.text, place, start, end, people)]
    if heads:
        if _names_several(discourse.text, heads[0], end, places):
            return Named(None, "unknown", "several")
        return Named(heads[0].cluster, _method_of(discourse.text, heads[0]))
    if people and (owned := _owned(discourse.text, people[-1], start, end)):
        return owned
    return _organisation(discourse.text, places, start, end) if places else None


def _method_of(text: str, place: Place) -> str:
    printed = text[place.start : place.end]
    if len(name_words(printed)) > 1 and split_name(printed)[0]:
        return "full_name"
    first, _ = split_name(place.cluster.name)
    return "first_name" if first and fold_word(first[0]) == fold_word(printed) else "surname"


def _is_head(text: str, place: Place, start: int, end: int, people: list[Place]) -> bool:
    """Whether the phrase is about this person, and not about somebody or something of theirs."""
    before, after = text[start : place.start], text[place.end : end]
    if _OWNER.match(after):
        return False
    if _DOING.search(before):
        return False
    is_apposed = re.search(r",\s+(?:[A-Z][\w.]*\s+){0,4}$", before) is not None
    if not is_apposed and _follows_preposition(before.rsplit(",", 1)[-1]) and not _is_titled(before):
        return False
    if _NOUN_BEHIND.match(after) or after.istitle():
        # "Trump campaign", "Clinton spokesman Jesse Lehrich"; but "Lindqvist yesterday" and "Ada Cole herself".
        return not _is_noun_with_owner(after, place, people)
    return not any(
        other.start > place.end and _NAME_BEHIND.fullmatch(text[place.end : other.start]) for other in people
    )


def _follows_preposition(before: str) -> bool:
    """Whether a preposition stands among the last words before a name: "an aide to the port's Mayor"."""
    words = [word.lower() for word in before.split()]
    nearest = words[-1 - WORDS_BEHIND_PREPOSITION :]
    return not load_phrase_words().prepositions.isdisjoint(nearest)


def _is_titled(before: str) -> bool:
    """Whether a title whose words hold a preposition leads up to the name: "Secretary of State Ann Roe"."""
    words = re.findall(r"[\w’'.-]+", before)
    plain = [word.lower().strip(".") for word in words]
    heads = load_title_words().heads
    prepositions = load_phrase_words().prepositions
    place = next((place for place, word in enumerate(plain) if word in prepositions), 0)
    if heads.isdisjoint(plain[:place]):
        # "The widow of General Lind": the office is Lind's.
        return False
    if plain[place] in ("for", "to") and not heads.isdisjoint(plain[place:]):
        # "Spokesman for Mayor Ann Roe"
        return False
    # "Former chief of staff Don Lind": behind the preposition stands what belongs to the office.
    of_office = plain[-1] in load_title_words().modifiers - heads - prepositions - {"the", "and"}
    return words[0].lower() not in ("a", "an") and words[0][:1].isupper() and (words[-1][:1].isupper() or of_office)


def _is_noun_with_owner(after: str, place: Place, people: list[Place]) -> bool:
    """Whether the words behind the name are what the phrase is about: "Lind campaign", "Lind spokesman Ole Ness"."""
    if any(other.start > place.end and "," not in after[: other.start - place.end] for other in people):
        return True
    if after.strip().lower() in load_phrase_words().organisations | load_phrase_words().spokespeople:
        # A headline's capitals: "Lind Campaign".
        return True
    match = _NOUNS_BEHIND.fullmatch(after)
    words = match.group(1).split() if match else []
    return bool(words) and _WHEN.isdisjoint(words) and not words[-1].endswith("ly")


def _names_several(text: str, head: Place, end: int, places: list[Place]) -> bool:
    """Whether somebody else is joined to the first one by "and"."""
    if _AND_OTHERS.match(text[head.end : end]):
        return True
    others = [place for place in places if place.start > head.end and place.cluster is not head.cluster]
    return any(_AND.fullmatch(text[head.end : place.start]) for place in others[:1]) or any(
        re.fullmatch(r"(?:,\s++[^,\s][^,]{1,59}){0,3},?\s+and\s++(?:[A-Z][\w.]*\s+){0,4}", text[head.end : place.start])
        for place in others
        if place.cluster.label == "PERSON"
    )


def _owned(text: str, place: Place, start: int, end: int) -> Named | None:
    """What speaks is somebody's: a text is its owner's word, a spokesman or a relative is nobody named."""
    before, after = text[start : place.start], text[place.end : end]
    if owner := _OWNER.match(after):
        phrase = read_phrase(after[owner.end() :])
        if phrase.is_document:
            return Named(place.cluster, _method_of(text, place))
        return Named(None, "unnamed", "unnamed")
    phrase = read_phrase(before)
    if phrase.is_document:
        if _BY_AUTHOR.search(before):
            return Named(place.cluster, _method_of(text, place))
        return Named(None, "unknown", "document")
    behind = read_phrase(after)
    if behind.is_document and not before.strip():
        return Named(None, "unknown", "document")
    return Named(None, "unnamed", "unnamed")


def _organisation(text: str, places: list[Place], start: int, end: int) -> Named | None:
    """The organisation or country that is the whole phrase, or that somebody without a name speaks for."""
    place = places[0]
    label = place.cluster.label
    before = text[start : place.start].strip(' “"').lower()
    after = re.sub(r"^(?:\s*\([^)]*\)|,.*$)", "", text[place.end : end], flags=re.DOTALL).strip(" ’'s,.").lower()
    named = text[place.start : place.end]
    begins = before in ("", "the", "a", "an", "both")
    if _is_called_by_kind(text, places, start, end):
        return Named(places[-1].cluster, "organisation")
    if begins and len(places) > 1 and _AND.fullmatch(text[place.end : places[1].start]):
        # "US and Russian diplomats" are people without a name, not two who are named.
        behind = read_phrase(text[places[1].end : end])
        is_people = label != "ORG" and places[1].cluster.label != "ORG" and behind.is_plural
        return Named(None, "unnamed", "unnamed") if is_people else Named(None, "unknown", "several")
    if label == "ORG" and read_phrase(named).noun in load_phrase_words().laws:
        return Named(None, "unknown", "document")
    if begins and label == "ORG" and _says_where(text, places, end):
        return Named(place.cluster, "organisation")
    if label == "GROUP" and before in ("a", "an", "the") and after == "" and _is_one_of_them(named, before):
        # "The Republican" may be somebody of the party who is named; "a Republican" is nobody's name.
        is_known = before == "the" and read_phrase(named).is_person
        return None if is_known else Named(None, "unnamed", "unnamed")
    if begins and after in ("", "itself"):
        if label == "PLACE" or (label == "GROUP" and before == "the"):
            country = country_of(named)
            return Named(place.cluster, "place" if label == "PLACE" or country else "organisation", country=country)
        return Named(place.cluster, "organisation")
    words, phrase = load_phrase_words(), read_phrase(text[start:end])
    rest = read_phrase(text[place.end : end].removeprefix("’s").removeprefix("'s"))
    if (
        label in ("PLACE", "GROUP")
        and before in ("", "the")
        and rest.words
        and rest.words[-1] in {*words.sides, "ministry"}
    ):
        return Named(place.cluster, "place", country=country_of(named))
    is_for = re.search(r"\b(?:for|of|from|by|at)\s+(?:the\s+)?$", before + " ") is not None
    speaks_for = (is_for and phrase.noun in words.spokespeople) or (
        before in ("", "the", "a", "an") and rest.noun in words.spokespeople and len(rest.words) <= 2
    )
    if speaks_for and len(places) > 1 and phrase.is_plural and _AND.fullmatch(text[place.end : places[1].start]):
        return Named(None, "unknown", "several")
    is_statement = (before in ("", "the", "a") and rest.is_document) or (
        phrase.is_document and re.search(r"\b(?:from|by)\s+(?:the\s+)?$", before + " ") is not None
    )
    is_kind = label == "ORG" and before in ("", "the") and rest.is_named_kind and len(rest.words) <= KIND_WORDS
    if label in ("ORG", "PLACE") and (speaks_for or is_statement or is_kind):
        # What the Kremlin's spokesman says is Russia's word, as what the Kremlin says.
        country = country_of(named) if label == "PLACE" else None
        method = "place" if label == "PLACE" else "organisation"
        return Named(place.cluster, method, country=country, speaks_for=speaks_for)
    return None


def _is_called_by_kind(text: str, places: list[Place], start: int, end: int) -> bool:
    """Whether an organisation's name ends the phrase, behind what it is or where: "the Danish magazine Ny Tid"."""
    named = places[-1]
    if named.cluster.label != "ORG" or text[named.end : end].strip(" ,.’'") or named.start == start:
        return False
    lead = text[start : named.start]
    phrase = read_phrase(lead)
    is_plain = re.search(r"[,;:(]|\b(?:and|or)\b|[’']s\b", lead) is None
    others = all(place.cluster.label in ("GROUP", "PLACE") for place in places[:-1])
    is_kind = phrase.is_named_kind and not phrase.tail and not phrase.is_plural
    return is_plain and others and (is_kind or lead.rstrip().endswith("-based"))


def _says_where(text: str, places: list[Place], end: int) -> bool:
    """Whether the phrase is an organisation's name and where it sits: "the Kelm Institute in Ashby"."""
    return (
        len(places) == 2
        and places[1].cluster.label == "PLACE"
        and _SEAT.fullmatch(text[places[0].end : places[1].start]) is not None
        and not text[places[1].end : end].strip(" ,.’'")
    )


def _is_one_of_them(name: str, determiner: str) -> bool:
    """Whether one of a people or party is meant: "an American", "the Republican", but not "the British"."""
    if name != singular(name):
        return False
    is_people = country_of(name) is not None or read_phrase(name).is_person
    return determiner != "the" or (is_people and not name.endswith(("sh", "ch", "ese", "ss")))
