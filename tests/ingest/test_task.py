import asyncio
import errno

import pyarrow as pa
import pytest
from prefect.states import exception_to_failed_state

from tasks.ingest import task
from tasks.ingest.inputs import InputNotFound
from tasks.ingest.task import ingest_documents


@pytest.mark.parametrize(
    ("error", "again"),
    [
        pytest.param(OSError("connection reset"), True, id="outside"),
        pytest.param(OSError(errno.EIO, "Input/output error"), True, id="a disk that may come back"),
        pytest.param(OSError(errno.ENOSPC, "No space left on device"), False, id="a full disk"),
        pytest.param(pa.ArrowInvalid("no Parquet"), False, id="a broken file"),
        pytest.param(InputNotFound("1 of the inputs not there"), False, id="nothing to read"),
    ],
)
def test_ingest_documents_tries_again_where_that_can_help(error, again):
    state = asyncio.run(exception_to_failed_state(error))
    assert ingest_documents.retry_condition_fn(ingest_documents, None, state) is again


def test_log_now_and_then_tells_how_many_inputs_are_read_but_not_each_time(monkeypatch):
    now = iter([100.0, 109.9, 110.0, 111.0, 120.5])
    monkeypatch.setattr(task.time, "monotonic", lambda: next(now))
    said = []
    tell = task.log_now_and_then(said.append)
    for count in (900, 1000, 1100, 2200):
        tell(count)
    assert said == ["1,000 inputs read so far", "2,200 inputs read so far"]
