"""Small batches made one: a run each hour leaves many, and every later run opens the files of them all."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.attribution import AttributionMethod
from schemas.parquet import arrow_schema, write_table
from schemas.warehouse import Warehouse, sync_path, sync_tree, whole_folder
from tasks.batches import (
    BATCH_CHARACTERS,
    BATCH_DOCUMENTS,
    BATCH_STAGES,
    Batch,
    batch_id_of,
    drop_repeated,
    read_document_ids,
    remove_orphans,
    stage_fingerprint,
)
from tasks.broken import remove_broken_work
from tasks.clean.recurring.chosen import recurring_file
from tasks.clean.recurring.line_files import LINES_FILE, write_named

DOCUMENTS_FILE = "documents.parquet"
# A stage that refused nothing may have none.
SOMETIMES = {"quarantine.parquet"}
# What fills less of a batch than this is small.
SMALL_SHARE = 0.5


@dataclass(frozen=True)
class Compacted:
    """How many small batches were put together, and to how many."""

    small_batches: int = 0
    merged_batches: int = 0


@dataclass(frozen=True)
class _Small:
    """A small batch that the present code has finished; `text_bytes` is how long its documents are, `age` when written.

    `files` are the names of what each stage has made of it.
    """

    batch: Batch
    document_ids: list[str]
    text_bytes: int
    age: int
    files: tuple[frozenset[str], ...]


def merge_small_batches(
    warehouse: Warehouse,
    *,
    batch_documents: int = BATCH_DOCUMENTS,
    batch_characters: int = BATCH_CHARACTERS,
    report: Callable[[str], None] = lambda _: None,
) -> Compacted:
    """Puts small batches together to full ones, oldest first, with all that the present code has made of them.

    Only batches are merged whose language work is done, so that none is done again: rows are copied as they are.
    Broken off, it leaves what the next run or upkeep tidies before it reads anything. To be called after
    `prune_warehouse`, which leaves one version of each batch. The caller holds the writer's lock; `report` is told of
    what was broken.
    """
    if not (warehouse.work / "documents").is_dir():
        return Compacted()
    remove_broken_work(warehouse, report)
    ids_of = {folder.name: read_document_ids(folder) for folder in (warehouse.work / "documents").glob("[!.]*")}
    for batch_id in drop_repeated(warehouse, ids_of):
        del ids_of[batch_id]
    remove_orphans(warehouse)
    small = list(_find_small(warehouse, ids_of, batch_documents, batch_characters))
    groups = [group for group in _fill(small, batch_documents, batch_characters) if len(group) > 1]
    for group in groups:
        _merge(warehouse, [one.batch for one in group], [name for one in group for name in one.document_ids])
    return Compacted(sum(map(len, groups)), len(groups))


def _find_small(
    warehouse: Warehouse, ids_of: dict[str, list[str]], batch_documents: int, batch_characters: int
) -> Iterator[_Small]:
    cleaned = warehouse.batch_folder("clean", stage_fingerprint("clean"), "")
    names: dict[str, list[str]] = defaultdict(list)
    for path in cleaned.iterdir() if cleaned.is_dir() else ():
        batch_id, _, recurring_name = path.name.partition("-")
        names[batch_id].append(recurring_name)
    for batch_id, ids in ids_of.items():
        path = warehouse.documents_folder(batch_id) / DOCUMENTS_FILE
        if len(ids) > SMALL_SHARE * batch_documents:
            continue
        text_bytes = _column_bytes(path, "raw_text")
        if text_bytes <= SMALL_SHARE * batch_characters and (
            batch := _find_done(warehouse, batch_id, len(ids), names[batch_id])
        ):
            files = tuple(frozenset(file.name for file in batch.folder(stage).iterdir()) for stage in BATCH_STAGES)
            yield _Small(batch, ids, text_bytes, path.stat().st_mtime_ns, files)


def _column_bytes(path: Path, column: str) -> int:
    metadata = pq.read_metadata(path)
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    columns = (group.column(number) for group in groups for number in range(group.num_columns))
    return sum(one.total_uncompressed_size for one in columns if one.path_in_schema == column)


def _find_done(warehouse: Warehouse, batch_id: str, count: int, recurring_names: list[str]) -> Batch | None:
    """The batch as the present code has finished it; None where that is not so, or where it is so in several ways.

    `recurring_names` are those of the sets of recurring lines with which it was cleaned.
    """
    found = [
        batch
        for name in recurring_names
        for method in get_args(AttributionMethod)
        if (batch := Batch(batch_id, 0, count, str(warehouse.root), recurring_name=name, attribution=method))
        and all(batch.is_done(stage) for stage in BATCH_STAGES)
        and (batch.lines_folder / LINES_FILE).is_file()
        and (not name or recurring_file(batch.lines_folder, name).is_file())
    ]
    return found[0] if len(found) == 1 else None


def _fill(small: Iterable[_Small], batch_documents: int, batch_characters: int) -> Iterator[list[_Small]]:
    """Groups that fill a batch, in the order in which they were written.

    Of one method each, and with the same files: one that lacks a file is left to the run that will miss it.
    """
    alike: dict[tuple[str, tuple[frozenset[str], ...]], list[_Small]] = defaultdict(list)
    for one in small:
        alike[one.batch.attribution, tuple(files - SOMETIMES for files in one.files)].append(one)
    for members in alike.values():
        group: list[_Small] = []
        for one in sorted(members, key=lambda one: (one.age, one.batch.batch_id)):
            documents = sum(len(member.document_ids) for member in group) + len(one.document_ids)
            text_bytes = sum(member.text_bytes for member in group) + one.text_bytes
            if group and (documents > batch_documents or text_bytes > batch_characters):
                yield group
                group = []
            group.append(one)
        yield group


def _merge(warehouse: Warehouse, batches: Sequence[Batch], document_ids: list[str]) -> None:
    """Writes what was made of the batches first, then the documents, by which a batch is there; then removes theirs."""
    merged = Batch(
        batch_id_of(document_ids), 0, len(document_ids), str(warehouse.root), attribution=batches[0].attribution
    )
    merged = merged.with_recurring(_join_lines(batches, merged.lines_folder))
    for stage in BATCH_STAGES:
        with whole_folder(merged.folder(stage)) as draft:
            _join_files([batch.folder(stage) for batch in batches], draft)
    schema = arrow_schema("documents")
    with whole_folder(merged.documents) as draft:
        # Those of earlier versions may lack a column, which is null then.
        parts = [pq.read_table(batch.documents / DOCUMENTS_FILE, schema=schema) for batch in batches]
        write_table(pa.concat_tables(parts), draft / DOCUMENTS_FILE)
    # The disk has all of the new before any of the old goes.
    for folder in (merged.lines_folder, *map(merged.folder, BATCH_STAGES), merged.documents):
        sync_tree(folder)
        sync_path(folder.parent)
    for batch in batches:
        for folder in (batch.documents, *map(batch.folder, BATCH_STAGES), batch.lines_folder):
            _remove(folder)


def _join_lines(batches: Sequence[Batch], joined: Path) -> str:
    """Writes the batches' lines as those of one; the name of the recurring among them comes back.

    It is the one that choosing them anew would give.
    """
    chosen = [recurring_file(batch.lines_folder, batch.recurring_name) for batch in batches if batch.recurring_name]
    rows = [(row["document_id"], row["line"]) for path in chosen for row in pq.read_table(path).to_pylist()]
    with whole_folder(joined) as draft:
        lines = [pq.ParquetFile(batch.lines_folder / LINES_FILE).read() for batch in batches]
        write_table(pa.concat_tables(lines), draft / LINES_FILE)
        return write_named(rows, draft)


def _join_files(folders: Sequence[Path], joined: Path) -> None:
    """The files of the folders, those of one name put together."""
    for name in sorted({path.name for folder in folders for path in folder.iterdir()}):
        parts = [pq.ParquetFile(folder / name).read() for folder in folders if (folder / name).is_file()]
        write_table(pa.concat_tables(parts), joined / name)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder)
