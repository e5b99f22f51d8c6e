from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from schemas import Article, Copy, Document, RemovedSpan, Story
from schemas.parquet import read_rows, records_to_arrow, write_rows, write_table
from tasks import workers
from tasks.link import tables
from tasks.link.tables import link_article_tables, trace_merged
from tasks.workers import call_beside, call_in_worker

TEXT = "The river Tamar burst its banks at Oldport on Friday and flooded the harbour market, the mayor said. " * 3


def stage(folder, texts):
    articles, documents = [], []
    for number, text in enumerate(texts):
        name = f"{number:016x}"
        articles.append(
            {"article_id": name, "document_id": name, "text": text, "title": text.split(" be")[0], "language": "en",
             "language_confidence": 1.0, "word_count": 9}
        )  # fmt: skip
        fetched = datetime(2021, 3, 9 - number, tzinfo=UTC)
        documents.append(
            {"document_id": name, "source_uri": "a.txt", "media_type": "text/plain", "encoding": "utf-8",
             "byte_count": 9, "raw_text": text, "fetched_at": fetched}
        )  # fmt: skip
    write_table(records_to_arrow(articles, Article.table), folder / "articles.parquet")
    write_table(records_to_arrow(documents, Document.table), folder / "documents.parquet")


def test_link_article_tables_fills_stories_and_copies(tmp_path):
    stage(tmp_path, [TEXT, TEXT])
    assert link_article_tables(tmp_path) == {"articles": 2, "stories": 1, "copies": 1}
    first, second = read_rows(Article, tmp_path)
    (story,) = read_rows(Story, tmp_path)
    assert first.story_id == second.story_id == story.story_id
    # The second document was fetched first.
    assert (first.copy_of_article_id, first.copy_kind) == (second.article_id, "exact")
    assert second.copy_of_article_id is None


def test_link_article_tables_reads_credits_that_cleaning_took_off(tmp_path):
    stage(tmp_path, [TEXT, TEXT])
    articles = read_rows(Article, tmp_path)
    articles[0].outlet_name = "Associated Press"
    write_rows(articles, Article, tmp_path)
    spans = [
        RemovedSpan(
            document_id=articles[1].document_id,
            start_char=0,
            end_char=6,
            category=category,
            rule_name="made_up",
            text=text,
        )
        for category, text in (("credit", "— AP"), ("menu", "News"))
    ]
    write_rows(spans, RemovedSpan, tmp_path)
    link_article_tables(tmp_path)
    (copy,) = read_rows(Copy, tmp_path)
    # The copy was fetched a day before the agency's own article.
    assert (copy.article_id, copy.copy_of_article_id) == (articles[1].article_id, articles[0].article_id)
    assert copy.original_reason == "credited"


