import asyncio
import errno

import pyarrow as pa
import pytest
from prefect.states import exception_to_failed_state

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
