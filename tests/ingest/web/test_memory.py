from datetime import UTC, datetime

import pytest

from schemas.warehouse import Warehouse
from tasks.broken import WarehouseFault, naming_faults
from tasks.ingest.readers.feed import FeedItem
from tasks.ingest.web.memory import KnownFeed, KnownPage, WebMemory
from tests.disks import fill, small_disk


def test_memory_keeps_feeds_and_pages_between_runs(tmp_path):
    items = [FeedItem(link="https://a.example/1", title="A", published_at=datetime(2024, 3, 1, tzinfo=UTC))]
    first = WebMemory(tmp_path / "web.sqlite")
    first.remember_feed("https://a.example/feed", etag='"x"', last_modified=None, items=items)
    first.remember_page("https://a.example/1", KnownPage("0" * 16))
    first.close()
    second = WebMemory(tmp_path / "web.sqlite")
    assert second.feed("https://a.example/feed") == KnownFeed('"x"', None, items)
    assert second.page("https://a.example/1") == KnownPage("0" * 16)
    assert second.page("https://a.example/2") is None
    second.close()


def test_memory_begins_anew_where_its_file_is_broken(tmp_path):
    (tmp_path / "web.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    memory = WebMemory(tmp_path / "web.sqlite")
    assert memory.page("https://a.example/1") is None
    memory.close()


def test_memory_keeps_its_file_where_the_disk_is_full(tmp_path):
    with small_disk(tmp_path / "disk", 64):
        memory = WebMemory(tmp_path / "disk" / "web.sqlite")
        memory.remember_page("https://a.example/1", KnownPage("0" * 16))
        memory.close()
        filler = fill(tmp_path / "disk", left_bytes=0)
        full = Warehouse(tmp_path / "disk")
        with pytest.raises(WarehouseFault, match="the disk is full"), naming_faults(full):
            remember_many(tmp_path / "disk" / "web.sqlite")
        filler.unlink()
        memory = WebMemory(tmp_path / "disk" / "web.sqlite")
        assert memory.page("https://a.example/1") == KnownPage("0" * 16)
        memory.close()


def remember_many(path):
    memory = WebMemory(path)
    try:
        for number in range(2, 1000):
            memory.remember_page(f"https://a.example/{number}", KnownPage("1" * 16))
    finally:
        memory.close()


def test_conditions_send_no_marks_that_would_break_the_request():
    assert KnownFeed('"x"\r\nHost: b', "é", []).conditions == {}
