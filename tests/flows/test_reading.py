from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.reading import (
    SHOWN_COLUMNS,
    ReadingError,
    Tables,
    UnknownName,
    check_table,
    choose_attribution,
    find_documents,
    fold_name,
    is_called,
    last_attribution,
    quotes_by,
)
from schemas import PUBLISHED_TABLES, TABLES
from tests.made_up_tables import FERRY, MADE_UP, made_up_rows, publish_made_up


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    root = tmp_path_factory.mktemp("warehouse")
    publish_made_up(root)
    return Tables.open(root)


def test_open_says_what_to_do_where_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="run `onrecord run data/sample` first"):
        Tables.open(tmp_path)


@pytest.mark.parametrize(("target", "told"), [("snapshots/000009", "leads to snapshots/000009"), (None, "is gone")])
def test_open_says_how_to_come_back_to_snapshots_that_are_there(tmp_path: Path, target: str | None, told: str) -> None:
    publish_made_up(tmp_path)
    (tmp_path / "current").unlink()
    if target:
        (tmp_path / "current").symlink_to(target)
    with pytest.raises(ReadingError, match=f"{told}.*though snapshots are there.*ln -sfn snapshots/000001 "):
        Tables.open(tmp_path)


def test_open_keeps_to_its_snapshot_when_another_is_published(tmp_path: Path) -> None:
    publish_made_up(tmp_path)
    opened = Tables.open(tmp_path)
    publish_made_up(tmp_path, made_up_rows(MADE_UP[:1]))
    assert opened.count("quotes") == 5
    assert Tables.open(tmp_path).count("quotes") == 1


def test_rows_of_earlier_versions_come_in_the_present_columns(tmp_path: Path) -> None:
    snapshot = publish_made_up(tmp_path)
    for name, renamed, dropped in (("quarantine", {"check_name": "check"}, "row_key"), ("runs", {}, "attribution")):
        [path] = (snapshot / name).glob("*.parquet")
        rows = pq.read_table(path)
        rows = rows.rename_columns([renamed.get(column, column) for column in rows.column_names])
        pq.write_table(rows.drop_columns([dropped]), path)
    opened = Tables.open(tmp_path)
    assert opened.rows("quarantine", ["check_name", "row_key"]).values == [("has_text", None)]
    assert last_attribution(opened) == "tagger"


def test_last_attribution_is_that_of_the_newest_run(tmp_path: Path) -> None:
    rows = made_up_rows()
    rows["runs"].append(replace(rows["runs"][0], run_id="20260304T093001Z-abcdef", attribution="tagger"))
    publish_made_up(tmp_path, rows)
    assert last_attribution(Tables.open(tmp_path)) == "tagger"
    publish_made_up(tmp_path, made_up_rows())
    assert last_attribution(Tables.open(tmp_path)) == "rules"
    assert choose_attribution(tmp_path, None) == "rules"
    assert choose_attribution(tmp_path, "tagger") == "tagger"


def test_choose_attribution_takes_the_tagger_for_a_warehouse_to_be(tmp_path: Path) -> None:
    assert choose_attribution(tmp_path / "warehouse", None) == "tagger"


def test_rows_of_an_empty_table_have_the_day_as_well(tables: Tables) -> None:
    assert tables.rows("captions", ["caption_id", "fetched_date"]).values == []


@pytest.mark.parametrize("name", PUBLISHED_TABLES)
def test_rows_have_the_declared_columns(tables: Tables, name: str) -> None:
    rows = tables.rows(name)
    assert rows.columns == TABLES[name].column_names
    assert len(rows.values) == rows.total == tables.count(name)


@pytest.mark.parametrize("name", PUBLISHED_TABLES)
def test_shown_columns_are_declared(name: str) -> None:
    assert set(SHOWN_COLUMNS[name]) <= set(TABLES[name].column_names)


def test_rows_are_limited_and_ordered_by_key(tables: Tables) -> None:
    rows = tables.rows("articles", ["article_id", "fetched_date"], 2)
    assert [row[0] for row in rows.values] == sorted(item.article_id for item in MADE_UP)[:2]
    assert {str(row[1]) for row in rows.values} == {"2026-03-04"}


def test_check_table_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean quotes"):
        check_table("quote")


def test_rows_refuses_an_unknown_column(tables: Tables) -> None:
    with pytest.raises(UnknownName, match="no column 'text\"; --'"):
        tables.rows("articles", ['text"; --'])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("Łukasz Öz", ("lukasz", "oz"), id="diacritics"),
        pytest.param("Straße", ("strasse",), id="case-folding"),
        pytest.param("O'Neil-Marsh", ("o", "neil", "marsh"), id="marks-part-words"),
        pytest.param(" ", (), id="nothing"),
    ],
)
def test_fold_name_leaves_plain_words(name: str, words: tuple[str, ...]) -> None:
    assert fold_name(name) == words


@pytest.mark.parametrize(
    ("wanted", "name", "expected"),
    [
        pytest.param("OLSEN", "Bjørk Olsen", True, id="part"),
        pytest.param("bjork olsen", "Bjørk Olsen", True, id="plain-letters"),
        pytest.param("ols", "Bjørk Olsen", False, id="part-of-a-word"),
        pytest.param("olsen bjork", "Bjørk Olsen", False, id="other-order"),
        pytest.param("%", "Bjørk Olsen", False, id="no-pattern"),
    ],
)
def test_is_called_compares_whole_words(wanted: str, name: str, expected: bool) -> None:
    assert is_called(wanted, name) is expected


@pytest.mark.parametrize(
    ("options", "count"),
    [
        pytest.param({"name": "bjork OLSEN"}, 3, id="alias"),
        pytest.param({"name": "Quill"}, 1, id="surname"),
        pytest.param({"name": "Quill", "kind": "direct"}, 0, id="kind"),
        pytest.param({"name": "Olsen", "story": FERRY[:9]}, 3, id="story-id"),
        pytest.param({"name": "Olsen", "story": "ferry"}, 3, id="headline"),
        pytest.param({"name": "Olsen", "story": "library"}, 0, id="other-story"),
        pytest.param({"name": "nobody"}, 0, id="nobody"),
    ],
)
def test_quotes_by_finds_by_name_story_and_kind(tables: Tables, options: dict, count: int) -> None:
    name = options.pop("name")
    assert len(quotes_by(tables, name, **options)) == count


def test_quotes_by_gives_outlet_and_words(tables: Tables) -> None:
    [quote] = quotes_by(tables, "Hana Quill")
    assert (quote.outlet_name, quote.content, quote.cue) == ("The Tide", "nobody had asked them", "said")


@pytest.mark.parametrize(
    "wanted", [MADE_UP[0].article_id, MADE_UP[0].article_id[:6], "harbour.txt", "inbox/harbour.txt"]
)
def test_find_documents_takes_ids_and_names(tables: Tables, wanted: str) -> None:
    assert find_documents(tables, wanted) == [MADE_UP[0].article_id]


def test_find_documents_knows_a_file_by_its_bytes(tables: Tables, tmp_path: Path) -> None:
    renamed = tmp_path / "renamed"
    renamed.write_bytes(MADE_UP[1].raw.encode())
    assert find_documents(tables, str(renamed)) == [MADE_UP[1].article_id]
