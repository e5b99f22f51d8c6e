"""Whether published rows keep what their declarations promise: keys, references, offsets, texts, versions."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import pyarrow as pa

from flows.reading import PARTITION_COLUMN, ReadingError, Tables
from schemas import PUBLISHED_TABLES, TABLES, RemovedSpan, Repair, Repeats, Table
from schemas.parquet import ARROW_TYPES
from tasks.clean.edits import rebuild_source_text
from tasks.validate.offsets import columns_of, find_in_order, find_standing

# A document's own text where it came as plain text, else what was read out of the page.
SOURCE_TEXTS = (
    "SELECT d.document_id AS owner, "
    "CASE d.media_type WHEN 'text/plain' THEN d.raw_text ELSE a.extracted_text END AS text "
    "FROM documents d LEFT JOIN articles a ON a.document_id = d.document_id"
)
ARTICLE_TEXTS = "SELECT a.article_id AS owner, a.text FROM articles a"


def check_rows(tables: Tables, manifest: dict) -> list[str]:
    """Every broken promise of the snapshot's rows, in words; the first row concerned is named."""
    checks: list[Callable[[], Iterator[str]]] = [lambda: check_versions(tables, manifest)]
    for name in PUBLISHED_TABLES:
        checks.append(lambda table=TABLES[name]: check_table(tables, table))  # type: ignore[misc]
    checks += [lambda: check_conservation(tables), lambda: check_rebuilding(tables)]
    faults: list[str] = []
    for check in checks:
        try:
            faults += check()
        except ReadingError as error:
            faults.append(str(error))
    return faults


def check_table(tables: Tables, table: Table) -> Iterator[str]:
    """What is wrong with the keys, nulls, references and offsets of one table."""
    yield from _check_key(tables, table)
    for column in table.columns:
        if not column.nullable:
            yield from _tell(tables, table, f'"{column.name}" IS NULL', f"{column.name} is null")
        if column.references:
            yield from _check_reference(tables, table, column.name, column.references)
    for start, end in table.spans:
        yield from _tell(tables, table, f'"{end}" < "{start}"', f"{end} is before {start}")
    for repeats in table.repeats:
        yield from _check_repeated(tables, table, repeats)


def check_versions(tables: Tables, manifest: dict) -> Iterator[str]:
    """Where the manifest, the folder's name and the newest run disagree."""
    number = manifest.get("snapshot_number")
    if tables.snapshot.name.isdigit() and int(tables.snapshot.name) != number:
        yield f"manifest.json: it is of snapshot {number}, but lies in {tables.snapshot.name}"
    newest = tables.query(
        "SELECT run_id, snapshot_number, code_version, rules_version FROM runs ORDER BY run_id DESC LIMIT 1",
        tables=["runs"],
    )
    if not newest:
        yield "runs: no run, so that nothing tells what made these tables"
        return
    names = ("run_id", "snapshot_number", "code_version", "rules_version")
    for name, value in zip(names, newest[0], strict=True):
        if manifest.get(name) != value:
            yield f"runs: {name} of the newest run is {value}, the manifest says {manifest.get(name)}"


def check_conservation(tables: Tables) -> Iterator[str]:
    """Runs whose inputs do not add up, and documents that are neither article nor refused, or both."""
    sum_of = "article_count + duplicate_count + quarantined_count"
    fault = "inputs are not articles + duplicates + refused"
    yield from _tell(tables, TABLES["runs"], f"input_count <> {sum_of}", fault)
    refused = (
        "SELECT document_id FROM quarantine WHERE document_id IS NOT NULL AND stage <> 'ingest' "
        "AND (table_name IS NULL OR table_name = 'articles')"
    )
    rows = tables.query(
        f"SELECT document_id, document_id IN (SELECT document_id FROM articles) AS is_article FROM documents "
        f"WHERE is_article = (document_id IN ({refused})) ORDER BY 1",
        tables=["documents", "articles", "quarantine"],
    )
    if rows:
        first, is_article = rows[0]
        both = "an article and refused" if is_article else "neither an article nor refused"
        yield f"documents: {_count(len(rows))} not accounted for (first: {first}, which is {both})"


def check_rebuilding(tables: Tables) -> Iterator[str]:
    """Articles whose text, with every edit undone, is not the text that was received; read one day at a time."""
    broken = sorted(chain.from_iterable(_find_not_rebuilt(tables, day) for day in _days(tables, "articles")))
    if broken:
        yield f"articles: {_count(len(broken))} cannot be turned back into the source text (first: {broken[0]})"


