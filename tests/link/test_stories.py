import math
import re
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from tasks.link.event_dates import agree_on_event_date, list_reports
from tasks.link.stories import count_articles, describe_stories, group_stories, read_leads
from tasks.link.story_clusters import Gate
from tasks.link.vectors import count_words, mark_names
from tasks.link.voices import add_voices

FLOOD = [
    "The river Tamar burst its banks at Oldport on Friday and flooded the harbour market, the mayor said.",
    "Oldport's harbour market stood under water on Friday after the river Tamar burst its banks, officials said.",
    "Flood water from the Tamar river reached the market at Oldport harbour, where traders lost their goods.",
]
CHESS = [
    "Chess champion Ilsa Brandt beat her challenger in the eleventh game and keeps the world title in Vantia.",
    "Ilsa Brandt keeps the chess world title: the champion won game eleven against her challenger in Vantia.",
]


def make_articles(texts, **columns):
    count = len(texts)
    frame = pd.DataFrame(
        {
            "article_id": [f"{number:016x}" for number in range(count)],
            "title": None,
            "text": texts,
            "published_at": pd.Series([None] * count, dtype="datetime64[us, UTC]"),
            "language": "en",
            "outlet_name": None,
            "copy_of_article_id": None,
        }
    )
    return frame.assign(**columns)


def group(articles, **options):
    return group_stories(articles, count_articles(articles), **options).stories


def describe(articles):
    leads = read_leads(articles)
    placed = articles.merge(group(articles), on="article_id").merge(leads, on="article_id")
    return describe_stories(add_voices(placed))


def partition(grouped):
    return sorted(sorted(part["article_id"].map(lambda name: int(name, 16))) for _, part in grouped.groupby("story_id"))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([*FLOOD, *CHESS], [[0, 1, 2], [3, 4]], id="two events"),
        pytest.param([FLOOD[0]], [[0]], id="one article"),
        pytest.param([FLOOD[0], FLOOD[0]], [[0, 1]], id="the same text twice"),
        pytest.param(["…", "!!", FLOOD[0]], [[0], [1], [2]], id="texts without words"),
        pytest.param(["of the", "and the"], [[0], [1]], id="texts of small words only"),
    ],
)
def test_group_stories_joins_articles_of_one_event(texts, expected):
    assert partition(group(make_articles(texts))) == expected


def test_group_stories_of_no_articles_is_empty():
    grouped = group(make_articles([]))
    assert list(grouped.columns) == ["article_id", "story_id", "nearness"]
    assert grouped.empty


def test_group_stories_gives_ids_in_the_declared_form():
    story_ids = group(make_articles([*FLOOD, *CHESS]))["story_id"]
    assert all(re.fullmatch("story-[0-9a-f]{12}", story_id) for story_id in story_ids)


def test_group_stories_does_not_depend_on_the_order_of_articles():
    articles = make_articles([*FLOOD, *CHESS])
    straight = group(articles).set_index("article_id")["story_id"]
    turned = group(articles.iloc[::-1]).set_index("article_id")["story_id"]
    assert straight.sort_index().to_dict() == turned.sort_index().to_dict()


def test_group_stories_keeps_languages_apart():
    articles = make_articles([FLOOD[0], FLOOD[0], "Die Tamar trat über die Ufer.", "数千人"])
    articles["language"] = ["en", "en", "de", "zh"]
    assert partition(group(articles)) == [[0, 1], [2], [3]]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param(["2021-03-01", "2021-03-04", None], [[0, 1, 2]], id="within the window or unknown"),
        pytest.param(["2021-03-01", "2021-09-01", "2021-09-02"], [[0], [1, 2]], id="half a year apart"),
    ],
)
def test_group_stories_parts_known_dates_outside_the_window(dates, expected):
    articles = make_articles(FLOOD, published_at=pd.to_datetime(pd.Series(dates), utc=True))
    assert partition(group(articles)) == expected


