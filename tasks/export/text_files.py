"""CSV and JSON Lines: one file per table."""

import csv
import json
from pathlib import Path

from tasks.export.cells import make_safe, plain_value
from tasks.export.sources import Snapshot


def write_csv(snapshot: Snapshot, name: str, folder: Path) -> int:
    """Writes `folder/<name>.csv`; how many rows it has comes back.

    UTF-8, comma, CRLF, fields quoted where needed (RFC 4180). A null is an empty field, a truth value is true or
    false. Text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    count = 0
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(snapshot.schema(name).names)
        for batch in snapshot.batches(name):
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            writer.writerows([_cell(value) for value in row] for row in rows)
            count += batch.num_rows
    return count


def write_json_lines(snapshot: Snapshot, name: str, folder: Path) -> int:
    """Writes `folder/<name>.jsonl`, one object a row, nulls included; how many rows it has comes back."""
    count = 0
    with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
        for batch in snapshot.batches(name):
            for record in batch.to_pylist():
                values = {column: plain_value(value) for column, value in record.items()}
                file.write(json.dumps(values, ensure_ascii=False) + "\n")
            count += batch.num_rows
    return count


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return make_safe(value)
    return plain_value(value)
