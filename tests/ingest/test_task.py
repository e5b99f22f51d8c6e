import asyncio

import pytest
from prefect.states import exception_to_failed_state

from tasks.ingest.inputs import InputNotFound
from tasks.ingest.task import ingest_documents


@pytest.mark.parametrize(
    ("error", "again"),
    [
        pytest.param(OSError("connection reset"), True, id="outside"),
        pytest.param(InputNotFound("1 of the inputs not there"), False, id="nothing to read"),
    ],
)
def test_ingest_documents_tries_again_where_that_can_help(error, again):
    state = asyncio.run(exception_to_failed_state(error))
    assert ingest_documents.retry_condition_fn(ingest_documents, None, state) is again
