import pandas as pd

from flows.bench_stories import WINDOW_DAYS, WORDS_PER_ARTICLE, make_stories


def make(count, **options):
    return pd.concat(list(make_stories(count, **options)), ignore_index=True)


def test_make_stories_gives_as_many_articles_as_asked_in_batches():
    frames = list(make_stories(60, batch_rows=25))
    assert sum(map(len, frames)) == 60
    assert len(frames) > 1
    assert pd.concat(frames)["article_id"].is_unique


def test_make_stories_is_the_same_for_the_same_seed():
    assert make(30).equals(make(30))
    assert not make(30)["text"].equals(make(30, seed=2)["text"])


def test_make_stories_stays_within_the_window_and_copies_some():
    articles = make(300)
    days = (articles["published_at"].max() - articles["published_at"].min()).days
    assert days <= WINDOW_DAYS
    assert articles["text"].duplicated().any()
    assert articles["text"].str.split().str.len().eq(WORDS_PER_ARTICLE).all()
