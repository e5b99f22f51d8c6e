"""Reads articles annotated in brat standoff: sources, cues and contents linked into attributions."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tasks.annotate.tagger.labels import ROLES

SPAN_LINE = re.compile(r"(T\d+)\t\w+ (\d[\d ;]*)\t")
EVENT_LINE = re.compile(r"E\d+\t(.+)")
ROLE_NAME = re.compile(r"(?<![A-Za-z])([A-Za-z]++)\d*:(T\d+)")

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GoldAttribution:
    """Who said what: half-open offsets in characters; each role may lie in several places, source and cue in none."""

    content: tuple[Offsets, ...]
    source: tuple[Offsets, ...]
    cue: tuple[Offsets, ...]


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One article as one person annotated it."""

    name: str
    text: str
    attributions: tuple[GoldAttribution, ...]


def read_brat_folder(folder: Path) -> list[GoldArticle]:
    """Articles of `folder/text/*.txt` with `folder/attributions/*.ann`, in the order of the files' names.

    An annotation file is named after its text, with `_` and its annotator behind; an article that several people
    annotated comes once for each. FileNotFoundError says what is missing.
    """
    annotations = defaultdict(list)
    for path in sorted((folder / "attributions").glob("*.ann")):
        annotations[path.stem.rsplit("_", 1)[0]].append(path)
    if not annotations:
        raise FileNotFoundError(f"{folder} holds no attributions/*.ann beside text/*.txt")
    articles = []
    for path in sorted((folder / "text").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        for annotation in annotations[path.stem]:
            attributions = parse_annotations(annotation.read_bytes().decode("utf-8"))
            articles.append(GoldArticle(path.stem, text, attributions))
    return articles


def first_annotators(articles: list[GoldArticle]) -> list[GoldArticle]:
    """Each article once, as its first annotator saw it: what scores are counted on."""
    return list({article.name: article for article in reversed(articles)}.values())[::-1]


def parse_annotations(standoff: str) -> tuple[GoldAttribution, ...]:
    """Attributions of one file; events without a content are left out."""
    spans: dict[str, list[Offsets]] = {}
    events = []
    for line in standoff.split("\n"):
        if match := SPAN_LINE.match(line):
            pieces = (piece.split() for piece in match[2].split(";"))
            spans[match[1]] = [(int(start), int(end)) for start, end in pieces]
        elif match := EVENT_LINE.match(line):
            events.append(match[1])
    attributions = []
    for event in events:
        found: dict[str, list[Offsets]] = {role: [] for role in ROLES}
        for role, identifier in ROLE_NAME.findall(event):
            if role.lower() in found:
                found[role.lower()] += spans.get(identifier, [])
        if found["content"]:
            attributions.append(GoldAttribution(**{role: tuple(sorted(found[role])) for role in ROLES}))
    return tuple(attributions)
