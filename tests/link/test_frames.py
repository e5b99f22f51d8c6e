import pandas as pd
import pytest

from tasks.link.frames import is_among, list_plain


@pytest.mark.parametrize(
    "values",
    [["b", "c", None], {"b", "c"}, {"b": 1, "c": 2}, pd.Series(["b", "c"]), pd.Index(["c", "b", "b"])],
    ids=["list", "set", "dict", "series", "index"],
)
def test_is_among_tells_which_strings_are_there(values):
    column = pd.Series(["a", "b", None, "c"], index=[7, 8, 9, 10], dtype="str")
    assert is_among(column, values).to_dict() == {7: False, 8: True, 9: False, 10: True}


def test_is_among_of_nothing_is_nothing():
    assert is_among(pd.Series([], dtype="str"), ["a"]).tolist() == []
    assert is_among(pd.Series(["a"]), []).tolist() == [False]


def test_list_plain_has_none_for_what_is_missing():
    assert list_plain(pd.Series(["a", None], dtype="str")) == ["a", None]
    assert list_plain(pd.Series([1, pd.NA], dtype="Int64")) == [1, None]
    assert list_plain(pd.Series([1.5, float("nan")])) == [1.5, None]
