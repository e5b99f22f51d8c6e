import pytest

from flows.printing_categories import FAMILIES, FAMILY_OF, family_of
from schemas.articles import REMOVAL_CATEGORIES


@pytest.mark.parametrize("category", REMOVAL_CATEGORIES)
def test_family_of_knows_every_category(category):
    assert category in FAMILY_OF[category].categories


def test_families_name_no_category_twice_and_none_that_is_not_there():
    named = [category for family in FAMILIES for category in family.categories]
    assert sorted(named) == sorted(REMOVAL_CATEGORIES)


def test_families_have_colours_of_their_own():
    assert len({family.style for family in FAMILIES}) == len(FAMILIES)


def test_family_of_takes_an_unknown_category_for_foreign_text():
    assert family_of("unheard_of").meaning == "text that is not the article's"
