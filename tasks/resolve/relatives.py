"""Whom a relative clause speaks of: "Lind, a clerk at the port, who says", "Democrats on the hill, who say"."""

import re

from tasks.resolve.discourse import Discourse, Place
from tasks.resolve.phrases import load_phrase_words, read_phrase
from tasks.resolve.titles import load_title_words

_BRACKETS = r"(?:\s*\([^)\n]*\))?"
_RIGHT_BEFORE = re.compile(rf"{_BRACKETS}(?:\s*,|\s*[–—-]{{1,2}})?\s*")
# An apposition stands between: "59, of Ashby,", "a clerk at the port". It says nothing that has a verb of its own.
_APPOSITION = re.compile(rf"{_BRACKETS},\s([^;:!?\n“”\"]{{2,140}}?)(?:,|\s*[–—-]{{1,2}})?\s*")
# What somebody is: "Lind is the clerk who", "Lind, seen as a clerk who". One person, and nobody else in between.
_PREDICATE = re.compile(
    rf"{_BRACKETS}(?:\s(?:is|was|remains|became|has been|will be)"
    r"|,(?:\s(?:seen|known|regarded|described|considered))?(?:\sas)?)"
    r"\s(?:also |now |just |still |only )?(?:an?|the|one)\s([^,.;:()“”\"\n]{2,60})\s"
)
_WHERE = re.compile(r"\s(?:on|in|at|from|of)\s(?:the\s)?[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*){0,3},?\s*")
_COMPLEMENT = re.compile(r"(?<!\w)(\w*+)\s(?:for|to|of|with|from|by|about|against)\s+(?:[A-Z][\w.]*\s+){0,3}$")
_JOINING = {"and", "or", "but", "while", "when", "as", "because", "if", "whether"}
_WORD = re.compile(r"[\w’']+")
# Whom a pronoun can follow, by what it asks for.
_LABELS = {"who": ("PERSON", "GROUP"), "which": ("ORG", "PLACE", "GROUP")}


def find_antecedent(discourse: Discourse, word: str, start: int) -> Place | None:
    """The mention that "who" or "which" at `start` follows; None where a noun without a name stands between.

    A person or group is looked for by "who", an organisation, a place or a group by "which" and "that". "An aide to
    Lind who" is the aide.
    """
    labels = _LABELS["which" if word in ("which", "that") else "who"]
    sentence = discourse.sentence_starts[discourse.sentence_of(start)]
    for place in reversed(discourse.places_between(max(sentence, start - 200), start)):
        if place.cluster.label not in labels:
            continue
        gap = discourse.text[place.end : start]
        is_complement = _is_complement(discourse.text[max(sentence, place.start - 60) : place.start])
        if _RIGHT_BEFORE.fullmatch(gap):
            return None if is_complement and not gap.strip() else place
        if _WHERE.fullmatch(gap) or _is_apposition(gap) or (word == "who" and _is_predicate(gap)):
            return place
        return None
    return None


def _is_complement(before: str) -> bool:
    """Whether the name says whose somebody is: "an aide to Lind who", but not "a tweet from Lind who"."""
    match = _COMPLEMENT.search(before)
    return match is not None and not read_phrase(f"the {match.group(1)}").is_document


def _is_predicate(gap: str) -> bool:
    match = _PREDICATE.fullmatch(gap)
    words = match.group(1).lower().split() if match else []
    is_simple = words and not read_phrase(match.group(1)).is_plural if match else False
    return bool(is_simple) and _JOINING.isdisjoint(words) and {"of", "to", "for", "with", "in"}.isdisjoint(words)


def _is_apposition(gap: str) -> bool:
    match = _APPOSITION.fullmatch(gap)
    if match is None:
        return False
    words = {word.lower() for word in _WORD.findall(match.group(1))}
    # "Two papers, in which": what the clause says of them is no word of theirs.
    if words <= load_phrase_words().prepositions:
        return False
    return words.isdisjoint(_JOINING) and words.isdisjoint(load_title_words().clause_words - {"of", "at", "in"})
