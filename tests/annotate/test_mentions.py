from itertools import pairwise

import pytest

from tasks.annotate.mentions import find_mentions

CASES = {
    "title stays outside": ("Mr Peter Holm met Ms Anna Berg in Oslo.", {"Peter Holm": "PERSON", "Anna Berg": "PERSON"}),
    "a form of address makes a person": ("Dame Ruth Calvary warned both sides.", {"Ruth Calvary": "PERSON"}),
    "possessive is cut": ("Anna Berg's lawyer called.", {"Anna Berg": "PERSON"}),
    "surname is a person everywhere": (
        "Anna Torrance spoke on Monday. Torrance was calm. Later, Torrance left for Berlin.",
        {"Anna Torrance": "PERSON", "Torrance": "PERSON"},
    ),
    "a small word glued to a name is cut": ("She met Henrik LindwallWho was late.", {"Henrik Lindwall": "PERSON"}),
    "glued word is cut": (
        "He met Anna BergerChairman of the board. Berger said no.",
        {"Anna Berger": "PERSON", "Berger": "PERSON"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_find_mentions_repairs_names(nlp, text, expected):
    found = {mention.text: mention.label for mention in find_mentions(nlp(text), "0" * 16)}
    assert expected.items() <= found.items()


def test_find_mentions_offsets_point_at_the_text(nlp):
    text = "“Nato will act,” Anna Berg's deputy told the BBC in Oslo on Friday.\n\nBerg was not there."
    mentions = find_mentions(nlp(text), "0" * 16)
    assert [text[mention.start_char : mention.end_char] for mention in mentions] == [item.text for item in mentions]
    assert all(one.end_char <= other.start_char for one, other in pairwise(mentions))


def test_find_mentions_gives_one_label_to_one_name(nlp):
    text = "Anna Torrance spoke. Torrance said no. The Torrance plan failed. Torrance is in Ohio."
    labels = {item.label for item in find_mentions(nlp(text), "0" * 16) if item.text.endswith("Torrance")}
    assert labels == {"PERSON"}
