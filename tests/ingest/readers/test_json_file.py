import json
import time

import pytest

from schemas import Document
from tasks.ingest.readers.reader import Options, Skipped, make_record_document
from tests.ingest.readers.reading import NOW, read_bytes


def outcomes(items):
    return [
        item.raw_text if isinstance(item, Document) else item.check for item in items if not isinstance(item, Skipped)
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param('[{"text": "One."}, {"text": "Two."}]', ["One.", "Two."], id="array"),
        pytest.param('\ufeff [\n{"text": "One."}\n]\n', ["One."], id="array over lines, with a mark"),
        pytest.param('{"text": "One."}', ["One."], id="one record"),
        pytest.param(
            '{\n "text": "One."\n}\n{\n "text": "Two."\n}', ["One.", "Two."], id="records one after the other"
        ),
        pytest.param('{"status": "ok", "articles": [{"content": "One."}, 7]}', ["One.", "is_json"], id="NewsAPI"),
        pytest.param(
            '{"hits": {"total": 3, "hits": [{"_id": "a", "_source": {"body": "One."}}, {"_source": {}}, {"n": 1}]}}',
            ["One.", "has_text", "has_text"],
            id="Elasticsearch",
        ),
        pytest.param('{"_id": "a", "_source": {"body": "One."}}', ["One."], id="one document of Elasticsearch"),
        pytest.param('[{"text": "One.", "_source": {"text": "It is kept."}}]', ["One."], id="record with a source"),
        pytest.param('{"data": []}', ["not_empty"], id="empty list"),
        pytest.param('{"title": "x"}', ["has_text"], id="no text"),
        pytest.param('[{"text": "One."}, {"text": ]', ["One.", "is_json"], id="broken in the midst"),
        pytest.param('[{"text": "One."}', ["One.", "is_json"], id="cut off"),
        pytest.param('[{"text": "One."},', ["One.", "is_json"], id="cut off behind a comma"),
        pytest.param('[{"text": "One.},{"text": "Two."}]', ["is_json", "Two."], id="open string"),
        pytest.param(
            '[{"text": },{"text": "Two."},\n{"text": "Three."}]', ["is_json", "Two.", "Three."], id="no value"
        ),
        pytest.param('[{"text": "One."} {"text": "Two."},{"text": "3."}]', ["One.", "Two.", "3."], id="no comma"),
        pytest.param('[{"text": "One."}; {"text": "Two."},{"text": "3."}]', ["One.", "Two.", "3."], id="no comma but"),
        pytest.param(
            '{"text": "One."};{"text": "2."}|\n{"text": "3."}', ["One.", "2.", "3."], id="objects with other marks"
        ),
        pytest.param('\x1e{"text": "One."}\n\x1e{"text": "Two."}\n', ["One.", "Two."], id="RFC 7464"),
        pytest.param('[{"text": "One."},,{"text": "Two."}]', ["One.", "is_json", "Two."], id="empty place"),
        pytest.param('[,{"text": "One."},{"text": "Two."}]', ["is_json", "One.", "Two."], id="empty place at first"),
        pytest.param(
            '{"text": "One."},\n{"text": "Two."},\n', ["One.", "Two."], id="records one after the other with commas"
        ),
        pytest.param(
            '{"articles": [{"text": "One."}], "articles": [{"text": "Two."}]}', ["unique_columns"], id="doubled list"
        ),
        pytest.param(
            '[{"data": [{"text": "1."}], "data": [{"text": "2."}]}, {"text": "3."}]',
            ["unique_columns", "3."],
            id="doubled list in an element",
        ),
        pytest.param(
            '[{"text": "a\0b"}, {"text": "' + "It sails. " * 9 + '"}]', ["is_json", "It sails. " * 9], id="NUL"
        ),
        pytest.param(
            '[{"text": "One., "of": [{"a": 1}, {"b": 2}]}, {"text": "Two."}]',
            ["is_json", "has_text", "is_json", "Two."],
            id="broken around a list",
        ),
        pytest.param(
            '[{"text": "\\x", "of": [{"a": 1}, {"b": 2}], "c": 1},\n{"text": "Two."}, {"text": "3."}]',
            ["is_json", "has_text", "is_json", "Two.", "3."],
            id="broken before a list, with more behind that",
        ),
        pytest.param(
            '[{"text": "\\x", "of": [{}, {"b": 2}], "c": 1}]', ["is_json", "has_text", "is_json"], id="at the end"
        ),
        pytest.param('[{"text": }, {"text": "Two."}] 7', ["is_json", "Two.", "is_json"], id="more behind the array"),
        pytest.param('[{"text": "One."}] [{"text": "Two."}]', ["One.", "Two."], id="array behind the array"),
        pytest.param('{"text": "One."}\n[{"text": "Two."}]', ["One.", "Two."], id="array behind an object"),
        pytest.param(
            '{"n": 1, "articles": [{"text": "One."}, {"text": d}, {"text": "3."}], "x": {}}\n{"text": "4."}',
            ["One.", "is_json", "3.", "is_json", "4.", "is_json"],
            id="broken in the list of an object",
        ),
        pytest.param(
            '{"response": {"n": 1, "results": [{"text": d}, {"text": "Two."}]}}\n{"text": "3."}',
            ["is_json", "Two.", "3."],
            id="broken in the list of an object's object",
        ),
        pytest.param('{"articles": [{"text": "One."}, {"te', ["One.", "is_json"], id="cut off in a list"),
        pytest.param('{"articles": [{"text": "One."}]', ["One."], id="cut off behind a list"),
        pytest.param(
            '{\n"articles": [{"text": "One."}]}\n{"articles": [{"text": "Two."}]}',
            ["One.", "Two."],
            id="answers in a row",
        ),
        pytest.param('{"text": "It sa, "items": [{"a": 1}]}', ["is_json"], id="broken record that holds a list"),
        pytest.param('{"text": "One.", "items": [{"text": d}]}', ["is_json"], id="broken list of a record"),
        pytest.param(
            '{"articles": [' + ",".join('{"text": "It sails."}' for _ in range(60)) + "]}",
            ["It sails."] * 60,
            id="list longer than a record may be",
        ),
        pytest.param(
            '{\n"text": "One."}\n{"text": }\n{\n"text": "Two."}', ["One.", "is_json", "Two."], id="broken between"
        ),
        pytest.param(
            '// a {"\n[{"text": "One."}, /* b */ {"text": "Two."}, // c\n {"text": "3."} /* d **/ ] // e',
            ["is_json", "One.", "Two.", "3."],
            id="comments",
        ),
        pytest.param('{"text": "One."} // a\n/* b */ {"text": "Two."}', ["One.", "Two."], id="comments behind objects"),
        pytest.param(
            '[{"text": "One."}, /* {"text": "Two."}, */ {"text": "3."}]', ["One.", "is_json", "3."], id="commented out"
        ),
        pytest.param('[{"text": "One."}, /* {"text": "Two."}]', ["One.", "is_json", "is_json"], id="open comment"),
        pytest.param('[{"text": "One."}, / {"text": "Two."}]', ["One.", "is_json"], id="half a comment"),
        pytest.param('[{"text": "One."},\n]', ["One."], id="comma behind the last"),
        pytest.param('[[{"text": "One."}], [[{"text": "2."}], []]]', ["One.", "2.", "is_json"], id="lists of lists"),
        pytest.param('[["text"], ["One."]]', ["is_json", "is_json"], id="rows of a table"),
        pytest.param('[{"text": "One.", "text": "Two."}, {"text": "3."}]', ["unique_columns", "3."], id="doubled"),
        pytest.param('[{"text": "One.", "x": 1, "x": 2, "text": "One."}]', ["One."], id="doubled to no harm"),
        pytest.param(
            '[{"Text": "", "text": "One."}]', ["One."], id="of two forms of a name the one that says something"
        ),
        pytest.param('[{"text": "One."}]'.encode("utf-16"), ["One."], id="UTF-16"),
        pytest.param('[{"text": "One."}]'.encode("utf-16-be"), ["One."], id="UTF-16 without a mark"),
        pytest.param("[" * 5000, ["is_json"], id="deep"),
        pytest.param('[{"text": "' + "x" * 5000 + '"}]', ["not_oversized"], id="record too long"),
        pytest.param("17", ["is_json"], id="number"),
        pytest.param('[{"text": "a\\ud83d"}]', ["decodable"], id="half a character"),
        pytest.param(b'[{"text": "caf\xe9"}]', ["decodable"], id="no UTF-8"),
    ],
)
def test_read_json_takes_records(content, expected):
    assert outcomes(read_bytes(content, "a.json", maximum_bytes=1000)) == expected


