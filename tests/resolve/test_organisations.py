import pytest

from schemas.attribution import EntityMention
from tasks.resolve.organisations import cluster_names, country_of, is_acronym, printed_country

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


@pytest.mark.parametrize(
    ("bracketed", "are_one"),
    [("Velm Grain Pool (ZQX)", True), ("Velm Grain Pool, and not (ZQX)", False), ("Velm Grain (ZQX)", False)],
)
def test_cluster_names_joins_the_letters_that_the_text_prints_behind_a_name(bracketed, are_one):
    text = f"Velm Grain Pool met. {bracketed} left. ZQX paid."
    spans = [(0, len("Velm Grain Pool"), "ORG"), (text.rindex("ZQX"), text.rindex("ZQX") + 3, "ORG")]
    mentions = [
        EntityMention(
            article_id="a",
            start_char=start,
            end_char=end,
            text=text[start:end],
            label=label,
            local_id=None,
            entity_id=None,
        )
        for start, end, label in spans
    ]
    assert (len(cluster_names(mentions, text)) == 1) == are_one
