"""What was refused, and the inputs to take in again after a fix."""

import json
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.reading import ReadingError, Tables
from tasks.ingest.inputs import is_address
from tasks.ingest.sources import find_path, is_there

SHOWN = ("source_uri", "stage", "check_name", "observed", "expected")
# What tells a second refusal under one name from the first.
REPEATED = re.compile(r" \(\d+\)$")


@dataclass(frozen=True)
class Refusals:
    """Rows of quarantine as dictionaries, and how many there are of each reason."""

    rows: list[dict[str, Any]]

    def counts(self) -> list[tuple[str, str, str, int]]:
        """(stage, table, check, how many), most frequent first; the table is empty where an input was refused."""
        counted = Counter((row["stage"], row["table_name"] or "", row["check_name"]) for row in self.rows)
        return [(*reason, count) for reason, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]


@dataclass(frozen=True)
class Retry:
    """Inputs to take in again; `gone` are those that are no longer there.

    `columns` and `allow_private` are how the runs that refused them read them: files of column names, each once, and
    whether one of them fetched from this network.
    """

    inputs: list[str]
    gone: list[str]
    columns: list[str] = field(default_factory=list)
    allow_private: bool = False

    def choose_columns(self, wanted: str | None) -> str | None:
        """The file of column names to read by; ReadingError where the inputs came with several and none is wanted."""
        if wanted is not None or not self.columns:
            return wanted
        if len(self.columns) > 1:
            raise ReadingError(
                f"these inputs were read with {len(self.columns)} different files of column names "
                f"({', '.join(self.columns)}): name one with --columns, and the inputs of one with --check or --stage, "
                "or take them in with `onrecord run`"
            )
        return self.columns[0]


def read_refusals(tables: Tables, *, check: str | None = None, stage: str | None = None) -> Refusals:
    """The refusals of the published snapshot, of one check or stage if one is named, by stage, check and source."""
    rows = tables.query(
        "SELECT source_uri, stage, table_name, row_key, check_name, observed, expected, document_id, refused_at "
        "FROM quarantine WHERE (? IS NULL OR check_name = ?) AND (? IS NULL OR stage = ?) "
        "ORDER BY stage, check_name, source_uri, row_key",
        [check, check, stage, stage],
        tables=["quarantine"],
    )
    names = (
        "source_uri",
        "stage",
        "table_name",
        "row_key",
        "check_name",
        "observed",
        "expected",
        "document_id",
        "refused_at",
    )
    return Refusals([dict(zip(names, row, strict=True)) for row in rows])


def plan_retry(refusals: Refusals, tables: Tables) -> Retry:
    """The inputs behind the refusals, each once, and how the runs that refused them read them.

    What later stages refused lies in the warehouse, and every run judges it anew: only what ingestion refused has
    to be read again.
    """
    inputs: dict[str, None] = {}
    gone: dict[str, None] = {}
    for row in refusals.rows:
        if row["stage"] != "ingest" or not row["source_uri"]:
            continue
        found = find_input(row["source_uri"])
        (inputs if found else gone)[found or row["source_uri"]] = None
    options = read_options(tables, {row["refused_at"] for row in refusals.rows if row["stage"] == "ingest"})
    columns = sorted({str(one["columns"]) for one in options if one.get("columns")})
    return Retry(list(inputs), list(gone), columns, any(one.get("allow_private") for one in options))


def read_options(tables: Tables, moments: Collection[datetime]) -> list[dict[str, Any]]:
    """The options of the runs that were under way at these moments; none of runs of versions that did not tell."""
    rows = tables.query("SELECT started_at, finished_at, options FROM runs", tables=["runs"])
    return [
        json.loads(options)
        for started_at, finished_at, options in rows
        if options and any(started_at <= moment <= finished_at for moment in moments)
    ]


def find_input(source_uri: str) -> str | None:
    """The file or address that a source names, without the record in it; None where it is not there any more."""
    plain = REPEATED.sub("", source_uri)
    if is_address(plain) or "://" in plain:
        return plain.partition("#")[0]
    # A file's own name may hold the mark that parts it from the record.
    for candidate in (source_uri, plain, *_cut(plain)):
        if candidate and is_there(find_path(candidate)):
            return candidate
    return None


def _cut(source_uri: str) -> list[str]:
    """The source without its last part, its last two parts, and so on."""
    parts = source_uri.split("#")
    return ["#".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
