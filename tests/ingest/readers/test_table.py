import pytest

from schemas import Document
from tasks.ingest.fields import Fields
from tests.ingest.readers.reading import read_bytes

ROWS = "title,text,author\n"


def outcomes(items):
    return [item.raw_text if isinstance(item, Document) else item.check for item in items]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(ROWS + "A,It sails.,Jo\n", ["It sails."], id="commas"),
        pytest.param("title\ttext\nA\tIt sails.\n", ["It sails."], id="tabs"),
        pytest.param("title;text\nA;It sails, at noon.\n", ["It sails, at noon."], id="semicolons"),
        pytest.param("\ufeff" + ROWS + "A,It sails.,Jo\n", ["It sails."], id="byte-order mark"),
        pytest.param(ROWS + 'A,"It ""sails"".\n\nYes.",Jo\n', ['It "sails".\n\nYes.'], id="quotes and lines in a cell"),
        pytest.param(ROWS + "A,It sails.\n", ["It sails."], id="short row"),
        pytest.param(ROWS + "\n,,\nA,It sails.,Jo\n", ["It sails."], id="blank rows"),
        pytest.param(ROWS + "A,It sails.,Jo,Pat\nB,It lands.,Jo\n", ["is_row", "It lands."], id="long row"),
        pytest.param(ROWS + 'A,It sails.,Jo\nB,"It lands.\nC,Open.,Jo\n', ["It sails.", "is_row"], id="open quote"),
        pytest.param(ROWS + "A,,Jo\n", ["has_text"], id="no text"),
        pytest.param("title,summary\nA,It sails.\n", ["has_text"], id="no column of text"),
        pytest.param("\n\n", ["not_empty"], id="nothing"),
        pytest.param(ROWS + "\n,,\n", ["not_empty"], id="no rows"),
        pytest.param(ROWS + "A," + "x" * 300 + ",Jo\nB,It lands.,Jo\n", ["is_row", "It lands."], id="row too long"),
        pytest.param(ROWS + 'A,"' + "x\n" * 300 + '\nB,"It lands.",Jo\n', ["is_row"], id="cell too long", marks=[]),
        pytest.param(ROWS + "A,a\0b,Jo\n", ["is_text"], id="nul"),
    ],
)
def test_read_table_takes_rows(content, expected):
    found = outcomes(read_bytes(content, "a.csv", maximum_bytes=200))
    assert found[: len(expected)] == expected
    assert len(found) == len(expected) or "is_row" in found


def test_read_table_names_rows_by_their_first_line():
    items = read_bytes(ROWS + 'A,"It\nsails.",Jo\nB,It lands.,Jo\n', "a.csv")
    assert [item.source_uri for item in items] == ["a.csv#L2", "a.csv#L4"]


def test_read_table_takes_columns_by_a_file_of_names(tmp_path):
    names = tmp_path / "names.toml"
    names.write_text('text = "Corps"\ntitle = ["Kopf", "titre"]\n')
    [item] = read_bytes("titre,corps,url\nA,It sails.,https://a.example\n", "a.csv", fields=Fields.with_file(names))
    assert (item.declared_title, item.raw_text, item.declared_url) == ("A", "It sails.", "https://a.example")


def test_read_table_reads_a_row_in_another_encoding():
    raw = ROWS.encode() + "A,café,Jo\n".encode() + "B,déjà vu,Jo\n".encode("cp1252")
    first, second = read_bytes(raw, "a.csv")
    assert (first.raw_text, second.raw_text) == ("café", "déjà vu")
    assert second.encoding != "utf-8"


def test_read_table_is_found_without_a_name():
    assert outcomes(read_bytes("title,text\nA,It sails.\n")) == ["It sails."]


def test_read_table_gives_equal_rows_of_two_files_one_id():
    [one] = read_bytes("title,text\nA,It sails.\n", "a.csv")
    [other] = read_bytes("text;title\nIt sails.;A\n", "b.csv")
    assert one.document_id == other.document_id
