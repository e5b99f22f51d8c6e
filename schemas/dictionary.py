"""The data dictionary, written from the declarations."""

from schemas.columns import TABLES, Column, Table

TYPE_NAMES = {"str": "text", "int": "integer", "float": "number", "bool": "yes/no", "datetime": "time", "date": "day"}


def describe_limits(column: Column) -> str:
    """The column's limits in words, empty where it has none."""
    parts = []
    if column.values:
        parts.append("one of " + ", ".join(column.values))
    if column.minimum is not None:
        parts.append(f"≥ {column.minimum:g}")
    if column.maximum is not None:
        parts.append(f"≤ {column.maximum:g}")
    if column.max_length is not None:
        parts.append(f"at most {column.max_length} characters")
    if column.pattern:
        parts.append(f"matches `{column.pattern}`".replace("|", "\\|"))
    if column.references:
        parts.append(f"stands in {column.references}")
    return "; ".join(parts)


def describe_type(column: Column) -> str:
    """Type and unit in words."""
    name = TYPE_NAMES[column.type.__name__]
    return f"{name}, {column.unit}" if column.unit else name


def table_markdown(table: Table) -> str:
    """One table's part of the dictionary."""
    stored = "one folder per day its document was fetched" if table.partitioned else "one file"
    lines = [
        f"## {table.name}",
        "",
        table.description,
        "",
        f"Key: {', '.join(table.key)}. Stored as {stored}.",
        "",
        "| Column | Type | Null | Meaning | Limits |",
        "|---|---|---|---|---|",
    ]
    for column in table.columns:
        null = "yes" if column.nullable else "no"
        cells = (column.name, describe_type(column), null, column.description, describe_limits(column))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def dictionary_markdown() -> str:
    """The whole dictionary of the published tables."""
    head = (
        "# Data dictionary\n\n"
        "Written from the declarations in `schemas/` by `make dictionary`; do not edit.\n\n"
        "Offsets are half-open and count characters (code points). Those of `removed_spans`, `repairs` and\n"
        "`captions` point into the source text: `documents.raw_text`, or `articles.extracted_text` for HTML. All\n"
        "others point into `articles.text`. Tables stored by day carry that day in the folder name\n"
        "(`fetched_date=2026-01-31`), which readers show as one more column.\n"
    )
    parts = [table_markdown(table) for table in TABLES.values() if table.published]
    return head + "\n" + "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    import schemas  # noqa: F401  (declares the tables)

    print(dictionary_markdown(), end="")
