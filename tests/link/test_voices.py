import pandas as pd
import pytest

from tasks.link.voices import add_voices, count_outlets, list_voices


def make_articles(rows):
    """Articles from rows of (article_id, outlet_name, copy_of_article_id)."""
    return pd.DataFrame(rows, columns=["article_id", "outlet_name", "copy_of_article_id"], dtype="str")


@pytest.mark.parametrize(
    ("rows", "voices", "count"),
    [
        pytest.param([], [], 0, id="none"),
        pytest.param([("a", "Bell", None), ("b", "BELL", None)], [("a", "Bell"), ("b", "BELL")], 1, id="one name"),
        pytest.param([("a", None, None), ("b", None, None)], [("a", None), ("b", None)], 2, id="no names"),
        pytest.param(
            [("a", "Bell", None), ("b", "Star", "a"), ("c", None, "a")], [("a", "Bell")] * 3, 1, id="two copies"
        ),
        pytest.param([("b", "Star", "a"), ("c", "Sun", "a")], [("a", "Star"), ("a", "Sun")], 1, id="original unknown"),
        pytest.param([("a", None, None), ("b", "Star", "a")], [("a", None)] * 2, 1, id="original without outlet"),
        pytest.param(
            [("a", "Bell", None), ("b", "Star", "a"), ("c", "Star", None)],
            [("a", "Bell"), ("a", "Bell"), ("c", "Star")],
            2,
            id="a copy beside a report",
        ),
    ],
)
def test_count_outlets_counts_a_copy_for_its_original(rows, voices, count):
    found = list_voices(add_voices(make_articles(rows)))
    assert found == voices
    assert count_outlets(found) == count
