from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schemas import Entity
from tasks.resolve.known import KnownEntities, entity_key, entity_keys

LIND = Entity(
    entity_id="person-000000000001",
    name="Sergei Orlov",
    label="PERSON",
    aliases="Orlov; Sergey V. Orlov",
    alias_count=2,
    mention_count=5,
    article_count=2,
    quote_count=3,
    usual_title="deputy foreign minister",
    first_seen_at=datetime(2024, 5, 2, tzinfo=UTC),
    last_seen_at=datetime(2024, 5, 3, tzinfo=UTC),
)
OLDER = replace(LIND, entity_id="person-000000000002", aliases="", first_seen_at=datetime(2024, 5, 1, tzinfo=UTC))

KEYS = {
    "spellings": ("Sergey Orlov", "Sergei Orlov", "PERSON"),
    "diacritics": ("José Peña", "Jose Pena", "PERSON"),
    "country": ("United States", "US", "PLACE"),
    "article": ("the Port Office", "Port Office", "ORG"),
    "legal form": ("Voss Steel AG", "Voss Steel", "ORG"),
    "legal forms": ("Voss Steel Co Ltd", "Voss Steel", "ORG"),
}


@pytest.mark.parametrize(("one", "other", "label"), KEYS.values(), ids=KEYS.keys())
def test_entity_key_is_one_for_spellings_of_a_name(one, other, label):
    assert entity_key(one, label) == entity_key(other, label) is not None


def test_entity_key_is_none_for_a_surname_alone():
    assert entity_key("Orlov", "PERSON") is None


def test_entity_keys_are_those_of_all_full_names():
    assert entity_keys(LIND) == [entity_key("Sergei Orlov", "PERSON"), entity_key("Sergey V. Orlov", "PERSON")]


def test_find_gives_the_id_first_seen_first():
    known = KnownEntities.of([LIND, OLDER])
    key = entity_key("Sergey Orlov", "PERSON")
    assert known.find([key], []) == [OLDER.entity_id, LIND.entity_id]


def test_find_leaves_namesakes_of_another_office_out():
    known = KnownEntities.of([LIND])
    key = entity_key("Sergei Orlov", "PERSON")
    assert known.find([key], ["bishop of Ashby"]) == []
    assert known.find([key], ["bishop of Ashby", "deputy foreign minister"]) == [LIND.entity_id]


def test_find_leaves_merged_ids_out():
    known = KnownEntities.of([replace(LIND, merged_into=OLDER.entity_id), OLDER])
    assert known.find([entity_key("Sergei Orlov", "PERSON")], []) == [OLDER.entity_id]


def test_merged_rows_lead_to_the_last_of_a_chain():
    known = KnownEntities.of([LIND, replace(OLDER, merged_into=LIND.entity_id)])
    rows = {row.entity_id: row for row in known.merged_rows({LIND.entity_id: "person-000000000003"})}
    assert {row.merged_into for row in rows.values()} == {"person-000000000003"}
    assert rows[LIND.entity_id].name == "Sergei Orlov"
    assert (rows[LIND.entity_id].mention_count, rows[LIND.entity_id].quote_count) == (0, 0)
