import pytest

from schemas.articles import REMOVAL_CATEGORIES
from tasks.publish.report_categories import FAMILIES, FAMILY_OF, family_of, write_family_styles


@pytest.mark.parametrize("category", REMOVAL_CATEGORIES)
def test_family_of_knows_every_category(category):
    assert category in FAMILY_OF[category].categories


def test_families_name_no_category_twice_and_none_that_is_not_there():
    named = [category for family in FAMILIES for category in family.categories]
    assert sorted(named) == sorted(REMOVAL_CATEGORIES)


def test_families_have_colours_of_their_own():
    for colours in zip(*((family.light, family.dark, family.style) for family in FAMILIES), strict=True):
        assert len(set(colours)) == len(FAMILIES)


def test_family_of_takes_an_unknown_category_for_foreign_text():
    assert family_of("unheard_of").name == "foreign"


def test_write_family_styles_has_a_colour_for_each_family_and_scheme():
    styles = write_family_styles()
    for family in FAMILIES:
        assert f".removed.{family.name} {{ color: light-dark({family.light}, {family.dark}); }}" in styles
