from datetime import UTC, datetime

from tasks.ingest.readers.feed import FeedItem
from tasks.ingest.web.memory import KnownFeed, KnownPage, WebMemory


def test_memory_keeps_feeds_and_pages_between_runs(tmp_path):
    items = [FeedItem(link="https://a.example/1", title="A", published_at=datetime(2024, 3, 1, tzinfo=UTC))]
    first = WebMemory(tmp_path / "web.sqlite")
    first.remember_feed("https://a.example/feed", etag='"x"', last_modified=None, items=items)
    first.remember_page("https://a.example/1", KnownPage("0" * 16))
    first.close()
    second = WebMemory(tmp_path / "web.sqlite")
    assert second.feed("https://a.example/feed") == KnownFeed('"x"', None, items)
    assert second.page("https://a.example/1") == KnownPage("0" * 16)
    second.forget_page("https://a.example/1")
    assert second.page("https://a.example/1") is None
    second.close()


def test_memory_begins_anew_where_its_file_is_broken(tmp_path):
    (tmp_path / "web.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    memory = WebMemory(tmp_path / "web.sqlite")
    assert memory.page("https://a.example/1") is None
    memory.close()


def test_conditions_send_no_marks_that_would_break_the_request():
    assert KnownFeed('"x"\r\nHost: b', "é", []).conditions == {}
