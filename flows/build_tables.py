"""The whole pipeline: scraped news in, tables of who said what out."""

from typing import Annotated

from prefect import flow, unmapped
from pydantic import Field

from flows.language_work import work_on_batch
from flows.places import Place
from flows.runners import choose_runner, name_for_all
from flows.running import name_run, open_run
from flows.summary import RunSummary
from flows.telling import tell_failure
from schemas.attribution import AttributionMethod
from tasks.clean.task import count_recurring_lines
from tasks.gather.task import gather_tables, record_run
from tasks.ingest.task import ingest_documents
from tasks.link.task import link_quotes_and_figures, link_stories
from tasks.publish.task import describe_run, mirror_tables, publish_tables, publish_tables_again, write_pages
from tasks.resolve.task import resolve_people
from tasks.validate.task import prepare_validation, validate_tables

ALERT_SHARE = 0.2
# What follows the batches' language work, in its order.
TABLE_WORK = (
    gather_tables,
    link_stories,
    resolve_people,
    link_quotes_and_figures,
    record_run,
    validate_tables,
    write_pages,
    publish_tables,
)


@flow(name="build-tables", flow_run_name=name_run, task_runner=choose_runner(), on_failure=[tell_failure])
def build_tables(
    inputs: list[Place],
    warehouse: str = "data/warehouse",
    replace: bool = False,
    attribution: AttributionMethod = "tagger",
    columns: str | None = None,
    allow_private: bool = False,
    relink: bool = False,
    publish_to: Place | None = None,
    alert_share: Annotated[float, Field(ge=0, le=1)] = ALERT_SHARE,
) -> RunSummary:
    """Read news from `inputs`, publish the tables in `warehouse`, and return what was done.

    Tables hold all documents that the warehouse has seen; with `replace` they hold those of `inputs` alone.
    A batch of documents that was processed before, by the same code, rules and models, is not processed again.

    Args:
        inputs: Files, folders, patterns and addresses of scraped news, of any format that is known; "-" reads
            standard input. Without any, what the warehouse holds is published anew.
        warehouse: Folder of the tables; made if it is not there.
        replace: Publish these inputs alone, not beside those of earlier runs.
        attribution: How it is found who says what: by the trained tagger, or by rules over spaCy's parse.
        columns: File that says how the columns of the inputs' tables are called.
        allow_private: Fetch from addresses of this machine and its network as well.
        relink: Compare all articles with each other again, not only those that are new with the others.
        publish_to: Address to which the snapshot is published as well, as "s3://bucket/news".
        alert_share: Share of refused inputs above which the run leaves the event "onrecord.quarantine.high".
    """
    warehouse = name_for_all(warehouse)
    with open_run(
        inputs,
        warehouse,
        replace=replace,
        attribution=attribution,
        columns=columns,
        allow_private=allow_private,
        publish_to=publish_to,
    ) as run:
        received = run.do(ingest_documents, inputs, warehouse, run.run_id, **run.receiving())
        counted = run.do(count_recurring_lines, received.batches)
        done, undone = run.part_batches(counted)
        if not relink and not undone and run.is_published(received, done):
            # Nothing new: the tables are those published now.
            batches = done
            snapshot = run.do(publish_tables_again, warehouse, run.as_before(received, done))
        else:
            worked = work_on_batch.map(undone, unmapped(attribution))
            batches = run.finish_batches(worked, undone=undone, done=done, ahead=TABLE_WORK)
            received = run.refuse_taken_down(received, batches)
            staged = run.do(gather_tables, run.run_id, batches, run.staged, **run.gathering(received))
            run.do(link_stories, staged, **run.linking(relink=relink))
            # Loaded while people are joined, which is the work of one core.
            prepare_validation()
            run.do(resolve_people, staged, run.before("entities"), str(run.warehouse.aliases_file))
            run.do(link_quotes_and_figures, staged, run.linking(relink=relink)["index_folder"])
            run.do(record_run, run.run_id, staged, **run.recording(received, batches))
            is_drafted = run.draft_report()
            validated = run.do(validate_tables, staged)
            pages = run.do(write_pages, validated, warehouse, is_drafted=is_drafted())
            snapshot = run.do(publish_tables, validated, warehouse, extra_files=pages)
        run.note_published(received, batches, snapshot)
        # Before what may fail: the snapshot is there, and another try of the flow would find nothing new to tell of.
        # The time that publishing elsewhere takes is told by its own task and on the console.
        run.do(describe_run, warehouse, snapshot, run.seconds, run.finished, alert_share=alert_share)
        if publish_to:
            run.do(mirror_tables, warehouse, publish_to)
        return run.summarize(snapshot, received)
