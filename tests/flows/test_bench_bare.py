from pathlib import Path

import pytest

from flows.bench_bare import read_all
from flows.build_tables import build_tables


@pytest.mark.slow
def test_read_all_reads_what_the_run_published(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(
        "Ferry talks end\n\nASHBY — “We will keep the ferry running,” said Hana Quill, the mayor of Ashby, on Tuesday "
        "after the talks with the union had ended.\n\nThe union said that 40 sailors would return to work.\n",
        encoding="utf-8",
    )
    summary = build_tables([str(tmp_path / "one.txt")], str(tmp_path / "warehouse"), attribution="rules")
    assert summary.articles == read_all(tmp_path / "warehouse", "rules") == 1
