from datetime import UTC, datetime, timedelta

from schemas import LocalEntity
from tasks.resolve.entities_across import Joined, join_entities
from tasks.resolve.entity_rows import entity_row
from tasks.resolve.groups import ArticleContext
from tasks.resolve.known import KnownEntities
from tests.resolve.made_up import make_local

FIRST = datetime(2024, 5, 1, tzinfo=UTC)
# Each article is a story of its own.
CONTEXTS = {name: ArticleContext(name, name, FIRST + timedelta(days=day)) for day, name in enumerate("abcd")}
COURT_OF_US = make_local("a", 1, "U.S. Supreme Court", label="ORG")
COURT_IN_US = make_local("b", 1, "Supreme Court", label="ORG")
US = make_local("b", 2, "United States", label="PLACE")
COURT = make_local("c", 1, "Supreme Court", label="ORG")


def know(joined: Joined, before: KnownEntities) -> KnownEntities:
    """What a run knows that comes after one that joined so."""
    rows = [entity_row(key, group, CONTEXTS, 0) for key, group in sorted(joined.groups.items())]
    merged = [row for row in before.merged_rows(joined.merged) if row.entity_id not in joined.groups]
    return KnownEntities.of([*rows, *merged])


def ids_of(joined: Joined) -> dict[str, str]:
    return {item.local_id: entity_id for entity_id, group in joined.groups.items() for item in group.members}


def run_again(local: list[LocalEntity], times: int) -> list[dict[str, str]]:
    """The ids by local id that runs give which follow one another."""
    known, found = KnownEntities(), []
    for _ in range(times):
        joined = join_entities(local, CONTEXTS, known)
        known = know(joined, known)
        found.append(ids_of(joined))
    return found


def test_join_entities_leaves_a_body_of_no_country_its_id_though_one_of_a_country_has_its_name():
    ids = run_again([COURT_OF_US, COURT_IN_US, US, COURT], 6)
    assert ids[0]["b:1"] == ids[0]["a:1"] != ids[0]["c:1"]
    assert all(later == ids[0] for later in ids)


def test_join_entities_leaves_the_id_to_whom_most_is_told_of_where_a_namesake_comes() -> None:
    def tell_of(article: str, gender: str, mentions: int) -> LocalEntity:
        return make_local(article, len(gender), "Kim Lind", gender=gender, mentions=mentions)

    first = join_entities([tell_of("b", "female", 3), tell_of("c", "female", 3)], CONTEXTS)
    # An older article of her comes in as well: she was seen at another time first.
    more = [*(tell_of(article, "female", 6) for article in "abc"), tell_of("d", "male", 1)]
    later = ids_of(join_entities(more, CONTEXTS, know(first, KnownEntities())))
    assert later["a:6"] == later["c:6"] == ids_of(first)["c:6"] != later["d:4"]


def test_join_entities_keeps_the_id_of_a_body_that_turns_out_to_be_of_a_country():
    first = join_entities([COURT], CONTEXTS)
    now_told = [COURT_OF_US, COURT, make_local("c", 2, "United States", label="PLACE")]
    later = join_entities(now_told, CONTEXTS, know(first, KnownEntities()))
    assert ids_of(later)["c:1"] == ids_of(later)["a:1"]
    assert {ids_of(later)["c:1"], *later.merged} >= {ids_of(first)["c:1"]}


def test_join_entities_finds_a_new_id_where_all_that_it_would_give_were_given():
    known, given = KnownEntities(), list[str]()
    for _ in range(6):
        joined = join_entities([make_local("d", 1, "Lind")], CONTEXTS, known)
        given.append(ids_of(joined)["d:1"])
        # Each time it turns out to be somebody else.
        known = KnownEntities.of(know(joined, known).merged_rows(dict.fromkeys(given, "person-000000000001")))
    assert len(set(given)) == len(given)
