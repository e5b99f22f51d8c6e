import pyarrow.parquet as pq
import pytest

from schemas import Document
from schemas.parquet import read_rows
from schemas.warehouse import Warehouse
from tasks.ingest import batching
from tasks.ingest.batching import gather_documents
from tasks.ingest.inputs import InputNotFound
from tasks.ingest.progress import listening
from tests.ingest.web.conftest import QUICK
from tests.ingest.web.server import running_server


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"Ferry number {number} sails.")
    (folder / "5.txt").write_text("Ferry number 0 sails.")
    (folder / "6.txt").write_text("")
    return folder


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path / "warehouse")


def gather(inbox, warehouse, run_id="run-1", **options):
    return gather_documents([str(inbox)], warehouse, run_id, batch_documents=2, **options)


def files_of(result):
    return [str(batch.documents / "documents.parquet") for batch in result.batches]


def ids_in(batch):
    return [row.document_id for row in read_rows(Document, batch.documents)]


def test_gather_documents_accounts_for_every_input(inbox, warehouse):
    result = gather(inbox, warehouse)
    assert (result.input_count, result.new_document_count, result.duplicate_count) == (7, 5, 1)
    assert pq.read_table(result.quarantine_path)["check_name"].to_pylist() == ["not_empty"]
    assert pq.read_table(result.selected_path).num_rows == 5


def test_gather_documents_tells_how_many_inputs_are_read(inbox, warehouse, monkeypatch):
    monkeypatch.setattr("tasks.ingest.batching.SECONDS_BETWEEN_REPORTS", 0)
    told = []
    with listening(told.append):
        gather(inbox, warehouse)
    gather(inbox, warehouse, "run-2")
    assert told == [1, 2, 3, 4, 5, 6, 7, 7]


def test_gather_documents_notes_a_feed_that_works_again_and_counts_its_articles(warehouse):
    with running_server() as server:
        feed = server.base + "/feed"
        broken = gather_documents([feed], warehouse, "run-1", web=QUICK)
        article = server.serve("/1", "<html><body><p>The ferry sails.</p></body></html>")
        server.serve("/feed", f"<rss><channel><item><link>{article}</link></item></channel></rss>")
        mended = gather_documents([feed], warehouse, "run-2", web=QUICK)
    assert pq.read_table(broken.quarantine_path)["source_uri"].to_pylist() == [feed]
    # What is noted here ends the earlier refusal when the tables are gathered.
    assert pq.read_table(mended.received_path)["source_uri"].to_pylist() == [feed, article]
    assert (mended.input_count, mended.new_document_count, mended.quarantined_count) == (1, 1, 0)


def test_gather_documents_fills_batches_in_order(inbox, warehouse):
    batches = gather(inbox, warehouse).batches
    assert [(batch.number, batch.document_count) for batch in batches] == [(1, 2), (2, 2), (3, 1)]
    assert [name for batch in batches for name in ids_in(batch)] == pq.read_table(
        gather(inbox, warehouse).selected_path
    )["document_id"].to_pylist()


def test_gather_documents_ends_a_batch_before_it_grows_too_long(inbox, warehouse):
    result = gather_documents([str(inbox)], warehouse, "run-1", batch_documents=64, batch_characters=50)
    assert [batch.document_count for batch in result.batches] == [2, 2, 1]


def batch_sizes(tmp_path, lengths, *, workers):
    folder = tmp_path / "many"
    folder.mkdir()
    for number, length in enumerate(lengths):
        (folder / f"{number:03}.txt").write_text(f"{number} ".ljust(length, "a"))
    store = Warehouse(tmp_path / "warehouse")
    result = gather_documents([str(folder)], store, "run-1", workers=workers)
    found = [identifier for batch in result.batches for identifier in ids_in(batch)]
    assert len(found) == len(set(found)) == len(lengths)
    return [batch.document_count for batch in result.batches]


@pytest.mark.parametrize(
    ("lengths", "workers", "sizes"),
    [
        pytest.param([5000] * 40, 1, [40], id="one worker has them all"),
        pytest.param([5000] * 40, 2, [10, 8, 8, 8, 6], id="two share them, the last batches are small"),
        pytest.param([500] * 40, 2, [40], id="too short to be worth a second"),
        pytest.param([5000] * 400, 2, [128, 128, 36, 27, 20, 15, 11, 8, 8, 8, 8, 3], id="full ones come first"),
        pytest.param(
            [5000] * 512, 2, [128, 128, 64, 48, 36, 27, 20, 15, 11, 8, 8, 8, 8, 3], id="of much the last are less small"
        ),
        pytest.param([90_000, 5000, 5000, 90_000], 2, [1, 2, 1], id="a long text stands alone"),
    ],
)
def test_gather_documents_parts_the_last_documents_between_the_workers(tmp_path, lengths, workers, sizes):
    assert batch_sizes(tmp_path, lengths, workers=workers) == sizes


