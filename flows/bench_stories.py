"""Made-up stories to measure linking with: words as rare and as common as in a language, told by several outlets."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from flows.bench_articles import spell

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
UTTERANCES, PRINTED = 4, 2
UTTERANCE_WORDS = 14
REWORDED_SHARE = 1 / 3
START = datetime(2024, 5, 1, tzinfo=UTC)


def make_stories(count: int, *, seed: int = 1, batch_rows: int = 10_000) -> Iterator[pd.DataFrame]:
    """`count` articles within 14 days as frames of the columns that linking reads, and the number of their story.

    The same for the same seed.

    A story has on average four articles, of which some copy another; its words are a third of an article's.
    """
    random = np.random.default_rng(seed)
    words = np.array([spell(number) for number in range(VOCABULARY)], object)
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
            "story": first,
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


def make_attributions(articles: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables of quotes and figures that the articles of `make_stories` print; the same for the same articles.

    Each prints two of its story's four utterances, in a third of which a third of the words is another, and a quantity.
    """
    quotes, figures = [], []
    for name, story, text in zip(articles["article_id"], articles["story"], articles["text"], strict=True):
        random = np.random.default_rng(int(name[:8], 16))
        for number in random.choice(UTTERANCES, PRINTED, replace=False).tolist():
            content = _utter(story, number, random)
            quotes.append(
                {
                    "quote_id": f"{name}:{number}:{number + len(content)}",
                    "article_id": name,
                    "start_char": number,
                    "end_char": number + len(content),
                    "content": content,
                    "content_segments": f"{number}:{number + len(content)}",
                    "kind": "direct",
                    "speaker_id": f"person-{story:012x}",
                    "speaker_name": spell(story).capitalize(),
                    "speaker_method": "full_name",
                    "confidence": 1.0,
                    "flags": "",
                }
            )
        value = float(100 + story % 900 + random.integers(0, 2))
        figure = {"value": value, "low": value, "high": value, "unit": "count", "quantity": spell(story)}
        place = {"figure_id": f"{name}:0:3", "article_id": name, "start_char": 0, "end_char": 3, "text": text[:3]}
        figures.append(place | figure)
    return {"quotes": pd.DataFrame(quotes), "figures": pd.DataFrame(figures)}


def _utter(story: int, number: int, random: np.random.Generator) -> str:
    """One of a story's utterances in an article's wording."""
    words = [spell(at) for at in np.random.default_rng([story, number]).integers(0, VOCABULARY, UTTERANCE_WORDS)]
    if random.random() < REWORDED_SHARE:
        for at in random.integers(0, UTTERANCE_WORDS, UTTERANCE_WORDS // 3).tolist():
            words[at] = spell(int(random.integers(0, VOCABULARY)))
    return " ".join(words).capitalize() + "."
