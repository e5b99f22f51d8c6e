import pytest

from tasks.resolve.named_sources import find_named
from tests.resolve.made_up import make_discourse

NAMES = {
    "Ada Lind": "PERSON", "Lind": "PERSON", "Tom Roe": "PERSON", "Port Office": "ORG", "Hungary": "PLACE",
    "Hungarian": "GROUP", "Ashby Times": "ORG",
}  # fmt: skip
# The whole text is the source: who speaks, by which method, or why nobody does.
CASES = {
    "full name": ("Ada Lind", "Ada Lind", "full_name", None),
    "title": ("Secretary of Trade Ada Lind", "Ada Lind", "full_name", None),
    "surname": ("Ms. Lind", "Lind", "surname", None),
    "apposition": ("Ada Lind, a clerk for Tom Roe", "Ada Lind", "full_name", None),
    "the name behind its title": ("The port’s chief, Ada Lind", "Ada Lind", "full_name", None),
    "spokesman for": ("a spokesman for Ada Lind", None, "unnamed", "unnamed"),
    "named spokesman": ("Lind spokesman Tom Roe", "Tom Roe", "full_name", None),
    "campaign": ("the Lind campaign", None, "unnamed", "unnamed"),
    "relative": ("Ada Lind’s sister", None, "unnamed", "unnamed"),
    "own text": ("Ada Lind’s letter", "Ada Lind", "full_name", None),
    "text by somebody": ("a report by Ada Lind", "Ada Lind", "full_name", None),
    "text about somebody": ("a report on Ada Lind", None, "unknown", "document"),
    "two people": ("Ada Lind and Tom Roe", None, "unknown", "several"),
    "one and others": ("Ada Lind and other clerks", None, "unknown", "several"),
    "organisation": ("The Port Office", "Port Office", "organisation", None),
    "its spokesman": ("a spokeswoman for the Port Office", "Port Office", "organisation", None),
    "its statement": ("a statement from the Port Office", "Port Office", "organisation", None),
    "paper": ("The Ashby Times newspaper", "Ashby Times", "organisation", None),
    "country": ("Hungary", "Hungary", "place", None),
    "side of a country": ("the Hungarian side", "Hungarian", "place", None),
    "two organisations": ("the Port Office and the Ashby Times", None, "unknown", "several"),
}


@pytest.mark.parametrize(("text", "name", "method", "reason"), CASES.values(), ids=CASES.keys())
def test_find_named_tells_who_speaks(text, name, method, reason):
    found = find_named(make_discourse(text, NAMES), 0, len(text))
    assert found is not None
    assert (found.cluster.name if found.cluster else None, found.method, found.reason) == (name, method, reason)


@pytest.mark.parametrize("text", ["officials", "two clerks at the Port Office", "Hungarian sailors"])
def test_find_named_says_nothing_where_no_name_speaks(text):
    assert find_named(make_discourse(text, NAMES), 0, len(text)) is None


def test_find_named_tells_the_country():
    text = "the Hungarian government"
    found = find_named(make_discourse(text, NAMES), 0, len(text))
    assert found is not None
    assert found.country == "hungary"
