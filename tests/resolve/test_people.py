from datetime import UTC, datetime

from schemas import Entity, LocalEntity
from tasks.resolve.people import ArticleContext, entity_keys, entity_row, join_entities, title_rows


def make_context(story="story-1", outlet="Gazette", day=1):
    return ArticleContext(story, outlet, datetime(2024, 5, day, tzinfo=UTC))


def make_local(article, number, name, *, label="PERSON", titles="", gender=None, mentions=2):
    return LocalEntity(
        local_id=f"{article}:{number}",
        article_id=article,
        name=name,
        label=label,
        aliases="",
        titles=titles,
        gender=gender,
        mention_count=mentions,
    )


def names_by_entity(members):
    return sorted(sorted(item.name for item in group) for group in members.values())


def test_join_entities_joins_spellings_within_a_story():
    contexts = {"a": make_context(), "b": make_context(outlet="Post", day=2)}
    local = [make_local("a", 0, "Sergei Orlov"), make_local("b", 0, "Sergey Orlov")]
    assert names_by_entity(join_entities(local, contexts, {})) == [["Sergei Orlov", "Sergey Orlov"]]


def test_join_entities_leads_a_surname_to_the_only_person_of_its_story():
    contexts = {"a": make_context(), "b": make_context(day=2), "c": make_context(story="story-2")}
    local = [make_local("a", 0, "Anna Lind"), make_local("b", 0, "Lind"), make_local("c", 0, "Lind")]
    assert names_by_entity(join_entities(local, contexts, {})) == [["Anna Lind", "Lind"], ["Lind"]]


def test_join_entities_keeps_a_surname_that_fits_two_apart():
    contexts = {"a": make_context(), "b": make_context(day=2)}
    local = [make_local("a", 0, "Anna Lind"), make_local("a", 1, "Peter Lind"), make_local("b", 0, "Lind")]
    assert names_by_entity(join_entities(local, contexts, {})) == [["Anna Lind"], ["Lind"], ["Peter Lind"]]


def test_join_entities_makes_names_of_one_country_one():
    contexts = {"a": make_context(), "b": make_context(story="story-2")}
    local = [make_local("a", 0, "the United States", label="PLACE"), make_local("b", 0, "US", label="PLACE")]
    assert len(join_entities(local, contexts, {})) == 1


def test_join_entities_keeps_the_id_of_an_earlier_run():
    contexts = {"a": make_context(), "b": make_context(day=2)}
    first = join_entities([make_local("b", 0, "Sergey Orlov")], contexts, {})
    ((entity_id, members),) = first.items()
    row = entity_row(entity_id, members, contexts, 0)
    known = dict.fromkeys(entity_keys(row), row.entity_id)
    both = [make_local("a", 0, "Sergei Orlov"), make_local("b", 0, "Sergey Orlov")]
    assert list(join_entities(both, contexts, known)) == [entity_id]


def test_join_entities_ids_depend_on_names_alone():
    contexts = {"a": make_context(), "z": make_context(story="story-9", day=9)}
    one = join_entities([make_local("a", 0, "Anna Lind")], contexts, {})
    more = join_entities([make_local("z", 0, "Peter Holm"), make_local("a", 0, "Anna Lind")], contexts, {})
    assert set(one) <= set(more)


def test_entity_row_names_by_the_usual_full_name():
    contexts = {"a": make_context(), "b": make_context(day=3)}
    members = [make_local("a", 0, "Lind", mentions=9), make_local("b", 0, "Anna Lind")]
    row = entity_row("person-000000000000", members, contexts, 4)
    assert (row.name, row.aliases, row.alias_count) == ("Anna Lind", "Lind", 1)
    assert (row.mention_count, row.article_count, row.quote_count) == (11, 2, 4)
    assert (row.first_seen_at.day, row.last_seen_at.day) == (1, 3)


def test_entity_keys_of_a_person_leave_surnames_out():
    row = entity_row(
        "person-000000000000",
        [make_local("a", 0, "Anna Lind"), make_local("a", 1, "Lind")],
        {"a": make_context()},
        0,
    )
    assert isinstance(row, Entity)
    assert len(entity_keys(row)) == 1


def test_title_rows_flag_another_office_in_another_outlet():
    contexts = {"a": make_context(outlet="Gazette"), "b": make_context(outlet="Post")}
    members = [
        make_local("a", 0, "Anna Lind", titles="Deputy Foreign Minister"),
        make_local("b", 0, "Anna Lind", titles="Deputy Secretary of State"),
    ]
    assert [row.conflicts for row in title_rows("person-1", members, contexts)] == [True, True]


def test_title_rows_agree_where_one_says_less():
    contexts = {"a": make_context(outlet="Gazette"), "b": make_context(outlet="Post")}
    members = [
        make_local("a", 0, "Anna Lind", titles="mayor"),
        make_local("b", 0, "Anna Lind", titles="Mayor of Boston"),
    ]
    assert [row.conflicts for row in title_rows("person-1", members, contexts)] == [False, False]