ONE, TWO = {"title": "A", "text": "One."}, {"title": "B", "text": "Two."}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"articles": [ONE], "items": [TWO]}, ["One.", "Two."], id="two lists that are called so"),
        pytest.param({"news": [ONE], "items": [TWO]}, ["One.", "Two."], id="a list under another name"),
        pytest.param({"news": [ONE, TWO]}, ["One.", "Two."], id="that one alone"),
        pytest.param({"of": {"news": [ONE]}, "response": {"docs": [TWO]}}, ["One.", "Two."], id="in objects"),
        pytest.param(
            {"hits": {"hits": [{"_source": ONE}]}, "results": [{"_source": TWO}]}, ["One.", "Two."], id="Elasticsearch"
        ),
        pytest.param({"articles": [ONE], "results": [{"id": 1}]}, ["One.", "has_text"], id="beside one of no articles"),
        pytest.param({"articles": [ONE], "stories": ["It sails."]}, ["One.", "is_json"], id="beside one of texts"),
        pytest.param({"articles": [ONE], "results": [], "data": [1], "tags": [{"id": 1}]}, ["One."], id="other lists"),
        pytest.param(
            {"articles": [ONE], "replies": [{"text": "So."}]},
            ["One.", "list_known"],
            id="a list of texts without titles",
        ),
        pytest.param({"a": {"b": {"c": {"d": [ONE]}}}, "items": [TWO]}, ["One.", "Two."], id="deep"),
        pytest.param({"parts": [{"of": [ONE]}, {"of": [TWO]}]}, ["One.", "Two."], id="in objects of a list"),
        pytest.param({"lead": ONE, "more": [TWO]}, ["One.", "Two."], id="an article beside a list"),
        pytest.param({"1": ONE, "2": TWO}, ["One.", "Two."], id="articles under names of their own"),
        pytest.param({"news": [ONE | {"related": [TWO]}]}, ["One.", "Two."], id="related ones of an article"),
        pytest.param({"text": "It is.", "articles": [ONE, TWO]}, ["It is.", "One.", "Two."], id="within an article"),
        pytest.param(
            {"text": "It is.", "related": [ONE], "items": [{"text": "b"}]}, ["It is.", "One.", "b"], id="of an article"
        ),
    ],
)
def test_read_json_loses_no_list_of_an_object(value, expected):
    assert outcomes(read_bytes(json.dumps(value), "a.json")) == expected
    if len(expected) > 1 and expected[0] == "One.":
        # The same of one of several values, and on a line.
        several = json.dumps([value, {"text": "It ends."}])
        assert outcomes(read_bytes(several, "a.json")) == [*expected, "It ends."]
        assert outcomes(read_bytes(json.dumps(value), "a.jsonl")) == expected


