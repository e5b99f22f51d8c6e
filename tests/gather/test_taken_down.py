import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.parquet import arrow_schema
from schemas.warehouse import Warehouse
from tasks.batches import Batch
from tasks.gather.taken_down import refuse_same_texts
from tasks.takedown import Tombstones, add_tombstones

NAME = "hashes.parquet"


@pytest.fixture
def warehouse(tmp_path):
    """One batch of four documents: two of one text, the second of them kept from before."""
    place = Warehouse(tmp_path / "warehouse")
    place.root.mkdir()
    folder = batch_of(place).folder("clean")
    folder.mkdir(parents=True)
    hashes = [{"document_id": name, "text_hash": text} for name, text in zip("abcd", "xyxz", strict=True)]
    pq.write_table(pa.Table.from_pylist(hashes), folder / NAME)
    selected = [{"document_id": name, "source_uri": f"{name}.txt", "is_input": name != "c"} for name in "abcd"]
    pq.write_table(pa.Table.from_pylist(selected), tmp_path / "selected")
    pq.write_table(arrow_schema("quarantine").empty_table(), tmp_path / "refused")
    return place


def batch_of(place):
    return Batch("batch", 1, 4, str(place.root))


def refuse(place, folder):
    files = {"selected": folder / "selected", "ingest_quarantine": folder / "refused"}
    return refuse_same_texts([batch_of(place)], place, **files, text_hashes=NAME)


def test_refuse_same_texts_leaves_all_where_no_text_was_taken_down(warehouse, tmp_path):
    add_tombstones(warehouse, document_ids=["x"], source="y", reason="asked for", text_hashes=["w"])
    assert refuse(warehouse, tmp_path) == 0
    assert pq.read_table(tmp_path / "selected")["document_id"].to_pylist() == list("abcd")


def test_refuse_same_texts_refuses_inputs_and_leaves_out_what_was_kept(warehouse, tmp_path):
    add_tombstones(warehouse, document_ids=[], source=None, reason="asked for", text_hashes=["x"])
    for refused in (1, 0):
        assert refuse(warehouse, tmp_path) == refused
        assert pq.read_table(tmp_path / "selected")["document_id"].to_pylist() == ["b", "d"]
        [row] = pq.read_table(tmp_path / "refused").to_pylist()
        assert (row["source_uri"], row["check_name"], row["observed"]) == ("a.txt", "not_taken_down", "asked for")
    # Their bytes are known from now on, so that ingestion refuses them.
    assert Tombstones.read(warehouse).document_ids == {"a": "asked for", "c": "asked for"}


def test_refuse_same_texts_writes_the_tombstones_once_for_each_reason(warehouse, tmp_path, monkeypatch):
    add_tombstones(warehouse, document_ids=[], source=None, reason="asked for", text_hashes=["x", "y"])
    add_tombstones(warehouse, document_ids=[], source=None, reason="by a court", text_hashes=["z"])
    written = []
    monkeypatch.setattr(
        "tasks.gather.taken_down.add_tombstones",
        lambda *place, **stones: written.append((stones["reason"], stones["document_ids"])) or 0,
    )
    assert refuse(warehouse, tmp_path) == 3
    assert written == [("asked for", ["a", "b", "c"]), ("by a court", ["d"])]
