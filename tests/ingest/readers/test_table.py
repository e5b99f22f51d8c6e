from datetime import UTC, datetime

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
        pytest.param("sep=;\ntitle;text\nA;It sails, at noon.\n", ["It sails, at noon."], id="separator named"),
        pytest.param("\ufeffSEP=\t\r\ntitle\ttext\r\nA\tIt sails.\r\n", ["It sails."], id="separator, with a mark"),
        pytest.param("sep=;\n", ["not_empty"], id="nothing but a separator"),
        pytest.param("\ufeff" + ROWS + "A,It sails.,Jo\n", ["It sails."], id="byte-order mark"),
        pytest.param(ROWS + 'A,"It ""sails"".\n\nYes.",Jo\n', ['It "sails".\n\nYes.'], id="quotes and lines in a cell"),
        pytest.param(ROWS + "A,It sails.\n", ["It sails."], id="short row"),
        pytest.param(ROWS + "\n,,\nA,It sails.,Jo\n", ["It sails."], id="blank rows"),
        pytest.param(ROWS + "A,It sails.,Jo,Pat\nB,It lands.,Jo\n", ["is_row", "It lands."], id="long row"),
        pytest.param(
            ROWS + 'A,It sails.,Jo\nB,"It lands.\nC,Open.,Jo\n', ["It sails.", "is_row", "Open."], id="open quote"
        ),
        pytest.param(
            ROWS + 'A,"It sails.,Jo\nB,It lands.,Jo\nC,It "waits.,Jo\nD,It goes.,Jo\n',
            ["is_row", "It lands.", 'It "waits.', "It goes."],
            id="stray quotes in pairs",
        ),
        pytest.param(
            ROWS + 'A,"It sails.,Jo\nB,"It lands.\n\nSoft, it did, at ten, so.",Jo\nC,Open.,Jo\n',
            ["is_row", "It lands.\n\nSoft, it did, at ten, so.", "Open."],
            id="stray quote before a cell of several lines",
        ),
        pytest.param(ROWS + 'A,"It said "so" twice.",Jo\n', ['It said so" twice."'], id="quotes in pairs on a line"),
        pytest.param(ROWS + 'A,"It half', ["is_row"], id="cut off within quotes"),
        pytest.param("text,title,text\nOne.,A,Two.\n", ["unique_columns"], id="two columns of one name"),
        pytest.param("text,x,x\nOne.,A,B\n", ["One."], id="two columns of a name that says nothing"),
        pytest.param("Text,text\n,One.\n", ["One."], id="of two forms of a name the one that says something"),
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


@pytest.mark.parametrize(
    ("header", "row", "declared"),
    [
        pytest.param(
            ",id,title,publication,author,date,year,month,url,content",
            "0,7,Ferry,Tide,Jo Hale,2017-01-31,2017.0,1.0,https://tide.example/f,It sails.",
            ("Ferry", "Tide", "Jo Hale", "https://tide.example/f", datetime(2017, 1, 31, tzinfo=UTC)),
            id="all the news",
        ),
        pytest.param(
            "title,published_date,authors,description,section,content,link,top_image",
            "Ferry,2024-03-01,Jo Hale,d,Coast,It sails.,/news/f,https://tide.example/i.jpg",
            ("Ferry", None, "Jo Hale", "/news/f", datetime(2024, 3, 1, tzinfo=UTC)),
            id="broadcaster's news by month",
        ),
        pytest.param("text,label", "It sails.,2", (None,) * 5, id="texts with labels"),
        pytest.param("id,article,highlights", "1,It sails.,h", (None,) * 5, id="cnn_dailymail"),
        pytest.param(
            "url,archive,title,date,text,summary",
            "https://tide.example/f,a,Ferry,20240301,It sails.,s",
            ("Ferry", None, None, "https://tide.example/f", datetime(2024, 3, 1, tzinfo=UTC)),
            id="newsroom",
        ),
        pytest.param(
            "source_domain,title,maintext,date_publish,url",
            "tide.example,Ferry,It sails.,2024-03-01 08:00:00,https://tide.example/f",
            ("Ferry", "tide.example", None, "https://tide.example/f", datetime(2024, 3, 1, 8, tzinfo=UTC)),
            id="news-please",
        ),
    ],
)
def test_read_table_takes_data_sets_as_they_come(header, row, declared):
    [item] = read_bytes(f"{header}\n{row}\n", "a.csv")
    assert item.raw_text == "It sails."
    assert declared == (
        item.declared_title,
        item.declared_outlet,
        item.declared_author,
        item.declared_url,
        item.declared_published_at,
    )


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
    assert outcomes(read_bytes("sep=;\ntitle;text\nA;It sails.\n")) == ["It sails."]


def test_read_table_gives_equal_rows_of_two_files_one_id():
    [one] = read_bytes("title,text\nA,It sails.\n", "a.csv")
    [other] = read_bytes("text;title\nIt sails.;A\n", "b.csv")
    assert one.document_id == other.document_id


EASTERN = {
    "shift_jis": "港の船は金曜日に出ると彼は言った。それは東京の新聞の記事です",
    "gbk": "渡轮星期五开航他说这是港口的新闻文章",
    "big5": "渡輪星期五開航他說這是港口的新聞文章",
    "euc_kr": "항구의 배는 금요일에 떠난다고 그녀는 말했다",
}


@pytest.mark.parametrize("encoding", EASTERN)
def test_read_table_reads_a_table_of_several_bytes_a_letter_around_stray_bytes(encoding):
    rows = [f"A,{EASTERN[encoding]}{number}" for number in range(40)]
    raw = "\n".join(["title,text", *rows]).encode(encoding) + b"\nB,\x85\x20\xfd\xfe\xff\n"
    found = outcomes(read_bytes(raw, "a.csv"))
    assert found == [*(row.removeprefix("A,") for row in rows), "decodable"]
