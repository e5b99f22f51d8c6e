"""Files read in another process: as in this one, but that a death of it takes nothing along."""

import io
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import Document, Quarantine
from schemas.warehouse import Warehouse
from tasks.ingest import apart, documents
from tasks.ingest.apart import read_apart
from tasks.ingest.batching import gather_documents
from tasks.ingest.documents import read_documents
from tasks.ingest.encoding import Unreadable
from tasks.ingest.formats import find_reader
from tasks.ingest.readers.reader import Options, Skipped, Stream
from tests.ingest.readers.reading import read_bytes

NOW = datetime(2026, 1, 2, tzinfo=UTC)
TEXT = "The ferry sails on Friday, said Ines Calder of the port office in Saltby."


def make_stream(raw):
    return Stream("in", io.BytesIO(raw), raw, fetched_at=NOW)


def give_lines(stream, options):
    """A reader that does what its lines say."""
    for line in stream.file.read().decode().splitlines():
        if line == "die":
            os.abort()
        if line == "hang":
            signal.pause()
        if line == "refuse":
            raise Unreadable("is_line", "refuse", "a line")
        if line == "fail":
            raise OverflowError("days beyond the calendar")
        if line == "grow":
            raise MemoryError
        yield Skipped(stream.uri, f"{line} of {options.maximum_bytes}")


def write_table(**options):
    target = io.BytesIO()
    pq.write_table(pa.table({"text": pa.array([TEXT, TEXT]).dictionary_encode()}), target, **options)
    return target.getvalue()


def write_deadly():
    """A Parquet file of which pyarrow 26 ends the process: one byte names another encoding of its dictionary."""
    raw = bytearray(write_table())
    raw[300] = 10
    return bytes(raw)


@pytest.fixture(autouse=True)
def _ended():
    yield
    apart.end_readers()
    assert not apart._idle


def test_read_apart_gives_what_the_reader_gives():
    stream = make_stream(b"one\ntwo")
    assert list(read_apart(give_lines, stream, Options(maximum_bytes=7))) == [
        Skipped("in", "one of 7"),
        Skipped("in", "two of 7"),
    ]


def test_read_apart_raises_what_the_reader_raises():
    with pytest.raises(Unreadable) as fault:
        list(read_apart(give_lines, make_stream(b"refuse"), Options()))
    assert (fault.value.check, fault.value.observed, fault.value.expected) == ("is_line", "refuse", "a line")
    with pytest.raises(OverflowError, match="days beyond the calendar"):
        list(read_apart(give_lines, make_stream(b"fail"), Options()))


def test_read_apart_keeps_its_process_for_the_next_file():
    processes = set()
    for _ in range(3):
        list(read_apart(give_lines, make_stream(b"one"), Options()))
        processes |= {reader.process.pid for reader in apart._idle}
    assert len(processes) == 1


def test_read_apart_refuses_the_file_of_which_the_process_dies():
    given = []
    with pytest.raises(Unreadable) as fault:
        given.extend(item.reason for item in read_apart(give_lines, make_stream(b"one\ntwo\ndie\nfour"), Options()))
    assert fault.value.check == "reader_survives"
    assert "SIGABRT" in fault.value.observed
    assert "behind 2 inputs" in fault.value.observed
    assert [item.reason for item in read_apart(give_lines, make_stream(b"five"), Options(maximum_bytes=1))] == [
        "five of 1"
    ]


def test_read_apart_refuses_the_file_for_which_memory_does_not_suffice():
    with pytest.raises(Unreadable) as fault:
        list(read_apart(give_lines, make_stream(b"one\ngrow"), Options()))
    assert fault.value.check == "reader_survives"
    assert "no memory" in fault.value.observed
    assert len(list(read_apart(give_lines, make_stream(b"one"), Options()))) == 1


def test_read_apart_refuses_the_file_of_which_the_process_hangs(monkeypatch):
    # The process is there and answers, so that what is waited for is its hanging alone.
    list(read_apart(give_lines, make_stream(b"one"), Options()))
    [reader] = apart._idle
    monkeypatch.setattr(apart, "PATIENCE_SECONDS", 0.5)
    given = []
    with pytest.raises(Unreadable) as fault:
        given.extend(read_apart(give_lines, make_stream(b"one\nhang\nthree"), Options()))
    assert (fault.value.check, len(given)) == ("reader_answers", 1)
    assert fault.value.observed == "the process that read it gave nothing for 0.5 s, behind 1 inputs"
    assert reader.process.poll() == -signal.SIGKILL
    monkeypatch.undo()
    assert len(list(read_apart(give_lines, make_stream(b"one"), Options()))) == 1


def hang(stream, options):
    """A reader that gives nothing, ever."""
    signal.pause()
    yield


def test_gather_documents_takes_in_what_lies_beside_a_file_that_hangs(tmp_path, monkeypatch):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.parquet").write_bytes(write_table())
    (inbox / "b.txt").write_text(TEXT)
    monkeypatch.setattr(apart, "PATIENCE_SECONDS", 0.2)
    stuck = replace(find_reader("a.parquet", b"PAR1"), read=hang)
    monkeypatch.setattr(
        documents, "find_reader", lambda name, head: stuck if name == "a.parquet" else find_reader(name, head)
    )
    result = gather_documents([str(inbox)], Warehouse(tmp_path / "warehouse"), "run")
    assert (result.input_count, result.new_document_count, result.quarantined_count) == (2, 1, 1)
    assert pq.read_table(result.quarantine_path)["check_name"].to_pylist() == ["reader_answers"]


def test_read_apart_ends_a_process_that_nobody_listens_to():
    items = read_apart(give_lines, make_stream(b"line\n" * 100_000), Options())
    next(items)
    items.close()
    assert not apart._idle


def test_read_apart_survives_a_process_killed_between_two_files():
    list(read_apart(give_lines, make_stream(b"one"), Options()))
    [reader] = apart._idle
    os.kill(reader.process.pid, signal.SIGKILL)
    reader.process.wait()
    assert len(list(read_apart(give_lines, make_stream(b"one"), Options()))) == 1


@pytest.mark.parametrize("one_way", [False, True], ids=["seekable", "from a pipe"])
def test_parquet_read_apart_is_what_it_is_read_here(tmp_path, one_way):
    raw = write_table()
    here = read_bytes(raw, "a.parquet", one_way=one_way, spool_folder=tmp_path)
    assert [item.raw_text for item in here] == [TEXT, TEXT]
    assert read_bytes(raw, "a.parquet", one_way=one_way, spool_folder=tmp_path, reads_apart=True) == here
    assert not list(tmp_path.iterdir())


def test_read_documents_goes_on_behind_a_file_that_ends_processes(tmp_path):
    for name, raw in [("a.parquet", write_deadly()), ("b.parquet", write_table()), ("c.txt", b"It sails at noon.")]:
        (tmp_path / name).write_bytes(raw)
    first, *others = read_documents([str(tmp_path)], refused_at=NOW, options=Options(reads_apart=True))
    # Which of the two depends on the library: a later one may know better than to die.
    assert isinstance(first, Quarantine)
    assert first.check_name in ("reader_survives", "is_parquet")
    assert [item.raw_text for item in others if isinstance(item, Document)] == [TEXT, "It sails at noon."]


def test_gather_documents_takes_in_what_lies_beside_a_file_that_ends_processes(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.parquet").write_bytes(write_deadly())
    (inbox / "b.txt").write_text(TEXT)
    result = gather_documents([str(inbox)], Warehouse(tmp_path / "warehouse"), "run")
    assert (result.input_count, result.new_document_count, result.quarantined_count) == (2, 1, 1)
    assert not apart._idle
