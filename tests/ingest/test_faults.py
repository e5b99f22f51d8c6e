"""Ingestion killed in its midst, and started again."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from schemas.warehouse import Warehouse
from tasks.ingest.batching import gather_documents

ROOT = Path(__file__).parents[2]
# Each document waits a little, so that there is a midst.
PROGRAM = """
import sys, time
from pathlib import Path
from schemas.warehouse import Warehouse
from tasks.ingest import batching
add = batching.BatchStore.add
batching.BatchStore.add = lambda store, document: (time.sleep(0.01), add(store, document))
batching.gather_documents([sys.argv[1]], Warehouse(Path(sys.argv[2])), "run", batch_documents=2)
"""


def state(warehouse, result):
    """What a run leaves: batches with their bytes' meaning, and the selection."""
    batches = {
        batch.batch_id: pq.read_table(batch.documents / "documents.parquet").to_pylist() for batch in result.batches
    }
    refused = pq.read_table(result.quarantine_path).drop_columns(["refused_at"]).to_pylist()
    return batches, pq.read_table(result.selected_path).to_pylist(), refused, result.input_count


@pytest.mark.slow
@pytest.mark.parametrize("batches_done", [0, 1, 7, 19])
def test_gather_documents_killed_and_started_again_equals_an_undisturbed_run(tmp_path, batches_done):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(40):
        (inbox / f"{number:02}.txt").write_text(f"Ferry number {number} sails." if number % 9 else "")
    warehouse = Warehouse(tmp_path / "warehouse")
    done = warehouse.work / "documents"
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(inbox), str(warehouse.root)], cwd=ROOT)
    while process.poll() is None and len(list(done.glob("[!.]*"))) < batches_done:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    again = gather_documents([str(inbox)], warehouse, "run", batch_documents=2)
    calm = Warehouse(tmp_path / "calm")
    undisturbed = gather_documents([str(inbox)], calm, "run", batch_documents=2)
    assert state(warehouse, again) == state(calm, undisturbed)
    assert {path.name for path in done.iterdir() if not path.name.startswith(".")} == set(state(calm, undisturbed)[0])
