"""Tables about running: what a run did, what it received, what it refused."""

from dataclasses import dataclass
from datetime import datetime

from schemas.columns import Row, column, declare_table

STAGES = ("ingest", "clean", "annotate", "resolve", "link", "validate", "publish")


@declare_table("runs", key=("run_id",))
@dataclass(kw_only=True, slots=True)
class Run(Row):
    """One run of the pipeline: what went in, what came out, with which code, rules and models."""

    run_id: str = column("Identifier of the run; sorts by time.", max_length=64)
    started_at: datetime = column("When the run began.", unit="UTC")
    finished_at: datetime = column("When its tables were staged, just before publishing.", unit="UTC")
    status: str = column("How the run ended; only published runs reach this table.", values=("published",))
    snapshot_number: int = column("Snapshot this run published.", minimum=1)
    inputs: str = column("The inputs as given, joined by a space.")
    input_count: int = column("Inputs received: files, or records of a file of records.", minimum=0)
    article_count: int = column("Inputs that are articles.", minimum=0)
    duplicate_count: int = column("Inputs whose bytes equal those of an earlier input of the run.", minimum=0)
    quarantined_count: int = column("Inputs refused.", minimum=0)
    passed_over_count: int | None = column(
        "Files and records passed over, which are no inputs: hidden files, readmes, redirects in a web archive, "
        "articles of a feed left to the next run; null for runs of versions that did not tell.",
        minimum=0,
    )
    new_document_count: int = column("Documents that the snapshot before did not hold.", minimum=0)
    batch_count: int = column("Batches the tables are made of.", minimum=0)
    reused_batch_count: int = column("Batches whose language processing was done in an earlier run.", minimum=0)
    clean_in_count: int = column("Documents that went into cleaning, over all batches.", minimum=0)
    clean_out_count: int = column("Articles that came out of cleaning.", minimum=0)
    annotate_in_count: int = column("Articles that went into annotation.", minimum=0)
    annotate_out_count: int = column("Quotations that came out of annotation.", minimum=0)
    resolve_in_count: int = column("Quotations that went into speaker resolution.", minimum=0)
    resolve_out_count: int = column("Quotations whose speaker has a name.", minimum=0)
    link_in_count: int = column("Articles that went into linking.", minimum=0)
    link_out_count: int = column("Stories that came out of linking.", minimum=0)
    validate_in_count: int = column("Rows checked, over all tables.", minimum=0)
    validate_out_count: int = column("Rows that passed.", minimum=0)
    code_version: str = column("Version of onrecord.")
    rules_version: str = column("Fingerprint of the code and rule files that made the tables.")
    model_versions: str = column("Models used, name and version, joined by a space.")
    config_hash: str = column("Fingerprint of the run's inputs and options.")
    options: str | None = column(
        "The run's options, as JSON: replace, attribution, columns (the file that names them), allow_private; null for "
        "runs of versions that did not tell."
    )
    attribution: str | None = column(
        "How it was found who says what; null for runs of versions that did not tell.", values=("tagger", "rules")
    )


@declare_table("documents", key=("document_id",), partitioned=True)
@dataclass(kw_only=True, slots=True)
class Document(Row):
    """One input as received, and what its container said about it."""

    document_id: str = column(
        "First 16 hexadecimal digits of the SHA-256 of the input's bytes.", pattern="^[0-9a-f]{16}$"
    )
    source_uri: str = column("Where it was read: a path, with #L and the line for a record of a file.")
    media_type: str = column("What raw_text is.", values=("text/plain", "text/html"))
    encoding: str = column("Character encoding the bytes were read in.", max_length=32)
    byte_count: int = column("Size as received.", unit="bytes", minimum=1)
    raw_text: str = column("The text as received, decoded; NULs left out, nothing mended.")
    fetched_at: datetime = column("When it was scraped, as far as known: else the file's own time.", unit="UTC")
    declared_title: str | None = column("Title that the container gives (a record's field).")
    declared_outlet: str | None = column("Outlet that the container gives.")
    declared_author: str | None = column("Author that the container gives.")
    declared_url: str | None = column("Address that the container gives.")
    declared_published_at: datetime | None = column("Publication time that the container gives.", unit="UTC")


@declare_table("quarantine", key=("quarantine_id",))
@dataclass(kw_only=True, slots=True)
class Quarantine(Row):
    """One input or row refused, at which check, and what was seen there."""

    quarantine_id: str = column("Fingerprint of the refusal.", pattern="^[0-9a-f]{16}$")
    document_id: str | None = column("Document refused, or whose row was; null where none could be read.")
    source_uri: str | None = column("Where the input was read.")
    stage: str = column("Stage that refused it.", values=STAGES)
    table_name: str | None = column("Table of the refused row; null where an input was refused.")
    row_key: str | None = column("Key of the refused row, its parts joined by a colon.")
    check_name: str = column("Name of the check that failed.")
    observed: str = column("What was seen, shortened.", max_length=500)
    expected: str = column("What the check asks for.")
    refused_at: datetime = column("When it was refused.", unit="UTC")
