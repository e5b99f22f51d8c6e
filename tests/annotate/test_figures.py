import pytest
import spacy

from tasks.annotate.figures import find_figures
from tasks.annotate.qualifiers import find_qualifier
from tasks.annotate.units import find_unit

ARTICLE_ID = "0123456789abcdef"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("some ", " boats", "about"),
        ("close to ", "", "about"),
        ("well over ", "", "more than"),
        ("fewer than ", "", "less than"),
        ("fewer than the ", "", None),
        ("at least the ", "", "at least"),
        ("at least ", "", "at least"),
        ("as many as ", "", "up to"),
        ("", " or more", "at least"),
        ("the mayor saw ", " boats", None),
        ("more often than not ", "", None),
        ("the camp houses over ", " people", "more than"),
        ("talks stretched over ", " hours", None),
        ("the hills spread out over ", " miles", None),
        ("", "+ boats", "at least"),
    ],
)
def test_find_qualifier_reads_the_words_beside(before, after, expected):
    text = f"{before}200{after}"
    assert find_qualifier(text, len(before), len(before) + 3) == expected


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("7.5 hours", "7.5", ("hour", "7.5 hours", False)),
        ("a seven-hour talk", "seven", ("hour", "seven-hour", True)),
        ("a 200-kilometre-long road", "200", ("kilometre", "200-kilometre-long", True)),
        ("45% of them", "45", ("percent", "45%", False)),
        ("a US$300 fee", "300", ("USD", "US$300", False)),
        ("40 rupees", "40", ("INR", "40 rupees", False)),
        ("45.5pc of them", "45.5", ("percent", "45.5pc", False)),
        ("a 150bps rise", "150", ("basis_point", "150bps", False)),
        ("40+ hours", "40", ("hour", "40+ hours", False)),
        ("a fortnight", "a", ("fortnight", "a fortnight", False)),
        ("12 monthly fees", "12", None),
        ("7 apples", "7", None),
        ("2 PC games", "2", None),
    ],
)
def test_find_unit_names_the_unit_and_its_place(text, number, expected):
    start = text.index(number)
    unit = find_unit(text, start, start + len(number))
    assert (unit and (unit.name, text[unit.start : unit.end], unit.is_compound)) == expected