def test_link_article_tables_keeps_ids_of_the_snapshot_before(tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    stage(before, [TEXT])
    stage(after, ["Chess champion Ilsa Brandt keeps her world title.", TEXT])
    link_article_tables(before)
    articles = read_rows(Article, before)
    articles[0].article_id = f"{1:016x}"
    write_rows(articles, Article, before)
    link_article_tables(after, [before / "articles.parquet"])
    assert read_rows(Article, after)[1].story_id == articles[0].story_id


def test_link_article_tables_can_run_twice(tmp_path):
    stage(tmp_path, [TEXT, TEXT])
    link_article_tables(tmp_path)
    once = read_rows(Article, tmp_path)
    link_article_tables(tmp_path)
    assert read_rows(Article, tmp_path) == once


CHESS = "Chess champion Ilsa Brandt beat her challenger in the eleventh game and keeps the world title in Vantia. " * 3


def story_ids(folder):
    return {article.text: article.story_id for article in read_rows(Article, folder)}


def test_link_article_tables_keep_ids_when_the_same_articles_come_again(tmp_path):
    first, again = tmp_path / "first", tmp_path / "again"
    for folder in (first, again):
        stage(folder, [TEXT, CHESS])
    link_article_tables(first)
    link_article_tables(again, [first / "articles.parquet"])
    assert read_rows(Article, again) == read_rows(Article, first)
    assert read_rows(Story, again) == read_rows(Story, first)


def test_link_article_tables_keep_ids_when_the_corpus_grows(tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    stage(before, [TEXT, CHESS])
    link_article_tables(before)
    # Named by what came first, the stories would now go by other articles.
    stage(after, [TEXT, CHESS, TEXT + "Traders lost their goods.", CHESS + "She thanked her team."])
    link_article_tables(after, [before / "articles.parquet"])
    old, new = story_ids(before), story_ids(after)
    assert {text: new[text] for text in old} == old
    assert len(set(new.values())) == len(set(old.values())) == 2


def test_link_article_tables_read_stories_from_several_files_of_before(tmp_path):
    first, second, after = tmp_path / "first", tmp_path / "second", tmp_path / "after"
    stage(first, [TEXT])
    link_article_tables(first)
    articles = read_rows(Article, first)
    articles[0].story_id = "story-aaaaaaaaaaaa"
    write_rows(articles, Article, first)
    articles[0].article_id, articles[0].story_id = f"{1:016x}", "story-bbbbbbbbbbbb"
    write_rows(articles, Article, second)
    stage(after, [TEXT, CHESS])
    link_article_tables(after, [first / "articles.parquet", second / "articles.parquet"])
    assert [article.story_id for article in read_rows(Article, after)] == ["story-aaaaaaaaaaaa", "story-bbbbbbbbbbbb"]


FLOODED = TEXT + "Traders lost their goods."


def test_link_article_tables_add_new_articles_to_stories_of_the_index(tmp_path):
    before, after, index = tmp_path / "before", tmp_path / "after", tmp_path / "index"
    stage(before, [TEXT, CHESS])
    link_article_tables(before, index_folder=index)
    stage(after, [TEXT, CHESS, FLOODED])
    files = {name: [before / f"{name}.parquet"] for name in ("stories", "copies")}
    link_article_tables(
        after,
        [before / "articles.parquet"],
        previous_stories=files["stories"],
        previous_copies=files["copies"],
        index_folder=index,
    )
    old, new = story_ids(before), story_ids(after)
    assert {text: new[text] for text in old} == old
    assert new[FLOODED] == old[TEXT]
    counts = {story.story_id: (story.article_count, story.copy_count) for story in read_rows(Story, after)}
    assert counts == {old[TEXT]: (2, 1), old[CHESS]: (1, 0)}
    (copy,) = read_rows(Copy, after)
    assert (copy.copy_kind, copy.shared_share) == ("near", pytest.approx(1, abs=0.2))


def test_link_article_tables_take_over_what_no_new_article_changes(tmp_path):
    before, after, index = tmp_path / "before", tmp_path / "after", tmp_path / "index"
    stage(before, [TEXT, CHESS, CHESS + "She thanked her team."])
    link_article_tables(before, index_folder=index)
    stories = read_rows(Story, before)
    marked = next(story for story in stories if story.article_count == 2)
    marked.headline = "As it was before"
    write_rows(stories, Story, before)
    stage(after, [TEXT, CHESS, CHESS + "She thanked her team.", FLOODED])
    link_article_tables(
        after,
        [before / "articles.parquet"],
        previous_stories=[before / "stories.parquet"],
        previous_copies=[before / "copies.parquet"],
        index_folder=index,
    )
    assert "As it was before" in [story.headline for story in read_rows(Story, after)]
    assert len(read_rows(Copy, after)) == 2


def test_trace_merged_hands_on_what_a_story_had_taken_in():
    assert trace_merged({"b": "a"}, {"b": "c"})["a"] == "b c"


def test_link_article_tables_keep_the_story_of_a_late_repost(tmp_path):
    stage(tmp_path, [TEXT, TEXT])
    articles = read_rows(Article, tmp_path)
    for article, day in zip(
        articles, (datetime(2021, 3, 1, tzinfo=UTC), datetime(2021, 6, 1, tzinfo=UTC)), strict=True
    ):
        article.published_at, article.published_at_method, article.published_at_precision = day, "declared", "minute"
    write_rows(articles, Article, tmp_path)
    link_article_tables(tmp_path)
    first, second = read_rows(Article, tmp_path)
    assert first.story_id != second.story_id
    assert second.copy_of_article_id == first.article_id
    counts = {story.story_id: (story.original_count, story.copy_count) for story in read_rows(Story, tmp_path)}
    assert counts == {first.story_id: (1, 0), second.story_id: (0, 1)}
    (count,) = [column for column in Story.table.columns if column.name == "original_count"]
    # A lower limit would send the story to quarantine, and its article would lose it.
    assert count.minimum == 0


@pytest.mark.usefixtures("one_worker")
def test_link_article_tables_with_a_worker_make_what_they_make_alone(tmp_path, monkeypatch):
    texts = [CHESS, TEXT, CHESS + TEXT, TEXT, CHESS]
    alone, shared = tmp_path / "alone", tmp_path / "shared"
    for folder in (alone, shared):
        stage(folder, texts)
    link_article_tables(alone, index_folder=tmp_path / "index alone")
    monkeypatch.setattr(tables, "LEAST_SHARED", 2)
    call_in_worker("os:getpid")
    asked = []
    monkeypatch.setattr(workers, "call_beside", lambda *call: asked.append(call[0]) or call_beside(*call))
    link_article_tables(shared, index_folder=tmp_path / "index shared")
    assert asked == ["tasks.link.tables:count_staged", "tasks.link.tables:read_staged_leads"]
    for name in ("articles", "stories", "copies"):
        assert pq.read_table(shared / f"{name}.parquet").equals(pq.read_table(alone / f"{name}.parquet"))
