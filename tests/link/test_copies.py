from itertools import combinations

import pandas as pd
import pytest

from tasks.link.copies import Words, find_copies, label_families, measure_coverage, split_words

ORIGINAL = (
    "The council of Oldport voted on Monday to close the old ferry terminal after forty years of service. "
    "Mayor Ada Cole said the building had become too costly to repair and that passengers would be served "
    "from a new pier next to the fish market. Workers fear for their jobs, and their union has called a protest "
    "for Saturday. The operator promised to move all staff to the new pier without any loss of pay. "
    "Opposition members asked for an independent review of the costs before the terminal is torn down."
)
EDITED = ORIGINAL.replace("on Monday ", "") + " Follow us for more news."
# The same sentences in the same order, as another translation would word them.
TRANSLATED = (
    "Oldport's council decided Monday to close the old ferry terminal after 40 years in service. "
    "Mayor Ada Cole said that the building was too expensive to repair and passengers would be served "
    "at a new pier beside the fish market. Workers are afraid for their jobs and their union called a protest "
    "on Saturday. The operator has promised to move all the staff to the new pier with no loss of pay. "
    "Opposition members demanded an independent review of the costs before the terminal is demolished."
)
OTHER_REPORT = (
    "Hundreds of dock workers are to march through Oldport on Saturday. Their union opposes the plan to tear down "
    "the ferry terminal, which councillors backed by a narrow majority at the start of the week. Union leader "
    "Ben Marsh called the promise that nobody will lose pay worthless, and a review of costs is what he wants to "
    "see first. Ferries will leave from the market side of the harbour once a new pier stands there, says the mayor, "
    "who calls repairs of the old house too costly."
)


def make_articles(texts, **columns):
    frame = pd.DataFrame(
        {
            "article_id": [f"{number:016x}" for number in range(len(texts))],
            "text": texts,
            "published_at": pd.Series([None] * len(texts), dtype="datetime64[us, UTC]"),
        }
    )
    return frame.assign(**columns)


def all_pairs(articles):
    return combinations(articles["article_id"], 2)


def copies_of(articles):
    found = find_copies(articles, all_pairs(articles)).itertuples(index=False)
    return [(int(row.article_id, 16), int(row.copy_of_article_id, 16), row.copy_kind) for row in found]


DATES = pd.to_datetime(pd.Series(["2021-03-02", "2021-03-01"]), utc=True)


@pytest.mark.parametrize(
    ("texts", "columns", "expected"),
    [
        pytest.param([ORIGINAL, ORIGINAL], {}, [(1, 0, "exact")], id="the same text"),
        pytest.param([ORIGINAL, EDITED], {"published_at": DATES}, [(0, 1, "near")], id="published first"),
        pytest.param([ORIGINAL, EDITED], {"fetched_at": DATES}, [(0, 1, "near")], id="fetched first"),
        pytest.param([ORIGINAL, EDITED[:-60]], {}, [(1, 0, "near")], id="longest where no date is known"),
        pytest.param([ORIGINAL, TRANSLATED], {"published_at": DATES}, [(0, 1, "translated")], id="translated"),
        pytest.param([ORIGINAL, OTHER_REPORT], {}, [], id="another report of the event"),
        pytest.param([ORIGINAL], {}, [], id="one article"),
        pytest.param([], {}, [], id="no article"),
        pytest.param(["Rain.", "Rain today."], {}, [], id="too short to tell"),
    ],
)
def test_find_copies_tells_copies_from_reports(texts, columns, expected):
    assert copies_of(make_articles(texts, **columns)) == expected


def test_find_copies_points_at_the_original_not_at_a_copy():
    dates = pd.to_datetime(pd.Series(["2021-03-01", "2021-03-02", "2021-03-03"]), utc=True)
    found = copies_of(make_articles([ORIGINAL, EDITED, EDITED + " Read on."], published_at=dates))
    assert found == [(1, 0, "near"), (2, 0, "near")]


def test_find_copies_takes_a_longer_later_report_for_its_own():
    dates = pd.to_datetime(pd.Series(["2021-03-01", "2021-03-02"]), utc=True)
    brief = ORIGINAL.split(". ")[0] + ". " + ORIGINAL.split(". ")[1] + "."
    assert copies_of(make_articles([brief, ORIGINAL], published_at=dates)) == []


def test_label_families_connects_what_pairs_connect():
    families = label_families([("a", "b"), ("c", "d"), ("b", "e")])
    assert families["a"] == families["b"] == families["e"] != families["c"] == families["d"]


def test_find_copies_of_two_families_are_those_of_each_alone():
    dates = pd.to_datetime(pd.Series(["2021-03-02", "2021-03-01"] * 2), utc=True)
    articles = make_articles([ORIGINAL, EDITED, OTHER_REPORT, OTHER_REPORT], published_at=dates)
    names = articles["article_id"].tolist()
    together = find_copies(articles, [(names[0], names[1]), (names[2], names[3])])
    alone = [find_copies(articles.iloc[at : at + 2], [(names[at], names[at + 1])]) for at in (0, 2)]
    assert together.to_dict("records") == pd.concat(alone).to_dict("records")
    assert len(together) == 2


@pytest.mark.parametrize(
    ("other", "lowest", "highest"),
    [
        pytest.param(TRANSLATED, 1.0, 1.0, id="every stretch has its counterpart"),
        pytest.param(ORIGINAL.split(". ", 2)[0] + ". " + OTHER_REPORT, 0.0, 0.5, id="a sentence taken over"),
        pytest.param("Rain is expected in the hills tonight.", 0.0, 0.2, id="nothing in common"),
    ],
)
def test_measure_coverage_counts_stretches_with_a_counterpart(other, lowest, highest):
    first, second = Words(split_words(ORIGINAL)), Words(split_words(other))
    assert lowest <= measure_coverage(first, second) == measure_coverage(second, first) <= highest
