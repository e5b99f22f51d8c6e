"""A batch through its stages, in this process."""

import logging
import shutil
from datetime import UTC, datetime

import pytest

from flows import language_work
from flows.language_work import work_on_batch
from schemas import Document, Quote
from schemas.parquet import read_rows, write_rows
from tasks.batches import BATCH_STAGES, Batch
from tests.clean.made_up_documents import make_document

TEXT = (
    "Ferry talks end\n\nASHBY — “We will keep the ferry running,” said Hana Quill, the mayor of Ashby, on Tuesday "
    "after the talks with the union had ended.\n\nThe union said that 40 sailors would return to work."
)


@pytest.fixture
def batch(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("ONRECORD_WORKERS", "0")
    monkeypatch.setattr(language_work, "get_run_logger", lambda: logging.getLogger("test"))
    caplog.set_level(logging.INFO, "test")
    batch = Batch("0123456789ab", 3, 1, str(tmp_path))
    document = make_document(TEXT, fetched_at=datetime(2026, 1, 2, tzinfo=UTC))
    write_rows([document], Document, batch.documents)
    return batch


def test_work_on_batch_takes_every_stage_and_tells_of_each(batch, caplog):
    done = work_on_batch.fn(batch, "rules")
    assert not done.reused
    assert all(done.is_done(stage) for stage in BATCH_STAGES)
    quotes = read_rows(Quote, done.folder("resolve"))
    named = sum(quote.speaker_local_id is not None for quote in quotes)
    assert caplog.messages == [
        "batch 3: 1 documents in, 1 articles out; 1 articles in, "
        f"{len(quotes)} quotations out; {len(quotes)} quotations in, {named} with a named speaker out"
    ]
    assert named


def test_work_on_batch_does_nothing_again(batch, caplog):
    work_on_batch.fn(batch, "rules")
    assert work_on_batch.fn(batch, "rules").reused
    assert caplog.messages[1:] == ["batch 3: done before"]


def test_work_on_batch_does_the_stage_that_is_missing(batch, caplog):
    done = work_on_batch.fn(batch, "rules")
    shutil.rmtree(done.folder("resolve"))
    assert not work_on_batch.fn(batch, "rules").reused
    assert done.is_done("resolve")
    assert caplog.messages[1].startswith("batch 3: ")
    assert caplog.messages[1].count(" in, ") == 1


def test_work_on_batch_is_none_of_an_earlier_run_though_its_worker_could_not_tell(batch, monkeypatch, caplog):
    monkeypatch.setattr(language_work, "call_in_turn", lambda steps: [None for _ in steps])
    assert not work_on_batch.fn(batch, "rules").reused
    assert caplog.messages == ["batch 3: done"]
