"""Helper columns: one true or false per row for promises that need more than the row itself."""

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas import Table
from tasks.validate.checks import checks_of
from tasks.validate.offsets import columns_of, find_in_order, find_standing
from tasks.validate.staged import Staged, references_of


def add_helper_columns(frame: pd.DataFrame, table: Table, staged: Staged) -> pd.DataFrame:
    """The frame with every helper column that the table's checks name, in the order of the checks."""
    computed: dict[str, Sequence[bool]] = {}
    for column, target, target_column in references_of(table):
        values = staged.column(table.name, column.name)
        computed[f"{column.name}__resolves"] = find_resolving(values, staged.column(target, target_column))
    for repeats in table.repeats:
        columns = staged.columns(table.name, columns_of(repeats))
        computed[f"{repeats.text}__stands_in_text"] = find_standing(staged.texts(repeats.of), columns, repeats)
        if repeats.segments:
            computed[f"{repeats.segments}__in_order"] = find_in_order(columns, repeats)
    if table.name == "documents":
        computed["document_id__accounted"] = find_accounted(staged)
    if table.name == "runs":
        outcomes = frame[["article_count", "duplicate_count", "quarantined_count"]].sum(axis=1)
        computed["input_count__conserved"] = (frame["input_count"] == outcomes).fillna(False).tolist()
    helpers = [check.helper for check in checks_of(table) if check.helper]
    return frame.assign(**{name: pd.Series(computed[name], index=frame.index, dtype=bool) for name in helpers})


def find_resolving(values: pa.ChunkedArray, known: pa.ChunkedArray) -> list[bool]:
    """For each value whether it is null or one of the known ones."""
    return pc.or_(pc.is_null(values), pc.is_in(values, value_set=known.combine_chunks())).to_pylist()


def find_accounted(staged: Staged) -> list[bool]:
    """For each document whether it became an article or was refused as an input, and not both."""
    documents = staged.column("documents", "document_id")
    refusals = staged.columns("quarantine", ["document_id", "stage", "table_name"])
    # A row refused later does not make its document refused, unless it is the article itself; and what
    # ingestion refused is no document, though the same bytes may have passed under another name.
    of_input = pc.or_(pc.is_null(refusals["table_name"]), pc.is_in(refusals["table_name"], pa.array(["articles"])))
    of_document = pc.and_(of_input, pc.not_equal(refusals["stage"], "ingest"))
    refused = refusals.filter(of_document)["document_id"].drop_null()
    is_article = pc.is_in(documents, value_set=staged.column("articles", "document_id").combine_chunks())
    return pc.xor(is_article, pc.is_in(documents, value_set=refused.combine_chunks())).to_pylist()
