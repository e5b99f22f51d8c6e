import pytest

from tasks.clean.fields import headline
from tasks.clean.fields.headline import Headline, read_section_row, split_headline, title_from_lead


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pier to be rebuilt | Island foreign policy", Headline("Pier to be rebuilt", section="Island foreign policy")),
        ("Pier to be rebuilt - The Daily Bulbo", Headline("Pier to be rebuilt", outlet_name="The Daily Bulbo")),
        (
            "Pier to be rebuilt | World news | The Ellery Herald",
            Headline("Pier to be rebuilt", "World news", "The Ellery Herald"),
        ),
        ("Pier to be rebuilt | Politics | Coast News", Headline("Pier to be rebuilt", "Politics", "Coast News")),
        ("Pier to be rebuilt | Coast | Harbour Post", Headline("Pier to be rebuilt", "Coast", "Harbour Post")),
        ("Pier to be rebuilt | Coast News", Headline("Pier to be rebuilt", section="Coast News")),
        ("Pier to be rebuilt – elleryherald.com", Headline("Pier to be rebuilt", outlet_name="elleryherald.com")),
        ("Pier | Ellery", Headline("Pier | Ellery")),
        ("Pier to be rebuilt - council votes at last", Headline("Pier to be rebuilt - council votes at last")),
        ("Storm – what we know so far", Headline("Storm – what we know so far")),
        ("Re-elected mayor to step down", Headline("Re-elected mayor to step down")),
    ],
)
def test_split_headline(text, expected):
    assert split_headline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("News | Coast | Weather", ["News", "Coast", "Weather"]),
        ("Home › World › Europe", ["Home", "World", "Europe"]),
        ("Boats | stones | Weather", []),
        ("Weather", []),
        ("Jo Ford | Ada Cole", []),
    ],
    ids=["bars", "arrows", "small letters", "one", "names"],
)
def test_read_section_row(text, expected):
    assert read_section_row(text) == expected


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
        (
            "The council said on Monday that old piers such as the one that stands in Port Ellery, which is made of "
            "stone, will be rebuilt by masons from the mainland in the spring.",
            "The council said on Monday that old piers such as the one that stands in Port Ellery",
        ),
        (
            "The council of Port Ellery voted on Monday to close the old pier after a storm, just before a second one "
            "broke its last bridge and took three boats out to sea.",
            "The council of Port Ellery voted on Monday to close the old pier",
        ),
        (
            "The council of Port Ellery voted on Monday morning to close the old pier two weeks after the storm, a "
            "vote in which fishermen had no say and of which they were not told.",
            "The council of Port Ellery voted on Monday morning to close the old pier",
        ),
        (
            "The town of Port Ellery was offered a much-needed but small sum for the pier on Monday as “first aid” by "
            "a bank, described as a friend of the harbour by its mayor.",
            "The town of Port Ellery was offered a much-needed but small sum for the pier on Monday as “first aid”…",
        ),
        (
            "The ferry of Port Ellery, detained since May with all of its crew and its cargo of plums in a harbour "
            "on the mainland, will come home on Monday, its owner said.",
            "The ferry of Port Ellery, detained since May with all of its crew and its cargo of plums in a…",
        ),
    ],
    ids=[
        "a sentence",
        "opening clause",
        "abbreviations",
        "closing marks",
        "as",
        "such as",
        "just before",
        "weeks after",
        "but between adjectives",
        "an apposition left open",
    ],
)
def test_title_from_lead(paragraph, expected):
    assert title_from_lead(paragraph) == expected


def test_title_from_lead_marks_a_cut_without_a_clause():
    title = title_from_lead("The " + "very " * 40 + "long sentence went on.")
    assert title.endswith("…")
    assert len(title.split()) == 20


class RememberingPattern:
    """An expression that remembers the longest text it was given."""

    def __init__(self, pattern):
        self.pattern, self.longest = pattern, 0

    def search(self, text):
        self.longest = max(self.longest, len(text))
        return self.pattern.search(text)


def test_first_sentence_looks_behind_no_further_than_an_abbreviation_reaches(monkeypatch):
    remembering = RememberingPattern(headline.ABBREVIATION)
    monkeypatch.setattr(headline, "ABBREVIATION", remembering)
    assert headline.first_sentence("Mr. " * 500 + "Ford left. Cole stayed.") == "Mr. " * 500 + "Ford left."
    assert headline.first_sentence("Prof. Ada Cole and Sept. 3 met. She left.") == "Prof. Ada Cole and Sept. 3 met."
    assert remembering.longest <= headline.ABBREVIATION_REACH
