"""Made-up stories to measure linking with: words as rare and as common as in a language, told by several outlets."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

VOCABULARY = 200_000
COMMON_EXPONENT = 1.05
STORY_WORDS = 60
STORY_SHARE = 0.35
WORDS_PER_ARTICLE = 350
ARTICLES_PER_STORY = 4.0
COPY_SHARE = 0.1
WINDOW_DAYS = 14
START = datetime(2024, 5, 1, tzinfo=UTC)
SYLLABLES = ("ba", "ke", "li", "mo", "ru", "sta", "ven", "tor", "ash", "dun", "el", "fi", "gra", "hol", "is", "jun")


def make_stories(count: int, *, seed: int = 1, batch_rows: int = 10_000) -> Iterator[pd.DataFrame]:
    """`count` articles within 14 days as frames of the columns that linking reads; the same for the same seed.

    A story has on average four articles, of which some copy another; its words are a third of an article's.
    """
    random = np.random.default_rng(seed)
    words = np.array([_spell(number) for number in range(VOCABULARY)], object)
    ranks = np.arange(1, VOCABULARY + 1, dtype=float) ** -COMMON_EXPONENT
    shares = np.cumsum(ranks / ranks.sum())
    made = 0
    pending: list[dict] = []
    while made < count:
        told = min(1 + random.poisson(ARTICLES_PER_STORY - 1), count - made)
        pending.extend(_tell_story(random, words, shares, made, told))
        made += told
        if len(pending) >= batch_rows or made >= count:
            yield pd.DataFrame(pending)
            pending = []


def _tell_story(
    random: np.random.Generator, words: np.ndarray, shares: np.ndarray, first: int, told: int
) -> Iterator[dict]:
    own = words[np.minimum(random.integers(200, VOCABULARY, STORY_WORDS), VOCABULARY - 1)]
    names = np.array([word.capitalize() for word in own[:12]], object)
    begun = random.uniform(0, WINDOW_DAYS)
    previous = ""
    for number in range(first, first + told):
        text = previous if previous and random.random() < COPY_SHARE else _write(random, words, shares, own, names)
        previous = text
        name = hashlib.sha256(f"{number}".encode()).hexdigest()[:16]
        yield {
            "article_id": name,
            "document_id": name,
            "title": " ".join(random.choice(own, 6)),
            "text": text,
            "language": "en",
            "published_at": START + timedelta(days=min(WINDOW_DAYS, begun + random.exponential(0.7))),
            "outlet_name": f"Outlet {random.integers(0, 400)}",
        }


def _write(
    random: np.random.Generator, words: np.ndarray, shares: np.ndarray, own: np.ndarray, names: np.ndarray
) -> str:
    text = words[np.minimum(np.searchsorted(shares, random.random(WORDS_PER_ARTICLE)), len(words) - 1)].copy()
    is_own = random.random(WORDS_PER_ARTICLE) < STORY_SHARE
    text[is_own] = random.choice(np.concatenate([own, names]), int(is_own.sum()))
    return " ".join(text) + "."


def _spell(number: int) -> str:
    spelled = ""
    while number >= 0:
        spelled += SYLLABLES[number % len(SYLLABLES)]
        number = number // len(SYLLABLES) - 1
    return spelled
