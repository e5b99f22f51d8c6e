"""Which strings of a column stand among others."""

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
