import asyncio
import errno

import pyarrow as pa
import pytest
from prefect.states import exception_to_failed_state

from tasks.ingest.inputs import InputNotFound
from tasks.ingest.task import ingest_documents, shorten_reasons, tell_ignored


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


def test_tell_ignored_shows_what_a_stranger_wrote_in_one_printable_line():
    reasons = {f"no page but image/{number}": 1 for number in range(30)}
    lines = tell_ignored({**reasons, "no page but image/\x1b[2jpng\n" + "x" * 500: 3})
    assert lines[0].startswith("3 passed over: no page but image/?[2jpng?xxx")
    assert len(lines[0]) < 150
    assert lines[-1] == "11 passed over: 11 other reasons"
    assert all(line.isprintable() for line in lines)


def test_shorten_reasons_loses_no_count():
    reasons = {f"type \x00{number}": 1 for number in range(30)} | {f"type \x01{number}": 1 for number in range(30)}
    assert sum(shorten_reasons(reasons).values()) == 60
