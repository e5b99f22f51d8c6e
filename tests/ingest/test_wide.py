import codecs
import io
import json
import time

import pytest

from schemas import Document
from tasks.ingest import wide
from tasks.ingest.wide import narrow, recode, wide_encoding
from tests.ingest.readers.reading import read_bytes

UTF_16 = {"utf-16": "utf-16-le", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}
TEXTS = [f"The ferry {number} sails – at noon, said Ines Calder." for number in range(400)]
FORMS = {
    "a.csv": "title,text\n" + "".join(f'A,"{text}"\n' for text in TEXTS),
    "a.jsonl": "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in TEXTS),
    "a.json": json.dumps([{"text": text} for text in TEXTS], ensure_ascii=False, indent=1),
}


def damage(raw, encoding, fault):
    """The bytes with a fault in the 200th text."""
    at = raw.index("ferry 200".encode(UTF_16[encoding]))
    half = "\ud83d".encode(UTF_16[encoding], "surrogatepass")
    return (
        raw[:at]
        + {"half a character": half, "a byte too many": b"x", "a byte too few": b""}[fault]
        + raw[at + (fault == "a byte too few") :]
    )


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("encoding", [*UTF_16, "utf-32", "utf-32-le", "utf-32-be"])
def test_records_in_wide_letters_are_read_with_and_without_a_mark(name, encoding):
    for called in (name, ""):
        items = read_bytes(FORMS[name].encode(encoding), called)
        assert [item.raw_text for item in items] == TEXTS
        if name != "a.json":
            assert {item.encoding for item in items} == {encoding}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("encoding", UTF_16)
def test_half_a_character_costs_no_row_behind_it(name, encoding):
    items = read_bytes(damage(FORMS[name].encode(encoding), encoding, "half a character"), name)
    assert [item.raw_text.replace("\ufffd", "") for item in items] == TEXTS
    assert "\ufffdferry 200" in items[200].raw_text


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("encoding", UTF_16)
@pytest.mark.parametrize("fault", ["a byte too many", "a byte too few"])
def test_a_byte_too_many_or_too_few_costs_its_own_line(name, encoding, fault):
    items = read_bytes(damage(FORMS[name].encode(encoding), encoding, fault), name)
    kept = [item.raw_text for item in items if isinstance(item, Document) and item.raw_text in TEXTS]
    assert kept == [text for text in TEXTS if text != TEXTS[200]]
    assert len(items) == len(TEXTS)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("encoding", [*UTF_16, "utf-32"])
def test_a_file_cut_within_a_letter_keeps_what_is_before(name, encoding):
    items = read_bytes(FORMS[name].encode(encoding)[:-1], name)
    assert [item.raw_text for item in items if isinstance(item, Document)] == TEXTS


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_recode_gives_the_same_in_pieces_of_any_size(monkeypatch, size):
    monkeypatch.setattr(wide, "READ_BYTES", size)
    raw = damage(FORMS["a.csv"].encode("utf-16"), "utf-16", "a byte too many")
    monkeypatch.undo()
    whole = recode(io.BytesIO(raw), raw).read()
    monkeypatch.setattr(wide, "READ_BYTES", size)
    assert recode(io.BytesIO(raw), raw).read() == whole


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        pytest.param(b"plain text", None, id="plain"),
        pytest.param('{"标题": 1}'.encode("utf-16-le"), "utf-16-le", id="two letters of ASCII"),
        pytest.param("“It sails,” she said.".encode("utf-16-be"), "utf-16-be", id="zeros"),
        pytest.param("It sails.".encode("utf-32-le"), "utf-32-le", id="utf-32 without a mark"),
        pytest.param('{"标题": 1, "正文": 2}'.encode("utf-32-be"), "utf-32-be", id="utf-32 in part of ASCII"),
        pytest.param(b"one\0two\0three\0", None, id="words with zeros between them"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_wide_encoding_is_told_by_zeros(head, encoding):
    assert wide_encoding(head) == encoding
    assert (narrow(head) == head) == (encoding is None)


def test_recode_reads_a_file_of_shifted_lines_in_little_time():
    raw = codecs.BOM_UTF16_LE + ("It\n".encode("utf-16-le") + b"x") * 100_000
    began = time.process_time()
    assert recode(io.BytesIO(raw), raw[:100]).read().count(b"\n") == 100_000
    # Read anew by 64 kilobytes, it takes three seconds.
    assert time.process_time() - began < 1.5