@pytest.mark.parametrize("name", ["articles", "news"])
@pytest.mark.parametrize("is_first", [True, False], ids=["before", "behind"])
def test_read_json_loses_no_list_beside_a_long_one(name, is_first):
    long, short = {"items": [ONE] * 60}, {name: [TWO]}
    value = short | long if is_first else long | short
    assert sorted(outcomes(read_bytes(json.dumps(value), "a.json", maximum_bytes=1000))) == ["One."] * 60 + ["Two."]


def test_read_json_reads_records_in_other_encodings_than_utf_8():
    texts = ["The café at the old quay stayed open, said Ines Calder.", "The ferry sails on Friday, said Zoë Hale."]
    for value in ([{"text": text} for text in texts], {"articles": [{"text": text} for text in texts]}):
        items = read_bytes(json.dumps(value, ensure_ascii=False).encode("cp1252"), "a.json")
        assert [item.raw_text for item in items] == texts
        assert {item.encoding for item in items} == {"cp1252"}


def test_read_json_reads_lists_longer_than_what_it_holds(monkeypatch):
    monkeypatch.setattr("tasks.ingest.readers.json_values.CHUNK_CHARACTERS", 7)
    records = [{"text": f"Ferry {number} sails."} for number in range(50)]
    assert outcomes(read_bytes(json.dumps(records))) == [record["text"] for record in records]


