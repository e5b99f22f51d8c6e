import pandas as pd
import pytest

from flows.bench_linking import Cost, measure_linking, read_articles, stage_articles
from flows.bench_stories import make_stories


def test_stage_articles_gives_back_what_comes_after(tmp_path):
    late = pd.concat(stage_articles(tmp_path / "staged", make_stories(30, batch_rows=7), 20))
    staged = pd.concat(read_articles(tmp_path / "staged"))
    every = pd.concat(make_stories(30))["article_id"].tolist()
    assert [*staged["article_id"], *late["article_id"]] == every
    assert len(staged) == 20


def test_new_per_core_second_counts_processor_time():
    cost = Cost(articles=110, new=10, stories=5, copies=1, cpu_seconds=2.0, seconds=9.0, peak_memory_bytes=1)
    assert cost.new_per_core_second == 5


@pytest.mark.slow
def test_measure_linking_links_the_first_and_then_the_others(tmp_path):
    first, second = measure_linking(tmp_path, 60, 8)
    assert (first.articles, first.new, second.articles, second.new) == (60, 60, 68, 8)
    assert 5 < first.stories <= second.stories < 40
    assert min(first.cpu_seconds, second.cpu_seconds) > 0
    assert first.peak_memory_bytes > 50e6
