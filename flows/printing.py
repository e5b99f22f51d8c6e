"""Rows and articles on a terminal: text from articles is never markup and steers nothing."""

import json
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from flows.reading import Rows, SpokenQuote
from flows.summary import RunSummary
from schemas import Table
from schemas.dictionary import describe_limits, describe_type
from tasks.publish.plain_text import CONTROLS, flatten_text, shorten_text
from tasks.publish.report_views import source_name

CELL_CHARACTERS = 240
# A pipe or a file has no width; lines of a table stay whole there.
PIPE_WIDTH = 200
READING_WIDTH = 96
ROLE_STYLES = {
    "quote": "black on yellow",
    "reported": "yellow",
    "speaker": "bold green",
    "cue": "italic magenta",
    "figure": "underline",
}


def open_console(*, stderr: bool = False) -> Console:
    """A console that colours only on a terminal and takes nothing printed for markup."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def plain(value: object, limit: int = CELL_CHARACTERS) -> Text:
    """A value as one line of text; nothing for None."""
    if value is None:
        return Text("")
    if isinstance(value, datetime):
        return Text(value.strftime("%Y-%m-%d %H:%M"))
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, float):
        return Text(f"{value:g}")
    return Text(shorten_text(str(value), limit))


def as_json(value: Any) -> str:
    """`value` as JSON for scripts: times in ISO 8601, control characters escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_json_value)
    return CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _json_value(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def make_grid(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Grid:
    """A table of values under column names."""
    grid = Grid(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in columns:
        grid.add_column(name, overflow="fold")
    for row in rows:
        grid.add_row(*(plain(value) for value in row))
    return grid


def print_rows(console: Console, rows: Rows, table: Table) -> None:
    """Rows under their column names, and how many more there are."""
    console.print(make_grid(rows.columns, rows.values))
    more = f"{len(rows.values):,} of {rows.total:,} rows"
    if hidden := len(table.columns) - len(set(rows.columns) & set(table.column_names)):
        more += f", {len(rows.columns)} columns; {hidden} more: --columns all, or `onrecord describe {table.name}`"
    console.print(Text(more, style="dim"))


def print_description(console: Console, table: Table) -> None:
    """A table's columns with type, unit, meaning and limits."""
    console.print(Text(table.name, style="bold").append(f"  {table.description}", style="not bold"))
    stored = "one folder per day its document was fetched" if table.partitioned else "one file"
    console.print(Text(f"key: {', '.join(table.key)}; stored as {stored}\n", style="dim"))
    rows = [
        (column.name, describe_type(column), "yes" if column.nullable else "no", column.description, limits)
        for column in table.columns
        for limits in [describe_limits(column).replace("\\|", "|")]
    ]
    console.print(make_grid(("column", "type", "null", "meaning", "limits"), rows))


def describe_table(table: Table) -> list[dict[str, Any]]:
    """What is declared of each column, for scripts."""
    return [
        {
            "column": column.name,
            "type": describe_type(column),
            "nullable": column.nullable,
            "meaning": column.description,
            "limits": describe_limits(column).replace("\\|", "|"),
            "is_key": column.name in table.key,
        }
        for column in table.columns
    ]


def print_quotes(console: Console, quotes: Sequence[SpokenQuote]) -> None:
    """Quotations by speaker: who printed it, the words, and how they were introduced."""
    for speaker, spoken in groupby(quotes, key=lambda quote: quote.speaker_name):
        own = list(spoken)
        count = f"{len(own)} quotation{'s' if len(own) != 1 else ''}"
        console.print(Text(flatten_text(speaker), style="bold green").append(f"  {count}\n", style="not bold dim"))
        for quote in own:
            console.print(_spoken(quote, min(console.width, READING_WIDTH)))


def _spoken(quote: SpokenQuote, width: int) -> Text:
    where = Text(flatten_text(quote.outlet_name or source_name(quote.source_uri)), style="bold")
    if quote.title:
        where.append(f"  {flatten_text(quote.title)}", style="not bold")
    if isinstance(quote.published_at, datetime):
        where.append(f"  {quote.published_at:%Y-%m-%d}", style="not bold dim")
    content = flatten_text(quote.content)
    said = textwrap.wrap(f"“{content}”" if quote.kind == "direct" else content, width - 4)
    printed = ", ".join(dict.fromkeys(filter(None, (quote.speaker_text, quote.speaker_title))))
    introduced = flatten_text(" · ".join(filter(None, (quote.kind, quote.cue, printed))))
    where.append("".join(f"\n  {line}" for line in said), style="not bold")
    return where.append(f"\n  {introduced}\n", style="not bold dim")


def print_summary(console: Console, summary: RunSummary) -> None:
    """What a run did, and where to look now."""
    grid = Grid.grid(padding=(0, 2, 0, 0))
    for label, text in summary.lines():
        grid.add_row(Text(label, style="bold"), Text(flatten_text(text), overflow="fold"))
    console.print(grid)
