import pytest

from tasks.resolve.descriptions import find_described, find_land, find_organisation
from tasks.resolve.phrases import read_phrase
from tasks.resolve.pronouns import Focus
from tests.resolve.made_up import make_discourse

NAMES = {
    "Ada Lind": "PERSON", "Tom Roe": "PERSON", "Nora Voss": "PERSON", "Budget Office": "ORG", "Voss Steel": "ORG",
    "Ashby Times": "ORG", "Dockers Federation": "ORG", "Nato": "ORG", "Lind campaign": "ORG",
    "Germany": "PLACE", "German": "GROUP",
}  # fmt: skip
PEOPLE = "Ada Lind, the mayor of Ashby, met Tom Roe, the German ambassador. Nora Voss, a singer, was there too. "
CASES = {
    "office": ("the mayor", "Ada Lind"),
    "another word for the office": ("the envoy", None),
    "country and kin of the office": ("the German diplomat", "Tom Roe"),
    "occupation": ("the singer", "Nora Voss"),
    "nobody holds it": ("the bishop", None),
    "woman": ("the woman", "Nora Voss"),
    "of another thing": ("the band leader", None),
}


@pytest.mark.parametrize(("phrase", "name"), CASES.values(), ids=CASES.keys())
def test_find_described_finds_who_fits(phrase, name):
    discourse = make_discourse(PEOPLE, NAMES)
    found = find_described(discourse, Focus.of(discourse), read_phrase(phrase), len(PEOPLE), set())
    assert (found.name if found else None) == name


INTRODUCED = {
    "somebody came since": ("Nora Voss slept. An old waitress ate. ", "the woman", None),
    "a man came since": ("Nora Voss slept. An old waiter ate. ", "the woman", "Nora Voss"),
    "what she is": ("Nora Voss, an old singer, ate. ", "the woman", "Nora Voss"),
    "what she was": ("Nora Voss was a singer. ", "the woman", "Nora Voss"),
    "one of several": ("Nora Voss slept. ", "the second woman", None),
}


@pytest.mark.parametrize(("text", "phrase", "name"), INTRODUCED.values(), ids=INTRODUCED.keys())
def test_find_described_leaves_out_who_is_told_of_without_a_name(text, phrase, name):
    discourse = make_discourse(text, NAMES)
    found = find_described(discourse, Focus.of(discourse), read_phrase(phrase), len(text), set())
    assert (found.name if found else None) == name


ORGANISATIONS = {
    "its own word": ("The Budget Office met. The Ashby Times wrote so.\n\n", "the office", "Budget Office"),
    "word of its kind": ("The Budget Office met.\n\nThe Ashby Times wrote so.\n\n", "the agency", "Budget Office"),
    "union": ("The Dockers Federation met Voss Steel. ", "the union", "Dockers Federation"),
    "newspaper": ("The Ashby Times wrote so of Voss Steel. ", "the newspaper", "Ashby Times"),
    "company is anything": ("Voss Steel shut its mill. ", "the company", "Voss Steel"),
    "agency too far back": ("The Budget Office met." + "\n\nIt rained." * 5 + "\n\n", "the agency", None),
    "alliance": ("Nato met Voss Steel. ", "the alliance", "Nato"),
    "somebody else's": ("The Lind campaign met. Roe opened his campaign. ", "the campaign", None),
    "campaign": ("The Lind campaign met. ", "the campaign", "Lind campaign"),
    "court": ("Voss Steel shut its mill. ", "the court", None),
}


@pytest.mark.parametrize(("text", "phrase", "name"), ORGANISATIONS.values(), ids=ORGANISATIONS.keys())
def test_find_organisation_finds_what_is_called_by_its_kind(text, phrase, name):
    found = find_organisation(make_discourse(text, NAMES), read_phrase(phrase), len(text))
    assert (found.name if found else None) == name


LANDS = {
    "state": ("It rained in Ohio. ", "the state", "Ohio"),
    "town is no state": ("It rained in Ashby. ", "the state", None),
    "country": ("It rained in Germany. ", "the country", "Germany"),
    "too far back": ("It rained in Ohio. It stopped. It rained. ", "the state", None),
}


@pytest.mark.parametrize(("text", "phrase", "name"), LANDS.values(), ids=LANDS.keys())
def test_find_land_finds_the_one_named_last(text, phrase, name):
    discourse = make_discourse(text, NAMES | {"Ohio": "PLACE", "Ashby": "PLACE"})
    found = find_land(discourse, read_phrase(phrase), len(text))
    assert (found.name if found else None) == name