FIGURES = [
    ("The meeting of the two delegations lasted about 6.5 hours.", [("6.5 hours", 6.5, "hour", "meeting", "about")]),
    ("Both sides parted after a six-hour meeting on Friday.", [("six-hour", 6, "hour", "meeting", None)]),
    ("I have no pre iOS 8 backups.", []),
    ("Cases of the iPhone 6 cost more.", []),
    ("He called emergency 911 dispatchers twice.", []),
    ("The yard built 911 boats.", [("911", 911, "count", "boat", None)]),
    ("The plant has 112 operators.", [("112", 112, "count", "operator", None)]),
    ("At eBay 2,400 jobs will go.", [("2,400", 2400, "count", "job", None)]),
    (
        "It brought the tax bill for 2005 to 2015 to around 200 million pounds.",
        [("200 million pounds", 2e8, "GBP", "bill", "about")],
    ),
    ("It is five metres deep.", [("five metres", 5, "metre", "depth", None)]),
    ("40+ pupils were hurt.", [("40", 40, "count", "pupil", "at least")]),
    ("€2 million was stolen.", [("€2 million", 2_000_000, "EUR", "steal", None)]),
    ("The talks lasted an hour.", [("an hour", 1, "hour", "talk", None)]),
    ("The strike went on for more than a week.", [("a week", 1, "week", "strike", "more than")]),
    ("The bus runs twice a day, for an hour's wage, a year ago.", []),
    ("He waited for half a year.", [("half a year", 0.5, "year", "wait", None)]),
    ("Rates saw a 25 basis point cut.", [("25 basis point", 25, "basis_point", "cut", None)]),
    ("In Velm, from 1850 to 1865 farmers left.", []),
    ("The union grew from 1850 to 1865 farmers.", [(str(at), at, "count", "farmer", None) for at in (1850, 1865)]),
    ("Sales rose, from 1245 to 1812 cars.", [(str(at), at, "count", "car", None) for at in (1245, 1812)]),
    (
        "The force shrank — from 1900 to 1800 soldiers.",
        [(str(at), at, "count", "soldier", None) for at in (1900, 1800)],
    ),
    ("The town changed, from 1500 to 1800.", []),
    ("He is held for the murder of '12 women'.", [("12", 12, "count", "woman", None)]),
    ("The trial took a week longer than planned.", []),
    ("The meeting ran over an hour late.", []),
    ("The talks will last a day or two.", []),
    ("The winning numbers were 08, and 007 agents lost.", []),
    ("The floods of '98 killed 300 people.", [("300", 300, "count", "people", None)]),
    ("'40 men died,' she said.", [("40", 40, "count", "man", None)]),
    ("The envoys left after nine hours of talks.", [("nine hours", 9, "hour", "talk", None)]),
    ("The talks took 7 to 8 hours.", [("7 to 8 hours", 7.5, "hour", "talk", "between")]),
    ("Around 40,000 Vantian troops are near the border.", [("40,000", 40_000, "count", "vantian troop", "about")]),
    ("Nobody sends one lakh soldiers to the coast.", [("one lakh", 100_000, "count", "soldier", None)]),
    ("More than half a million people fled.", [("half a million", 500_000, "count", "people", "more than")]),
    ("The council approved a $2.5 billion aid package.", [("$2.5 billion", 2.5e9, "USD", "aid package", None)]),
    ("They pledged €3m in aid.", [("€3m", 3e6, "EUR", "aid", None)]),
    ("Prices rose 5 percent.", [("5 percent", 5, "percent", "price", None)]),
    ("Seven percent of voters back him.", [("Seven percent", 7, "percent", "voter", None)]),
    ("They came from a distance of nearly 900 miles.", [("900 miles", 900, "mile", "distance", "about")]),
    ("Two dozen boats sank.", [("Two dozen", 24, "count", "boat", None)]),
    ("The pact grew from 16 countries in 1990.", [("16", 16, "count", "country", None)]),
    ("The hearing ended around 8 pm on December 17, 2021.", []),
    ("The storm came two weeks ago, in the past three months the worst.", []),
    ("Forces must return to the 1997 levels, the treaty says.", []),
    ("Under Article 5 of the treaty, a Boeing 737 left Gate 12.", []),
    ("The Veterans Post 1231 parade begins at the pier.", []),
    ("One of the men met the two sides.", []),
    ("1. Introduction", []),
    ("A road needs two ends.", []),
    ("He was 42.", []),
    ("Fares rose by a tenth in spring.", [("a tenth", 10, "percent", "fare", None)]),
    ("Two-thirds of the voters stayed at home.", [("Two-thirds", 66.666667, "percent", "voter", None)]),
    ("She asked a third time, in a second letter.", []),
    (
        "The mayor put the cost at €84 million, critics at 91 million.",
        [("€84 million", 84e6, "EUR", "cost", None), ("91 million", 91e6, "EUR", "critic", None)],
    ),
    (
        "The line cost €84 million. Critics put the number of members at 40 million to 60 million worldwide.",
        [("€84 million", 84e6, "EUR", "line", None)],
    ),
    ("The cost of the line rose to €91 million.", [("€91 million", 91e6, "EUR", "cost", None)]),
    ("Seven hours later the river was in the houses.", [("Seven hours", 7, "hour", "interval", None)]),
    ("Two years later they met again.", []),
    ("A few thousand people came, and several hundred left.", []),
    (
        "The share fell from 5 to 3 percent.",
        [("5", 5, "percent", "share", None), ("3 percent", 3, "percent", "share", None)],
    ),
    (
        "The attack killed 29 and wounded 60.",
        [("29", 29, "count", "people", None), ("60", 60, "count", "people", None)],
    ),
    (
        "The meeting between the Norland and Vantian envoys lasted about 6.5 hours.",
        [("6.5 hours", 6.5, "hour", "meeting", "about")],
    ),
    ("The session, arranged by the council, lasted nine hours.", [("nine hours", 9, "hour", "session", None)]),
    ("He got a two year sentence.", [("two year", 2, "year", "sentence", None)]),
    (
        "A 2,000-hectare (4,900-acre) fire raged.",
        [("2,000-hectare", 2000, "hectare", "fire", None)],
    ),
    ("Two and a half million people left.", [("Two and a half million", 2.5e6, "count", "people", None)]),
    ("A quarter of a million people marched.", [("A quarter of a million", 250_000, "count", "people", None)]),
    ("It costs 3,5 million euros.", [("3,5 million euros", 3.5e6, "EUR", "cost", None)]),
    ("The two-and-a-half-hour talks ended.", [("two-and-a-half-hour", 2.5, "hour", "talk", None)]),
    ("One in four voters agrees.", [("One in four", 25, "percent", "voter", None)]),
    ("Nearly three out of ten voters agree.", [("three out of ten", 30, "percent", "voter", "about")]),
    ("Half the voters agree.", [("Half", 50, "percent", "voter", None)]),
    ("The talks lasted 7 hours and 30 minutes.", [("7 hours and 30 minutes", 7.5, "hour", "talk", None)]),
    ("Eight hours and a half of talks ended.", [("Eight hours and a half", 8.5, "hour", "talk", None)]),
    ("The talks lasted an hour and a half.", [("an hour and a half", 1.5, "hour", "talk", None)]),
    ("The talks lasted 7 1/2 hours.", [("7 1/2 hours", 7.5, "hour", "talk", None)]),
    ("The talks took 7hrs.", [("7hrs", 7, "hour", "talk", None)]),
    ("The race took 2h 15m.", [("2h 15m", 2.25, "hour", "race", None)]),
    ("A 20kg bag fell.", [("20kg", 20, "kilogram", "bag", None)]),
    ("Museums ran from 9 to 17 hours.", []),
    ("From 2015 to 2020 farmers left.", []),
    ("From 1999 to 2004 floods came.", []),
    ("Between 1650 and 1700 farmers left.", []),
    ("Between 1,650 and 1,700 farmers left.", [("1,650 and 1,700", 1675, "count", "farmer", "between")]),
    ("Between 1500 and 1800 people marched.", [("1500 and 1800", 1650, "count", "people", "between")]),
    ("From 1500 to 1650 hectares of wood burned.", [("1500 to 1650 hectares", 1575, "hectare", "wood", "between")]),
    ("The train leaves at 20h.", []),
    ("The show starts at 21h and ends at 23h.", []),
    ("The talks lasted until 20 hours.", []),
    ("Until 20 hours trains ran, from 20h to 23h buses.", []),
    ("The envoys left after 8h of talks.", [("8h", 8, "hour", "talk", None)]),
    ("There were between 8 and 9 hours of talks.", [("8 and 9 hours", 8.5, "hour", "talk", "between")]),
    ("The raid came at 0400 hours.", []),
    ("The talks lasted from 9 to 17 hours.", [("9 to 17 hours", 13, "hour", "talk", "between")]),
    ("From 5 to 10 percent of voters agree.", [("5 to 10 percent", 7.5, "percent", "voter", "between")]),
    (
        "Between five and ten thousand people marched.",
        [("five and ten thousand", 7500, "count", "people", "between")],
    ),
    ("5 to 10 million dollars were lost.", [("5 to 10 million dollars", 7.5e6, "USD", "lose", "between")]),
    ("Rs 1,50,000 crore was allotted for roads.", [("Rs 1,50,000 crore", 1.5e12, "INR", "road", None)]),
    ("Money: 3.2 trillion yen was", []),
    ("3.2 trillion yen was spent.", [("3.2 trillion yen", 3.2e12, "JPY", "spend", None)]),
    ("Ships with 20,000 cubic metres of gas left.", [("20,000 cubic metres", 20_000, "cubic_metre", "gas", None)]),
    ("Some twenty-odd people came.", [("twenty", 20, "count", "people", "about")]),
    ("A 100,000-strong army waits.", [("100,000", 100_000, "count", "army", None)]),
    ("The 1.500 soldiers left.", [("1.500", 1500, "count", "soldier", None)]),
    ("They have 1.125 children per woman.", [("1.125", 1.125, "count", "child", None)]),
    ("The road is 1.500 km long.", [("1.500 km", 1.5, "kilometre", "road", None)]),
    (
        "The road is 1.500 km long, with 12.000 trees.",
        [("1.500 km", 1500, "kilometre", "road", None), ("12.000", 12_000, "count", "tree", None)],
    ),
    (
        "Some 3.125 percent of 12.000 trees died.",
        [("3.125 percent", 3.125, "percent", "tree", "about"), ("12.000", 12_000, "count", "tree", None)],
    ),
    ("The S&P 500 companies met on Between Two Ferns.", []),
    ("“ ” 12 ,, . 7 \n\n 9", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), FIGURES, ids=[text[:30] for text, _ in FIGURES])
def test_find_figures_tells_value_unit_and_quantity(text, expected):
    figures = find_figures(spacy.blank("en")(text), ARTICLE_ID)
    assert [(found.text, found.value, found.unit, found.quantity, found.qualifier) for found in figures] == expected


def test_find_figures_repeats_the_text_at_its_offsets():
    text = "After nine hours of talks, 40,000 troops left.\n\nA $3m loan for 12 boats followed."
    figures = find_figures(spacy.blank("en")(text), ARTICLE_ID)
    assert [text[found.start_char : found.end_char] for found in figures] == ["nine hours", "40,000", "$3m", "12"]
    assert [found.figure_id for found in figures] == [
        f"{ARTICLE_ID}:{found.start_char}:{found.end_char}" for found in figures
    ]


def test_find_figures_does_not_reach_into_the_next_paragraph():
    text = "The count ended at 300\n\nBoats left the harbour."
    assert "boat" not in [found.quantity for found in find_figures(spacy.blank("en")(text), ARTICLE_ID)]
