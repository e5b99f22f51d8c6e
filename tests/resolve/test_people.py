from datetime import UTC, datetime

import pytest

from tasks.resolve.aliases import Alias, Aliases
from tasks.resolve.entities_across import join_entities
from tasks.resolve.entity_rows import entity_row, title_rows
from tasks.resolve.groups import ArticleContext, Group
from tasks.resolve.known import KnownEntities
from tests.resolve.made_up import make_local


def make_context(story="story-1", outlet="Gazette", day=1):
    return ArticleContext(story, outlet, datetime(2024, 5, day, tzinfo=UTC))


def names_by_entity(joined):
    return sorted(sorted(item.name for item in group.members) for group in joined.groups.values())


def make_group(*members):
    group = Group()
    for member in members:
        group.add(member, "story-1")
    return group


def make_known(joined, contexts):
    rows = [entity_row(key, group, contexts, 0) for key, group in joined.groups.items()]
    return KnownEntities.of([*rows, *KnownEntities().merged_rows({})])


def test_join_entities_joins_spellings_within_a_story():
    contexts = {"a": make_context(), "b": make_context(outlet="Post", day=2)}
    local = [make_local("a", 0, "Sergei Orlov"), make_local("b", 0, "Sergey Orlov")]
    assert names_by_entity(join_entities(local, contexts)) == [["Sergei Orlov", "Sergey Orlov"]]


def test_join_entities_leads_a_surname_to_the_only_person_of_its_story():
    contexts = {"a": make_context(), "b": make_context(day=2), "c": make_context(story="story-2")}
    local = [make_local("a", 0, "Anna Lind"), make_local("b", 0, "Lind"), make_local("c", 0, "Lind")]
    assert names_by_entity(join_entities(local, contexts)) == [["Anna Lind", "Lind"], ["Lind"]]


def test_join_entities_keeps_a_surname_that_fits_two_apart():
    contexts = {"a": make_context(), "b": make_context(day=2)}
    local = [make_local("a", 0, "Anna Lind"), make_local("a", 1, "Peter Lind"), make_local("b", 0, "Lind")]
    assert names_by_entity(join_entities(local, contexts)) == [["Anna Lind"], ["Lind"], ["Peter Lind"]]


def test_join_entities_makes_names_of_one_country_one():
    contexts = {"a": make_context(), "b": make_context(story="story-2")}
    local = [make_local("a", 0, "the United States", label="PLACE"), make_local("b", 0, "US", label="PLACE")]
    assert len(join_entities(local, contexts).groups) == 1


def test_join_entities_keeps_the_id_of_an_earlier_run():
    contexts = {"a": make_context(), "b": make_context(day=2)}
    first = join_entities([make_local("b", 0, "Sergey Orlov")], contexts)
    both = [make_local("a", 0, "Sergei Orlov"), make_local("b", 0, "Sergey Orlov")]
    assert list(join_entities(both, contexts, make_known(first, contexts)).groups) == list(first.groups)


def test_join_entities_ids_depend_on_names_alone():
    contexts = {"a": make_context(), "z": make_context(story="story-9", day=9)}
    one = join_entities([make_local("a", 0, "Anna Lind")], contexts)
    more = join_entities([make_local("z", 0, "Peter Holm"), make_local("a", 0, "Anna Lind")], contexts)
    assert set(one.groups) <= set(more.groups)


def test_join_entities_merges_what_proves_to_be_one():
    contexts = {"a": make_context(), "b": make_context(story="story-2", day=2)}
    apart = [make_local("a", 0, "William Drummond"), make_local("b", 0, "Bill Drummond")]
    first = join_entities(apart, contexts)
    known = make_known(first, contexts)
    told = [
        make_local("a", 0, "William Drummond", titles="senator"),
        make_local("b", 0, "Bill Drummond", titles="Sen."),
    ]
    later = join_entities(told, contexts, known)
    (entity_id,) = later.groups
    (gone,) = set(first.groups) - {entity_id}
    assert later.merged == {gone: entity_id}
    (row,) = known.merged_rows(later.merged)
    assert (row.entity_id, row.merged_into, row.mention_count) == (gone, entity_id, 0)