def _find_not_rebuilt(tables: Tables, day: object) -> Iterator[str]:
    removed = "document_id, list((start_char, end_char, category, rule_name, text)) AS rows"
    repaired = "document_id, list((start_char, end_char, category, rule_name, before, after)) AS rows"
    of_day = f"{PARTITION_COLUMN} = $1"
    rows = tables.query(
        f"WITH sources AS ({SOURCE_TEXTS} WHERE d.{of_day}), "
        f"removed AS (SELECT {removed} FROM removed_spans WHERE {of_day} GROUP BY 1), "
        f"repaired AS (SELECT {repaired} FROM repairs WHERE {of_day} AND is_applied GROUP BY 1) "
        "SELECT a.document_id, a.text, s.text, r.rows, p.rows FROM articles a "
        "JOIN sources s ON s.owner = a.document_id LEFT JOIN removed r ON r.document_id = a.document_id "
        f"LEFT JOIN repaired p ON p.document_id = a.document_id WHERE a.{of_day}",
        [day],
        tables=["articles", "documents", "removed_spans", "repairs"],
    )
    for document_id, text, source, spans, repairs in rows:
        if not _is_rebuilt(document_id, text, source, spans or (), repairs or ()):
            yield document_id


def _is_rebuilt(document_id: str, text: str, source: str, spans: Sequence[tuple], repairs: Sequence[tuple]) -> bool:
    places = ("start_char", "end_char", "category", "rule_name")
    removed = [RemovedSpan(document_id=document_id, **dict(zip((*places, "text"), row, strict=True))) for row in spans]
    mended = [
        Repair(document_id=document_id, is_applied=True, **dict(zip((*places, "before", "after"), row, strict=True)))
        for row in repairs
    ]
    try:
        return rebuild_source_text(text, removed, mended) == source
    except ValueError:
        return False


def _check_key(tables: Tables, table: Table) -> Iterator[str]:
    key = ", ".join(f'"{name}"' for name in table.key)
    rows = tables.query(
        f'SELECT {key}, count(*) FROM "{table.name}" GROUP BY {key} HAVING count(*) > 1 ORDER BY {key}',
        tables=[table.name],
    )
    if rows:
        first = ":".join(map(str, rows[0][:-1]))
        yield f"{table.name}: {_count(len(rows), 'key')} of several rows (first: {first})"


def _check_reference(tables: Tables, table: Table, column: str, target: str) -> Iterator[str]:
    target_table, _, target_column = target.partition(".")
    unknown = f'"{column}" IS NOT NULL AND "{column}" NOT IN (SELECT "{target_column}" FROM "{target_table}")'
    yield from _tell(tables, table, unknown, f"{column} does not stand in {target}", target_table)


def _check_repeated(tables: Tables, table: Table, repeats: Repeats) -> Iterator[str]:
    """What does not stand in its text, and segments that are in no order; read one day at a time."""
    standing: list[str] = []
    in_order: list[str] = []
    for day in _days(tables, table.name):
        keys, columns = _columns_of(tables, table, repeats, day)
        texts = f"{SOURCE_TEXTS} WHERE d" if repeats.of == "source_text" else f"{ARTICLE_TEXTS} WHERE a"
        owned = tables.query(f"{texts}.{PARTITION_COLUMN} = $1", [day], tables=["articles", "documents"])
        standing += _keys_of(keys, find_standing(((owner, text or "") for owner, text in owned), columns, repeats))
        if repeats.segments:
            in_order += _keys_of(keys, find_in_order(columns, repeats))
    offsets = ", ".join(repeats.offsets)
    yield from _tell_keys(table, standing, f"{repeats.text} does not stand in {repeats.of} at {offsets}")
    fault = f"{repeats.segments} do not follow each other from {repeats.start} to {repeats.end}"
    yield from _tell_keys(table, in_order, fault)


def _columns_of(tables: Tables, table: Table, repeats: Repeats, day: object) -> tuple[list[str], pa.Table]:
    names = [*table.key, *columns_of(repeats)]
    listed = ", ".join(f'"{name}"' for name in names)
    rows = tables.query(
        f'SELECT {listed} FROM "{table.name}" WHERE {PARTITION_COLUMN} = $1', [day], tables=[table.name]
    )
    keys = [":".join(map(str, row[: len(table.key)])) for row in rows]
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    columns = {
        name: pa.array(values[at], ARROW_TYPES[table.column(name).type])
        for at, name in enumerate(names)
        if at >= len(table.key)
    }
    return keys, pa.table(columns)


def _keys_of(keys: list[str], kept: list[bool]) -> Iterator[str]:
    return (key for key, is_kept in zip(keys, kept, strict=True) if not is_kept)


def _tell_keys(table: Table, keys: list[str], fault: str) -> Iterator[str]:
    if keys:
        yield f"{table.name}: {_count(len(keys))} where {fault} (first: {min(keys)})"


def _days(tables: Tables, table_name: str) -> list[object]:
    sql = f'SELECT DISTINCT {PARTITION_COLUMN} FROM "{table_name}" ORDER BY 1'
    return [row[0] for row in tables.query(sql, tables=[table_name])]


def _tell(tables: Tables, table: Table, condition: str, fault: str, *others: str) -> Iterator[str]:
    """One fault where rows meet the condition: how many, and the key of the first."""
    key = ", ".join(f'"{name}"' for name in table.key)
    rows = tables.query(
        f'SELECT {key} FROM "{table.name}" t WHERE {condition} ORDER BY {key}', tables=[table.name, *others]
    )
    if rows:
        yield f"{table.name}: {_count(len(rows))} where {fault} (first: {':'.join(map(str, rows[0]))})"


def _count(number: int, what: str = "row") -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"
