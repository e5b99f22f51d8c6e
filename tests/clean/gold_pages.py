"""The labelled pages of data/gold/clean/pages: markup as received, and what a reader finds on it."""

import tomllib
from dataclasses import dataclass
from typing import Any

from schemas.articles import Article
from tests.clean.gold import FOLDER, Labelled, count_words

PAGES_FOLDER = FOLDER / "pages"
FACTS = (
    "title",
    "byline",
    "outlet_name",
    "section",
    "url",
    "dateline",
    "published_at",
    "published_at_method",
    "published_at_precision",
    "page_clock_at",
    "language",
)


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page, its facts by column (null where missing), its article's paragraphs, captions, or why it is refused."""

    name: str
    raw_html: str
    facts: dict[str, Any]
    paragraphs: list[str]
    captions: list[str]
    refused: str | None

    def as_labelled(self) -> Labelled:
        """The page as a document to score; the words of its markup are not counted as residue."""
        return Labelled(self.name, self.raw_html, count_words(" ".join(self.paragraphs)), count_words(""))


def read_pages() -> list[LabelledPage]:
    """All labelled pages, by name."""
    return [_read_page(path.stem) for path in sorted(PAGES_FOLDER.glob("*.html"))]


def _read_page(name: str) -> LabelledPage:
    truth = tomllib.loads((PAGES_FOLDER / f"{name}.toml").read_text("utf-8"))
    unknown = truth.keys() - {*FACTS, "body", "captions", "refused"}
    if unknown:
        raise ValueError(f"{name}.toml: unknown keys {sorted(unknown)}")
    return LabelledPage(
        name=name,
        raw_html=(PAGES_FOLDER / f"{name}.html").read_text("utf-8"),
        facts={fact: truth.get(fact) for fact in FACTS},
        paragraphs=truth.get("body", "").strip().split("\n\n"),
        captions=truth.get("captions", []),
        refused=truth.get("refused"),
    )


def facts_of(article: Article) -> dict[str, Any]:
    """The article's facts as the truth files write them: times in ISO 8601 with Z."""
    facts = {fact: getattr(article, fact) for fact in FACTS}
    for fact in ("published_at", "page_clock_at"):
        if facts[fact] is not None:
            facts[fact] = facts[fact].isoformat(timespec="seconds").replace("+00:00", "Z")
    return facts
