import tomllib
from collections import Counter

import pytest

from tasks.resolve.title_comparison import titles_agree, titles_conflict
from tasks.resolve.titles import (
    COUNTRIES_FILE,
    PHRASES_FILE,
    TITLES_FILE,
    gender_of_apposition,
    honorific_before,
    load_title_words,
    normalize_title,
    office_and_country,
    title_after,
    title_before,
    title_before_comma,
)


@pytest.mark.parametrize("file", [TITLES_FILE, PHRASES_FILE, COUNTRIES_FILE], ids=lambda file: file.stem)
def test_word_lists_hold_each_word_once(file):
    lists = [
        (table, key, words)
        for table, content in tomllib.loads(file.read_text("utf-8")).items()
        for key, words in (content.items() if isinstance(content, dict) else [("", content)])
        if isinstance(words, list)
    ]
    assert len(lists) > 5
    assert [
        (table, key, word) for table, key, words in lists for word, count in Counter(words).items() if count > 1
    ] == []


def test_other_words_for_an_office_are_known_offices():
    words = load_title_words()
    data = tomllib.loads(TITLES_FILE.read_text("utf-8"))
    walks = {word for offices in data["walks_of_life"].values() for word in offices}
    assert walks - words.heads - words.beside_office == set()
    assert words.chiefs - words.modifiers == set()
    assert words.tenures <= words.ranks


BEFORE = {
    "office": ("On Monday Deputy Foreign Minister Ivan Orlov spoke.", "Ivan", "Deputy Foreign Minister"),
    "country": ("Yesterday, US Deputy Secretary of State Ann Roe spoke.", "Ann", "US Deputy Secretary of State"),
    "lower case": ("It was the mayor of Kelm Ada Cole who spoke.", "Ada", "mayor of Kelm"),
    "none": ("On Monday Ivan Orlov spoke.", "Ivan", None),
    "not over a full stop": ("It was the envoy. Ivan Orlov spoke.", "Ivan", None),
    "over the stop of an office": ("On Monday Sen. Ivan Orlov spoke.", "Ivan", "Sen."),
    "not over another word that ranks": ("It was the pivot to Asia under President Ivan Orlov.", "Ivan", "President"),
    "of two short words": ("It was Brig. Gen. Ivan Orlov.", "Ivan", "Brig. Gen."),
    "a rank": ("It was Under Secretary of State Ivan Orlov.", "Ivan", "Under Secretary of State"),
    "not that of an aide": ("It was an aide to Senator Ivan Orlov.", "Ivan", "Senator"),
    "with a field behind for": ("It was Minister for Trade Ivan Orlov.", "Ivan", "Minister for Trade"),
    "over the stops of a country": ("It was U.S. Deputy Secretary Ivan Orlov.", "Ivan", "U.S. Deputy Secretary"),
    "not over the stop of a sentence": ("It was the U.S. envoy. President Ivan Orlov spoke.", "Ivan", "President"),
    "behind and": ("It was him and Ohio Governor Ivan Orlov.", "Ivan", "Ohio Governor"),
    "not over a comma": ("The president, Ivan Orlov, spoke.", "Ivan", None),
}
AFTER = {
    "apposition": ("Ada Cole, the mayor of Kelm, spoke.", "Cole", "mayor of Kelm"),
    "up to a relative clause": ("Ada Cole, a senior engineer who spoke, left.", "Cole", "senior engineer"),
    "no office": ("Ada Cole, who spoke, left.", "Cole", None),
    "a clause": ("Ada Cole, speaking on Monday, left.", "Cole", None),
    "two offices": (
        "Ada Cole, president and chief executive of Kelm Steel, left.",
        "Cole",
        "president and chief executive of Kelm Steel",
    ),
    "and somebody else": ("Ada Cole, the mayor of Kelm and a friend, left.", "Cole", "mayor of Kelm"),
    "somebody's relative": ("Ada Cole, an engineer's daughter, left.", "Cole", None),
    "somebody else's": ("Ada Cole, another teacher from Kelm, left.", "Cole", "teacher from Kelm"),
    "the next of a list": ("Ada Cole, and a third officer, Jo Lind, left.", "Cole", None),
    "with stops within": (
        "Ada Cole, a spokeswoman for the U.S. Attorney's Office, left.",
        "Cole",
        "spokeswoman for the U.S. Attorney's Office",
    ),
    "with stops before a small letter": (
        "Ada Cole, the U.S. ambassador to the U.N., left.",
        "Cole",
        "U.S. ambassador to the U.N.",
    ),
    "up to who behind stops": ("Ada Cole, a lawyer for the A.C.L.U. who left.", "Cole", "lawyer for the A.C.L.U."),
    "up to the next sentence": ("It was Ada Cole, director of the F.B.I. She left.", "Cole", "director of the F.B.I"),
    "with a saint": ("Ada Cole, a professor at St. Orla College, left.", "Cole", "professor at St. Orla College"),
    "with somebody's initial": (
        "Ada Cole, a deputy secretary under Orla W. Lind, left.",
        "Cole",
        "deputy secretary under Orla W. Lind",
    ),
    "at a sentence's end": ("It was Ada Cole, the mayor of Kelm. She left.", "Cole", "mayor of Kelm"),
    "where it is said": ("Ada Cole, the mayor of Kelm in a long blogpost opposing it, left.", "Cole", "mayor of Kelm"),
    "where it is held": ("Ada Cole, a judge in the high court, left.", "Cole", "judge in the high court"),
    "of what stands in marks": ("Ada Cole, manager of Brennick's “i” group, left.", "Cole", "manager"),
    "of a work in marks": ("Ada Cole, author of “The Long Pier”, left.", "Cole", "author"),
    "glued": ("It was Ada ColeChairman of the board.", "Cole", "Chairman of the board"),
}


