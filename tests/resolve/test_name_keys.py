import tomllib

import pytest

from tasks.resolve.name_keys import SAME_NAMES_FILE, country_before, entity_key, name_key, read_national, tells_country

SAME = {
    "legal form": ("Brennick Steel Inc.", "the Brennick Steel", "ORG"),
    "short form": ("GOP", "the Republican Party", "ORG"),
    "agency": ("F.B.I.", "Federal Bureau of Investigation", "ORG"),
    "country": ("U.S.", "the United States", "PLACE"),
    "state": ("Md.", "Maryland", "PLACE"),
    "diacritics": ("São Bento", "Sao Bento", "PLACE"),
    "hyphen": ("Kelm-Mart", "KelmMart", "ORG"),
    "plural": ("Republican", "Republicans", "GROUP"),
    "people": ("Britons", "British", "GROUP"),
    "party": ("Democratic", "Democrats", "GROUP"),
}


@pytest.mark.parametrize(("one", "other", "label"), SAME.values(), ids=SAME.keys())
def test_name_key_joins_names_of_one(one, other, label):
    assert name_key(one, label) == name_key(other, label)


OTHER = {
    "one letter more": ("KEC", "KKEC", "ORG", "ORG"),
    "another number": ("Channel 2", "Channel 4", "ORG", "ORG"),
    "a people and its country": ("Norwegian", "Norway", "GROUP", "PLACE"),
    "no state": ("Md", "Md.", "PLACE", "PLACE"),
}


@pytest.mark.parametrize(("one", "other", "label", "other_label"), OTHER.values(), ids=OTHER.keys())
def test_name_key_parts_names_of_two(one, other, label, other_label):
    assert name_key(one, label) != name_key(other, other_label)


BODIES = {
    "name alone": ("the Supreme Court", "supreme court", None),
    "country before": ("U.S. Supreme Court", "supreme court", "us"),
    "its owner": ("North Korea's ruling Workers' Party", "workers party", "north korea"),
    "country behind": ("Supreme Court of the United States", "supreme court", "us"),
    "what it is for": ("Ministry of Foreign Affairs of Norway", "foreign ministry", "norway"),
    "another spelling": ("Norwegian Defense Ministry", "defence ministry", "norway"),
}


@pytest.mark.parametrize(("name", "body", "country"), BODIES.values(), ids=BODIES.keys())
def test_read_national_parts_body_and_country(name, body, country):
    national = read_national(name)
    assert (national.body, national.country) == (body, country)
    assert tells_country(name) is (country is not None)


@pytest.mark.parametrize(
    "name", ["Kelm Police Department", "Kelm Supreme Court", "Brennick Steel", "Norwegian Harbour Fund"]
)
def test_read_national_knows_no_other_bodies(name):
    assert read_national(name) is None


def test_entity_key_of_a_national_body_holds_its_country():
    assert entity_key("Norwegian Foreign Ministry", "ORG") == entity_key("Foreign Ministry", "ORG", "norway")
    assert len({entity_key("Foreign Ministry", "ORG", country) for country in (None, "norway", "sweden")}) == 3
    assert entity_key("Lind", "PERSON") is None


BEFORE = {
    "adjective": ("On Monday the Norwegian ", ("norway", "Norwegian")),
    "owner": ("It was France's ", ("france", "France's")),
    "two words": ("It was North Korea’s ruling ", ("north korea", "North Korea’s")),
    "nobody's": ("In Norway, the ", None),
    "no word": ("Norwegian-", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("text", "expected"), BEFORE.values(), ids=BEFORE.keys())
def test_country_before_is_right_before(text, expected):
    assert country_before(text + "Foreign Ministry", len(text)) == expected


def test_same_names_stand_in_one_line_each():
    data = tomllib.loads(SAME_NAMES_FILE.read_text("utf-8"))
    for label in ("ORG", "PLACE", "GROUP"):
        names = [name for line in data[label] for name in line]
        assert sorted(set(names)) == sorted(names)
        assert all(name == name.lower() and not name.startswith("the ") for name in names)
