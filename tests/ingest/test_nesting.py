import json
import time
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Document
from tasks.ingest.encoding import Unreadable
from tasks.ingest.fields import STANDARD_FIELDS
from tasks.ingest.nesting import DEEPEST_ARTICLE, PassedOver, find_records
from tasks.ingest.readers.reader import Refused, Skipped
from tasks.ingest.sections import names_of
from tests.ingest.readers.reading import read_bytes


def article(text, **others):
    return {"title": f"Title of {text}", "text": text, **others}


def tell(value):
    """What is found in a value: texts, checks and reasons."""
    found = find_records(value, STANDARD_FIELDS)
    kinds = {Unreadable: lambda one: one.check, PassedOver: lambda one: one.reason, dict: lambda one: one.get("text")}
    return [kinds[type(one)](one) if type(one) in kinds else one for one in found]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param([{"lead": article("1", articles=[article("2"), article("3")])}], ["1", "2", "3"], id="lead"),
        pytest.param(article("1", articles=[article("2", articles=[article("3")])]), ["1", "2", "3"], id="levels"),
        pytest.param(article("1", related={"a": {"b": [article("2")]}}), ["1", "2"], id="in objects of an article"),
        pytest.param({"a": [{"b": [{"c": article("1")}]}]}, ["1"], id="object in list in object"),
        pytest.param([[article("1")], [[article("2")]]], ["1", "2"], id="lists of lists"),
        pytest.param({"a": [[article("1")], [{"b": article("2")}]]}, ["1", "2"], id="lists of lists of an object"),
        pytest.param({"7": {"text": "1"}, "9": {"text": "2"}}, ["1", "2"], id="under ids, without titles"),
        pytest.param(article("1", posts=[{"text": "2", "time": "9:00"}]), ["1", "2"], id="posts without titles"),
        pytest.param({"title": "Live", "liveBlogUpdate": [{"articleBody": "2"}]}, [None], id="updates of a live blog"),
        pytest.param({"content": [article("1"), article("2")], "last": True}, ["1", "2"], id="pages of Spring"),
        pytest.param({"rows": [{"row_idx": 0, "row": {"text": "1"}}, {"row_idx": 1, "row": {"text": "2"}}]}, ["1", "2"],
                     id="rows of a data set's answer"),
        pytest.param({"title": ["A", "B"], "text": ["1", "2"], "more": [article("3")]}, ["1", "2", "3"], id="columns"),
        pytest.param({"article": article("1"), "date": "2024-03-01"}, ["1"], id="an article beside its day"),
        pytest.param(article("1", comments=[{"text": "2"}]), ["1", "comments of an article"], id="comments"),
        pytest.param(
            article("1", photos=[{"text": "2"}]), ["1", "a text without a title within an article"], id="captions"
        ),
        pytest.param({"a": [{"text": "1", "b": [article("2")]}]}, ["list_known", "2"], id="within what is refused"),
        pytest.param(article("1", photos=[{"text": "2", "b": [article("3")]}]),
                     ["1", "a text without a title within an article", "3"], id="within what is passed over"),
        pytest.param({"response": {"content": {"webTitle": "A", "fields": {"bodyText": "1"}}}}, [None], id="Guardian"),
        pytest.param([["title", "text"], ["A", "1"]], [["title", "text"], ["A", "1"]], id="rows of a table"),
        pytest.param({"title": "Front", "sections": [{"title": "Sea", "articles": [article("1")]}]}, ["1"],
                     id="articles in sections"),
        pytest.param(
            {"title": "Front", "sections": [article("1", url="https://a.example/1"), article("2", date="2024-03-01")]},
            ["1", "2"],
            id="sections that stand alone",
        ),
        pytest.param({"title": "One", "sections": [article("1"), article("2")]}, [None], id="sections of an article"),
    ],
)  # fmt: skip
def test_find_records_finds_what_lies_in_a_value(value, expected):
    assert tell(value) == expected


def test_find_records_keeps_what_stands_around_an_article():
    [record] = find_records({"article": article("1"), "date": "2024-03-01", "source": "Tide"}, STANDARD_FIELDS)
    assert record == {"date": "2024-03-01", "source": "Tide", "title": "Title of 1", "text": "1"}


