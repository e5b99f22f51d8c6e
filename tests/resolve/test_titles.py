import pytest

from tasks.resolve.titles import honorific_before, normalize_title, title_after, title_before, titles_conflict

BEFORE = {
    "office": ("On Monday Deputy Foreign Minister Ivan Orlov spoke.", "Ivan", "Deputy Foreign Minister"),
    "country": ("Yesterday, US Deputy Secretary of State Ann Roe spoke.", "Ann", "US Deputy Secretary of State"),
    "lower case": ("It was the mayor of Kelm Ada Cole who spoke.", "Ada", "mayor of Kelm"),
    "none": ("On Monday Ivan Orlov spoke.", "Ivan", None),
    "not over a comma": ("The president, Ivan Orlov, spoke.", "Ivan", None),
}
AFTER = {
    "apposition": ("Ada Cole, the mayor of Kelm, spoke.", "Cole", "mayor of Kelm"),
    "up to a relative clause": ("Ada Cole, a senior engineer who spoke, left.", "Cole", "senior engineer"),
    "no office": ("Ada Cole, who spoke, left.", "Cole", None),
    "a clause": ("Ada Cole, speaking on Monday, left.", "Cole", None),
}


@pytest.mark.parametrize(("text", "name", "expected"), BEFORE.values(), ids=BEFORE.keys())
def test_title_before_takes_the_office(text, name, expected):
    assert title_before(text, text.index(name)) == expected


@pytest.mark.parametrize(("text", "name", "expected"), AFTER.values(), ids=AFTER.keys())
def test_title_after_takes_the_apposition(text, name, expected):
    assert title_after(text, text.index(name) + len(name)) == expected


def test_normalize_title_makes_country_forms_one():
    forms = ["Deputy US Secretary of State", "U.S. Deputy Secretary of State", "American Deputy Secretary of State"]
    assert {normalize_title(form) for form in forms} == {"us deputy secretary state"}


SAME = [
    ("Gov.", "Governor"),
    ("Sen.", "US Senator"),
    ("Rep.", "Congressman"),
    ("CEO", "chief executive"),
    ("spokesman", "spokeswoman"),
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
]


@pytest.mark.parametrize(("one", "other", "expected"), CONFLICTS)
def test_titles_conflict_compares_offices(one, other, expected):
    assert titles_conflict(one, other) is expected
    assert titles_conflict(other, one) is expected


def test_honorific_before_tells_gender():
    text = "Then Ms. Cole spoke."
    assert honorific_before(text, text.index("Cole")) == ("ms", "female")