def test_join_entities_leaves_namesakes_their_ids():
    contexts = {name: make_context(story=f"story-{name}", day=day) for day, name in enumerate("abcd", start=1)}
    # The third office goes with either of the others: the first to come has it.
    offices = {"a": "finance minister", "b": "goalkeeper", "c": "harbour master", "d": "goalkeeper"}
    read = [make_local(name, 0, "Femi Adeyo", titles=title) for name, title in offices.items()]
    first = join_entities(read[:3], contexts)
    assert sorted(map(sorted, (group.articles for group in first.groups.values()))) == [["a", "c"], ["b"]]
    for more in (read[:3], read):
        again = join_entities(more, contexts, make_known(first, contexts))
        assert again.merged == {}
        assert {id: group.articles - {"d"} for id, group in again.groups.items()} == {
            id: group.articles for id, group in first.groups.items()
        }


def test_join_entities_follows_ids_that_were_merged_before():
    contexts = {"a": make_context(), "b": make_context(day=2)}
    first = join_entities([make_local("a", 0, "Anna Lind")], contexts)
    ((entity_id, group),) = first.groups.items()
    row = entity_row(entity_id, group, contexts, 0)
    old = entity_row("person-000000000000", make_group(make_local("b", 0, "Ana Lindt")), contexts, 0)
    old.merged_into = entity_id
    known = KnownEntities.of([row, old])
    again = join_entities([make_local("a", 0, "Anna Lind")], contexts, known)
    assert list(again.groups) == [entity_id]
    assert [(item.entity_id, item.merged_into) for item in known.merged_rows(again.merged)] == [
        ("person-000000000000", entity_id)
    ]


def test_join_entities_takes_the_users_word():
    contexts = {"a": make_context(), "b": make_context(story="story-2"), "c": make_context(story="story-3")}
    alias = Alias("Anna Lind", "PERSON", ("A. Berg",))
    aliases = Aliases({("PERSON", "anna lind"): [alias], ("PERSON", "a. berg"): [alias]})
    local = [make_local("a", 0, "Anna Lind"), make_local("b", 0, "A. Berg"), make_local("c", 0, "Berg")]
    joined = join_entities(local, contexts, aliases=aliases)
    assert names_by_entity(joined) == [["A. Berg", "Anna Lind"], ["Berg"]]
    assert {group.name for group in joined.groups.values()} == {"Anna Lind", "Berg"}


@pytest.mark.parametrize(("title", "count"), [(None, 1), ("mayor", 2)])
def test_join_entities_leaves_one_person_whole_whom_an_alias_knows(title, count):
    contexts = {"a": make_context(), "b": make_context(story="story-2")}
    alias = Alias("Ann Lind of Kelm", "PERSON", ("Anna Lind",), title)
    aliases = Aliases({("PERSON", "anna lind"): [alias]})
    local = [make_local("a", 0, "Anna Lind", titles="mayor"), make_local("b", 0, "Anna J. Lind", titles="mayor")]
    assert len(join_entities(local, contexts, aliases=aliases).groups) == count


def test_entity_row_names_by_the_usual_full_name():
    contexts = {"a": make_context(), "b": make_context(day=3)}
    group = make_group(make_local("a", 0, "Lind", mentions=9), make_local("b", 0, "Anna Lind"))
    row = entity_row("person-000000000000", group, contexts, 4)
    assert (row.name, row.aliases, row.alias_count) == ("Anna Lind", "Lind", 1)
    assert (row.mention_count, row.article_count, row.quote_count) == (11, 2, 4)
    assert (row.first_seen_at.day, row.last_seen_at.day) == (1, 3)


def test_entity_row_has_the_title_that_most_outlets_print():
    contexts = {"a": make_context(), "b": make_context(outlet="Post"), "c": make_context(outlet="Courier")}
    group = make_group(
        make_local("a", 0, "Anna Lind", titles="Deputy Secretary of State"),
        make_local("b", 0, "Anna Lind", titles="Deputy Foreign Minister"),
        make_local("c", 0, "Anna Lind", titles="deputy foreign minister"),
    )
    assert entity_row("person-000000000000", group, contexts, 0).usual_title.lower() == "deputy foreign minister"


