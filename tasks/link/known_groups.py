"""Groups of quotations and figures that an earlier run found, for the stories that are told as they were then."""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from uuid import uuid4

import pandas as pd
import pyarrow.parquet as pq

from schemas import FigureGroup, QuoteGroup, QuoteVariant
from schemas.columns import Table
from schemas.parquet import arrow_schema, arrow_to_frame, frame_to_arrow, is_whole, write_table
from tasks.link.frames import is_among

DIGESTS = "stories.parquet"


@dataclass(frozen=True)
class Groups:
    """Rows of quote_groups, quote_variants and figure_groups, and figure_id with figure_group_id of every member."""

    quotes: pd.DataFrame
    variants: pd.DataFrame
    figures: pd.DataFrame
    members: pd.DataFrame

    @classmethod
    def empty(cls) -> "Groups":
        """No groups."""
        quotes, variants, figures = (arrow_to_frame(arrow_schema(table.name).empty_table()) for table in TABLES)
        return cls(quotes, variants, figures, pd.DataFrame(columns=["figure_id", "figure_group_id"], dtype="str"))

    def of_stories(self, story_ids: Iterable[str]) -> "Groups":
        """The groups of these stories."""
        wanted = list(story_ids)
        quotes = self.quotes[is_among(self.quotes["story_id"], wanted)]
        figures = self.figures[is_among(self.figures["story_id"], wanted)]
        variants = self.variants[is_among(self.variants["quote_group_id"], quotes["quote_group_id"])]
        members = self.members[is_among(self.members["figure_group_id"], figures["figure_group_id"])]
        return Groups(quotes, variants, figures, members)


TABLES: tuple[Table, ...] = (QuoteGroup.table, QuoteVariant.table, FigureGroup.table)


def join_groups(parts: Sequence[Groups]) -> Groups:
    """All groups of the parts, by story; within a story they keep their order."""
    frames = {
        field.name: pd.concat(kept, ignore_index=True)
        for field in fields(Groups)
        if (kept := [frame for part in parts if len(frame := getattr(part, field.name))])
    }
    joined = Groups(**{**vars(Groups.empty()), **frames})
    quotes, figures = (frame.sort_values("story_id", kind="stable") for frame in (joined.quotes, joined.figures))
    return Groups(quotes, joined.variants, figures, joined.members)


def digest_rows(frame: pd.DataFrame, stories: pd.Series, *, salt: str) -> pd.Series:
    """A number for each story that changes when one of its rows does, whatever their order; `salt` goes into it."""
    key = hashlib.sha256(salt.encode()).hexdigest()[:16]
    hashed = pd.util.hash_pandas_object(frame, index=False, hash_key=key, categorize=False)
    return hashed.groupby(stories.to_numpy()).sum()


def read_known_groups(folder: Path, digests: pd.Series) -> tuple[list[str], Groups]:
    """Those of the stories of `digests` (numbers by story_id) that the folder's groups were made of, and their groups.

    None where nothing lies there, or nothing whole.
    """
    kept = sorted(folder.glob("[0-9a-f]*"))
    if not kept or not all(is_whole(path) for path in kept[-1].iterdir()):
        return [], Groups.empty()
    before = pq.read_table(kept[-1] / DIGESTS).to_pandas().set_index("story_id")["digest"]
    both = digests.index.intersection(before.index)
    same = both[(digests[both] == before[both]).to_numpy()].tolist()
    quotes, variants, figures = (arrow_to_frame(pq.read_table(kept[-1] / f"{table.name}.parquet")) for table in TABLES)
    members = pq.read_table(kept[-1] / "members.parquet").to_pandas()
    return same, Groups(quotes, variants, figures, members).of_stories(same)


def keep_groups(folder: Path, digests: pd.Series, groups: Groups) -> None:
    """Leaves the groups for the next run, in place of those that lie in the folder."""
    part = folder / f".{uuid4().hex}.part"
    for table, frame in zip(TABLES, (groups.quotes, groups.variants, groups.figures), strict=True):
        write_table(frame_to_arrow(frame, table.name), part / f"{table.name}.parquet")
    groups.members.to_parquet(part / "members.parquet", index=False)
    digests.rename("digest").rename_axis("story_id").reset_index().to_parquet(part / DIGESTS, index=False)
    older = list(folder.glob("[0-9a-f]*"))
    # The names sort in the order of writing: a run that dies between these lines leaves the newest last.
    part.rename(folder / f"{int(max((path.name for path in older), default='0'), 16) + 1:08x}")
    for path in older:
        shutil.rmtree(path)
