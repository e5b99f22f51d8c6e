"""How well a warehouse made of data/sample agrees with what a careful reader finds there."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

TRUTH = tomllib.loads((Path(__file__).parents[2] / "data/gold/sample/expected.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Tables:
    """The published tables of a snapshot, as lists of records; `source` is an input's name in data/sample."""

    folder: Path

    def read(self, name: str) -> list[dict]:
        """The rows of a table."""
        return pq.read_table(self.folder / name, partitioning=None).to_pylist()

    def sources(self) -> dict[str, str]:
        """Input name by document id."""
        return {row["document_id"]: Path(row["source_uri"]).name for row in self.read("documents")}


def fold(text: str) -> str:
    """Words of the text, in lower case, parted by one space."""
    return " ".join(re.findall(r"\w+", text.lower()))


def missed_quotes(tables: Tables) -> Iterator[tuple[str, dict]]:
    """Direct and mixed quotations of the truth that no row holds under the right speaker."""
    sources = tables.sources()
    rows = [
        (sources[row["article_id"]], fold(row["content"]), row["speaker_name"] or "") for row in tables.read("quotes")
    ]
    for source, quote in expected("quotes"):
        wanted = source, fold(quote["prefix"]), quote["speaker"]
        if not any(
            source == wanted[0] and wanted[1] in content and name == wanted[2] for source, content, name in rows
        ):
            yield source, quote


def missed_indirect(tables: Tables) -> Iterator[tuple[str, dict]]:
    """Indirect quotations of the truth that no row holds under the right speaker."""
    sources = tables.sources()
    rows = [
        (sources[row["article_id"]], fold(row["content"]), row["speaker_name"] or "") for row in tables.read("quotes")
    ]
    for source, quote in expected("indirect"):
        words = fold(quote["words"])
        if not any(one == source and words in content and name == quote["speaker"] for one, content, name in rows):
            yield source, quote


def expected(kind: str) -> Iterator[tuple[str, dict]]:
    """(input, entry) pairs of one list of the truth, articles only."""
    for entry in TRUTH["inputs"]:
        if entry["outcome"] == "article":
            for item in entry.get(kind, []):
                yield entry["source"], item


def wrong_fields(tables: Tables, field: str, column: str) -> Iterator[tuple[str, object, object]]:
    """(input, expected, found) where a field of an article differs from the truth."""
    sources = tables.sources()
    found = {sources[row["article_id"]]: row[column] for row in tables.read("articles")}
    for entry in TRUTH["inputs"]:
        if entry["outcome"] == "article" and field in entry and found[entry["source"]] != entry[field]:
            yield entry["source"], entry[field], found[entry["source"]]


def surviving_residue(tables: Tables) -> Iterator[tuple[str, str]]:
    """(input, residue) that is still in an article's text."""
    sources = tables.sources()
    texts = {sources[row["article_id"]]: row["text"] for row in tables.read("articles")}
    for source, item in expected("residue"):
        if item["text"] in texts[source]:
            yield source, item["text"]


def stories_found(tables: Tables) -> set[frozenset[str]]:
    """Stories of two articles or more, as sets of inputs."""
    sources = tables.sources()
    grouped: dict[str, set[str]] = {}
    for row in tables.read("articles"):
        grouped.setdefault(row["story_id"], set()).add(sources[row["article_id"]])
    return {frozenset(members) for members in grouped.values() if len(members) > 1}


def missed_utterances(tables: Tables) -> Iterator[tuple[str, int, int]]:
    """(utterance, versions in its largest group, versions expected) where not all are in one group."""
    sources = tables.sources()
    quotes = [
        (sources[row["article_id"]], fold(row["content"]), row["quote_group_id"]) for row in tables.read("quotes")
    ]
    for utterance in TRUTH["utterances"]:
        groups: dict[str, set[str]] = {}
        for version in utterance["versions"]:
            for source, content, group in quotes:
                if group and source == version["source"] and fold(version["prefix"]) in content:
                    groups.setdefault(group, set()).add(source)
        largest = max((len(members) for members in groups.values()), default=0)
        wanted = len({version["source"] for version in utterance["versions"]})
        if largest < wanted:
            yield utterance["versions"][0]["prefix"], largest, wanted


def wrong_figures(tables: Tables) -> Iterator[tuple[str, str]]:
    """(quantity, what is wrong) for figures that are not in one group, or whose agreement is judged wrongly."""
    sources = tables.sources()
    figures = tables.read("figures")
    verdicts = {row["figure_group_id"]: row["disagrees"] for row in tables.read("figure_groups")}
    for quantity in TRUTH["figures"]:
        groups: list[str | None] = []
        for version in quantity["versions"]:
            hits = [
                row["figure_group_id"]
                for row in figures
                if sources[row["article_id"]] == version["source"] and abs(row["value"] - version["value"]) < 1e-6
            ]
            groups.append(hits[0] if hits else None)
        name = f"{quantity['story']}: {quantity['quantity']}"
        if None in groups or len(set(groups)) != 1:
            yield name, f"groups {groups}"
        elif verdicts[groups[0]] != quantity["disagrees"]:
            yield name, f"disagrees is {verdicts[groups[0]]}"
