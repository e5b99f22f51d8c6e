import shutil
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from schemas import Entity, Quote, QuoteGroup, Story
from schemas.parquet import read_rows, write_table
from tasks.validate.recount import recount
from tests.made_up_tables import write_staged

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def staged(tmp_path):
    return write_staged(tmp_path / "staged")


def without(staged, table, column, values):
    """A copy of the staged tables without some rows of one."""
    folder = staged.parent / "validated"
    shutil.copytree(staged, folder)
    rows = pq.read_table(folder / f"{table}.parquet")
    keep = pc.invert(pc.is_in(rows[column], value_set=pa.array(values)))
    write_table(rows.filter(keep), folder / f"{table}.parquet")
    return folder


def test_recount_leaves_tables_that_lost_nothing(staged):
    folder = staged.parent / "validated"
    shutil.copytree(staged, folder)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert recount(staged, folder, refused_at=NOW) == []
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_recount_takes_quotations_off_their_speakers(staged):
    quote = next(row for row in read_rows(Quote, staged) if row.speaker_id)
    folder = without(staged, "quotes", "quote_id", [quote.quote_id])
    recount(staged, folder, refused_at=NOW)
    counts = {
        place: {row.entity_id: row.quote_count for row in read_rows(Entity, place)}[quote.speaker_id]
        for place in (staged, folder)
    }
    assert counts[folder] == max(0, counts[staged] - 1)


def test_recount_refuses_a_group_of_one_and_clears_references_to_it(staged):
    group = read_rows(QuoteGroup, staged)[0].quote_group_id
    members = [row.quote_id for row in read_rows(Quote, staged) if row.quote_group_id == group]
    folder = without(staged, "quotes", "quote_id", members[1:])
    refused = recount(staged, folder, refused_at=NOW)
    assert ("quote_groups", group) in {(row.table_name, row.row_key) for row in refused}
    assert group not in {row.quote_group_id for row in read_rows(QuoteGroup, folder)}
    assert group not in {row.quote_group_id for row in read_rows(Quote, folder)}


def test_recount_counts_a_copy_for_the_outlet_of_its_original(staged):
    path = staged / "articles.parquet"
    rows = pq.read_table(path)
    told = next(row.story_id for row in read_rows(Story, staged) if row.article_count > 2)
    original, copy, *others = [row for row in rows.to_pylist() if row["story_id"] == told]
    copies = [original["article_id"] if one == copy["article_id"] else None for one in rows["article_id"].to_pylist()]
    place = rows.schema.get_field_index("copy_of_article_id")
    write_table(rows.set_column(place, rows.schema.field(place), pa.array(copies, pa.string())), path)

    def count(lost):
        folder = without(staged, "articles", "article_id", [lost["article_id"]])
        recount(staged, folder, refused_at=NOW)
        found = {row.story_id: row.outlet_count for row in read_rows(Story, folder)}[told]
        shutil.rmtree(folder)
        return found

    before = {row.story_id: row.outlet_count for row in read_rows(Story, staged)}[told]
    assert count(copy) == before
    assert count(others[0]) == before - 1


def test_recount_counts_the_articles_of_a_story(staged):
    story = max(read_rows(Story, staged), key=lambda row: row.article_count)
    articles = pq.read_table(staged / "articles.parquet", columns=["article_id", "story_id"]).to_pylist()
    lost = next(row["article_id"] for row in articles if row["story_id"] == story.story_id)
    folder = without(staged, "articles", "article_id", [lost])
    recount(staged, folder, refused_at=NOW)
    after = {row.story_id: row.article_count for row in read_rows(Story, folder)}
    assert after[story.story_id] == story.article_count - 1
