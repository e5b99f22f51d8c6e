from dataclasses import dataclass

import pytest

from schemas import PUBLISHED_TABLES, TABLES
from schemas.columns import Row, column, declare_table
from schemas.dictionary import describe_limits, dictionary_markdown


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_tables_point_at_columns_that_exist(table):
    for one in table.columns:
        assert one.description.endswith("."), one.name
        if one.references:
            target, _, name = one.references.partition(".")
            assert TABLES[target].column(name).type is one.type
    for pair in table.spans:
        assert {table.column(name).type for name in pair} == {int}
    for repeats in table.repeats:
        named = [name for name in (repeats.text, repeats.start, repeats.end, repeats.segments) if name]
        assert set(named) <= set(table.column_names)


@pytest.mark.parametrize("name", PUBLISHED_TABLES)
def test_dictionary_markdown_has_every_column(name):
    section = dictionary_markdown().split(f"\n## {name}\n")[1].split("\n## ")[0]
    for one in TABLES[name].columns:
        assert f"| {one.name} | " in section


def test_describe_limits_says_them_in_words():
    limits = describe_limits(TABLES["articles"].column("language_confidence"))
    assert limits == "≥ 0; ≤ 1"


def test_table_column_says_what_is_missing():
    with pytest.raises(KeyError, match="quotes has no column 'nothing'"):
        TABLES["quotes"].column("nothing")


def test_declare_table_refuses_a_key_that_is_no_column():
    @dataclass
    class Odd(Row):
        name: str = column("A name.")

    with pytest.raises(ValueError, match="key columns not declared"):
        declare_table("odd", key=("other",))(Odd)
    assert "odd" not in TABLES


def test_declare_table_refuses_a_column_of_two_types():
    @dataclass
    class Odd(Row):
        name: str | int = column("A name.")

    with pytest.raises(TypeError, match="one type, or one type or None"):
        declare_table("odd", key=("name",))(Odd)
