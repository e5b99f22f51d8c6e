"""An archive by days in an object store: taken in, published there, and made anew, by the commands as they are."""

import json

import pandas as pd
import pytest

pytestmark = pytest.mark.slow
ARTICLE = """Pier of {town} to be rebuilt

{town} will rebuild its pier, the council said after a long debate in the old town hall on Monday night.

“We have waited {number} years for this,” said {name}, the mayor of {town}. The work will cost {number} million crowns.

Fishermen said that the tide would decide when the first boats could land there again, and that nobody had asked them.
"""
DAYS = {
    "2026-02-01": ("Kelmouth", "Hana Quill", 12),
    "2026-02-03": ("Torran", "Osei Marlow", 7),
    "2026-02-04": ("Ashvale", "Irena Falk", 31),
}


def test_archive_in_a_store_is_taken_in_by_days_published_there_and_made_anew(onrecord, object_store, tmp_path):
    for day, (town, name, number) in DAYS.items():
        text = ARTICLE.format(town=town, name=name, number=number)
        object_store.filesystem.pipe(f"{object_store.address}/inbox/{day}.txt", text.encode())
    days = ["2026-02-01", "2026-02-04", f"{object_store.address}/inbox/%Y-%m-%d.txt", "--step", "2"]
    taken_in = onrecord("backfill", *days, warehouse=tmp_path)
    assert taken_in.exit_code == 0, taken_in.output
    assert "none on 2026-02-02" in taken_in.output
    # Two days a run, and a day that has no file.
    runs = pd.read_parquet(tmp_path / "current" / "runs", partitioning=None).sort_values("run_id")
    assert [*zip(runs["input_count"], runs["snapshot_number"], strict=True)] == [(1, 1), (2, 2)]

    tables = f"{object_store.address}/tables"
    published = onrecord("run", f"{object_store.address}/inbox/*.txt", "--publish-to", tables, warehouse=tmp_path)
    assert published.exit_code == 0, published.output
    with object_store.filesystem.open(f"{tables}/current.json") as file:
        snapshot = json.load(file)["snapshot"]
    quotes = pd.read_parquet(f"{tables}/{snapshot}/quotes")
    direct = quotes[quotes["kind"] == "direct"]
    assert dict(zip(direct["speaker_name"], direct["content"], strict=True)) == {
        name: f"We have waited {number} years for this" for _, name, number in DAYS.values()
    }

    rebuilt = onrecord("rebuild", "--relink", warehouse=tmp_path)
    assert rebuilt.exit_code == 0, rebuilt.output
    runs = pd.read_parquet(tmp_path / "current" / "runs", partitioning=None).sort_values("run_id")
    assert [*runs["input_count"]] == [1, 2, 3, 0]
    assert [*runs["duplicate_count"]] == [0, 0, 0, 0]
    before = pd.read_parquet(tmp_path / snapshot / "articles", partitioning=None)
    after = pd.read_parquet(tmp_path / "current" / "articles", partitioning=None)
    pd.testing.assert_frame_equal(after, before)
