import pytest

from flows.bench_linking import measure_linking, stage_articles
from flows.bench_stories import make_stories
from schemas import Article, Figure, Quote
from schemas.parquet import read_rows


def test_stage_articles_writes_so_many_with_what_they_print(tmp_path):
    stage_articles(tmp_path / "staged", make_stories(30, batch_rows=7), 20)
    every = [name for frame in make_stories(30) for name in frame["article_id"]]
    staged = [article.article_id for article in read_rows(Article, tmp_path / "staged")]
    assert staged == every[:20]
    assert {quote.article_id for quote in read_rows(Quote, tmp_path / "staged")} == set(staged)
    assert [figure.article_id for figure in read_rows(Figure, tmp_path / "staged")] == staged


@pytest.mark.slow
def test_measure_linking_links_the_first_and_then_the_others(tmp_path):
    first, second = measure_linking(tmp_path, 60, 8)
    assert (first.articles, first.in_tables, second.articles, second.in_tables) == (60, 60, 8, 68)
    assert 5 < first.stories <= second.stories < 40
    assert 5 < first.utterances <= second.utterances
    assert 5 < first.quantities <= second.quantities
    assert min(first.cpu_seconds, second.cpu_seconds) > 0
    assert 0 < first.attribution_cpu_seconds < first.cpu_seconds
    assert first.peak_memory_bytes > 50e6
