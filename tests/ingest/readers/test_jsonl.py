import time

import pytest

from schemas import Document
from tasks.ingest.readers.reader import Refused, Skipped
from tests.ingest.readers.reading import read_bytes

TOLD_BY = {Document: "raw_text", Refused: "check", Skipped: "reason"}


def outcomes(content):
    """What is read of a file of lines: the name of each input and its text, check or reason."""
    items = read_bytes(content, "a.jsonl")
    return [
        (
            item.source_uri.partition("#")[2],
            item.raw_text if isinstance(item, Document) else item.reason if isinstance(item, Skipped) else item.check,
        )
        for item in items
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param('{"text": "1"}{"text": "2"}\n{"text": "3"}', [("L1.1", "1"), ("L1.2", "2"), ("L2", "3")],
                     id="two"),
        pytest.param('{"text": "1"}, {"text": "2"}\n{"text": "3"}', [("L1.1", "1"), ("L1.2", "2"), ("L2", "3")],
                     id="two with a comma"),
        pytest.param('{"text": "1"},\n{"text": "2"},\n', [("L1", "1"), ("L2", "2")], id="commas behind lines"),
        pytest.param('{"text": "1"} // one\n{"text": "2"}', [("L1", "1"), ("L2", "2")], id="comment behind an object"),
        pytest.param('# a\n// b\n{"text": "1"}', [("L1", "a comment between records"),
                                                  ("L2", "a comment between records"), ("L3", "1")], id="comments"),
        pytest.param('{"text": "1"}\n// {"text": "2"}\n', [("L1", "1"), ("L2", "is_json")], id="commented out"),
        pytest.param('{"text": "1"}{"text": \n{"text": "2"}', [("L1.1", "1"), ("L1.2", "is_json"), ("L2", "2")],
                     id="one and a half"),
        pytest.param('{"text": "1\n{"text": "2"}\n', [("L1", "is_json"), ("L2", "2")], id="first line cut off"),
        pytest.param('{"text": "1"}\n[{"text": "2"}]\n[[{"text": "3"}, {"text": "4"}]]',
                     [("L1", "1"), ("L2.1", "2"), ("L3.1", "3"), ("L3.2", "4")], id="arrays"),
        pytest.param('{"text": "1"}\n["title", "text"]\n["A", "2"]', [("L1", "1"), ("L2", "is_json"),
                                                                             ("L3", "is_json")], id="rows of a table"),
        pytest.param('{"text": "1"}\n[\n{"text": "2"},\n]', [("L1", "1"), ("L2", "is_json"), ("L3", "2"),
                                                             ("L4", "is_json")], id="array over lines behind a line"),
    ],
)  # fmt: skip
def test_read_jsonl_takes_what_stands_on_a_line(content, expected):
    assert outcomes(content) == expected


@pytest.mark.parametrize("unit", ['{"a":1}', '{"text":"x"},', "{", "[", '{"a":', "/*", '{"a":1}/', "[1,"])
def test_read_jsonl_reads_a_line_in_a_time_that_grows_with_it(unit):
    def measure(count):
        began = time.process_time()
        outcomes('{"text":"a"}' + unit * count)
        return time.process_time() - began

    few, many = (min(measure(count) for _ in range(2)) for count in (1_000, 4_000))
    assert many < 10 * max(few, 0.03)
