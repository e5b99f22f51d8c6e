import numpy as np
import pandas as pd
import pytest

from tasks.link import article_index
from tasks.link.article_index import ArticleIndex, add_to_index, choose_window, compact_index, join_indexes, read_index
from tasks.link.vectors import count_words


def make_index(names, texts):
    return ArticleIndex(np.array(names, object), np.arange(len(names), dtype=float), count_words(texts, "en"))


def test_read_index_gives_back_what_was_added(tmp_path):
    index = make_index(["a", "b"], ["ferry harbour Oldport", "of the"])
    add_to_index(tmp_path, index)
    found = read_index(tmp_path, ["a", "b", "c"])
    assert found.article_ids.tolist() == ["a", "b"]
    assert found.days.tolist() == [0, 1]
    assert (found.counts != index.counts).nnz == 0


def test_read_index_leaves_out_what_is_not_asked_for(tmp_path):
    add_to_index(tmp_path, make_index(["a", "b"], ["ferry harbour", "chess title"]))
    add_to_index(tmp_path, make_index(["c"], ["river flood"]))
    found = read_index(tmp_path, ["b", "c"])
    assert found.article_ids.tolist() == ["b", "c"]
    assert found.counts.getnnz(axis=1).tolist() == [2, 2]


@pytest.mark.parametrize("asked", [[], ["x"]], ids=["nothing", "unknown"])
def test_read_index_of_nothing_is_empty(tmp_path, asked):
    add_to_index(tmp_path, make_index(["a"], ["ferry"]))
    assert read_index(tmp_path / "none", ["a"]).counts.shape[0] == 0
    assert len(read_index(tmp_path, asked).article_ids) == 0


def test_compact_index_makes_one_file_of_what_stands(tmp_path, monkeypatch):
    monkeypatch.setattr(article_index, "MAXIMUM_FILES", 1)
    for name in "abc":
        add_to_index(tmp_path, make_index([name], ["ferry harbour"]))
    compact_index(tmp_path, ["a", "c"])
    assert len(list(tmp_path.iterdir())) == 1
    assert read_index(tmp_path, ["a", "b", "c"]).article_ids.tolist() == ["a", "c"]


def test_join_indexes_keeps_the_order():
    joined = join_indexes([make_index(["a"], ["ferry"]), ArticleIndex.empty(), make_index(["b"], ["chess"])])
    assert joined.article_ids.tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("days", "new", "expected"),
    [
        pytest.param([0, 50, 60], [False, False, True], [False, True, True], id="near the new"),
        pytest.param([0, None, 60], [False, False, True], [False, True, True], id="of unknown day"),
        pytest.param([0, 50, None], [False, False, True], [True, True, True], id="a new one of unknown day"),
        pytest.param([0, 50], [False, False], [False, False], id="none is new"),
    ],
)
def test_choose_window_takes_what_may_share_a_story(days, new, expected):
    chosen = choose_window(pd.Series(days, dtype=float), pd.Series(new), 14)
    assert chosen.tolist() == expected
