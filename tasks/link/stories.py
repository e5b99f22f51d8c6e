"""Articles grouped into stories, and what is told of each story."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from schemas import Story
from tasks.link.article_index import ArticleIndex
from tasks.link.event_dates import Report, agree_on_event_date, find_told_days, list_reports
from tasks.link.frames import is_among, list_plain
from tasks.link.story_clusters import compare_articles, settings
from tasks.link.vectors import COLUMNS, count_words, join_title_and_text
from tasks.link.voices import count_outlets, list_voices

UNTITLED_LENGTH = 120
HEADLINE_LENGTH = 1000


@dataclass(frozen=True)
class Grouped:
    """What grouping found: each article's story, stories that became one, and pairs of articles that may be copies.

    `stories` has article_id, story_id and nearness, the cosine between an article and the middle of its story (nan
    where the article was not compared, and in stories that have not changed). `merged` gives for a story_id of before
    the one it is part of now. `alike` has first, second (ids) and cosine of the pairs of which at least one article is
    new.
    """

    stories: pd.DataFrame
    merged: dict[str, str]
    alike: pd.DataFrame


def count_articles(articles: pd.DataFrame) -> ArticleIndex:
    """The index of the articles, in their order; they have title, text, language and published_at."""
    counts = sparse.csr_matrix((len(articles), COLUMNS), dtype=np.uint16)
    positions, parts = [], []
    numbered = articles.reset_index(drop=True)
    for language, part in numbered.groupby("language", sort=True):
        read = {name: settings()[name] for name in ("title_weight", "lead_words", "reading_words")}
        texts = join_title_and_text(part, **read)
        parts.append(count_words(texts, str(language)))
        positions.append(part.index.to_numpy())
    if parts:
        counts = sparse.vstack(parts, format="csr")[np.argsort(np.concatenate(positions))]
    return ArticleIndex(articles["article_id"].to_numpy(object), days_of(articles).to_numpy(), counts)


def days_of(articles: pd.DataFrame) -> pd.Series:
    """Publication in days since 1970, nan where it is not known."""
    return ((_moments(articles) - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)).astype(float)


def group_stories(
    articles: pd.DataFrame,
    index: ArticleIndex,
    *,
    previous: Mapping[str, str] | None = None,
    keeps_stories: bool = False,
    window_days: float | None = None,
) -> Grouped:
    """The stories of the articles, which have article_id, language and published_at.

    Articles of different languages are never one story. `previous` gives the story_id that articles had before: a
    story keeps the id that most of its articles bring along. With `keeps_stories` what was one story stays one; then
    only articles that are not in `previous` are compared, with those of `index`, and join stories or open them. An
    article that is not in `index` keeps its story. `window_days` parts articles whose known dates lie further apart.
    """
    previous = previous or {}
    window = settings()["window_days"] if window_days is None else window_days
    numbered = articles[["article_id", "language", "published_at"]].reset_index(drop=True)
    row_of = pd.Series(np.arange(len(index.article_ids)), index=index.article_ids)
    clusters = _number_previous(numbered["article_id"], previous)
    nearness = np.full(len(numbered), np.nan)
    alike = []
    shrunk = find_shrunk(numbered["article_id"], previous) if keeps_stories else set()
    is_indexed = is_among(numbered["article_id"], index.article_ids)
    for _, part in numbered[is_indexed].groupby("language", sort=True):
        settled = part["article_id"].map(previous if keeps_stories else {}).astype(object)
        rows = row_of[part["article_id"]].to_numpy()
        # In the order of the index, as far as may be, its counts need not be copied.
        order = np.lexsort((rows, settled.isna().to_numpy()))
        part, settled, rows = part.iloc[order], settled.iloc[order], rows[order]
        counts = index.counts if np.array_equal(rows, np.arange(index.counts.shape[0])) else index.counts[rows]
        compared = compare_articles(counts, index.days[rows], settled, window_days=window, shrunk=shrunk)
        clusters[part.index] = compared.labels + clusters.max(initial=-1) + 1
        nearness[part.index] = compared.nearness
        ids = part["article_id"].to_numpy(object)
        first, second, cosines = compared.alike
        alike.append(pd.DataFrame({"first": ids[first], "second": ids[second], "cosine": cosines}))
    if keeps_stories:
        clusters = _join_settled(clusters, numbered["article_id"].map(previous))
    names = name_stories(numbered, pd.Series(clusters, index=numbered.index), previous)
    stories = pd.DataFrame(
        {"article_id": numbered["article_id"], "story_id": pd.Series(clusters).map(names), "nearness": nearness}
    )
    stories = stories.astype({"article_id": "str", "story_id": "str"}).set_axis(articles.index)
    found = pd.concat(alike, ignore_index=True) if alike else pd.DataFrame(columns=["first", "second", "cosine"])
    return Grouped(stories, find_merged(stories, previous), found)


def find_shrunk(article_ids: pd.Series, previous: Mapping[str, str]) -> set[str]:
    """The stories of before of which an article is gone."""
    return {previous[article_id] for article_id in previous.keys() - set(article_ids.tolist())}


def _number_previous(article_ids: pd.Series, previous: Mapping[str, str]) -> np.ndarray:
    """A number for each story of before, and one of its own for each article without."""
    stories = article_ids.map(previous)
    return pd.factorize(stories.where(stories.notna(), article_ids))[0]


def _join_settled(clusters: np.ndarray, settled: pd.Series) -> np.ndarray:
    """The cluster numbers, where a story of before that stands in several clusters makes them one."""
    known = settled.notna().to_numpy()
    stories = pd.factorize(settled[known])[0]
    count = int(clusters.max(initial=-1)) + 1
    links = sparse.coo_matrix(
        (np.ones(len(stories), np.int8), (clusters[known], stories + count)), shape=(count + len(clusters),) * 2
    )
    return connected_components(links, directed=False)[1][clusters]


def find_merged(stories: pd.DataFrame, previous: Mapping[str, str]) -> dict[str, str]:
    """The story ids of before that are gone, each with the one that most of its articles are in now."""
    before = stories["article_id"].map(previous)
    moved = pd.DataFrame({"before": before, "now": stories["story_id"]}).dropna()
    gone = moved[~is_among(moved["before"], stories["story_id"])]
    return {str(name): str(part["now"].mode().iloc[0]) for name, part in gone.groupby("before", sort=True)}


def name_stories(articles: pd.DataFrame, clusters: pd.Series, previous: Mapping[str, str]) -> dict[int, str]:
    """story_id of each cluster number.

    An id of before goes to the cluster that holds most of its articles (the one with the
    oldest of them, if equal); a cluster that may choose takes the id of most of its articles.
    A new id comes from the cluster's oldest article: earliest published, then smallest article_id.
    """
    ages = articles.assign(cluster=clusters, published=pd.to_datetime(articles["published_at"], utc=True))
    ages = ages.sort_values(["published", "article_id"], na_position="last")
    members: dict[int, list[str]] = {}
    claims: Counter[tuple[int, str]] = Counter()
    for cluster, article_id in zip(ages["cluster"], ages["article_id"], strict=True):
        members.setdefault(cluster, []).append(article_id)
        if article_id in previous:
            claims[cluster, previous[article_id]] += 1
    names: dict[int, str] = {}
    taken: set[str] = set()
    # Counter keeps the order of first sight, which is age; sorting by count is stable.
    for (cluster, story_id), _ in claims.most_common():
        if cluster not in names and story_id not in taken:
            names[cluster] = story_id
            taken.add(story_id)
    taken.update(previous.values())
    for cluster, article_ids in members.items():
        if cluster not in names:
            names[cluster] = _new_story_id(article_ids, taken)
            taken.add(names[cluster])
    return names


def _new_story_id(article_ids: list[str], taken: set[str]) -> str:
    # A split story's oldest article may have named the part that went its own way.
    candidates = [*article_ids, "+".join(article_ids)]
    for candidate in candidates:
        story_id = "story-" + hashlib.sha256(candidate.encode()).hexdigest()[:12]
        if story_id not in taken:
            return story_id
    return "story-" + hashlib.sha256("+".join([*article_ids, *sorted(taken)]).encode()).hexdigest()[:12]


def describe_stories(articles: pd.DataFrame, traces: Mapping[str, str] | None = None) -> list[Story]:
    """One row per story, by story_id.

    `articles` has the columns of the table articles with story_id and copy_of_article_id filled, those of `add_voices`,
    `nearness` of `group_stories`, and `lead` and `told_days` of `read_leads`. `traces` has the ids that a story took
    in.
    """
    ordered = articles.sort_values("story_id", kind="stable")
    titles = list_plain(ordered["title"])
    headlines = [title[:HEADLINE_LENGTH] if title and title.strip() else None for title in titles]
    published = [moment.to_pydatetime() if moment is not pd.NaT else None for moment in _moments(ordered)]
    nearness = ordered["nearness"].fillna(-1.0)
    columns = (ordered["article_id"], nearness, headlines, ordered["lead"], list_voices(ordered), published)
    rows = map(_Member, *columns, list_reports(ordered))
    return [
        _describe_story(str(story_id), [member for _, member in part], (traces or {}).get(str(story_id)))
        for story_id, part in groupby(zip(ordered["story_id"], rows, strict=True), key=itemgetter(0))
    ]


class _Member(NamedTuple):
    article_id: str
    nearness: float
    headline: str | None
    lead: str
    voice: tuple[str, str | None]
    published: datetime | None
    report: Report


def _moments(articles: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(articles["published_at"], utc=True)


def read_leads(articles: pd.DataFrame) -> pd.DataFrame:
    """article_id, lead (the start of the text) and told_days (what it tells of the day) of each article."""
    return pd.DataFrame(
        {
            "article_id": articles["article_id"],
            "lead": [text.split("\n", 1)[0][:UNTITLED_LENGTH].strip() for text in articles["text"]],
            "told_days": [find_told_days(text) for text in articles["text"]],
        }
    )


def _describe_story(story_id: str, members: Sequence[_Member], trace: str | None) -> Story:
    copies = sum(not member.report.is_original for member in members)
    days = [member.published for member in members if member.published]
    event_date, method = agree_on_event_date([member.report for member in members])
    return Story(
        story_id=story_id,
        headline=_choose_headline(members),
        article_count=len(members),
        outlet_count=count_outlets(member.voice for member in members),
        original_count=len(members) - copies,
        copy_count=copies,
        event_date=event_date,
        event_date_method=method,
        merged_story_ids=trace,
        first_published_at=min(days, default=None),
    )


def _choose_headline(members: Sequence[_Member]) -> str:
    """Title nearest to the story's middle; where no article has one, the start of the nearest text."""
    # An article that was not compared has no nearness and comes last.
    nearest_first = sorted(members, key=lambda member: (-member.nearness, member.article_id))
    return next((member.headline for member in nearest_first if member.headline), nearest_first[0].lead)
