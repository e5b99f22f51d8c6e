"""The word counts of articles linked before, kept on disk so that a run need not count them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy import sparse

from tasks.link.vectors import COLUMNS

SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("day", pa.float64()),
        ("columns", pa.list_(pa.int32())),
        ("counts", pa.list_(pa.uint16())),
    ]
)
# More files than this are made one, without what no longer stands in the tables.
MAXIMUM_FILES = 16
PART_ROWS = 20_000


@dataclass(frozen=True)
class ArticleIndex:
    """Articles by row: their ids, their days (nan where unknown) and the counts of `count_words`."""

    article_ids: np.ndarray
    days: np.ndarray
    counts: sparse.csr_matrix

    @classmethod
    def empty(cls) -> "ArticleIndex":
        """An index without articles."""
        return cls(np.empty(0, object), np.empty(0), sparse.csr_matrix((0, COLUMNS), dtype=np.uint16))


def read_index(folder: Path, article_ids: Sequence[str]) -> ArticleIndex:
    """The index of those of `article_ids` that lie in the folder's files."""
    wanted = pa.array(article_ids, pa.string())
    parts = []
    for path in sorted(folder.glob("*.parquet")):
        # Some thousand at a time: lists that are read as a whole are copied several times over.
        for batch in pq.ParquetFile(path).iter_batches(PART_ROWS, columns=SCHEMA.names):
            kept = batch.filter(pc.is_in(batch["article_id"], value_set=wanted))
            if len(kept):
                parts.append(_from_arrow(kept))
    return join_indexes(parts)


def add_to_index(folder: Path, index: ArticleIndex) -> None:
    """Writes the articles as a new file of the folder; `index` must hold none that is there already."""
    if not len(index.article_ids):
        return
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{uuid4().hex}.part"
    with pq.ParquetWriter(part, SCHEMA, compression="zstd", compression_level=1) as writer:
        for start in range(0, len(index.article_ids), PART_ROWS):
            writer.write_table(_to_arrow(index, start, start + PART_ROWS))
    # A name of its own in the order of writing; a run that dies leaves no half file under it.
    part.rename(folder / f"{len(list(folder.glob('*.parquet'))):06d}-{uuid4().hex[:8]}.parquet")


def compact_index(folder: Path, article_ids: Sequence[str]) -> None:
    """Makes the folder's files one, of `article_ids` only, once there are more than MAXIMUM_FILES."""
    files = sorted(folder.glob("*.parquet"))
    if len(files) > MAXIMUM_FILES:
        kept = read_index(folder, article_ids)
        add_to_index(folder, kept)
        for path in files:
            path.unlink()


def choose_window(days: pd.Series, new: pd.Series, window_days: float) -> np.ndarray:
    """Which articles may share a story with new ones: the new, those near their days, and those of unknown day."""
    if not new.any() or days[new].isna().any():
        return np.full(len(days), bool(new.any()))
    first, last = days[new].min() - window_days, days[new].max() + window_days
    return (new | days.isna() | days.between(first, last)).to_numpy(bool)


def _to_arrow(index: ArticleIndex, start: int, stop: int) -> pa.Table:
    counts = index.counts[start:stop]
    offsets = pa.array(counts.indptr, pa.int32())
    columns = [
        pa.array(index.article_ids[start:stop], pa.string()),
        pa.array(index.days[start:stop], pa.float64()),
        pa.ListArray.from_arrays(offsets, pa.array(counts.indices, pa.int32())),
        pa.ListArray.from_arrays(offsets, pa.array(counts.data, pa.uint16())),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _from_arrow(batch: pa.RecordBatch) -> ArticleIndex:
    columns, counts = batch["columns"], batch["counts"]
    offsets = columns.offsets.to_numpy()
    indices, data = (np.array(lists.flatten()) for lists in (columns, counts))
    matrix = sparse.csr_matrix((data, indices, offsets - offsets[0]), shape=(len(batch), COLUMNS))
    return ArticleIndex(np.array(batch["article_id"].to_pylist(), object), batch["day"].to_numpy(), matrix)


def join_indexes(parts: Sequence[ArticleIndex]) -> ArticleIndex:
    """One index of the articles of all parts, in their order."""
    kept = [part for part in parts if len(part.article_ids)]
    if len(kept) < 2:
        return kept[0] if kept else ArticleIndex.empty()
    return ArticleIndex(
        np.concatenate([part.article_ids for part in kept]),
        np.concatenate([part.days for part in kept]),
        sparse.vstack([part.counts for part in kept], format="csr"),
    )