@pytest.mark.parametrize(
    ("begin", "name"),
    [
        ('[[{"text": "One."}]]', ""),
        ('// a\n/* b */ [\n{"text": "One."}]', ""),
        ('[\n {"text": "One."},\n', "a.jsonl"),
        ('[\n  [\n {"text": "One."}]]', "a.jsonl"),
        ('{\n "text": "One."\n}', "a.jsonl"),
        ('{"title": "A",\n "text": "One."}', "a.jsonl"),
        ('[{"text": "One."},\n{"text": "Two."}]', "a.jsonl"),
    ],
)
def test_json_is_known_by_its_beginning_whatever_it_is_called(begin, name):
    for content in (begin, begin.encode("utf-16"), begin.encode("utf-32")):
        items = read_bytes(content, name)
        assert outcomes(items)[0] == "One."
        assert "#L" not in items[0].source_uri


def test_read_json_skips_comments_longer_than_what_it_holds(monkeypatch):
    monkeypatch.setattr("tasks.ingest.readers.json_values.CHUNK_CHARACTERS", 7)
    text = f'/*{"* " * 50}*/[{{"text": "One."}}, //{"/ " * 50}\n {{"text": "Two."}}]'
    assert outcomes(read_bytes(text, "a.json")) == ["One.", "Two."]


@pytest.mark.parametrize("begin", ['[{"text":"', "[", ""], ids=["string", "array", "nothing"])
@pytest.mark.parametrize(
    "unit", ["/*", "/* */", "//\n", "// {\n", "/", "*/", ',{"a":', ',{"a":1}x', '{"a":[,', "]", '],{"a":1}', '{"a":}\n']
)
def test_read_json_seeks_the_next_object_in_a_time_that_grows_with_the_text(unit, begin):
    def measure(count):
        began = time.process_time()
        read_bytes(begin + unit * count, "a.json")
        return time.process_time() - began

    few, many = (min(measure(count) for _ in range(2)) for count in (2_000, 8_000))
    # Four times the text may take four times as long, not sixteen times.
    assert many < 10 * max(few, 0.05)


def test_read_json_tries_what_lies_in_broken_values_no_more_often_than_some_times_its_length():
    # Each of the objects holds all those behind it.
    text = "[" + ',{"a":[1' * 900 + ",1" * 200_000 + "}"
    began = time.process_time()
    assert set(outcomes(read_bytes(text, "a.json"))) == {"is_json"}
    # Each tried up to its end takes eight seconds.
    assert time.process_time() - began < 3


def deep(depth):
    return '{"of": ' * depth + '{"text": "x"}' + "}" * depth


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(("a.json", "[%s, %s]"), id="array"),
        pytest.param(("a.json", '{"articles": [%s, %s]}'), id="known list"),
        pytest.param(("a.json", '{"of": [%s, %s]}'), id="unknown list"),
        pytest.param(("a.jsonl", "%s\n%s"), id="lines"),
        pytest.param(("a.json", '{"version": "https://jsonfeed.org/version/1.1", "items": [%s, %s]}'), id="feed"),
    ],
)
@pytest.mark.parametrize(
    "record",
    [
        pytest.param(f'{{"sections": [{{"text": "a"}}], "content": {deep(30)}}}', id="a text too deep behind parts"),
        pytest.param(f'{{"title": "T", "content": {deep(30)}}}', id="a text too deep"),
        pytest.param('{"title": "T\\ud800", "text": "x", "date": {"$date": 9e99}}', id="half a letter and no time"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_read_costs_itself_alone(record, frame):
    name, frame = frame
    good = '{"title": "Bridge", "text": "It reopened."}'
    items = read_bytes(frame % (record, good), name)
    assert len(items) >= 2
    assert sum("It reopened." in item.raw_text for item in items if isinstance(item, Document)) == 1


def test_make_record_document_refuses_what_is_too_deep_to_be_written():
    record = {"title": "T", "text": "x"}
    for _ in range(100_000):
        record = {"title": "T", "text": "x", "of": record}
    refused = make_record_document(record, "a.json#R1", fetched_at=NOW, options=Options())
    assert (refused.source_uri, refused.check) == ("a.json#R1", "is_json")