def test_gather_documents_leaves_documents_in_their_batches(inbox, warehouse):
    before = gather(inbox, warehouse)
    (inbox / "00.txt").write_text("A new ferry sails.")
    after = gather(inbox, warehouse, "run-2")
    assert {batch.batch_id for batch in before.batches} < {batch.batch_id for batch in after.batches}


def test_gather_documents_comes_to_the_same_after_a_failure(inbox, warehouse, monkeypatch, tmp_path):
    undisturbed = gather(inbox, Warehouse(tmp_path / "other"))
    written = []

    def fail_second(*arguments):
        if len(written) == 1:
            raise OSError("disk full")
        written.append(arguments)
        return write_rows(*arguments)

    write_rows = batching.write_rows
    monkeypatch.setattr(batching, "write_rows", fail_second)
    with pytest.raises(OSError, match="disk full"):
        gather(inbox, warehouse)
    monkeypatch.undo()
    again = gather(inbox, warehouse)
    assert [batch.batch_id for batch in again.batches] == [batch.batch_id for batch in undisturbed.batches]
    assert again.new_document_count == undisturbed.new_document_count
    assert not list(warehouse.root.rglob("*.part"))


def test_gather_documents_counts_as_new_what_a_run_left_that_did_not_publish(inbox, warehouse):
    left = gather(inbox, warehouse)
    again = gather(inbox, warehouse, "run-2")
    assert [batch.batch_id for batch in again.batches] == [batch.batch_id for batch in left.batches]
    assert again.new_document_count == left.new_document_count == 5
    # What is published of them is not.
    published = files_of(left)[:1]
    third = gather(inbox, warehouse, "run-3", keep_document_ids_of=published, published=published)
    assert (third.new_document_count, third.kept_count) == (3, 0)


def test_gather_documents_counts_nothing_as_new_that_it_replaces(inbox, warehouse):
    published = files_of(gather(inbox, warehouse))
    (inbox / "0.txt").unlink()
    (inbox / "00.txt").write_text("A new ferry sails.")
    replacing = gather(inbox, warehouse, "run-2", published=published)
    assert (replacing.input_count, replacing.new_document_count, replacing.kept_count) == (7, 1, 0)


def test_gather_documents_takes_in_anew_what_a_broken_batch_held(inbox, warehouse):
    result = gather(inbox, warehouse)
    (result.batches[0].documents / "documents.parquet").write_bytes(b"PAR1 cut off")
    reports = []
    again = gather(inbox, warehouse, "run-2", report=reports.append)
    assert [batch.batch_id for batch in again.batches] == [batch.batch_id for batch in result.batches]
    assert "was not written to its end" in reports[0]


def test_gather_documents_keeps_documents_of_the_snapshot(inbox, warehouse, tmp_path):
    first = gather(inbox, warehouse)
    published = files_of(first)
    other = tmp_path / "other.txt"
    other.write_text("A new ferry sails.")
    second = gather_documents([str(other)], warehouse, "run-2", keep_document_ids_of=published)
    assert (second.input_count, second.kept_count, second.new_document_count) == (1, 5, 1)
    assert pq.read_table(second.selected_path)["is_input"].to_pylist() == [True] + [False] * 5
    assert len(second.batches) == 4


def test_gather_documents_restores_batches_from_the_snapshot(inbox, warehouse, tmp_path):
    first = gather(inbox, warehouse)
    published = files_of(first)
    fresh = gather_documents([], Warehouse(tmp_path / "fresh"), "run-2", keep_document_ids_of=published)
    assert (fresh.kept_count, fresh.new_document_count) == (5, 0)
    assert sum(batch.document_count for batch in fresh.batches) == 5


def test_gather_documents_says_so_where_an_empty_warehouse_is_to_be_made_anew(tmp_path):
    with pytest.raises(InputNotFound, match="no inputs are named and the warehouse holds no articles yet"):
        gather_documents([], Warehouse(tmp_path / "warehouse"), "run")


def test_gather_documents_says_so_where_there_is_nothing_to_read(tmp_path):
    (tmp_path / "inbox").mkdir()
    with pytest.raises(InputNotFound, match="nothing to read in"):
        gather_documents([str(tmp_path / "inbox")], Warehouse(tmp_path / "warehouse"), "run")
    (tmp_path / "inbox" / ".hidden").touch()
    (tmp_path / "inbox" / "README.md").touch()
    with pytest.raises(InputNotFound, match=r"; 1 passed over: hidden; 1 passed over: about the collection$"):
        gather_documents([str(tmp_path / "inbox")], Warehouse(tmp_path / "warehouse"), "run")
