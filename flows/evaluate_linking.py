"""How well stories and copies are found, by halves of labelled sets: `python -m flows.evaluate_linking`."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import combinations, product
from pathlib import Path
from random import Random
from typing import Annotated, Any, NamedTuple

import pandas as pd
import typer

from tasks.link import copies
from tasks.link.copies import Words, compare_texts, measure_coverage, measure_order, share_numbers, split_words
from tasks.link.stories import count_articles, group_stories
from tasks.link.story_clusters import settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
STORIES, COPIES = Path("stories/fnc1_train.parquet"), Path("copies/newstest2021_versions.parquet")
# What is chosen of each on one half and scored on the other; all else stays as the rules set it.
STORY_CHOICES = {
    "minimum_similarity": (0.10, 0.11, 0.12, 0.13, 0.14, 0.15),
    "similarity_step": (0.0, 0.015, 0.02, 0.04),
}
COPY_CHOICES = {
    "minimum_order_share": (0.3, 0.34, 0.38, 0.42, 0.46),
    "minimum_covered_share": (0.5, 0.6, 0.65, 0.7, 0.8),
}
# As tasks/link/copies.toml tells of its development data.
VERSIONS, PAIRS_OF_EVENT, OWN_PASSAGES = 8, 12, 0.3
SEED = 6


@app.command()
def main(
    folder: Annotated[Path, typer.Argument(help="Folder with stories/ and copies/ as CONTRIBUTING.md tells.")],
) -> None:
    """Score stories and copies with thresholds chosen on one half of the events or documents, on the other half.

    Example: python -m flows.evaluate_linking gold
    """
    stories = read_table(folder / STORIES, ("doc", "cluster", "title", "text"))
    versions = read_table(folder / COPIES, ("set", "doc", "seg", "sys", "text"))
    if stories is not None:
        score_stories(stories)
    if stories is not None and versions is not None:
        score_copies(versions, stories)


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame | None:
    """The columns of a Parquet file; None, with a line that says so, where it is not there."""
    if path.is_file():
        return pd.read_parquet(path, columns=list(columns))
    typer.echo(f"{path} is not there: nothing is scored by it")
    return None


@contextmanager
def set_to(options: dict[str, Any], values: Mapping[str, Any]) -> Iterator[None]:
    """Options with other values for a while."""
    before = {name: options[name] for name in values}
    options.update(values)
    try:
        yield
    finally:
        options.update(before)


def list_choices(choices: Mapping[str, Sequence[float]]) -> list[dict[str, float]]:
    """Every combination of the values of the options."""
    return [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]


def score_stories(labelled: pd.DataFrame) -> None:
    """Print BCubed F1 of each half with the thresholds that are best on the other, and with those of the rules."""
    events = list(dict.fromkeys(labelled["cluster"]))
    halves = [labelled[labelled["cluster"].isin(events[half::2])] for half in (0, 1)]
    tellers = [make_story_scorer(half) for half in halves]
    for own, other in ((0, 1), (1, 0)):
        best = max(list_choices(STORY_CHOICES), key=tellers[other])
        chosen, as_set = tellers[own](best), tellers[own]({})
        typer.echo(f"stories, half {own + 1}: BCubed F1 {chosen:.3f} with {name_choice(best)}; {as_set:.3f} as set")
    typer.echo(f"stories, all {len(events)} events: BCubed F1 {make_story_scorer(labelled)({}):.3f} as set")


def make_story_scorer(labelled: pd.DataFrame) -> Callable[[Mapping[str, float]], float]:
    """A function that gives the BCubed F1 of grouping these articles with some settings."""
    articles = pd.DataFrame(
        {
            "article_id": [f"{number:016x}" for number in range(len(labelled))],
            "title": labelled["title"].to_numpy(object),
            "text": labelled["text"].to_numpy(object),
            "language": "en",
            "published_at": pd.NaT,
        }
    )
    events = dict(zip(articles["article_id"], labelled["cluster"], strict=True))
    index = count_articles(articles)

    def score(values: Mapping[str, float]) -> float:
        with set_to(settings(), values):
            grouped = group_stories(articles, index).stories
        return measure_bcubed(
            [
                (events[article], story)
                for article, story in zip(grouped["article_id"], grouped["story_id"], strict=True)
            ]
        )

    return score


def measure_bcubed(pairs: Sequence[tuple[Any, Any]]) -> float:
    """BCubed F1 of (event, story) of each article: of precision and recall, each averaged over articles.

    Source: Bagga & Baldwin (1998).
    """
    both = Counter(pairs)
    events, stories = Counter(event for event, _ in pairs), Counter(story for _, story in pairs)
    precision = sum(both[pair] / stories[pair[1]] for pair in pairs) / len(pairs)
    recall = sum(both[pair] / events[pair[0]] for pair in pairs) / len(pairs)
    return 2 * precision * recall / (precision + recall)


class Compared(NamedTuple):
    """One pair of texts: whether they are versions of one, whether words alone show it, and what is measured else."""

    is_copy: bool
    is_sure: bool
    order: float
    covered: float


def score_copies(versions: pd.DataFrame, stories: pd.DataFrame) -> None:
    """Print precision and recall of each half with the thresholds that are best on the other, and as the rules set."""
    halves = [[*compare_versions(versions, half), *compare_reports(stories, half)] for half in (0, 1)]
    for own, other in ((0, 1), (1, 0)):
        best = max(list_choices(COPY_CHOICES), key=lambda values: measure_copies(halves[other], values)[2])
        as_set = {name: copies.translation_settings()[name] for name in COPY_CHOICES}
        chosen, now = measure_copies(halves[own], best), measure_copies(halves[own], as_set)
        typer.echo(
            f"copies, half {own + 1}: precision {chosen[0]:.3f}, recall {chosen[1]:.3f} with {name_choice(best)}; "
            f"{now[0]:.3f}, {now[1]:.3f} as set; {len(halves[own])} pairs"
        )


def name_choice(values: Mapping[str, float]) -> str:
    """The chosen thresholds in words."""
    return ", ".join(f"{name} {value:g}" for name, value in values.items())


def compare_versions(versions: pd.DataFrame, half: int) -> Iterator[Compared]:
    """Pairs of versions of one document, of every other document."""
    ordered = versions.sort_values(["set", "doc", "sys", "seg"])
    texts = ordered.groupby(["set", "doc", "sys"])["text"].apply(" ".join)
    documents = sorted({(one, doc) for one, doc, _ in texts.index})
    for one, doc in documents[half::2]:
        yield from compare_pairs(texts[one, doc].tolist()[:VERSIONS], is_copy=True)


def compare_reports(stories: pd.DataFrame, half: int) -> Iterator[Compared]:
    """Pairs of articles on one event that share few passages, of every other event."""
    random = Random(SEED)
    for event in list(dict.fromkeys(stories["cluster"]))[half::2]:
        texts = stories[stories["cluster"] == event]["text"].tolist()
        yield from compare_pairs(texts, is_copy=False, at_most=PAIRS_OF_EVENT, random=random)


def compare_pairs(
    texts: Sequence[str], *, is_copy: bool, at_most: int | None = None, random: Random | None = None
) -> Iterator[Compared]:
    """The pairs of these texts, at most so many at random; of what is no copy those that share few passages."""
    words = [Words(split_words(text)) for text in texts]
    pairs = list(combinations(words, 2))
    if at_most is not None and random is not None and len(pairs) > at_most:
        pairs = random.sample(pairs, at_most)
    for older, younger in pairs:
        if is_copy or not share_passages(older, younger):
            yield compare_pair(older, younger, is_copy=is_copy)


def share_passages(older: Words, younger: Words) -> bool:
    """Whether a good part of the shorter text's passages stands in the other, so that one may well copy the other."""
    shorter, longer = sorted((older, younger), key=lambda words: len(words.listed))
    return bool(shorter.passages) and len(shorter.passages & longer.passages) >= OWN_PASSAGES * len(shorter.passages)


def compare_pair(older: Words, younger: Words, *, is_copy: bool) -> Compared:
    """What is measured of one pair, whatever the thresholds that are to be chosen."""
    with set_to(copies.translation_settings(), dict.fromkeys(COPY_CHOICES, 0.0)):
        kind, _ = compare_texts(older, younger)
        if kind in ("exact", "near"):
            return Compared(is_copy, True, 1.0, 1.0)
        order = measure_order(older, younger) if share_numbers(older, younger) else 0.0
        return Compared(is_copy, False, order, measure_coverage(older, younger) if order else 0.0)


def measure_copies(pairs: Sequence[Compared], values: Mapping[str, float]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs with these thresholds; pairs that are no copies weigh as much as copies."""
    told = Counter(
        pair.is_copy
        for pair in pairs
        if pair.is_sure
        or (
            pair.order >= values["minimum_order_share"]
            and pair.covered >= values["minimum_covered_share"]
            and pair.order
        )
    )
    true = Counter(pair.is_copy for pair in pairs)
    wrong = told[False] * (true[True] / true[False] if true[False] else 1.0)
    precision = told[True] / (told[True] + wrong) if told[True] + wrong else 0.0
    recall = told[True] / true[True] if true[True] else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


if __name__ == "__main__":
    app()
