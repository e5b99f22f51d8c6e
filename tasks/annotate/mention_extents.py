"""How far a name reaches: what belongs to an organisation's name, names joined by "and", and names of court cases."""

import re
from collections.abc import Iterable

from tasks.annotate.mention_repairs import Candidate, load_lexicon

_AND_THE = re.compile(r" and the (?=[A-Z])")
_AND = re.compile(r" and (?=[A-Z])")
# "Commission on Presidential Debates", "Center for the Arts": what an organisation is for.
_OF_WHAT = re.compile(
    r" (?:on|for|of)(?: the)? ([A-Z][\w’'-]*[a-z])(?: [A-Z][\w’'-]*[a-z])?(?:,? and [A-Z][\w’'-]*[a-z])?(?! [A-Z])"
)
_SUFFIX = re.compile(r",? (?:Jr\.|Sr\.|II\b|III\b|IV\b)")
# "Plessy v. Ferguson"; no name is longer on either side.
_CASE = re.compile(
    r"\b(?:[A-Z][\w’'&.-]{0,30} (?:of )?){1,4}v\. (?:[A-Z][\w’'&.-]{0,30})(?: (?:of |& )?[A-Z][\w’'&-]{0,30}){0,3}"
)


def set_extents(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates: two organisations that "and" joins are two, and names hold what belongs to them.

    "Council" is the Council on Foreign Relations, "John Lind" is John Lind Jr.; parties of a court case are nobody.
    """
    cases = [match.span() for match in _CASE.finditer(text)]
    kept = []
    for item in candidates:
        if item.label != "GROUP" and any(start <= item.start and item.end <= end for start, end in cases):
            continue
        kept += _parted(text, item) if item.label == "ORG" else [item]
    people = {item.start for item in kept if item.label == "PERSON"}
    for item in kept:
        if item.label == "PERSON" and (suffix := _SUFFIX.match(text, item.end)):
            item.end = suffix.end()
        elif item.label == "ORG":
            _take_in(text, item, people)
    return kept


def _parted(text: str, item: Candidate) -> list[Candidate]:
    """Both organisations of "Ashby Times and the Kelm Post", and of two names that each end as one's does."""
    name = text[item.start : item.end]
    match = _AND_THE.search(name)
    ends = load_lexicon().organisation_words
    if match is None and (match := _AND.search(name)):
        is_two = name[: match.start()].split()[-1] in ends and name.split()[-1] in ends and " " in name[match.end() :]
        match = match if is_two else None
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
