import pytest

from tasks.resolve.title_comparison import may_follow_each_other
from tasks.resolve.titles import normalize_title

CAREERS = {
    "one cabinet": ("Home Secretary", "new British Prime Minister", True),
    "town and state": ("mayor of Ashby", "Governor", True),
    "sport and church": ("goalkeeper", "bishop of Kelm", False),
    "stage and state": ("singer", "senator", False),
    "two countries": ("Norwegian foreign minister", "Swedish foreign minister", False),
    "no office": ("forester", "senator", False),
}


@pytest.mark.parametrize(("one", "other", "expected"), CAREERS.values(), ids=CAREERS.keys())
def test_may_follow_each_other_knows_walks_of_life(one, other, expected):
    assert may_follow_each_other(normalize_title(one), normalize_title(other)) is expected
