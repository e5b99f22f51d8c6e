"""Made-up stories to measure linking with: words as rare and as common as in a language, told by several outlets."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

VOCABULARY = 200_000
# The commonest words are no story's own.
COMMON_WORDS = 200
STORY_WORDS = 60
STORY_NAMES = 12
TITLE_WORDS = 6
OUTLETS = 400
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
    names = np.array([word.capitalize() for word in words], object)
    made = 0
    pending: list[dict] = []
    while made < count:
        told = min(1 + random.poisson(ARTICLES_PER_STORY - 1), count - made)
        pending.extend(_tell_story(random, words, names, made, told))
        made += told
        if len(pending) >= batch_rows or made >= count:
            yield pd.DataFrame(pending)
            pending = []


def _tell_story(
    random: np.random.Generator, words: np.ndarray, names: np.ndarray, first: int, told: int
) -> Iterator[dict]:
    numbers = random.integers(COMMON_WORDS, VOCABULARY, STORY_WORDS)
    own = np.concatenate([words[numbers], names[numbers[:STORY_NAMES]]])
    begun = random.uniform(0, WINDOW_DAYS)
    texts = _write(random, words, own, told)
    is_copy = random.random(told) < COPY_SHARE
    text = ""
    for number, written in enumerate(texts, first):
        text = text if text and is_copy[number - first] else " ".join(written) + "."
        name = hashlib.sha256(f"{number}".encode()).hexdigest()[:16]
        yield {
            "article_id": name,
            "document_id": name,
            "title": " ".join(own[random.integers(0, STORY_WORDS, TITLE_WORDS)]),
            "text": text,
            "language": "en",
            "published_at": START + timedelta(days=min(WINDOW_DAYS, begun + random.exponential(0.7))),
            "outlet_name": f"Outlet {random.integers(0, OUTLETS)}",
        }


def _write(random: np.random.Generator, words: np.ndarray, own: np.ndarray, told: int) -> list[list[str]]:
    """The words of each article: those of the story's own in their share, others as often as their rank says."""
    shape = (told, WORDS_PER_ARTICLE)
    # The logarithm of a rank is spread evenly where a word's share is one by its rank (Zipf).
    ranks = np.exp(random.random(shape) * np.log(VOCABULARY)).astype(int) - 1
    is_own = random.random(shape) < STORY_SHARE
    return np.where(is_own, own[random.integers(0, len(own), shape)], words[ranks]).tolist()


def _spell(number: int) -> str:
    spelled = ""
    while number >= 0:
        spelled += SYLLABLES[number % len(SYLLABLES)]
        number = number // len(SYLLABLES) - 1
    return spelled