def test_find_records_names_where_a_list_of_texts_stands():
    [fault] = find_records({"of": [{"day": {"replies": [{"text": "1"}, {"text": "2"}]}}]}, STANDARD_FIELDS)
    assert fault.observed == "of[0].day.replies: 2 values, texts without titles"


def test_find_records_reads_articles_in_articles_up_to_a_depth_and_tells_of_deeper_ones():
    value = article("0")
    for number in range(1, DEEPEST_ARTICLE + 5):
        value = article(str(number), inner=value)
    *read, fault = find_records(value, STANDARD_FIELDS)
    assert len(read) == DEEPEST_ARTICLE
    assert fault.check == "articles_bounded"
    assert fault.observed.startswith(f"an article within {DEEPEST_ARTICLE} others, at inner.inner.")


NAMES = sorted(
    {"lead", "related", "news", "1", "of", "text", "content", "article", "meta", "Items"}
    | names_of("lists")
    | names_of("posts")
    | names_of("parts")
    | names_of("paragraphs")
)
names = st.sampled_from(NAMES)
marks = st.fixed_dictionaries({}, optional={"url": st.just("https://a.example/1"), "date": st.just("2024-03-01")})
values = st.recursive(
    st.one_of(st.builds(lambda marks: {"title": "Quay", "text": None, **marks}, marks), st.just({"text": None}),
              st.sampled_from([1, None, "sea", [], {}])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(names, inner, max_size=3),
        st.builds(lambda one, held: {"title": "Quay", "text": None, **held, **one}, marks,
                  st.dictionaries(names, inner, max_size=2)),
        st.builds(lambda held: {"text": None, **held}, st.dictionaries(names, inner, max_size=2)),
    ),
    max_leaves=12,
)  # fmt: skip


def write_texts(value, numbers, found, place=""):
    """The value with a text of its own in each article; `found` are these: the text, its place, has it a title."""
    if isinstance(value, list):
        return [write_texts(one, numbers, found, f"{place}[{number}]") for number, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    made = {}
    for name, one in value.items():
        if name == "text" and one is None:
            made[name] = f"Word{next(numbers)} sails on Friday."
            found.append((made[name], place.lstrip("."), "title" in value))
        else:
            made[name] = write_texts(one, numbers, found, f"{place}.{name}")
    return made


@settings(max_examples=200, deadline=None)
@given(values, st.sampled_from(["a.json", "a.jsonl", "b.json"]))
def test_no_text_of_nested_objects_vanishes(value, name):
    found = []
    value = write_texts(value, count(1), found)
    items = read_bytes(json.dumps([value] if name == "b.json" else value), name)
    read = "\n".join(item.raw_text for item in items if isinstance(item, Document))
    told = [item.observed.partition(":")[0] for item in items if isinstance(item, Refused)]
    passed_over = [item for item in items if isinstance(item, Skipped)]
    for text, place, is_titled in found:
        if text in read:
            continue
        # The elements of a file's array are named by their numbers, not by a place.
        place = place.partition("]")[2].lstrip(".") if name == "a.json" and place.startswith("[") else place
        is_named = any(one == "what stands here" or place.startswith(one) for one in told)
        assert is_named or (passed_over and not is_titled), (text, place, told)
    # Nor is one read twice.
    assert all(read.count(text) == 1 for text, *_ in found if text in read)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda size: [{"a": [article(str(one)) for one in range(size)]}], id="many"),
        pytest.param(lambda size: {"title": "x", "sections": [{"text": "a b c d"}] * size}, id="parts"),
        pytest.param(lambda size: article("a b c " * size, sections=[{"text": "b c a"}] * size), id="parts and a text"),
        pytest.param(lambda size: {" " * one + "text": [article("1")] for one in range(size // 100)}, id="names alike"),
        pytest.param(lambda size: [[[{"text": "x"}] for _ in range(size)]], id="lists"),
        pytest.param(lambda size: [article("1", **{str(one): {"b": {}} for one in range(size)})], id="fields"),
    ],
)
def test_find_records_takes_time_in_proportion(make):
    def measure(size):
        content = json.dumps(make(size))
        began = time.process_time()
        read_bytes(content, "a.json")
        return (time.process_time() - began) / len(content)

    few, many = (min(measure(size) for _ in range(3)) for size in (2_000, 16_000))
    assert many < 4 * few