@pytest.mark.parametrize(("text", "name", "expected"), BEFORE.values(), ids=BEFORE.keys())
def test_title_before_takes_the_office(text, name, expected):
    assert title_before(text, text.index(name)) == expected


@pytest.mark.parametrize(("text", "name", "expected"), AFTER.values(), ids=AFTER.keys())
def test_title_after_takes_the_apposition(text, name, expected):
    assert title_after(text, text.index(name) + len(name)) == expected


# Where the next person's name begins.
NEXT = {
    "their own": ("Ada Cole, the mayor of Kelm, met Jo Lind.", "mayor of Kelm"),
    "a list": ("Ada Cole, Governor Jo Lind and Orlov ate.", None),
    "the last of a list": ("Ada Cole, and Governor Jo Lind ate.", None),
    "two": ("Ada Cole, the mayor of Kelm and Governor Jo Lind ate.", "mayor of Kelm"),
    "what they are for the other": ("Ada Cole, an aide to Governor Jo Lind, ate.", "aide to Governor Jo Lind"),
    "behind a verb": ("Roe told Ada Cole, his deputy Jo Lind said, to go.", None),
}


@pytest.mark.parametrize(("text", "expected"), NEXT.values(), ids=NEXT.keys())
def test_title_after_leaves_the_next_person_their_office(text, expected):
    end = text.index("Cole") + len("Cole")
    assert title_after(text, end, ceiling=text.index("Jo")) == expected


def test_title_before_begins_behind_the_office_of_who_stands_before():
    text = "Ada Cole, the mayor of Kelm and Governor Jo Lind ate."
    assert title_before(text, text.index("Jo"), floor=text.index(", the")) == "Governor"


def test_normalize_title_makes_country_forms_one():
    forms = ["Deputy US Secretary of State", "U.S. Deputy Secretary of State", "American Deputy Secretary of State"]
    assert {normalize_title(form) for form in forms} == {"us deputy secretary state"}


