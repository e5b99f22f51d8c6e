"""Who speaks in a printed transcript whose labels stand in capitals: "LIND: We stay.", "SEN. ADA COLE: No."."""

import re
from collections import Counter
from collections.abc import Collection

from tasks.annotate.mention_repairs import Candidate, load_lexicon
from tasks.first_names import load_every_first_name

_LABEL = re.compile(
    r"(?:\A|(?<=\n))[\"“]?((?:[A-Z][A-Z.’'-]*[ ]){0,3}[A-Z][A-Z’'-]+)(?:[ ]\([^()\n]{1,60}\))?:[ ](?=\S)"
)
# Fewer labels are datelines, headings and notes.
MINIMUM_LABELS = 3


def find_labelled(text: str, surnames: Collection[str]) -> tuple[list[Candidate], list[tuple[int, int]]]:
    """The people that name a transcript's turns in capitals, and where their labels stand.

    A label is a person's that ends with one of the `surnames` or, behind a first name or an office, with a name that
    another label ends with as well: "MODERATOR" is nobody's.
    """
    matches = list(_LABEL.finditer(text))
    if len(matches) < MINIMUM_LABELS:
        return [], []
    known = {surname.casefold() for surname in surnames}
    labels = [(match, *_without_office(match)) for match in matches]
    ends = Counter(text[start : match.end(1)].split()[-1].casefold() for match, start, _ in labels)
    for match, start, has_office in labels:
        name = text[start : match.end(1)].casefold().split()
        is_told = has_office or (len(name) > 1 and name[0] in load_every_first_name())
        if is_told and ends[name[-1]] > 1:
            known.add(name[-1])
    found = [item for item in labels if text[item[1] : item[0].end(1)].casefold().split()[-1] in known]
    people = [Candidate(start, match.end(1), "PERSON") for match, start, _ in found]
    return people, [match.span(1) for match, _, _ in found]


def _without_office(label: re.Match[str]) -> tuple[int, bool]:
    """Where the name begins in the label, and whether an office stands before it: "SEN." of "SEN. ADA COLE"."""
    start, words = label.start(1), label.group(1).split(" ")
    offices = load_lexicon().offices_before
    has_office = False
    while len(words) > 1 and {words[0].capitalize(), words[0].rstrip(".").capitalize()} & offices:
        start += len(words.pop(0)) + 1
        has_office = True
    return start, has_office
