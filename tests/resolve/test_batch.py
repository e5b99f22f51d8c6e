import pytest

from schemas import Article, Caption, EntityMention, LocalEntity, Quote
from schemas.parquet import read_rows, write_rows
from tasks.resolve.batch import resolve_batch_files
from tests.made_up_tables import made_up_rows


@pytest.fixture
def batch(tmp_path):
    """Folders of a cleaned and an annotated batch."""
    rows = made_up_rows()
    for row_type, stage in ((Article, "clean"), (Caption, "clean"), (EntityMention, "annotate"), (Quote, "annotate")):
        write_rows(rows[row_type.table.name], row_type, tmp_path / stage)
    return tmp_path


def test_resolve_batch_files_takes_all_articles_of_the_batch(batch):
    clean, annotate = batch / "clean", batch / "annotate"
    quotes, named = resolve_batch_files(clean, batch / "out", clean, annotate)
    assert quotes == len(read_rows(Quote, batch / "out")) == len(read_rows(Quote, annotate))
    assert 0 < named <= quotes


def test_resolve_batch_files_takes_some_of_them_with_what_belongs_to_them(batch):
    clean, annotate = batch / "clean", batch / "annotate"
    wanted = read_rows(Article, clean)[:1]
    write_rows(wanted, Article, batch / "part")
    quotes, _ = resolve_batch_files(batch / "part", batch / "out", clean, annotate)
    ids = {wanted[0].article_id}
    assert quotes == sum(quote.article_id in ids for quote in read_rows(Quote, annotate)) > 0
    for row_type in (Quote, EntityMention, LocalEntity):
        assert {row.article_id for row in read_rows(row_type, batch / "out")} == ids
