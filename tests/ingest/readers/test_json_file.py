import json

import pytest

from schemas import Document
from tests.ingest.readers.reading import read_bytes


def outcomes(items):
    return [item.raw_text if isinstance(item, Document) else item.check for item in items]


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
        pytest.param('{"data": []}', ["not_empty"], id="empty list"),
        pytest.param('{"title": "x"}', ["has_text"], id="no text"),
        pytest.param('[{"text": "One."}, {"text": ]', ["One.", "is_json"], id="broken in the midst"),
        pytest.param('[{"text": "One."}', ["One.", "is_json"], id="cut off"),
        pytest.param("[" * 5000, ["is_json"], id="deep"),
        pytest.param('[{"text": "' + "x" * 5000 + '"}]', ["not_oversized"], id="record too long"),
        pytest.param("17", ["is_json"], id="number"),
        pytest.param('[{"text": "a\\ud83d"}]', ["decodable"], id="half a character"),
        pytest.param(b'[{"text": "caf\xe9"}]', ["decodable"], id="no UTF-8"),
    ],
)
def test_read_json_takes_records(content, expected):
    assert outcomes(read_bytes(content, "a.json", maximum_bytes=1000)) == expected


def test_read_json_reads_lists_longer_than_what_it_holds(monkeypatch):
    monkeypatch.setattr("tasks.ingest.readers.json_file.CHUNK_CHARACTERS", 7)
    records = [{"text": f"Ferry {number} sails."} for number in range(50)]
    assert outcomes(read_bytes(json.dumps(records))) == [record["text"] for record in records]