SAME = [
    ("Gov.", "Governor"),
    ("Sen.", "US Senator"),
    ("Rep.", "Congressman"),
    ("CEO", "chief executive"),
    ("spokesman", "spokeswoman"),
    ("Vice-President", "Vice President"),
    ("Lt. Col.", "Lieutenant Colonel"),
    ("secretary-general", "Secretary General"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_titles_conflict_knows_other_words_for_one_office(one, other):
    assert not titles_conflict(normalize_title(one), normalize_title(other))


CONFLICTS = [
    ("deputy secretary state", "deputy foreign minister", True),
    ("russia deputy foreign minister", "deputy foreign minister", False),
    ("foreign minister", "deputy foreign minister", True),
    ("us president", "russia president", False),
    ("mayor", "mayor kelm", False),
    ("minister trade", "minister health", True),
    ("prime minister", "foreign minister", True),
    ("chief executive", "executive", False),
    ("nato chief", "nato secretary general", False),
    ("police chief", "mayor", True),
    ("uk home secretary", "interior minister", False),
    ("press secretary house speaker", "spokesperson", False),
    ("home secretary", "foreign minister", True),
]


@pytest.mark.parametrize(("one", "other", "expected"), CONFLICTS)
def test_titles_conflict_compares_offices(one, other, expected):
    assert titles_conflict(one, other) is expected
    assert titles_conflict(other, one) is expected


def test_honorific_before_tells_gender():
    text = "Then Ms. Cole spoke."
    assert honorific_before(text, text.index("Cole")) == ("ms", "female")


def test_title_after_takes_a_title_that_lost_its_comma():
    text = "From Kelm came Ada Cole Deputy Foreign Minister of Russia Ivan Orlov and a guard."
    end, ceiling = text.index("Cole") + 4, text.index("Ivan")
    assert title_after(text, end, ceiling=ceiling, is_full=True) == "Deputy Foreign Minister of Russia"
    assert title_after(text, end, ceiling=ceiling) is None


COMMA = {
    "the office": ("The mayor of Kelm, Ada Cole, spoke.", "mayor of Kelm"),
    "somebody's": ("They met Brennick's chief engineer, Ada Cole, there.", "chief engineer"),
    "a list": ("The mayor, the dean, Ada Cole and others spoke.", None),
    "no office": ("The old road, Ada Cole, is closed.", None),
    "with a clause": ("The hotel clerk who was held in Kelm, Ada Cole, spoke.", "hotel clerk"),
}


@pytest.mark.parametrize(("text", "expected"), COMMA.values(), ids=COMMA.keys())
def test_title_before_comma_takes_the_office(text, expected):
    start = text.index("Ada")
    assert title_before_comma(text, start, start + len("Ada Cole")) == expected


OFFICES = [
    ("Deputy US Secretary of State", ("Deputy Secretary of State", "US")),
    ("Deputy Foreign Minister of Russia", ("Deputy Foreign Minister", "Russia")),
    ("EU’s foreign policy leader", ("Foreign Policy Leader", "EU")),
    ("Sen.", ("Senator", None)),
    ("mayor of Kelm", ("Mayor of Kelm", None)),
]


@pytest.mark.parametrize(("title", "expected"), OFFICES)
def test_office_and_country_spells_out(title, expected):
    assert office_and_country(title) == expected


def test_titles_agree_needs_a_common_office_and_country():
    assert titles_agree("russia deputy foreign minister", "deputy foreign minister")
    assert not titles_agree("us president", "russia president")
    assert not titles_agree("mayor", "senator")


APPOSITIONS = [(", 43, a mother of two, left", "female"), (", the union's businessman, left", "male"), (" left", None)]


@pytest.mark.parametrize(("behind", "gender"), APPOSITIONS)
def test_gender_of_apposition_reads_the_noun(behind, gender):
    assert gender_of_apposition("Ada Cole" + behind, len("Ada Cole")) == gender
