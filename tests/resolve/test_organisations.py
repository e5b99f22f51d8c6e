import pytest

from tasks.resolve.organisations import country_of, is_acronym, printed_country

ACRONYMS = [
    ("ART", "Alliance of River Towns", True),
    ("AORT", "Alliance of River Towns", True),
    ("NATO", "North Atlantic Treaty Organization", True),
    ("N.A.T.O.", "North Atlantic Treaty Organization", True),
    ("ART", "Alliance of Towns", False),
    ("Art", "Alliance of River Towns", False),
]


@pytest.mark.parametrize(("short", "full", "expected"), ACRONYMS)
def test_is_acronym_reads_initials(short, full, expected):
    assert is_acronym(short, full) is expected


COUNTRIES = [("Moscow", "russia"), ("the Hungarians", "hungary"), ("American", "us"), ("U.S.", "us"), ("Kelm", None)]


@pytest.mark.parametrize(("name", "country"), COUNTRIES)
def test_country_of_knows_capitals_and_peoples(name, country):
    assert country_of(name) == country


def test_printed_country_has_capital_letters():
    assert [printed_country(name) for name in ("us", "saudi arabia")] == ["United States", "Saudi Arabia"]
