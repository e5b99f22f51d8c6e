import pytest

from tasks.resolve.phrases import read_phrase
from tasks.resolve.unnamed import find_unnamed, is_unnamed, note_unnamed
from tests.resolve.made_up import make_discourse, make_quote

NAMES = {"Ada Lind": "PERSON"}
CASES = {
    "the same noun": ("A port official said it rained. ", "A port official", "the official", True),
    "in a clause": ("An official who came said it rained. ", "who", "the official", True),
    "another noun": ("A clerk said it rained. ", "A clerk", "the official", False),
    "with more words": ("An official said it rained. ", "An official", "the tall official", False),
    "another's": ("A clerk of Kelm said it rained. ", "A clerk of Kelm", "the clerk of Ashby", False),
    "somebody known": ("The official said it rained. ", "The official", "the official", False),
    "several": ("Officials said it rained. ", "Officials", "the official", False),
}


@pytest.mark.parametrize(("text", "source", "phrase", "is_found"), CASES.values(), ids=CASES.keys())
def test_find_unnamed_finds_who_was_called_so(text, source, phrase, is_found):
    discourse = make_discourse(text, NAMES)
    note_unnamed(discourse, make_quote(text, source, "it rained"))
    assert (find_unnamed(discourse, read_phrase(phrase)) is not None) == is_found


PEOPLE = {
    "named before": ("Ada Lind, a clerk, ate. A clerk said it rained. ", True),
    "named since": ("A clerk said it rained. Ada Lind, a clerk, ate. ", False),
    "of another office": ("A clerk said it rained. Ada Lind, a mayor, ate. ", True),
    "nobody without a name": ("Ada Lind said it rained. ", False),
}


@pytest.mark.parametrize(("text", "expected"), PEOPLE.values(), ids=PEOPLE.keys())
def test_is_unnamed_weighs_somebody_named_against_who_spoke(text, expected):
    discourse = make_discourse(text, NAMES)
    source = "A clerk" if "A clerk" in text else "Ada Lind"
    note_unnamed(discourse, make_quote(text, source, "it rained"))
    (lind,) = discourse.clusters
    assert is_unnamed(discourse, read_phrase("the clerk"), lind, len(text)) == expected
