"""Which of two articles with one text is the original, and what tells so."""

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from tasks.link.credits import find_credited, name_house, read_credits, settings

# What tells that an article is the original, by what is compared, the surest first; the smaller id where nothing does.
REASON_OF_KEY = {
    "credit_key": "credited",
    "published_key": "published_first",
    "artefact_key": "fewer_artefacts",
    "fetched_key": "fetched_first",
    "length_key": "fuller",
}
# Traces that machine translation and spinning leave: a sentence that begins small, a word doubled, space before a stop.
# A small letter behind a stop is no trace where the stop belongs to an abbreviation of one to four letters.
# Each begins with what is seldom and looks back from there, which is three times as fast as looking back everywhere.
ARTEFACT = re.compile(
    r"[.!?] (?<=[a-z]{5}[.!?] )(?=[a-z])|\b([a-z]{2,}+) \1\b| [,.;](?<=\w [,.;])(?= |$)|[.,]{2}(?!\.)(?<!\.\.\.)"
)


def sort_by_seniority(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles, the likeliest original first, with what `choose_reason` compares in columns of their own.

    Whom the others credit comes before all, since who says whose text it prints knows; then what was published first,
    what is dated before what is not; the text with fewer artefacts, what was fetched first, the longest text, the
    smallest id. Only articles of one `family` are compared, by default all: what others are given beside them changes
    nothing. `credits` is what stood beside each text of where it is from, where that is known.
    """
    families = articles["family"] if "family" in articles else pd.Series(0, index=articles.index)
    credits = pd.Series(_count_credits(articles, families), index=articles.index, dtype=int)
    keyed = articles.assign(
        published_key=_publication_keys(articles, families),
        credit_key=-credits,
        artefact_key=[level_artefacts(text) for text in articles["text"]],
        fetched_key=_fetched(articles),
        length_key=[-len(text) for text in articles["text"]],
    )
    keys = ["credit_key", "published_key", "artefact_key", "fetched_key", "length_key", "article_id"]
    return keyed.sort_values(keys, na_position="last")


def _fetched(articles: pd.DataFrame) -> pd.Series:
    known = articles["fetched_at"] if "fetched_at" in articles else pd.Series(pd.NaT, index=articles.index)
    return pd.to_datetime(known, utc=True)


def _publication_keys(articles: pd.DataFrame, families: pd.Series) -> pd.Series:
    """Publication as it can be compared: to the day where one of the family is known to the day only."""
    published = pd.to_datetime(articles["published_at"], utc=True)
    if "published_at_precision" not in articles:
        return published.dt.floor("D")
    is_coarse = published.notna() & (articles["published_at_precision"] != "minute")
    return published.where(~is_coarse.groupby(families).transform("any"), published.dt.floor("D"))


def choose_reason(original: Mapping[Hashable, Any], copy: Mapping[Hashable, Any]) -> str:
    """Which of REASONS tells that `original` is it; both are rows of `sort_by_seniority`."""
    for name, reason in REASON_OF_KEY.items():
        if pd.notna(original[name]) and original[name] != copy[name]:
            return "only_dated" if reason == "published_first" and pd.isna(copy[name]) else reason
    return "smaller_id"


def count_artefacts(text: str) -> float:
    """Traces of machine translation or spinning in a thousand words of the text."""
    return 1000 * sum(1 for _ in ARTEFACT.finditer(text)) / max(len(text.split()), 1)


def _count_credits(articles: pd.DataFrame, families: pd.Series) -> list[int]:
    """How many of the articles of its family that are of other outlets credit each one's outlet."""
    houses = [name_house(name) for name in _read_names(articles, "outlet_name")]
    noted = (_read_names(articles, name) for name in ("byline", "dateline", "credits"))
    credits = [
        read_credits(text, byline=byline, dateline=dateline, removed=removed)
        for text, byline, dateline, removed in zip(articles["text"], *noted, strict=True)
    ]
    members: dict[object, list[int]] = {}
    for position, family in enumerate(families):
        members.setdefault(family, []).append(position)
    counts = [0] * len(articles)
    for positions in members.values():
        printed = Counter((credits[position], houses[position]) for position in positions)
        known = {houses[position] for position in positions} - {""}
        crediting: Counter[str] = Counter()
        for (credit, house), count in printed.items():
            crediting.update(dict.fromkeys(find_credited(credit, known - {house}), count))
        for position in positions:
            counts[position] = crediting[houses[position]]
    return counts


def level_artefacts(text: str) -> int:
    """How many steps of such traces a text has: the level below which two texts are equally good."""
    return int(count_artefacts(text) // settings()["artefacts"]["step"])


def _read_names(articles: pd.DataFrame, column: str) -> list[str]:
    values = articles[column] if column in articles else [None] * len(articles)
    return [value if isinstance(value, str) else "" for value in values]
