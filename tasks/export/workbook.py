"""An Excel workbook: one sheet per table, and one that tells what they are."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from schemas import TABLES
from tasks.export.cells import is_formula
from tasks.export.sources import ExportError, Snapshot, naming_faults

MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767
MOST_SHEET_NAME = 31


def write_workbook(snapshot: Snapshot, names: Sequence[str], path: Path) -> dict[str, int]:
    """Writes the workbook; how many rows each sheet has comes back.

    No cell is a formula or a link. Text longer than a cell holds is cut, and the first sheet counts such cells;
    a table with more rows than a sheet holds raises ExportError.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise ExportError("Excel files need one more package: pip install xlsxwriter") from error
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with naming_faults(xlsxwriter.exceptions.XlsxFileError), xlsxwriter.Workbook(path, options) as book:
        about = book.add_worksheet("about")
        counts = {}
        notes = []
        for name in names:
            counts[name], cut = _Sheet(book, name).write(snapshot)
            notes.append((name, counts[name], cut, TABLES[name].description if name in TABLES else "A view."))
        about.write_row(0, 0, ["sheet", "rows", "cells cut to what Excel holds", "one row is"])
        for number, note in enumerate(notes, 1):
            about.write_row(number, 0, note)
        about.set_column(0, 2, 22)
        about.set_column(3, 3, 90)
    return counts


class _Sheet:
    """One sheet under way."""

    def __init__(self, book: Any, name: str) -> None:
        self.name = name
        self.sheet = book.add_worksheet(name[:MOST_SHEET_NAME])
        self.bold = book.add_format({"bold": True})
        # Excel keeps a cell in this format as text even when it is edited.
        self.text = book.add_format({"quote_prefix": True})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.cut = 0

    def write(self, snapshot: Snapshot) -> tuple[int, int]:
        """Rows written, and cells cut."""
        columns = snapshot.schema(self.name).names
        self.sheet.write_row(0, 0, columns, self.bold)
        self.sheet.freeze_panes(1, 0)
        row = 0
        for batch in snapshot.batches(self.name):
            if row + batch.num_rows > MOST_ROWS:
                raise ExportError(
                    f"{self.name} has more rows than an Excel sheet holds ({MOST_ROWS:,}): export to csv or duckdb"
                )
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                row += 1
                for column, value in enumerate(values):
                    self._write_cell(row, column, value)
        self.sheet.autofilter(0, 0, row, len(columns) - 1)
        return row, self.cut

    def _write_cell(self, row: int, column: int, value: object) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self.sheet.write_boolean(row, column, value)
        elif isinstance(value, str):
            text = shorten_cell(value)
            self.cut += text != value
            self.sheet.write_string(row, column, text, self.text if is_formula(text) else None)
        elif isinstance(value, datetime):
            # Excel knows no time zones; all times of the tables are in UTC.
            self.sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), self.time)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value)
        else:
            self.sheet.write_number(row, column, value)


def shorten_cell(text: str) -> str:
    """The text, cut with an ellipsis to what a cell holds: 32,767 units of UTF-16."""
    if 2 * len(text) <= MOST_CHARACTERS:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MOST_CHARACTERS:
        return text
    # Half of a character that takes two units is dropped.
    return units[: 2 * (MOST_CHARACTERS - 1)].decode("utf-16-le", "ignore") + "…"
