"""Articles grouped into stories, and what is told of each story."""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from schemas import Story
from tasks.link.vectors import cluster_rows, join_title_and_text, weigh_words

SETTINGS_FILE = Path(__file__).with_name("stories.toml")
UNTITLED_LENGTH = 120


@cache
def _settings() -> dict:
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))["stories"]


def group_stories(
    articles: pd.DataFrame,
    *,
    previous: Mapping[str, str] | None = None,
    window_days: float | None = None,
) -> pd.DataFrame:
    """article_id, story_id and nearness of every article, in the order given.

    `nearness` is the cosine between an article and the middle of its story. Articles of
    different languages are never one story. `previous` gives the story_id that articles
    had before: a story keeps the id that most of its articles bring along.
    `window_days` parts articles whose known dates lie further apart; by default as in stories.toml.
    """
    window = _settings()["window_days"] if window_days is None else window_days
    clusters = pd.Series(-1, index=articles.index)
    nearness = pd.Series(0.0, index=articles.index)
    for language, part in articles.groupby("language", sort=True):
        texts = join_title_and_text(part, title_weight=_settings()["title_weight"])
        vectors = weigh_words(texts, str(language))
        labels = cluster_rows(
            vectors, minimum=_settings()["minimum_similarity"], days=_days_of(part), window_days=window
        )
        clusters[part.index] = labels + clusters.max() + 1
        nearness[part.index] = _measure_nearness(vectors, labels)
    story_ids = name_stories(articles, clusters, previous or {})
    return pd.DataFrame(
        {"article_id": articles["article_id"], "story_id": clusters.map(story_ids), "nearness": nearness}
    ).astype({"article_id": "str", "story_id": "str"})


def _days_of(articles: pd.DataFrame) -> np.ndarray:
    """Publication in days since 1970, nan where it is not known."""
    published = pd.to_datetime(articles["published_at"], utc=True)
    return ((published - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)).to_numpy(dtype=float)


def _measure_nearness(vectors: sparse.csr_matrix, labels: np.ndarray) -> np.ndarray:
    """Cosine between each row and the sum of its cluster's rows; 0 for a row without words."""
    if not len(labels):
        return np.empty(0)
    members = sparse.csr_matrix((np.ones(len(labels), np.float32), (labels, np.arange(len(labels)))))
    middles = members @ vectors
    lengths = np.sqrt(np.asarray(middles.multiply(middles).sum(axis=1)).ravel())
    products = np.asarray(vectors.multiply(middles[labels]).sum(axis=1)).ravel()
    return np.divide(products, lengths[labels], out=np.zeros(len(labels)), where=lengths[labels] > 0)


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


def describe_stories(articles: pd.DataFrame) -> list[Story]:
    """One row per story, by story_id.

    `articles` has the columns of the table articles with story_id and copy_of_article_id filled,
    and `nearness` of `group_stories`.
    """
    return [_describe_story(str(story_id), part) for story_id, part in articles.groupby("story_id", sort=True)]


def _describe_story(story_id: str, articles: pd.DataFrame) -> Story:
    copies = int(articles["copy_of_article_id"].notna().sum())
    first_published = pd.to_datetime(articles["published_at"], utc=True).min()
    return Story(
        story_id=story_id,
        headline=_choose_headline(articles),
        article_count=len(articles),
        outlet_count=count_outlets(articles["outlet_name"]),
        original_count=len(articles) - copies,
        copy_count=copies,
        event_date=agree_on_event_date(articles),
        first_published_at=None if pd.isna(first_published) else first_published.to_pydatetime(),
    )


def agree_on_event_date(articles: pd.DataFrame) -> date | None:
    """The day on which the pictures of two or more original articles were taken; null where they do not agree on one.

    A picture is of the event. Publication is not counted: what happens in the evening is printed a day later, by
    all outlets alike. A day that lies after the first publication known, or more than `picture_days` before it,
    is that of an old picture.
    """
    if "published_at_method" not in articles:
        return None
    originals = articles[articles["copy_of_article_id"].isna()]
    published = pd.to_datetime(originals["published_at"], utc=True)
    is_picture = originals["published_at_method"] == "caption"
    counts = Counter(published[is_picture].dropna().dt.date)
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return None
    day = ranked[0][0]
    first = published[~is_picture].min()
    is_fresh = pd.isna(first) or 0 <= (first.date() - day).days <= _settings()["picture_days"]
    return day if is_fresh else None


def count_outlets(outlet_names: pd.Series) -> int:
    """Different outlets by name, case aside; each article that names none counts as one."""
    named = outlet_names.dropna()
    return int(named.str.casefold().nunique() + outlet_names.isna().sum())


def _choose_headline(articles: pd.DataFrame) -> str:
    """Title nearest to the story's middle; where no article has one, the start of the nearest text."""
    nearest_first = articles.sort_values(["nearness", "article_id"], ascending=[False, True])
    titles = nearest_first["title"].dropna()
    titles = titles[titles.str.strip() != ""]
    if len(titles):
        return titles.iloc[0][:1000]
    return nearest_first["text"].iloc[0].split("\n", 1)[0][:UNTITLED_LENGTH].strip()
