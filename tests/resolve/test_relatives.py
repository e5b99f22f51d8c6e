import re

import pytest

from tasks.resolve.relatives import find_antecedent
from tests.resolve.made_up import make_discourse

NAMES = {"Ada Lind": "PERSON", "Port Office": "ORG", "Ashby": "PLACE", "Greens": "GROUP", "Tom Roe": "PERSON"}
CASES = {
    "right before": ("It was Ada Lind who said so.", "who", "Ada Lind"),
    "behind a comma": ("Ada Lind, who said so, left.", "who", "Ada Lind"),
    "behind a dash": ("They heard Ada Lind — who said so.", "who", "Ada Lind"),
    "apposition": ("Ada Lind, a clerk at the Port Office who said so, left.", "who", "Ada Lind"),
    "age and place": ("Ada Lind, 59, of Ashby, who said so, left.", "who", "Ada Lind"),
    "group somewhere": ("It pleases Greens in Ashby, who say so.", "who", "Greens"),
    "organisation": ("The Port Office, which said so, is shut.", "which", "Port Office"),
    "no organisation by who": ("A clerk at the Port Office who said so left.", "who", None),
    "somebody's aide": ("An aide to Ada Lind who said so left.", "who", None),
    "somebody's text": ("It was a tweet from Ada Lind who said so.", "who", "Ada Lind"),
    "in what somebody printed": ("Two papers of the Port Office, in which she said so, burnt.", "which", None),
    "noun between": ("Ada Lind met the clerks, who said so.", "who", None),
    "two people": ("Ada Lind, a clerk, and the mayor who said so left.", "who", None),
    "other sentence": ("It was Ada Lind. Those who said so left.", "who", None),
}


@pytest.mark.parametrize(("text", "word", "name"), CASES.values(), ids=CASES.keys())
def test_find_antecedent_finds_whom_the_clause_follows(text, word, name):
    place = find_antecedent(make_discourse(text, NAMES), word, re.search(rf"{word} (?:she )?sa", text).start())
    assert (place.cluster.name if place else None) == name
