"""The formats that tables can be exported to."""

from typing import Literal

ExportFormat = Literal["csv", "xlsx", "jsonl", "sqlite", "duckdb", "delta"]
