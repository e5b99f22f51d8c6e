import csv
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from schemas import PUBLISHED_TABLES, TABLES
from tasks.export.cells import make_safe
from tasks.export.export import FILES, FOLDERS, export_snapshot, export_to_store
from tasks.export.sources import ExportError, Snapshot, UnknownSource
from tests.disks import fill, small_disk
from tests.made_up_tables import MADE_UP, made_up_rows, publish_made_up

FORMULAS = ["=1+1", "+49 30 1234", "-what", "@import", "\tx", "\r\ny", "＝1"]
VIEWS = ["quotes_readable", "utterances_by_outlet", "figures_readable", "quotes_per_person_and_day",
         "disagreeing_figures", "agreeing_figures", "outlet_overlap"]  # fmt: skip
# The made-up outlets agree on no figure.
EMPTY_VIEWS = {"agreeing_figures"}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = made_up_rows()
    for row, text in zip(rows["quotes"], FORMULAS, strict=False):
        row.speaker_title = text
    return publish_made_up(tmp_path_factory.mktemp("warehouse"), rows)


def need_packages(format: str) -> None:
    """Skips the test where a package that this format needs is not installed."""
    for package in {"xlsx": ("xlsxwriter", "openpyxl"), "delta": ("deltalake",)}.get(format, ()):
        pytest.importorskip(package, reason=f"{package} is not installed: pip install {package}")


def read_workbook(path: Path):
    """The workbook as Excel would find it."""
    import openpyxl

    return openpyxl.load_workbook(path)


def counts_of(rows: dict) -> dict[str, int]:
    return {name: len(rows[name]) for name in PUBLISHED_TABLES}


@pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl", "sqlite", "duckdb"])
def test_export_snapshot_writes_every_row_of_every_table(snapshot: Path, tmp_path: Path, format: str) -> None:
    need_packages(format)
    target = tmp_path / f"out.{format}"
    assert export_snapshot(snapshot, target, format=format) == counts_of(made_up_rows())
    assert target.is_dir() == (format in FOLDERS)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_delta_tables_read_back(snapshot: Path, tmp_path: Path) -> None:
    need_packages("delta")
    import deltalake

    counts = export_snapshot(snapshot, tmp_path / "delta", format="delta", names=["quotes", "stories"])
    assert counts == {"quotes": 5, "stories": 2}
    table = deltalake.DeltaTable(str(tmp_path / "delta" / "stories"))
    headlines = table.to_pyarrow_table()["headline"].to_pylist()
    assert sorted(headlines) == ["Ferry talks end without a deal", "Library to open on Sundays"]


def test_delta_tables_in_an_object_store_are_replaced_in_one_step(snapshot: Path, object_store) -> None:
    need_packages("delta")
    import deltalake

    address = f"{object_store.address}/delta"

    def read() -> deltalake.DeltaTable:
        return deltalake.DeltaTable(f"{address}/stories", storage_options={"AWS_ALLOW_HTTP": "true"})

    assert export_to_store(snapshot, address, format="delta", names=["quotes", "stories"]) == {
        "quotes": 5,
        "stories": 2,
    }
    assert sorted(read().to_pyarrow_table()["headline"].to_pylist())[0] == "Ferry talks end without a deal"
    with pytest.raises(ExportError, match="holds stories already"):
        export_to_store(snapshot, address, format="delta", names=["stories"])
    assert export_to_store(snapshot, address, format="delta", names=["stories"], replace=True) == {"stories": 2}
    table = read()
    assert (table.version(), table.to_pyarrow_table().num_rows) == (1, 2)


def test_export_to_store_refuses_other_formats_and_passwords(snapshot: Path) -> None:
    with pytest.raises(ExportError, match="csv is written to a folder"):
        export_to_store(snapshot, "s3://bucket/csv", format="csv")
    with pytest.raises(ValueError, match="carries a password") as refused:
        export_to_store(snapshot, "s3://editor:loud-secret@bucket/delta", format="delta", names=["stories"])
    assert "loud-secret" not in str(refused.value)


@pytest.mark.parametrize("format", ["xlsx", "delta"])
def test_a_missing_package_is_named(snapshot: Path, tmp_path: Path, format: str, monkeypatch) -> None:
    package = {"xlsx": "xlsxwriter", "delta": "deltalake"}[format]
    monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(ExportError, match=f"pip install {package}"):
        export_snapshot(snapshot, tmp_path / "out", format=format)
    assert list(tmp_path.iterdir()) == []


