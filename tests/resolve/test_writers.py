import pytest

from tasks.resolve.writers import find_writer
from tests.resolve.made_up import make_discourse

NAMES = {"Anna Lind": "PERSON", "Lind": "PERSON", "Peter Roe": "PERSON", "Kelm": "PLACE"}
CASES = {
    "signed": ("I am wet.\n\nAnna Lind.\n\nI am dry.\n\nPeter Roe.", "Anna Lind"),
    "signed with a place": ("I am wet.\n\nAnna Lind, Kelm", "Anna Lind"),
    "presented below": ("I am wet.\n\nIt rains.\n\nAnna Lind is a clerk in Kelm.", "Anna Lind"),
    "presented with an apposition": ("I am wet.\n\nAnna Lind, a clerk, teaches in Kelm.", "Anna Lind"),
    "presented with an office": ("I am wet.\n\nIt rains.\n\nSen. Anna Lind, D-Kel., was a clerk.", "Anna Lind"),
    "presented with somebody": ("I am wet.\n\nIt rains.\n\nWith Anna Lind was a clerk.", None),
    "named by the headline": ("Anna Lind: The rain\n\nI am wet.", "Anna Lind"),
    "headline of what somebody said": ("Anna Lind: The rain\n\nI am wet. Lind said so.", None),
    "headline in marks": ("Anna Lind: “It rains”\n\nI am wet.", None),
    "told of in the text": ("I am wet.\n\nAnna Lind is wet as well.\n\nIt rains.\n\nIt stops.", None),
    "a paragraph about somebody": ("I am wet.\n\nAnna Lind met Peter Roe.", None),
    "a surname is no signature": ("I am wet.\n\nLind.", None),
    "signed before": ("Anna Lind.\n\nI am wet.", None),
}


@pytest.mark.parametrize(("text", "name"), CASES.values(), ids=CASES.keys())
def test_find_writer_reads_the_lines_below(text, name):
    found = find_writer(make_discourse(text, NAMES), text.index("I am wet"))
    assert (found.name if found else None) == name
