import pytest

from tasks.clean.recurring.printed_lines import Shape, name_outlet, read_line, read_printed_lines
from tests.clean.made_up_documents import BODY, PROSE, make_document


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Posted 3 hours ago", "posted 12 hours  ago"),
        ("» More from Harbour News", "More from Harbour News »"),
        ("HARBOUR NEWS", "Harbour News"),
    ],
    ids=["number", "decoration", "case"],
)
def test_read_line_gives_one_hash_to_lines_that_look_alike(one, other):
    assert read_line(one)[0] == read_line(other)[0]


@pytest.mark.parametrize("text", ["* * *", "___", "12:45", "a 3"])
def test_read_line_passes_over_lines_that_say_nothing(text):
    assert read_line(text) is None


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("More from Harbour News", Shape.NONE),
        ("Sign up for our letter.", Shape.SENTENCE),
        ("Posted 3 hours ago", Shape.MASKED),
        ("“We have waited nine years,” said Cole.", Shape.SENTENCE | Shape.CONTENT),
        ("Why it matters:", Shape.CONTENT),
        ("- two cups of rye", Shape.CONTENT),
        ("‘A long wait’", Shape.CONTENT),
        ("word " * 20 + "end.", Shape.LONG),
        ("x" * 200, Shape.LONG),
    ],
)
def test_read_line_sees_the_shape(text, shape):
    assert read_line(text)[1] == shape


def test_read_printed_lines_reads_the_same_lines_from_text_and_page():
    page = f"<html><head><title>Pier</title></head><body><p>More from <b>Harbour</b> News</p><p>{PROSE[0]}</p></body>"
    printed = read_printed_lines(make_document(page, media_type="text/html"))
    plain = read_printed_lines(make_document(f"More from Harbour News\n\n{PROSE[0]}"))
    assert printed.hashes.tolist() == plain.hashes.tolist()
    assert len(plain.hashes) == 2


def test_read_printed_lines_leaves_out_scripts():
    page = f"<body><script>var more = 'from Harbour News';</script><p>{PROSE[0]}</p></body>"
    assert len(read_printed_lines(make_document(page, media_type="text/html")).hashes) == 1


def test_read_printed_lines_joins_what_was_wrapped():
    wrapped = "\n\n".join(paragraph[:60] + "\n" + paragraph[60:] for paragraph in PROSE * 2)
    assert len(read_printed_lines(make_document(wrapped)).hashes) == len(PROSE * 2)


PAGE = "<html><head>{}</head><body><p>x</p></body></html>"


@pytest.mark.parametrize(
    ("raw_text", "fields", "expected"),
    [
        (BODY, {"declared_outlet": "Harbour  News"}, ("outlet:harbour news", True)),
        (BODY, {"declared_url": "https://www.harbour.example/a/b"}, ("host:harbour.example", True)),
        (PAGE.format('<link rel="canonical" href="https://m.harbour.example/a">'), {}, ("host:harbour.example", True)),
        (PAGE.format('<meta property="og:site_name" content="Harbour News">'), {}, ("outlet:harbour news", True)),
        (BODY, {"source_uri": "in/blog.jsonl#L12"}, ("source:in/blog.jsonl", False)),
        (BODY, {"source_uri": "in/pier.txt"}, ("source:in", False)),
        (BODY, {"declared_url": "http://[broken", "source_uri": "pier.txt"}, ("source:", False)),
    ],
    ids=["declared", "address", "canonical", "site name", "file of records", "folder", "broken address"],
)
def test_name_outlet_takes_the_surest_sign(raw_text, fields, expected):
    media_type = "text/html" if raw_text.startswith("<") else "text/plain"
    document = make_document(raw_text, media_type=media_type, **fields)
    printed = read_printed_lines(document)
    assert (printed.outlet, printed.is_declared) == expected
    if media_type == "text/plain":
        assert name_outlet(document) == expected
