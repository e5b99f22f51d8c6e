"""Columns of data frames: which strings stand among others, and plain lists of values."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def is_among(column: pd.Series, values: Iterable[str]) -> pd.Series:
    """Whether each string of the column is one of the values; a null is none of them.

    Pandas makes an Arrow object of each value: with a hundred thousand that takes seconds.
    """
    wanted = values.tolist() if isinstance(values, pd.Series | pd.Index | np.ndarray) else list(values)
    found = pc.is_in(
        pa.array(column, pa.string(), from_pandas=True), value_set=pa.array(wanted, pa.string()).drop_null()
    )
    return pd.Series(found.to_numpy(zero_copy_only=False), index=column.index)


def list_plain(column: pd.Series) -> list:
    """The column's values as Python's own, None where one is missing."""
    return column.astype(object).where(column.notna(), None).tolist()
