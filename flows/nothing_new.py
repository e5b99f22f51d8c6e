"""A run that finds nothing new, done without Prefect, whose server takes ten times as long to start as all the rest."""

from pathlib import Path
from typing import Any

from flows.running import open_run
from flows.summary import RunSummary
from schemas.warehouse import Warehouse
from tasks.clean.recurring.chosen import choose_again
from tasks.ingest.batching import NewDocument, gather_documents
from tasks.ingest.fields import Fields
from tasks.ingest.inputs import can_be_read_again
from tasks.ingest.readers.reader import Options
from tasks.publish.unchanged import publish_again


def publish_if_nothing_is_new(
    inputs: list[str], warehouse: Path, *, columns: str | None, **options: Any
) -> RunSummary | None:
    """What was published, by links to the snapshot before; None where there is work to do, which is then not begun.

    Looks at files only: what is fetched, or comes through a pipe, is read once, by the run. Reads no further than the
    first document that the warehouse does not hold. The parameters are those of the flow; `options` are for `open_run`.
    """
    if not Warehouse(warehouse).current.is_symlink() or not all(map(can_be_read_again, inputs)):
        return None
    with open_run(inputs, str(warehouse), columns=columns, **options) as run:
        try:
            received = gather_documents(
                run.inputs,
                run.warehouse,
                run.run_id,
                options=Options(fields=Fields.with_file(Path(columns) if columns else None)),
                keep_document_ids_of=run.kept("documents"),
                published=run.before("documents"),
                takes_new=False,
            )
        except NewDocument:
            return None
        counted = choose_again(received.batches)
        if counted is None or len(done := run.find_done(counted)) < len(counted):
            return None
        if not run.is_published(received, done):
            return None
        number = publish_again(run.warehouse, run.as_before(received, done))
        run.note_published(received, done, number)
        return run.summarize(number, received)
