from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.bench_bare import read_all, work_on_all, work_on_and_link_all
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
    assert len(work_on_all(tmp_path / "warehouse", "rules").quotes) == len(quotes) > 0


@pytest.mark.slow
def test_work_on_and_link_all_finds_what_the_run_linked(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    said = "“We will keep the ferry to Ashby running until the end of the year,” said Hana Quill, the mayor of Ashby"
    ends = ("on Tuesday after the talks with the union.", "after talks with the ferry union.", "after talks in Ashby.")
    for number, end in enumerate(ends):
        (inbox / f"{number}.txt").write_text(
            f"Ferry talks end in Ashby\n\nASHBY — {said}, {end}\n\nThe union of Ashby said that 40 sailors of the "
            "ferry would return to work in the harbour of Ashby.\n",
            encoding="utf-8",
        )
    build_tables([str(inbox)], str(tmp_path / "warehouse"), attribution="rules")
    published = {
        name: pq.read_table(tmp_path / "warehouse" / "current" / name, partitioning=None).num_rows
        for name in ("stories", "copies", "entities", "quote_groups", "figure_groups")
    }
    assert published["stories"] == 1
    assert all(published.values())
    assert work_on_and_link_all(tmp_path / "warehouse", "rules") == published