def test_group_stories_keeps_the_id_of_a_story_that_grows():
    before = group(make_articles(FLOOD[1:]).assign(article_id=["b" * 16, "c" * 16]))
    articles = make_articles([*FLOOD, *CHESS]).assign(article_id=["a" * 16, "b" * 16, "c" * 16, "d" * 16, "e" * 16])
    after = group(articles, previous=dict(zip(before["article_id"], before["story_id"], strict=True)))
    assert set(after["story_id"][:3]) == set(before["story_id"])
    assert after["story_id"].nunique() == 2


def test_group_stories_gives_a_split_storys_id_to_the_larger_part():
    articles = make_articles([*CHESS, *FLOOD])
    old_id = "story-0123456789ab"
    grouped = group(articles, previous=dict.fromkeys(articles["article_id"], old_id))
    assert set(grouped["story_id"][2:]) == {old_id}
    assert old_id not in set(grouped["story_id"][:2])


def test_group_stories_merges_two_stories_under_the_id_of_the_larger():
    articles = make_articles(FLOOD)
    previous = dict(
        zip(articles["article_id"], ["story-aaaaaaaaaaaa", "story-bbbbbbbbbbbb", "story-bbbbbbbbbbbb"], strict=True)
    )
    assert set(group(articles, previous=previous)["story_id"]) == {"story-bbbbbbbbbbbb"}


def test_group_stories_never_gives_one_id_to_two_stories():
    articles = make_articles([*FLOOD, *CHESS])
    fresh = group(articles)
    # The chess story now holds the id that the flood story's oldest article would give.
    taken = fresh["story_id"][0]
    grouped = group(articles, previous={articles["article_id"][3]: taken})
    assert grouped["story_id"][3] == taken
    assert grouped["story_id"][0] != taken


def test_describe_stories_counts_outlets_copies_and_the_first_publication():
    articles = make_articles(FLOOD, title=["Tamar floods Oldport", "Tamar floods Oldport", None])
    articles["outlet_name"] = ["Daily Bell", "Evening Star", None]
    articles["copy_of_article_id"] = [None, articles["article_id"][0], None]
    articles["published_at"] = pd.to_datetime(pd.Series([None, "2021-03-05", "2021-03-04"]), utc=True)
    (story,) = describe(articles)
    assert (story.article_count, story.outlet_count, story.original_count, story.copy_count) == (3, 2, 2, 1)
    assert story.headline == "Tamar floods Oldport"
    assert story.first_published_at == datetime(2021, 3, 4, tzinfo=UTC)
    assert story.event_date is None


def test_describe_stories_takes_the_text_where_no_article_has_a_title():
    articles = make_articles([FLOOD[0]], title=[" "])
    (story,) = describe(articles)
    assert FLOOD[0].startswith(story.headline)
    assert story.headline


@pytest.mark.parametrize(
    ("dated", "copies", "expected"),
    [
        pytest.param([("2021-03-04", "caption"), ("2021-03-04", "caption")], [], date(2021, 3, 4), id="two pictures"),
        pytest.param([("2021-03-04", "caption"), (None, None)], [], None, id="one picture"),
        pytest.param([("2021-03-04", "caption"), ("2021-03-04", "caption")], [1], None, id="one picture and its copy"),
        pytest.param([("2021-03-04", "markup"), ("2021-03-04", "declared")], [], None, id="publication is no event"),
        pytest.param(
            [("2021-03-04", "caption"), ("2021-03-04", "caption"), ("2021-03-05", "markup")],
            [],
            date(2021, 3, 4),
            id="printed the day after",
        ),
        pytest.param(
            [("2019-07-01", "caption"), ("2019-07-01", "caption"), ("2021-03-05", "markup")],
            [],
            None,
            id="pictures from the archive",
        ),
        pytest.param(
            [("2021-03-06", "caption"), ("2021-03-06", "caption"), ("2021-03-05", "markup")],
            [],
            None,
            id="pictures younger than the report",
        ),
        pytest.param(
            [("2021-03-04", "caption")] * 2 + [("2021-03-05", "caption")] * 2, [], None, id="two days as often"
        ),
        pytest.param([], [], None, id="no article"),
    ],
)
def test_agree_on_event_date_needs_two_fresh_pictures(dated, copies, expected):
    articles = make_articles([FLOOD[0]] * len(dated))
    articles["published_at"] = pd.to_datetime(pd.Series([day for day, _ in dated], dtype="object"), utc=True)
    articles["published_at_method"] = pd.Series([method for _, method in dated], dtype="object")
    articles.loc[copies, "copy_of_article_id"] = f"{0:016x}"
    assert agree_on_event_date(list_reports(articles.assign(told_days=[()] * len(dated)))) == (
        expected,
        "pictures" if expected else None,
    )


