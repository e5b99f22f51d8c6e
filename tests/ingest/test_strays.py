import pytest

from tasks.ingest.readers.reader import as_record
from tasks.ingest.strays import holds_strays, read_strays

SENTENCE = "The café at the old quay stayed open, said Ines Calder – “as ever”."


def stray(text: str, encoding: str) -> str:
    return text.encode(encoding).decode("utf-8", "surrogateescape")


def test_read_strays_reads_a_record_in_its_own_encoding():
    record = {"text": stray(SENTENCE, "cp1252"), "tags": [stray("Zoë", "cp1252"), 3], "of": {"title": "Plain"}}
    read, encoding = read_strays(record)
    assert read == {"text": SENTENCE, "tags": ["Zoë", 3], "of": {"title": "Plain"}}
    assert encoding == "cp1252"


def test_read_strays_leaves_letters_that_were_written_as_escapes():
    read, _ = read_strays({"text": stray(SENTENCE, "cp1252"), "title": "Łódź"})
    assert read == {"text": SENTENCE, "title": "Łódź"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SENTENCE, id="all UTF-8"),
        pytest.param(stray("café", "cp1252"), id="too short to tell"),
        pytest.param(stray(SENTENCE, "cp1252") + "\ud83d", id="half a character beside"),
    ],
)
def test_read_strays_leaves_what_cannot_be_told(text):
    record = {"text": text}
    read, encoding = read_strays(record)
    if encoding is None:
        assert read is record
    else:
        # Half a character stays, for which the record is refused.
        assert read["text"].endswith("\ud83d")


def test_read_strays_keeps_fields_of_one_name_apart():
    record = as_record([("text", stray(SENTENCE, "cp1252")), ("text", "Two.")])
    record["title"] = stray(SENTENCE, "cp1252")
    assert read_strays(record)[0].names == ["text"]


@pytest.mark.parametrize(("text", "holds"), [("plain", False), ("café", False), (stray("café", "cp1252"), True)])
def test_holds_strays(text, holds):
    assert holds_strays(text) == holds


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(SENTENCE + "\udce2\udc80", SENTENCE + "\ufffd", id="cut within a letter"),
        pytest.param(SENTENCE + stray("’s", "cp1252"), SENTENCE + "’s", id="a mark of windows-1252"),
    ],
)
def test_read_strays_mends_what_is_mostly_utf8(text, read):
    assert read_strays({"text": text}) == ({"text": read}, None)
