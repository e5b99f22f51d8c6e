from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.bench_bare import read_all, work_on_all
from flows.build_tables import build_tables


@pytest.mark.slow
def test_work_on_all_finds_what_the_run_published(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(
        "Ferry talks end\n\nASHBY — “We will keep the ferry running,” said Hana Quill, the mayor of Ashby, on Tuesday "
        "after the talks with the union had ended.\n\nThe union said that 40 sailors would return to work.\n",
        encoding="utf-8",
    )
    summary = build_tables([str(tmp_path / "one.txt")], str(tmp_path / "warehouse"), attribution="rules")
    quotes = pq.read_table(tmp_path / "warehouse" / "current" / "quotes", partitioning=None)
    assert summary.articles == read_all(tmp_path / "warehouse", "rules") == 1
    assert work_on_all(tmp_path / "warehouse", "rules") == len(quotes) > 0