@pytest.mark.parametrize(
    ("texts", "days", "cosine", "expected"),
    [
        pytest.param([FLOOD[0], "boats of Norwick, on the Ansel"], [0, 0], 0.2, False, id="no name in common"),
        pytest.param([FLOOD[0], "boats of Norwick, on the Ansel"], [0, 0], 0.5, True, id="alike enough"),
        pytest.param([FLOOD[0], "boats of Norwick, on the Tamar"], [0, 0], 0.2, True, id="a name in common"),
        pytest.param([FLOOD[0], "boats on the ansel"], [0, 0], 0.2, True, id="no names"),
        pytest.param([FLOOD[0], FLOOD[0]], [0, 30], 1.0, False, id="a month apart"),
        pytest.param([FLOOD[0], FLOOD[0]], [0, math.nan], 1.0, True, id="of unknown day"),
    ],
)
def test_gate_lets_only_articles_of_one_event_through(texts, days, cosine, expected):
    gate = Gate(mark_names(count_words(texts, "en")), np.array(days, float), 14)
    passed = gate.lets_through(np.array([0]), np.array([1]), np.array([cosine]))
    assert passed.tolist() == [expected]


def test_group_stories_joins_new_articles_without_parting_old_ones():
    articles = make_articles([*FLOOD[:2], *CHESS, FLOOD[2]])
    old = "story-aaaaaaaaaaaa"
    # By themselves the first four would be two stories.
    previous = dict.fromkeys(articles["article_id"][:4], old)
    grouped = group(articles, previous=previous, keeps_stories=True)
    assert set(grouped["story_id"]) == {old}


def test_group_stories_merges_stories_that_a_new_article_proves_one():
    articles = make_articles(FLOOD)
    names = articles["article_id"].tolist()
    previous = {names[0]: "story-aaaaaaaaaaaa", names[1]: "story-bbbbbbbbbbbb"}
    grouped = group_stories(articles, count_articles(articles), previous=previous, keeps_stories=True)
    assert set(grouped.stories["story_id"]) == {"story-aaaaaaaaaaaa"}
    assert grouped.merged == {"story-bbbbbbbbbbbb": "story-aaaaaaaaaaaa"}


def test_group_stories_leaves_the_story_of_an_article_that_is_not_indexed():
    articles = make_articles([*FLOOD, CHESS[0]])
    index = count_articles(articles[:3])
    previous = {articles["article_id"][3]: "story-cccccccccccc"}
    grouped = group_stories(articles, index, previous=previous, keeps_stories=True).stories
    assert grouped["story_id"][3] == "story-cccccccccccc"
    assert math.isnan(grouped["nearness"][3])


def test_group_stories_tells_pairs_that_may_be_copies():
    articles = make_articles([FLOOD[0], CHESS[0], FLOOD[0]])
    alike = group_stories(articles, count_articles(articles)).alike
    assert list(zip(alike["first"], alike["second"], strict=True)) == [(f"{0:016x}", f"{2:016x}")]
