import pandas as pd
import pytest

from tasks.link.originals import choose_reason, count_artefacts, sort_by_seniority

TEXT = "The council of Oldport voted to close the ferry terminal after forty years of service."


def make_articles(rows):
    frame = pd.DataFrame({"article_id": ["a" * 16, "b" * 16], "text": [row.get("text", TEXT) for row in rows]})
    for name in ("published_at", "fetched_at", "outlet_name", "byline", "dateline", "credits"):
        frame[name] = [row.get(name) for row in rows]
    return frame.assign(published_at_precision="minute")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(
            {"published_at": "2021-03-02"}, {"published_at": "2021-03-01"}, ("b", "published_first"), id="date"
        ),
        pytest.param({}, {"published_at": "2021-03-01"}, ("b", "only_dated"), id="one date"),
        pytest.param(
            {"byline": "Ada Cole, Daily Bell"}, {"outlet_name": "Daily Bell"}, ("b", "credited"), id="byline names it"
        ),
        pytest.param(
            {"text": "OLDPORT (Reuters) - " + TEXT}, {"outlet_name": "Reuters"}, ("b", "credited"), id="agency credit"
        ),
        pytest.param(
            {"text": TEXT.replace("service.", "service. of the the council .")},
            {},
            ("b", "fewer_artefacts"),
            id="traces",
        ),
        pytest.param(
            {"text": "OLDPORT (AP) - " + TEXT + " Read on."},
            {"outlet_name": "AP News"},
            ("b", "credited"),
            id="fuller copy",
        ),
        pytest.param(
            {"published_at": "2021-03-01 09:00", "dateline": "OLDPORT (AP)"},
            {"published_at": "2021-03-01 10:00", "outlet_name": "Associated Press"},
            ("b", "credited"),
            id="earlier copy",
        ),
        pytest.param({"credits": "Source: PTI"}, {"outlet_name": "PTI"}, ("b", "credited"), id="credit taken off"),
        pytest.param(
            {"text": "OLDPORT (AP) - " + TEXT, "outlet_name": "AP"},
            {"outlet_name": "The AP"},
            ("a", "fuller"),
            id="itself",
        ),
        pytest.param({"fetched_at": "2021-03-02"}, {"fetched_at": "2021-03-01"}, ("b", "fetched_first"), id="fetched"),
        pytest.param({"text": TEXT[:-30]}, {}, ("b", "fuller"), id="longer"),
        pytest.param({}, {}, ("a", "smaller_id"), id="nothing tells"),
    ],
)
def test_choose_reason_tells_the_original(first, second, expected):
    ordered = sort_by_seniority(make_articles([first, second]))
    original, copy = ordered.iloc[0], ordered.iloc[1]
    assert (original["article_id"][0], choose_reason(original, copy)) == expected


@pytest.mark.parametrize(
    ("text", "has_traces"),
    [
        (TEXT, False),
        ("Prices rose to 5.5 million e.g. in Oldport... and fell.", False),
        ("She thanked everybody. the council agreed", True),
        ("He went to the the pier", True),
        ("The pier , he said", True),
    ],
)
def test_count_artefacts_counts_traces_of_translation(text, has_traces):
    assert (count_artefacts(text) > 0) == has_traces


def test_sort_by_seniority_heeds_no_other_family():
    rows = [{"published_at": "2021-03-01 18:00"}, {"published_at": "2021-03-01 06:00"}]
    pair = make_articles(rows).assign(family=0)
    # Of another text it is known to the day only when it was published, and it credits an outlet of the pair.
    stranger = make_articles([{"published_at": "2021-03-01 00:00", "byline": "Daily Bell"}] * 2).iloc[:1]
    stranger = stranger.assign(article_id="c" * 16, family=1, published_at_precision="day")
    ordered = sort_by_seniority(pd.concat([pair.assign(outlet_name=["Daily Bell", None]), stranger]))
    assert [name[0] for name in ordered["article_id"] if name[0] != "c"] == ["b", "a"]


def test_sort_by_seniority_counts_each_credit_of_the_others():
    articles = pd.concat([make_articles([{"byline": "Bell"}] * 2), make_articles([{"outlet_name": "Bell"}] * 2)])
    ordered = sort_by_seniority(articles.assign(article_id=list("abcd"), published_at_precision="minute"))
    assert ordered.set_index("article_id")["credit_key"].to_dict() == {"a": 0, "b": 0, "c": -2, "d": -2}
