import gzip
import io
import sys
from datetime import UTC, datetime

import fsspec
import pytest

from schemas import Document, Quarantine
from tasks.ingest.documents import read_documents
from tasks.ingest.inputs import InputNotFound, find_missing, is_address
from tasks.ingest.readers.reader import Options

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Pipe:
    """Standard input that can be read once."""

    def __init__(self, raw):
        self.buffer = io.BytesIO(raw)


@pytest.fixture
def memory():
    """A file system that is not this machine's disk."""
    filesystem = fsspec.filesystem("memory")
    filesystem.store.clear()
    yield filesystem
    filesystem.store.clear()


def read(*inputs, **options):
    return list(read_documents(inputs, refused_at=NOW, **options))


def test_standard_input_is_kept_so_that_it_can_be_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Pipe(gzip.compress(b'{"text": "It sails."}\n{"text": "It lands."}\n')))
    kept = tmp_path / "run" / "standard-input"
    first = read("-", standard_input=kept)
    assert [item.source_uri for item in first] == ["standard input#L1", "standard input#L2"]
    again = read("-", standard_input=kept)
    assert [item.document_id for item in again] == [item.document_id for item in first]


class Endless:
    """A pipe that never ends, and counts what was taken from it."""

    def __init__(self):
        self.buffer, self.taken = self, 0

    def read1(self, size):
        self.taken += size
        return (b"It sails. " * (size // 10 + 1))[:size]


def test_standard_input_is_read_and_kept_no_further_than_it_is_looked_at(tmp_path, monkeypatch):
    pipe = Endless()
    monkeypatch.setattr(sys, "stdin", pipe)
    kept = tmp_path / "standard-input"
    [refused] = read("-", standard_input=kept, options=Options(maximum_bytes=1_000_000))
    assert refused.check_name == "not_oversized"
    assert kept.stat().st_size == pipe.taken < 3_000_000


def test_standard_input_goes_on_where_an_attempt_left_it(tmp_path, monkeypatch):
    pipe = Pipe(b'{"text": "It sails."}\n' * 3)
    monkeypatch.setattr(sys, "stdin", pipe)
    kept = tmp_path / "standard-input"
    kept.write_bytes(pipe.buffer.read(10))
    assert len(read("-", standard_input=kept)) == 3


def test_a_pipe_that_must_be_sought_in_is_copied_up_to_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("tasks.ingest.unpacking.MAXIMUM_SPOOLED_BYTES", 100_000)
    monkeypatch.setattr(sys, "stdin", Pipe(b"PK\x03\x04" + bytes(200_000)))
    [refused] = read("-", standard_input=tmp_path / "standard-input", options=Options(spool_folder=tmp_path))
    assert refused.check_name == "not_oversized"


@pytest.mark.parametrize("name", ["mem", "clear_refs", "pagemap", "environ"])
def test_files_of_the_system_itself_are_refused(name):
    [refused] = read(f"/proc/self/{name}")
    assert isinstance(refused, Quarantine)


def test_standard_input_may_be_a_page(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Pipe(b"<html><body><p>It sails.</p></body></html>"))
    [item] = read("-")
    assert item.media_type == "text/html"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("memory://in/a.txt", ["memory://in/a.txt"]),
        ("memory://in", ["memory://in/a.txt", "memory://in/deep/b.jsonl.gz#L1"]),
        ("memory://in/*.txt", ["memory://in/a.txt"]),
    ],
)
def test_files_of_other_file_systems_are_read(memory, text, found):
    memory.pipe("/in/a.txt", b"It sails.")
    memory.pipe("/in/README.md", b"About.")
    memory.pipe("/in/deep/b.jsonl.gz", gzip.compress(b'{"text": "It lands."}'))
    assert [item.source_uri for item in read(text) if isinstance(item, Document)] == found


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("text", ["memory://nowhere", "nosuch://bucket/a.txt"])
def test_what_cannot_be_reached_is_named(text):
    with pytest.raises(InputNotFound, match=text):
        read(text)


def test_patterns_and_file_addresses_name_files(tmp_path):
    for name in ("a.txt", "b.txt", "c.md"):
        (tmp_path / name).write_text(f"Ferry {name}.")
    assert len(read(str(tmp_path / "*.txt"))) == 2
    assert len(read(f"file://{tmp_path}/a.txt", str(tmp_path / "a.txt"))) == 1


def test_find_missing_asks_stores_where_it_is_to(memory):
    memory.pipe("/in/a.txt", b"It sails.")
    there = ["memory://in/a.txt", "memory://in/*.txt", "https://host.example/feed"]
    gone = ["memory://in/gone.txt", "memory://in/*.csv"]
    assert find_missing([*there, *gone], asks_stores=True) == gone
    assert find_missing([*there, *gone]) == []


def test_find_missing_asks_only_this_machine(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    inputs = ["-", "https://tide.example/feed", "s3://bucket/a", str(tmp_path / "*.txt"), str(tmp_path / "b.txt")]
    assert find_missing(inputs) == [str(tmp_path / "b.txt")]


def test_an_object_store_is_read_by_folder_pattern_and_name(object_store):
    texts = {"in/a.txt": "Ferry.", "in/deep/b.txt": "Bridge.", "in/.c.txt": "Hidden.", "other.txt": "Harbour."}
    for name, text in texts.items():
        object_store.filesystem.pipe(f"{object_store.address}/{name}", text.encode())
    found = read(f"{object_store.address}/in")
    texts = {item.source_uri.rpartition("/in/")[2]: item.raw_text for item in found if isinstance(item, Document)}
    assert texts == {"a.txt": "Ferry.", "deep/b.txt": "Bridge."}
    assert [document.raw_text for document in read(f"{object_store.address}/*.txt")] == ["Harbour."]
    assert [document.raw_text for document in read(f"{object_store.address}/in/.c.txt")] == ["Hidden."]


def test_an_address_is_refused_where_nothing_fetches():
    [refused] = read("https://tide.example/feed")
    assert refused.check_name == "readable"
    assert is_address("HTTPS://tide.example")