def test_csv_has_no_cell_that_is_a_formula(snapshot: Path, tmp_path: Path) -> None:
    export_snapshot(snapshot, tmp_path / "csv", format="csv", names=["quotes"])
    with (tmp_path / "csv" / "quotes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    titles = [row["speaker_title"] for row in rows]
    assert sorted(titles) == sorted(f"'{text}" for text in FORMULAS[:5])
    assert "" in {row["speaker_id"] for row in rows}


def test_workbook_has_no_formula_and_keeps_the_text(snapshot: Path, tmp_path: Path) -> None:
    need_packages("xlsx")
    export_snapshot(snapshot, tmp_path / "out.xlsx", format="xlsx", names=["quotes", "articles"])
    book = read_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["about", "quotes", "articles"]
    sheet = book["quotes"]
    column = [cell.value for cell in sheet[1]].index("speaker_title") + 1
    cells = [sheet.cell(row, column) for row in range(2, sheet.max_row + 1)]
    assert sorted(cell.value.replace("_x000D_", "\r") for cell in cells) == sorted(FORMULAS[:5])
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.style is not None and cell.quotePrefix for cell in cells)
    assert book["articles"]["L2"].value is not None


def test_workbook_cuts_text_longer_than_a_cell_and_counts_it(tmp_path: Path) -> None:
    need_packages("xlsx")
    rows = made_up_rows()
    rows["documents"][0].raw_text += "🙂" * 20_000
    rows["removed_spans"] = []
    snapshot = publish_made_up(tmp_path / "w", rows)
    export_snapshot(snapshot, tmp_path / "out.xlsx", format="xlsx", names=["documents"])
    book = read_workbook(tmp_path / "out.xlsx")
    assert [cell.value for cell in book["about"][2]][:3] == ["documents", 4, 1]
    texts = [str(cell.value) for row in book["documents"].iter_rows() for cell in row]
    assert [text[-2:] for text in texts if "🙂" in text] == ["🙂…"]


def test_json_lines_give_back_the_values(snapshot: Path, tmp_path: Path) -> None:
    export_snapshot(snapshot, tmp_path / "jsonl", format="jsonl", names=["articles"])
    lines = (tmp_path / "jsonl" / "articles.jsonl").read_text("utf-8").splitlines()
    articles = {row["article_id"]: row for row in map(json.loads, lines)}
    first = articles[MADE_UP[0].article_id]
    assert first["text"] == MADE_UP[0].text
    assert first["published_at"] == "2026-03-04T09:30:00Z"
    assert first["subtitle"] is None
    assert list(first) == list(TABLES["articles"].column_names)


def test_sqlite_holds_keys_and_views(snapshot: Path, tmp_path: Path) -> None:
    export_snapshot(snapshot, tmp_path / "out.sqlite", format="sqlite")
    with sqlite3.connect(tmp_path / "out.sqlite") as connection:
        views = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
        assert sorted(views) == sorted(VIEWS)
        for view in views:
            is_empty = connection.execute(f"SELECT count(*) FROM {view}").fetchone()[0] == 0
            assert is_empty == (view in EMPTY_VIEWS), view
        [row] = connection.execute(
            "SELECT day, quote_count FROM quotes_per_person_and_day WHERE speaker_name LIKE 'Bj%'"
        )
        assert row == ("2026-03-04", 3)
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO stories SELECT * FROM stories")
    connection.close()


def test_duckdb_holds_types_comments_and_views(snapshot: Path, tmp_path: Path) -> None:
    export_snapshot(snapshot, tmp_path / "out.duckdb", format="duckdb")
    with duckdb.connect(str(tmp_path / "out.duckdb"), read_only=True) as connection:
        for view in VIEWS:
            is_empty = connection.execute(f"SELECT count(*) FROM {view}").fetchall()[0][0] == 0
            assert is_empty == (view in EMPTY_VIEWS), view
        comment = connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'quotes' AND column_name = 'cue'"
        ).fetchall()
        assert comment == [(TABLES["quotes"].column("cue").description,)]
        types = dict(
            connection.execute(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'articles'"
            ).fetchall()
        )
        assert types["published_at"] == "TIMESTAMP WITH TIME ZONE"


@pytest.mark.parametrize("format", [*FOLDERS, *FILES])
def test_a_view_can_be_exported_by_name(snapshot: Path, tmp_path: Path, format: str) -> None:
    need_packages(format)
    assert export_snapshot(snapshot, tmp_path / "out", format=format, names=["outlet_overlap"]) == {"outlet_overlap": 3}