def test_title_rows_know_the_usual_office_beside_what_somebody_is_called():
    contexts = {name: make_context(outlet=name) for name in "abcd"}
    printed = {"a": "diplomat", "b": "diplomat; Deputy Minister", "c": "Deputy Minister", "d": "Deputy Secretary"}
    group = make_group(*(make_local(name, 0, "Anna Lind", titles=titles) for name, titles in printed.items()))
    odd = [row.title for row in title_rows("person-1", group, contexts) if row.conflicts and not row.is_usual]
    assert odd == ["Deputy Secretary"]
    assert entity_row("person-1", group, contexts, 0).usual_title == "Deputy Minister"


TITLES = {
    "another office": (("Deputy Foreign Minister", "Deputy Secretary of State"), [True, True]),
    "one says less": (("mayor", "Mayor of Boston"), [False, False]),
    "beside an office": (("senator", "author"), [False, False]),
}


@pytest.mark.parametrize(("titles", "conflicts"), TITLES.values(), ids=TITLES.keys())
def test_title_rows_flag_another_office_in_another_outlet(titles, conflicts):
    contexts = {"a": make_context(outlet="Gazette"), "b": make_context(outlet="Post")}
    group = make_group(
        make_local("a", 0, "Anna Lind", titles=titles[0]), make_local("b", 0, "Anna Lind", titles=titles[1])
    )
    assert [row.conflicts for row in title_rows("person-1", group, contexts)] == conflicts


@pytest.mark.parametrize(
    ("story", "years", "is_conflict"), [("story-2", 6, False), ("story-2", 0, True), ("story-1", 6, True)]
)
def test_title_rows_let_offices_change_with_the_years_but_not_within_a_story(story, years, is_conflict):
    later = datetime(2024 + years, 5, 1, tzinfo=UTC)
    contexts = {"a": make_context(), "b": ArticleContext(story_id=story, outlet="Post", seen_at=later)}
    titles = ("Vice President", "President")
    group = make_group(
        *(make_local(name, 0, "Anna Lind", titles=title) for name, title in zip("ab", titles, strict=True))
    )
    assert {row.conflicts for row in title_rows("person-1", group, contexts)} == {is_conflict}


def test_join_entities_lets_one_person_change_office():
    contexts = {"a": make_context(), "b": make_context(story="story-2", day=30)}
    local = [
        make_local("a", 0, "Ruth Calvary", titles="Home Secretary"),
        make_local("b", 0, "Ruth Calvary", titles="new Prime Minister"),
    ]
    assert len(join_entities(local, contexts).groups) == 1


@pytest.mark.parametrize(("company", "count"), [("Ada Cole", 1), ("Tove Lind", 2)])
def test_join_entities_takes_company_for_a_sign_of_one_person(company, count):
    contexts = {"a": make_context(), "b": make_context(story="story-2")}
    local = [
        make_local("a", 0, "John Marsh", titles="goalkeeper"),
        make_local("a", 1, "Ada Cole"),
        make_local("b", 0, "John Marsh", titles="bishop"),
        make_local("b", 1, company),
    ]
    joined = names_by_entity(join_entities(local, contexts))
    assert sum("John Marsh" in names for names in joined) == count


@pytest.mark.parametrize(("others", "count"), [(1, 1), (3, 3)])
def test_join_entities_knows_who_is_well_known_by_the_surname(others, count):
    named = ["Anna Lind"] * 4 + ["Peter Lind"] * (others - 1)
    contexts = {str(number): make_context(story=f"story-{number}") for number in range(len(named) + 1)}
    local = [make_local(str(number), 0, name) for number, name in enumerate(named)]
    local.append(make_local(str(len(named)), 0, "Lind"))
    assert len(join_entities(local, contexts).groups) == count
