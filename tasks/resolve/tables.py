"""The staged tables with entities joined across articles."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import Article, Entity, EntityMention, EntityTitle, LocalEntity, Quote
from schemas.parquet import arrow_schema, arrow_to_rows, open_writer, read_rows, write_rows
from tasks.resolve.aliases import Aliases
from tasks.resolve.entities_across import join_entities
from tasks.resolve.entity_rows import entity_row, title_rows
from tasks.resolve.groups import ArticleContext
from tasks.resolve.known import KnownEntities
from tasks.resolve.offices_elsewhere import name_officeholders

BATCH_ROWS = 20_000


def read_known_entities(entity_files: list[Path]) -> KnownEntities:
    """The entities that a snapshot holds."""
    return KnownEntities.of(row for path in entity_files for row in arrow_to_rows(pq.read_table(path), Entity))


def resolve_staged_people(
    staged: Path, known: KnownEntities | None = None, aliases: Aliases | None = None
) -> tuple[int, int]:
    """Writes entities and entity_titles, and entity_id and speaker columns; local entities in, entities out.

    Reads the staged articles, documents, local_entities, entity_mentions and quotes.
    """
    known = known or KnownEntities()
    contexts = read_contexts(staged)
    local = read_rows(LocalEntity, staged)
    quotes = read_rows(Quote, staged)
    resolved = resolve_entities(local, quotes, contexts, known, aliases)
    write_rows(quotes, Quote, staged)
    labels = {entity.entity_id: entity.label for entity in resolved.entities}
    fill_mentions(staged, resolved.ids, labels)
    merged = [
        row for row in known.merged_rows(resolved.merged) if row.merged_into in labels and row.entity_id not in labels
    ]
    write_rows([*resolved.entities, *merged], Entity, staged)
    write_rows(resolved.titles, EntityTitle, staged)
    return len(local), len(resolved.entities)


@dataclass(frozen=True)
class ResolvedEntities:
    """Rows of entities and titles, entity_id by local_id, and ids of earlier runs that are another's now."""

    entities: list[Entity]
    titles: list[EntityTitle]
    ids: dict[str, str]
    merged: dict[str, str]


def resolve_entities(
    local: list[LocalEntity],
    quotes: list[Quote],
    contexts: dict[str, ArticleContext],
    known: KnownEntities | None = None,
    aliases: Aliases | None = None,
) -> ResolvedEntities:
    """The local entities of all articles joined; the quotes then name their speakers."""
    joined = join_entities(local, contexts, known, aliases)
    ids = {item.local_id: entity_id for entity_id, group in joined.groups.items() for item in group.members}
    name_officeholders(quotes, joined.groups, contexts)
    spoken: Counter[str] = Counter(ids[quote.speaker_local_id] for quote in quotes if quote.speaker_local_id)
    entities = [entity_row(key, group, contexts, spoken[key]) for key, group in sorted(joined.groups.items())]
    names = {entity.entity_id: entity.name for entity in entities}
    for quote in quotes:
        if quote.speaker_local_id:
            quote.speaker_id = ids[quote.speaker_local_id]
            quote.speaker_name = names[quote.speaker_id]
    people = {key: group for key, group in joined.groups.items() if group.label == "PERSON"}
    titles = [row for entity_id, group in people.items() for row in title_rows(entity_id, group, contexts)]
    return ResolvedEntities(entities, titles, ids, joined.merged)


def fill_mentions(staged: Path, entity_ids: Mapping[str, str], labels: Mapping[str, str]) -> None:
    """Writes into each staged mention its entity and that one's label, batch by batch; one of no entity keeps its own.

    `entity_ids` are by local_id, `labels` by entity_id.
    """
    name = EntityMention.table.name
    schema = arrow_schema(name)
    draft = staged / f".{name}.part"
    with open_writer(draft, schema) as writer:
        for batch in pq.ParquetFile(staged / f"{name}.parquet").iter_batches(BATCH_ROWS):
            columns = {column: batch[column] for column in schema.names}
            own = [entity_ids.get(local_id) for local_id in batch["local_id"].to_pylist()]
            columns["entity_id"] = pa.array(own, pa.string())
            own_labels = [labels[entity_id] if entity_id else None for entity_id in own]
            columns["label"] = pc.coalesce(pa.array(own_labels, pa.string()), batch["label"])
            writer.write_table(pa.table(columns).cast(schema))
    draft.replace(staged / f"{name}.parquet")


def read_contexts(staged: Path) -> dict[str, ArticleContext]:
    """What joining needs to know, by article_id. An article that names no outlet is one of its own."""
    columns = ["document_id", "fetched_at"]
    fetched = {
        record["document_id"]: record["fetched_at"]
        for record in pq.read_table(staged / "documents.parquet", columns=columns).to_pylist()
    }
    columns = ["article_id", "document_id", "story_id", "outlet_name", "published_at"]
    contexts: dict[str, ArticleContext] = {}
    for record in pq.read_table(staged / f"{Article.table.name}.parquet", columns=columns).to_pylist():
        contexts[record["article_id"]] = ArticleContext(
            story_id=record["story_id"],
            outlet=record["outlet_name"] or record["article_id"],
            seen_at=record["published_at"] or fetched[record["document_id"]],
        )
    return contexts
