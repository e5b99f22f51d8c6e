"""The staged tables with entities joined across articles."""

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from schemas import Article, Entity, EntityMention, EntityTitle, LocalEntity, Quote
from schemas.parquet import read_rows, write_rows
from tasks.resolve.people import ArticleContext, entity_keys, entity_row, join_entities, title_rows


def read_known_ids(entity_files: list[Path]) -> dict[str, str]:
    """entity_id by key, from the entities that a snapshot holds."""
    known: dict[str, str] = {}
    for path in entity_files:
        for record in pq.read_table(path).to_pylist():
            entity = Entity(**record)
            for key in entity_keys(entity):
                known.setdefault(key, entity.entity_id)
    return known


def resolve_staged_people(staged: Path, known_ids: dict[str, str]) -> tuple[int, int]:
    """Writes entities and entity_titles, and entity_id and speaker columns; local entities in, entities out.

    Reads the staged articles, documents, local_entities, entity_mentions and quotes.
    """
    contexts = read_contexts(staged)
    local = read_rows(LocalEntity, staged)
    members = join_entities(local, contexts, known_ids)
    ids = {item.local_id: entity_id for entity_id, group in members.items() for item in group}
    quotes = read_rows(Quote, staged)
    spoken: Counter = Counter(ids[quote.speaker_local_id] for quote in quotes if quote.speaker_local_id)
    entities = [entity_row(key, group, contexts, spoken[key]) for key, group in sorted(members.items())]
    names = {entity.entity_id: entity.name for entity in entities}
    for quote in quotes:
        if quote.speaker_local_id:
            quote.speaker_id = ids[quote.speaker_local_id]
            quote.speaker_name = names[quote.speaker_id]
    mentions = read_rows(EntityMention, staged)
    for mention in mentions:
        mention.entity_id = ids.get(mention.local_id) if mention.local_id else None
    write_rows(quotes, Quote, staged)
    write_rows(mentions, EntityMention, staged)
    write_rows(entities, Entity, staged)
    people = {key: group for key, group in members.items() if any(item.label == "PERSON" for item in group)}
    titles = [row for entity_id, group in people.items() for row in title_rows(entity_id, group, contexts)]
    write_rows(titles, EntityTitle, staged)
    return len(local), len(entities)


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
