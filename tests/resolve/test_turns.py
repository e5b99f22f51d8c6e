import pytest

from tasks.resolve.turns import find_turn
from tests.resolve.made_up import make_discourse

NAMES = {"Anna Lind": "PERSON", "LIND": "PERSON", "Tom Roe": "PERSON", "ROE": "PERSON", "Kelm": "PLACE"}
INTERVIEW = (
    "Tom Roe met Anna Lind in Kelm.\n\nQ: Is it wet?\n\nA: It rains.\n\nAnd so.\n\nQ. Why?\n\nA. No.\n\nThe end."
)
TRANSCRIPT = "Anna Lind met Tom Roe.\n\nANNA LIND: It rains.\n\nROE: Why?\n\nAnd so?\n\nLIND: No.\n\nThe end."
# Text, where in it, who speaks and to whom.
CASES = {
    "question": (INTERVIEW, "Is it", None, "Tom Roe"),
    "answer": (INTERVIEW, "It rains", "Tom Roe", None),
    "answer that goes on": (INTERVIEW, "And so", "Tom Roe", None),
    "behind the last": (INTERVIEW, "The end", None, None),
    "before the first": (INTERVIEW, "met", None, None),
    "answers without questions": ("Anna Lind ate.\n\nA. Roe said it rained.", "it rained", None, None),
    "a name that begins with Q": (
        "Anna Lind ate.\n\nQAnon followers met.\n\nA. Nother reader said it rained.",
        "it rained",
        None,
        None,
    ),
    "name": (TRANSCRIPT, "Why", "Tom Roe", None),
    "name of a turn that goes on": (TRANSCRIPT, "And so", "Tom Roe", None),
    "name in the headline": ("Anna Lind: I am wet", "I am", "Anna Lind", None),
    "office before the name": ("Tom Roe ate.\n\nMayor Anna Lind: It rains.", "It rains", "Anna Lind", None),
    "place": ("Kelm: It rains", "It rains", None, None),
    "colon within a line": ("We met Anna Lind: it rained.", "it rained", None, None),
}


@pytest.mark.parametrize(("text", "words", "speaker", "hearer"), CASES.values(), ids=CASES.keys())
def test_find_turn_says_who_speaks_to_whom(text, words, speaker, hearer):
    names = {**NAMES, "ANNA LIND": "PERSON"}
    turn = find_turn(make_discourse(text, names), text.index(words))
    found = [one and one.name.title() for one in (turn and turn.speaker, turn and turn.hearer)]
    assert found == [speaker, hearer]