HOSTILE = [
    "'; DROP TABLE quotes; --",
    '"); DROP TABLE quotes; --',
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "]]>&lol;<!-- \x01\x0b\x1b[2J",
    "a\0b",
    '=HYPERLINK("http://x.example")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202exslx.exe\u200b\ufeff\ufffe",
    'x,"y"\r\nz;\t\'',
    "{{ 7*7 }} ${jndi:ldap://x} %s%n",
    "“" * 3000,
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot whose stories are called so, a story for each."""
    rows = made_up_rows()
    [story, *_] = rows["stories"]
    rows["stories"] = [
        replace(story, story_id=f"{number:016x}", headline=text, event_date_method=text)
        for number, text in enumerate(HOSTILE)
    ]
    return publish_made_up(tmp_path_factory.mktemp("hostile"), rows)


def read_back(format: str, target: Path) -> list[tuple[str, str]]:
    """Headline and method of each story of an export."""
    columns = ("headline", "event_date_method")
    sql = "SELECT headline, event_date_method FROM stories ORDER BY story_id"
    match format:
        case "sqlite":
            with closing(sqlite3.connect(target)) as connection:
                return connection.execute(sql).fetchall()
        case "duckdb":
            with duckdb.connect(str(target), read_only=True) as connection:
                return connection.execute(sql).fetchall()
        case "jsonl":
            with (target / "stories.jsonl").open(encoding="utf-8", newline="\n") as file:
                return [tuple(json.loads(line)[name] for name in columns) for line in file]
        case "csv":
            with (target / "stories.csv").open(encoding="utf-8", newline="") as file:
                return [tuple(row[name] for name in columns) for row in csv.DictReader(file)]
        case "delta":
            import deltalake

            rows = deltalake.DeltaTable(str(target / "stories")).to_pyarrow_table().to_pylist()
            return [tuple(row[name] for name in columns) for row in sorted(rows, key=lambda row: row["story_id"])]
    sheet = read_workbook(target)["stories"]
    names = [cell.value for cell in sheet[1]]
    cells = [[row[names.index(name)] for name in columns] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for row in cells for cell in row} == {"s"}
    assert all(cell.hyperlink is None for row in cells for cell in row)
    return [tuple(unescape(cell.value) for cell in row) for row in cells]


def unescape(text: str) -> str:
    """What a workbook's text stands for: characters that XML cannot hold are written as their numbers."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)


@pytest.mark.parametrize("format", [*FOLDERS, *FILES])
def test_hostile_text_is_text_in_every_format(hostile: Path, tmp_path: Path, format: str) -> None:
    need_packages(format)
    counts = export_snapshot(hostile, tmp_path / f"out.{format}", format=format)
    assert counts == counts_of(made_up_rows()) | {"stories": len(HOSTILE)}
    expected = [make_safe(text) if format == "csv" else text for text in HOSTILE]
    assert read_back(format, tmp_path / f"out.{format}") == [(text, text) for text in expected]


# What the library of workbooks has open when it gives up complains once more when it is forgotten.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("format", [*FOLDERS, *FILES])
def test_a_full_disk_is_named_in_every_format(snapshot: Path, tmp_path: Path, format: str) -> None:
    need_packages(format)
    with small_disk(tmp_path / "disk", 64):
        filler = fill(tmp_path / "disk", left_bytes=8_000)
        with pytest.raises((ExportError, OSError), match=r"No space left|disk is full"):
            export_snapshot(snapshot, tmp_path / "disk" / "out", format=format)
        assert [path.name for path in (tmp_path / "disk").iterdir()] == [filler.name]


def test_export_snapshot_knows_no_other_table(snapshot: Path, tmp_path: Path) -> None:
    for name, hint in (("local_entities", "did you mean entities?"), ("xyz", "there are articles, ")):
        with pytest.raises(UnknownSource, match=f"no table or view is called '{name}'; {re.escape(hint)}"):
            export_snapshot(snapshot, tmp_path / "out", format="csv", names=[name])


@pytest.mark.parametrize("format", ["csv", "sqlite"])
def test_an_existing_export_is_replaced_only_when_told_to(snapshot: Path, tmp_path: Path, format: str) -> None:
    target = tmp_path / "out"
    export_snapshot(snapshot, target, format=format, names=["quotes"])
    with pytest.raises(ExportError, match="there already"):
        export_snapshot(snapshot, target, format=format)
    assert export_snapshot(snapshot, target, format=format, names=["stories"], replace=True) == {"stories": 2}
    if format == "csv":
        assert [path.name for path in target.iterdir()] == ["stories.csv"]


def test_a_folder_that_holds_other_files_is_never_replaced(snapshot: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "letters.txt").write_text("keep me")
    with pytest.raises(ExportError, match="holds more than an export"):
        export_snapshot(snapshot, target, format="csv", replace=True)
    with pytest.raises(ExportError, match="is a folder"):
        export_snapshot(snapshot, target, format="duckdb", replace=True)
    assert (target / "letters.txt").read_text() == "keep me"


def test_a_failed_export_leaves_what_was_there(snapshot: Path, tmp_path: Path, monkeypatch) -> None:
    target = tmp_path / "out"
    export_snapshot(snapshot, target, format="csv", names=["quotes"])
    monkeypatch.setattr(Snapshot, "batches", lambda self, name: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        export_snapshot(snapshot, target, format="csv", replace=True)
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "quotes.csv"]


def test_a_snapshot_of_an_earlier_version_is_exported_in_present_columns(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    snapshot = publish_made_up(tmp_path / "w")
    path = snapshot / "quarantine" / "part-0.parquet"
    rows = pq.read_table(path)
    names = ["check" if name == "check_name" else name for name in rows.column_names]
    pq.write_table(rows.rename_columns(names).drop_columns(["source_uri"]), path)
    export_snapshot(snapshot, tmp_path / "out", format="jsonl", names=["quarantine"])
    [row] = map(json.loads, (tmp_path / "out" / "quarantine.jsonl").read_text("utf-8").splitlines())
    assert (row["check_name"], row["source_uri"]) == ("has_text", None)
