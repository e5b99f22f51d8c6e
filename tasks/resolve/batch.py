"""One batch of articles resolved, from file to file."""

from collections import defaultdict
from pathlib import Path

from schemas import Article, Caption, EntityMention, LocalEntity, Quote
from schemas.parquet import read_rows, write_rows
from schemas.warehouse import whole_folder
from tasks.resolve.clusters import local_entity_row
from tasks.resolve.entities_in_article import cluster_mentions
from tasks.resolve.people_in_article import read_caption_titles
from tasks.resolve.speakers import resolve_speakers


def resolve_batch_files(source: Path, folder: Path, clean_folder: Path, annotate_folder: Path) -> tuple[int, int]:
    """Writes entity_mentions, local_entities and quotes with speakers; quotes in and named speakers out come back.

    Resolved are the articles in the folder `source`: all of `clean_folder`, or some of them.
    """
    articles = read_rows(Article, source)
    wanted = {article.article_id for article in articles}
    mentions: dict[str, list[EntityMention]] = defaultdict(list)
    quotes: dict[str, list[Quote]] = defaultdict(list)
    for mention in (row for row in read_rows(EntityMention, annotate_folder) if row.article_id in wanted):
        mentions[mention.article_id].append(mention)
    for quote in (row for row in read_rows(Quote, annotate_folder) if row.article_id in wanted):
        quotes[quote.article_id].append(quote)
    captions: dict[str, list[str]] = defaultdict(list)
    for caption in read_rows(Caption, clean_folder):
        if caption.text:
            captions[caption.article_id].append(caption.text)
    entities: list[LocalEntity] = []
    for article in articles:
        identifier = article.article_id
        clusters = cluster_mentions(mentions[identifier], article.text, identifier)
        people = [cluster for cluster in clusters if cluster.label == "PERSON"]
        for text in captions[identifier]:
            read_caption_titles(people, text)
        resolve_speakers(quotes[identifier], clusters, article.text)
        entities += [local_entity_row(cluster, identifier) for cluster in clusters]
    all_quotes = [quote for group in quotes.values() for quote in group]
    with whole_folder(folder) as draft:
        write_rows((mention for group in mentions.values() for mention in group), EntityMention, draft)
        write_rows(entities, LocalEntity, draft)
        write_rows(all_quotes, Quote, draft)
    return len(all_quotes), sum(quote.speaker_local_id is not None for quote in all_quotes)
