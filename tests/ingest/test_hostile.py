"""Inputs made to do harm: nothing crashes, hangs, is lost or written elsewhere."""

import os
import random
import time
import warnings
import zipfile
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import Document
from schemas.parquet import read_rows
from schemas.warehouse import Warehouse
from tasks.ingest.batching import gather_documents
from tasks.ingest.documents import read_documents
from tasks.ingest.formats import READERS
from tasks.quarantine import ACTING_CHARACTERS
from tests.ingest.hostile import make_input, write_inputs
from tests.ingest.readers.reading import read_bytes
from tests.ingest.soundness import require_sound

NOW = datetime(2026, 1, 2, tzinfo=UTC)
# `make fuzz` asks for more; within the tests some seconds are enough.
EXAMPLES = int(os.environ.get("ONRECORD_FUZZ_EXAMPLES", "60"))
SUFFIXES = ["", ".gz", ".zip", *sorted({suffix for reader in READERS for suffix in reader.suffixes})]


@settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == 60, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.binary(max_size=200), st.sampled_from(SUFFIXES))
def test_any_bytes_are_read_or_refused(seed, noise, suffix):
    name, raw = make_input(random.Random(seed))
    for content in (raw, noise, raw[: len(raw) // 2] + noise + raw[len(raw) // 2 :]):
        for item in read_bytes(content, name + suffix, reads_apart=True):
            require_sound(item)


@settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == 60, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=300), st.sampled_from(SUFFIXES))
def test_any_text_is_read_or_refused(text, suffix):
    for item in read_bytes(text.encode("utf-8", "surrogatepass"), "a" + suffix, reads_apart=True):
        require_sound(item)


def test_every_hostile_input_is_accounted_for(tmp_path):
    inbox, warehouse = tmp_path / "inbox", Warehouse(tmp_path / "warehouse")
    write_inputs(inbox, 300, seed=7)
    before = {path for path in tmp_path.rglob("*") if warehouse.root not in path.parents}
    result = gather_documents([str(inbox)], warehouse, "run")
    refused = pq.read_table(result.quarantine_path).to_pylist()
    selected = pq.read_table(result.selected_path)["document_id"].to_pylist()
    assert result.input_count == len(selected) + result.duplicate_count + len(refused)
    assert len({row["quarantine_id"] for row in refused}) == len(refused) == result.quarantined_count
    assert {row.document_id for batch in result.batches for row in read_rows(Document, batch.documents)} == set(
        selected
    )
    assert not any(ACTING_CHARACTERS.search(row["observed"]) for row in refused)
    after = {path for path in tmp_path.rglob("*") if warehouse.root not in path.parents and path != warehouse.root}
    assert after == before


def test_an_archive_with_a_name_twice_gives_two_refusals(tmp_path):
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a.txt", "")
        archive.writestr("a.txt", "")
    items = list(read_documents([str(tmp_path)], refused_at=NOW))
    assert len({item.quarantine_id for item in items}) == 2


LARGE = {
    "one line of 50 MB": (".txt", lambda: b"x" * 50_000_000),
    "one line of 50 MB of records": (".jsonl", lambda: b'{"text": "' + b"x" * 50_000_000),
    "one row of 50 MB": (".csv", lambda: b"text,title\n" + b"x" * 50_000_000),
    "one value of 50 MB": (".json", lambda: b'[{"text": "' + b"x" * 50_000_000),
    "a million quotation marks": (".csv", lambda: b"text,title\n" + b'"' * 1_000_001 + b"\nIt sails,b\n"),
    "a million commas": (".csv", lambda: b"text,title\n" + b"," * 1_000_000),
    "a million columns": (".csv", lambda: b",".join([b"text"] * 1_000_000) + b"\nx\n"),
    "a million empty lines": (".jsonl", lambda: b"\n" * 1_000_000),
    "a million brackets": (".json", lambda: b"[" * 1_000_000),
    "a million pages deep": (".html", lambda: b"<html>" + b"<div>" * 1_000_000),
    "a head without end": (".warc", lambda: b"WARC/1.0\r\n" + b"X: y\r\n" * 1_000_000),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_inputs_take_time_in_proportion(name):
    suffix, make = LARGE[name]
    raw = make()
    started = time.process_time()
    items = read_bytes(raw, "a" + suffix)
    assert items
    # A tenth of a second for a megabyte is ten times what the slowest reader takes.
    assert time.process_time() - started < 2 + len(raw) / 10_000_000
