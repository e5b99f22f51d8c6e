"""Small batches made one: a run each hour leaves many, and every later run opens the files of them all."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.attribution import AttributionMethod
from schemas.parquet import arrow_schema, write_table
from schemas.warehouse import Warehouse, whole_folder
from tasks.batches import BATCH_CHARACTERS, BATCH_DOCUMENTS, BATCH_STAGES, Batch, batch_id_of, stage_fingerprint
from tasks.clean.recurring.line_files import join_batch_lines

DOCUMENTS_FILE = "documents.parquet"
# What fills less of a batch than this is small.
SMALL_SHARE = 0.5


@dataclass(frozen=True)
class Compacted:
    """How many small batches there were, how many they are now, and how many folders of no batch were removed."""

    small_batches: int = 0
    merged_batches: int = 0
    removed_folders: int = 0


@dataclass(frozen=True)
class _Held:
    """A batch on disk; `text_bytes` is how long its documents are, `age` when they came in."""

    batch_id: str
    document_ids: list[str]
    text_bytes: int
    age: int
    done: Batch | None = field(default=None)


def merge_small_batches(
    warehouse: Warehouse, *, batch_documents: int = BATCH_DOCUMENTS, batch_characters: int = BATCH_CHARACTERS
) -> Compacted:
    """Puts small batches together to full ones, oldest first, with all that the present code has made of them.

    Only batches are merged whose language work is done, so that none is done again: rows are copied as they are.
    Broken off, it leaves nothing that a run would read twice. To be called after `prune_warehouse`, which leaves one
    version of each batch. The caller holds the writer's lock.
    """
    if not (warehouse.work / "documents").is_dir():
        return Compacted()
    held = list(_without_those_held_twice(warehouse, [*_read_held(warehouse)]))
    small = [
        one
        for one in held
        if one.done
        and len(one.document_ids) <= SMALL_SHARE * batch_documents
        and one.text_bytes <= SMALL_SHARE * batch_characters
    ]
    merged = 0
    groups = [group for group in _fill(small, batch_documents, batch_characters) if len(group) > 1]
    for group in groups:
        _merge(warehouse, [one.done for one in group if one.done], [name for one in group for name in one.document_ids])
        merged += 1
    return Compacted(sum(map(len, groups)), merged, _remove_orphans(warehouse))


def _read_held(warehouse: Warehouse) -> Iterator[_Held]:
    cleaned = warehouse.batch_folder("clean", stage_fingerprint("clean"), "")
    names: dict[str, list[str]] = defaultdict(list)
    for path in cleaned.iterdir() if cleaned.is_dir() else ():
        batch_id, _, recurring_name = path.name.partition("-")
        names[batch_id].append(recurring_name)
    for folder in (warehouse.work / "documents").glob("[!.]*"):
        path = folder / DOCUMENTS_FILE
        try:
            ids = pq.read_table(path, columns=["document_id"])["document_id"].to_pylist()
            text_bytes = _column_bytes(path, "raw_text")
        except (pa.ArrowException, OSError):
            # The next run removes what is broken, and says so.
            continue
        done = _find_done(warehouse, folder.name, len(ids), names[folder.name])
        yield _Held(folder.name, ids, text_bytes, path.stat().st_mtime_ns, done)


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
        and batch.lines_folder.is_dir()
    ]
    return found[0] if len(found) == 1 else None


def _without_those_held_twice(warehouse: Warehouse, held: list[_Held]) -> Iterator[_Held]:
    """Those of the batches that hold a document of their own; others, left by a merge that broke off, are removed."""
    count = Counter(name for one in held for name in one.document_ids)
    for one in sorted(held, key=lambda one: (len(one.document_ids), one.age)):
        if all(count[name] > 1 for name in one.document_ids):
            count.subtract(one.document_ids)
            _remove(warehouse.documents_folder(one.batch_id))
        else:
            yield one


def _fill(small: Iterable[_Held], batch_documents: int, batch_characters: int) -> Iterator[list[_Held]]:
    """Groups that fill a batch, of one method each, in the order in which they came in."""
    for method in get_args(AttributionMethod):
        group: list[_Held] = []
        for one in sorted(small, key=lambda one: (one.age, one.batch_id)):
            if one.done is None or one.done.attribution != method:
                continue
            documents = sum(len(member.document_ids) for member in group) + len(one.document_ids)
            text_bytes = sum(member.text_bytes for member in group) + one.text_bytes
            if group and (documents > batch_documents or text_bytes > batch_characters):
                yield group
                group = []
            group.append(one)
        yield group


def _merge(warehouse: Warehouse, batches: list[Batch], document_ids: list[str]) -> None:
    """Writes what was made of the batches first, then the documents, by which a batch is there; then removes theirs."""
    merged = Batch(
        batch_id_of(document_ids), 0, len(document_ids), str(warehouse.root), attribution=batches[0].attribution
    )
    name = join_batch_lines(
        [batch.lines_folder for batch in batches], [batch.recurring_name for batch in batches], merged.lines_folder
    )
    merged = merged.with_recurring(name)
    for stage in BATCH_STAGES:
        _join_folders([batch.folder(stage) for batch in batches], merged.folder(stage))
    schema = arrow_schema("documents")
    with whole_folder(merged.documents) as draft:
        # Those of earlier versions may lack a column, which is null then.
        parts = [pq.read_table(batch.documents / DOCUMENTS_FILE, schema=schema) for batch in batches]
        write_table(pa.concat_tables(parts), draft / DOCUMENTS_FILE)
    for batch in batches:
        _remove(batch.documents)


def _join_folders(folders: list[Path], joined: Path) -> None:
    """Each file of the folders, those of one name put together; one that some lack has the rows of the others."""
    with whole_folder(joined) as draft:
        for name in sorted({path.name for folder in folders for path in folder.iterdir()}):
            parts = [pq.ParquetFile(folder / name).read() for folder in folders if (folder / name).is_file()]
            write_table(pa.concat_tables(parts), draft / name)


def _remove_orphans(warehouse: Warehouse) -> int:
    """How many folders were removed that were made of batches which are no longer there."""
    present = {path.name for path in (warehouse.work / "documents").glob("[!.]*")}
    stages = (warehouse.batch_folder(stage, stage_fingerprint(stage), "") for stage in BATCH_STAGES)
    made = (path for stage in stages if stage.is_dir() for path in stage.iterdir() if path.is_dir())
    orphans = [path for path in made if path.name.partition(".")[0].partition("-")[0] not in present]
    for path in orphans:
        _remove(path)
    return len(orphans)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder)
