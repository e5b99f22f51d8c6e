"""The sample, linked: stories, utterances and quantities against its truth file."""

import shutil
import tomllib
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schemas import Document, Figure, FigureGroup, Quote, QuoteGroup, Story
from schemas.parquet import read_rows, write_rows
from tasks.annotate.batch import annotate_batch_files
from tasks.clean.batch import clean_batch_files
from tasks.ingest.documents import read_documents
from tasks.link.attribution_tables import link_attribution_tables
from tasks.link.tables import link_article_tables
from tasks.resolve.batch import resolve_batch_files
from tasks.resolve.tables import resolve_staged_people

DATA = Path(__file__).parents[2] / "data"
EXPECTED = tomllib.loads((DATA / "gold/sample/expected.toml").read_text("utf-8"))
# What is reached, of the 53 figures of 15 quantities, their verdicts, and the versions of 7 utterances that are found
# as quotations. Floors only rise.
FIGURES_JOINED = 0.83
VERDICTS_RIGHT = 13
VERSIONS_JOINED = 1.0


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """Folder of the sample's staged tables after linking."""
    root = tmp_path_factory.mktemp("sample")
    received = read_documents([str(DATA / "sample")], refused_at=datetime(2024, 7, 1, tzinfo=UTC))
    documents = root / "documents"
    documents.mkdir()
    write_rows((item for item in received if isinstance(item, Document)), Document, documents)
    clean_batch_files(documents, root / "clean")
    annotate_batch_files(root / "clean", root / "annotate", "tagger")
    resolve_batch_files(root / "clean", root / "resolve", root / "clean", root / "annotate")
    staged = root / "staged"
    # Later stages fill columns of earlier tables, so that the last to write a table counts.
    for stage in ("documents", "clean", "annotate", "resolve"):
        shutil.copytree(root / stage, staged, dirs_exist_ok=True)
    link_article_tables(staged)
    resolve_staged_people(staged, {})
    link_attribution_tables(staged)
    return staged


@pytest.fixture(scope="module")
def sources(linked):
    """The name in the truth file of each article."""
    return {row.document_id: row.source_uri.rsplit("/", 1)[-1] for row in read_rows(Document, linked)}


def find_figure(figures, sources, version, unit):
    """The group of the figure that the truth file means, False where there is no such figure."""
    for figure in figures:
        printed, stated = figure.text.casefold(), version["text"].casefold()
        is_there = sources[figure.article_id] == version["source"] and (printed in stated or stated in printed)
        # The truth file gives values in the unit of the quantity, whatever the article prints.
        is_meant = figure.unit != unit or figure.value == pytest.approx(version["value"], rel=0.02)
        if is_there and is_meant:
            return figure.figure_group_id
    return False


def test_figures_of_the_sample_join_and_disagree_as_a_reader_finds(linked, sources):
    figures = read_rows(Figure, linked)
    groups = {group.figure_group_id: group for group in read_rows(FigureGroup, linked)}
    joined = stated = right = 0
    for quantity in EXPECTED["figures"]:
        found = [find_figure(figures, sources, version, quantity["unit"]) for version in quantity["versions"]]
        group_id, count = Counter(name for name in found if name).most_common(1)[0] if any(found) else (None, 0)
        joined, stated = joined + count, stated + len(found)
        right += group_id is not None and groups[group_id].disagrees == quantity["disagrees"]
    assert joined / stated >= FIGURES_JOINED
    assert right >= VERDICTS_RIGHT


def test_river_of_the_sample_keeps_a_printed_unit(linked):
    (river,) = [group for group in read_rows(FigureGroup, linked) if group.quantity == "river"]
    assert (river.unit, river.minimum_value, river.article_count, river.disagrees) == ("metre", 2.4, 3, False)


def test_small_counts_of_the_sample_meet_only_where_they_say_the_same(linked):
    assert all(
        group.minimum_value == group.maximum_value
        for group in read_rows(FigureGroup, linked)
        if group.unit == "count" and group.maximum_value < 20
    )


def test_utterances_of_the_sample_are_found_whole_and_apart(linked, sources):
    quotes = read_rows(Quote, linked)
    joined = stated = 0
    home = {}
    for number, utterance in enumerate(EXPECTED["utterances"]):
        found = [
            next(
                (q.quote_group_id for q in quotes if sources[q.article_id] == v["source"] and v["prefix"] in q.content),
                False,
            )
            for v in utterance["versions"]
        ]
        group_id, count = Counter(name for name in found if name).most_common(1)[0]
        assert home.setdefault(group_id, number) == number
        joined, stated = joined + count, stated + sum(name is not False for name in found)
    assert joined / stated >= VERSIONS_JOINED


def test_canonical_text_stands_in_its_quotation(linked):
    contents = {quote.quote_id: quote.content for quote in read_rows(Quote, linked)}
    for group in read_rows(QuoteGroup, linked):
        assert group.canonical_text in contents[group.canonical_quote_id]


def test_event_date_of_the_sample_is_never_wrong(linked):
    truth = {entry["event_date"] for entry in EXPECTED["stories"]}
    dates = [story.event_date for story in read_rows(Story, linked) if story.event_date]
    assert date(2024, 3, 12) in dates
    assert set(dates) <= truth
