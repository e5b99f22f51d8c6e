"""Yardstick of the whole pipeline: the language models alone.

`python -m flows.bench_bare METHOD WAREHOUSE` reads what a warehouse holds and writes nothing.
"""

import sys
from pathlib import Path
from typing import cast

import pyarrow.parquet as pq

from schemas.attribution import AttributionMethod
from schemas.warehouse import Warehouse


def read_all(warehouse: Path, attribution: AttributionMethod) -> int:
    """How many English articles the model read; nothing is made of what it found."""
    from tasks.annotate.pipeline import load_pipeline

    nlp = load_pipeline(attribution)
    count = 0
    for path in Warehouse(warehouse).table_files("articles"):
        articles = pq.read_table(path, columns=["text", "language"], partitioning=None)
        for text, language in zip(articles["text"].to_pylist(), articles["language"].to_pylist(), strict=True):
            if language == "en":
                nlp(text)
                count += 1
    return count


if __name__ == "__main__":
    read_all(Path(sys.argv[2]), cast(AttributionMethod, sys.argv[1]))
