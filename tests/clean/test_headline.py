import pytest

from tasks.clean.headline import Headline, split_headline, title_from_lead


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pier to be rebuilt | Island foreign policy", Headline("Pier to be rebuilt", section="Island foreign policy")),
        ("Pier to be rebuilt - The Daily Bulbo", Headline("Pier to be rebuilt", outlet_name="The Daily Bulbo")),
        (
            "Pier to be rebuilt | World news | The Ellery Herald",
            Headline("Pier to be rebuilt", "World news", "The Ellery Herald"),
        ),
        ("Pier to be rebuilt – elleryherald.com", Headline("Pier to be rebuilt", outlet_name="elleryherald.com")),
        ("Pier | Ellery", Headline("Pier | Ellery")),
        ("Pier to be rebuilt - council votes at last", Headline("Pier to be rebuilt - council votes at last")),
        ("Storm – what we know so far", Headline("Storm – what we know so far")),
        ("Re-elected mayor to step down", Headline("Re-elected mayor to step down")),
    ],
)
def test_split_headline(text, expected):
    assert split_headline(text) == expected


def test_split_headline_knows_the_outlet_it_is_told():
    assert split_headline("Pier to be rebuilt - Ellery", known_outlet="ellery").outlet_name == "Ellery"


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("The pier will be rebuilt. Work starts in May.", "The pier will be rebuilt"),
        (
            "Ellery Pier: After years of debate in the council, the town voted to rebuild it.",
            "The town voted to rebuild it",
        ),
        ("Dr. Ada Cole of St. Ellery won the vote.", "Dr. Ada Cole of St. Ellery won the vote"),
        ("Cole called the vote “frank and open.” She left.", "Cole called the vote “frank and open”"),
        (
            "The harbour council of Port Ellery agreed to rebuild the old stone pier as fishermen warned that it could "
            "collapse in the winter storms that have hit the coast ever harder.",
            "The harbour council of Port Ellery agreed to rebuild the old stone pier",
        ),
    ],
)
def test_title_from_lead(paragraph, expected):
    assert title_from_lead(paragraph) == expected


def test_title_from_lead_marks_a_cut_without_a_clause():
    title = title_from_lead("The " + "very " * 40 + "long sentence went on.")
    assert title.endswith("…")
    assert len(title.split()) == 20
