import re

import pytest

from tasks.annotate.mention_circles import find_circles
from tasks.annotate.mention_repairs import Candidate

LABELS = {"Lind": "PERSON", "Ada Cole": "PERSON", "Kelm": "PLACE"}
CASES = {
    "administration": ("The Lind administration met.", {"Lind administration": "ORG"}),
    "full name, in a headline's capitals": ("Ada Cole Campaign Is Broke", {"Ada Cole Campaign": "ORG"}),
    "the nouns of other nouns": ("A Lind campaign aide left.", {"Lind campaign": "ORG"}),
    "family": ("The Lind family left.", {"Lind family": "GROUP"}),
    "nothing of the person's": ("They are on the Lind campaign trail.", {}),
    "possessive": ("Lind's campaign is broke.", {}),
    "of a place": ("The Kelm administration met.", {}),
    "a name that nobody found": ("The Voss administration met.", {"Voss administration": "ORG"}),
    "a name that nobody found, before a doubtful noun": ("The Web team met.", {}),
    "of an office": ("The Senate campaign is long.", {}),
    "of a party": ("The Republican campaign is long.", {}),
    "of a month": ("The April campaign is long.", {}),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_find_circles_finds_what_is_called_after_a_person(text, expected):
    names = re.finditer("|".join(LABELS), text)
    candidates = [Candidate(*match.span(), LABELS[match.group()]) for match in names]
    assert {text[item.start : item.end]: item.label for item in find_circles(text, candidates)} == expected
