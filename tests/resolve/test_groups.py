import pytest

from tasks.resolve.groups import Group
from tests.resolve.made_up import make_local

NAMES = {
    "a person's with a first name": ("PERSON", {"Lind": 9, "Ada Lind": 1}, "Ada Lind"),
    "an organisation's in full": ("ORG", {"ART": 9, "Alliance of River Towns": 1}, "Alliance of River Towns"),
    "a national body's with its country": ("ORG", {"Senate": 9, "Norwegian Senate": 1}, "Norwegian Senate"),
    "a place's as printed most": ("PLACE", {"Sao Bento": 1, "São Bento": 2}, "São Bento"),
    "a country's as usual": ("PLACE", {"Russian Federation": 1, "Russia": 9}, "Russia"),
    "a group's by its people": ("GROUP", {"Norwegian": 9, "Norwegians": 1}, "Norwegians"),
    "a group's by the adjective alone": ("GROUP", {"Norwegian": 9}, "Norwegian"),
}  # fmt: skip


@pytest.mark.parametrize(("label", "printed", "expected"), NAMES.values(), ids=NAMES.keys())
def test_group_name_says_most(label, printed, expected):
    group = Group()
    for name, count in printed.items():
        item = make_local("a", 0, name, label=label, mentions=count)
        group.add(item, None)
    assert group.name == expected
