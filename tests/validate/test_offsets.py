import time

import pyarrow as pa
import pytest

from schemas import TABLES
from tasks.validate.offsets import columns_of, cut_piece, cut_pieces, find_in_order, find_standing

CONTENT, CUE, _ = TABLES["quotes"].repeats
TEXT = "The ferry sails"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param((0, 3), "The", id="span"),
        pytest.param((4, 4), "", id="empty span"),
        pytest.param(("0:3 10:15",), "The sails", id="pieces"),
        pytest.param((3, 0), None, id="reversed"),
        pytest.param((0, 99), None, id="past the end"),
        pytest.param((-3, 2), None, id="before the start"),
        pytest.param((None, 3), None, id="incomplete"),
        pytest.param(("0:x",), None, id="no number"),
        pytest.param(("",), None, id="nothing"),
        pytest.param((None,), None, id="no pieces"),
    ],
)
def test_what_is_cut_out_is_what_stands_there(place, expected):
    cut = cut_piece if len(place) == 2 else cut_pieces
    assert cut("The ferry sails", *place) == expected


def table(repeats, *rows):
    columns = [pa.array(values) for values in zip(*rows, strict=True)]
    return pa.Table.from_arrays(columns, names=columns_of(repeats))


@pytest.mark.parametrize(
    ("text", "start", "end", "is_standing"),
    [
        pytest.param("ferry", 4, 9, True, id="where it stands"),
        pytest.param("ferry", 5, 10, False, id="elsewhere"),
        pytest.param("sails", 10, 16, False, id="past the end"),
        pytest.param(None, None, None, True, id="no text and no place"),
        pytest.param(None, 4, 9, False, id="a place without a text"),
        pytest.param("ferry", 4, None, False, id="half a place"),
    ],
)
def test_find_standing_asks_for_the_text_at_its_place(text, start, end, is_standing):
    assert find_standing([("a", TEXT)], table(CUE, ("a", text, start, end)), CUE) == [is_standing]


def test_find_standing_refuses_rows_of_a_text_that_is_not_there():
    assert find_standing([("a", TEXT)], table(CUE, ("b", "The", 0, 3)), CUE) == [False]


@pytest.mark.parametrize(
    ("start", "end", "segments", "is_in_order"),
    [
        pytest.param(4, 9, "4:9", True, id="one"),
        pytest.param(0, 15, "0:3 4:9 9:15", True, id="several"),
        pytest.param(0, 15, "0:3 10:15", True, id="with a cue between"),
        pytest.param(3, 9, "4:9", False, id="begins before"),
        pytest.param(4, 10, "4:9", False, id="ends behind"),
        pytest.param(0, 15, "0:5 4:15", False, id="overlapping"),
        pytest.param(0, 15, "10:15 0:3", False, id="reversed"),
        pytest.param(0, 15, "0:9 9:9 9:15", False, id="an empty one"),
        pytest.param(4, 4, "4:4", False, id="empty"),
        pytest.param(9, 4, "9:4", False, id="from its end"),
        pytest.param(0, 9, "0:9x", False, id="no number"),
        pytest.param(0, 9, "0:9 ", False, id="a space behind"),
        pytest.param(0, 9, "", False, id="nothing"),
        pytest.param(0, 9, "0:" + "9" * 30, False, id="a number too long"),
        pytest.param(None, 9, "0:9", False, id="no start"),
        pytest.param(0, 9, None, True, id="no segments"),
    ],
)
def test_find_in_order_asks_for_pieces_from_start_to_end(start, end, segments, is_in_order):
    sound = ("a", "x", 2, 8, "2:3 5:8")
    rows = [sound, ("a", "x", start, end, segments), sound]
    assert find_in_order(table(CONTENT, *rows), CONTENT) == [True, is_in_order, True]


def test_find_in_order_takes_a_table_without_rows():
    kinds = (pa.string(), pa.string(), pa.int64(), pa.int64(), pa.string())
    empty = pa.schema(list(zip(columns_of(CONTENT), kinds, strict=True))).empty_table()
    assert find_in_order(empty, CONTENT) == []


def test_find_in_order_looks_at_all_rows_together():
    rows = [("a", "x", 1, 2_000, "1:3 5:8 900:2000")] * 200_000
    columns = table(CONTENT, *rows)
    began = time.process_time()
    assert all(find_in_order(columns, CONTENT))
    # Row by row it takes a second.
    assert time.process_time() - began < 1
