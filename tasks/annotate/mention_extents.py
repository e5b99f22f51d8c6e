"""How far a name reaches: what belongs to an organisation's name, names joined by "and", and names of court cases."""

import re
from collections.abc import Iterable
from itertools import pairwise

from tasks.annotate.common_words import is_common
from tasks.annotate.mention_repairs import Candidate, load_lexicon

_AND_THE = re.compile(r" and the (?=[A-Z])")
_AND = re.compile(r" and (?=[A-Z])")
# "Commission on Presidential Debates", "Center for the Arts": what an organisation is for.
_OF_WHAT = re.compile(
    r" (?:on|for|of)(?: the)? ([A-Z][\w’'-]*[a-z])(?: [A-Z][\w’'-]*[a-z])?(?:,? and [A-Z][\w’'-]*[a-z])?(?! [A-Z])"
)
_FOR_WHAT = ("of", "on", "for")
# What joins the fields of one body: "Commerce, Science and Transportation".
_FIELDS = re.compile(r",? and |, (?:[A-Z]\w+, )?(?:and )?")
_SUFFIX = re.compile(r",? (?:Jr\.|Sr\.|II\b|III\b|IV\b)")
# "Plessy v. Ferguson"; no name is longer on either side.
_CASE = re.compile(
    r"\b(?:[A-Z][\w’'&.-]{0,30} (?:of )?){1,4}v\. (?:[A-Z][\w’'&.-]{0,30})(?: (?:of |& )?[A-Z][\w’'&-]{0,30}){0,3}"
)


def set_extents(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates: two organisations that "and" joins are two, and names hold what belongs to them.

    "Council" is the Council on Foreign Relations, "John Lind" is John Lind Jr.; parties of a court case are nobody.
    """
    candidates = _joined_fields(text, candidates)
    printed = {text[item.start : item.end] for item in candidates if item.label in ("ORG", "PLACE")}
    cases = [match.span() for match in _CASE.finditer(text)]
    kept = []
    for item in candidates:
        if item.label != "GROUP" and any(start <= item.start and item.end <= end for start, end in cases):
            continue
        kept += _parted(text, item, printed) if item.label == "ORG" else [item]
    people = {item.start for item in kept if item.label == "PERSON"}
    for item in kept:
        if item.label == "PERSON" and (suffix := _SUFFIX.match(text, item.end)):
            item.end = suffix.end()
        elif item.label == "ORG":
            _take_in(text, item, people)
    return kept


def _joined_fields(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates; what a body is for besides is part of its name: "Committee on Trade, Ports and Fisheries"."""
    bodies, kept = load_lexicon().bodies, list[Candidate]()
    for item in sorted(candidates, key=lambda item: item.start):
        last = kept[-1] if kept else None
        if last is not None and last.label == item.label == "ORG" and _FIELDS.fullmatch(text[last.end : item.start]):
            words = text[last.start : last.end].split()
            is_body = any(word in bodies and next_word in _FOR_WHAT for word, next_word in pairwise(words))
            if is_body and all(word == "and" or is_common(word) for word in text[item.start : item.end].split()):
                last.end = item.end
                continue
        kept.append(item)
    return kept


def _parted(text: str, item: Candidate, printed: set[str]) -> list[Candidate]:
    """Both organisations of "Ashby Times and the Kelm Post", and of two names that each end as one's does.

    Two names as well are those of which one is `printed` elsewhere or known.
    """
    name = text[item.start : item.end]
    match = _AND_THE.search(name)
    ends = load_lexicon().organisation_words
    if match is None and (match := _AND.search(name)):
        one, other = name[: match.start()], name[match.end() :]
        is_two = one.split()[-1] in ends and name.split()[-1] in ends and " " in other
        is_told = not {one, other}.isdisjoint(printed | load_lexicon().known.keys())
        match = match if is_two or (is_told and " of " not in one) else None
    if match is None:
        return [item]
    return [
        Candidate(item.start, item.start + match.start(), "ORG"),
        Candidate(item.start + match.end(), item.end, "ORG"),
    ]


def _take_in(text: str, item: Candidate, people: Iterable[int]) -> None:
    """Widens the organisation by what it is for, where its last word asks for that and no person stands there."""
    lexicon = load_lexicon()
    if text[item.start : item.end].split()[-1] not in lexicon.bodies:
        return
    match = _OF_WHAT.match(text, item.end)
    if match is not None and match.group(1) not in lexicon.not_names and match.start(1) not in people:
        item.end = match.end()
