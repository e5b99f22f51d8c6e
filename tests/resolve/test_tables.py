from dataclasses import replace

import pytest

from schemas import Article, Document, Entity, EntityMention, EntityTitle, LocalEntity, Quote
from schemas.parquet import read_rows, write_rows
from tasks.resolve import tables
from tasks.resolve.aliases import read_aliases
from tasks.resolve.clusters import local_entity_row
from tasks.resolve.entities_in_article import cluster_mentions
from tasks.resolve.speakers import resolve_speakers
from tasks.resolve.tables import fill_mentions, read_contexts, read_known_entities, resolve_staged_people
from tests.made_up_tables import FERRY, MadeUp
from tests.resolve.made_up import find_names, make_quote

NAMES = {"Sergei Orlov": "PERSON", "Sergey Orlov": "PERSON", "Orlov": "PERSON", "Port Office": "ORG"}
TEXTS = [
    ("Deputy minister Sergei Orlov spoke at the Port Office. Orlov said it rained.", "Ashby Times"),
    ("The deputy minister Sergey Orlov spoke on Monday. Orlov said it rained.", "Ashby Post"),
    ("Orlov spoke on Tuesday. Orlov said it rained.", "Ashby Globe"),
]


def stage(folder, texts):
    """The staged tables of the texts, as the stages before leave them."""
    folder.mkdir()
    made = [MadeUp(f"{number}.txt", text, "Rain", outlet, FERRY) for number, (text, outlet) in enumerate(texts)]
    mentions, local, quotes = [], [], []
    for item in made:
        found = find_names(item.text, NAMES)
        for mention in found:
            mention.article_id = item.article_id
        clusters = cluster_mentions(found, item.text, item.article_id)
        quote = make_quote(item.text, "Orlov", "it rained")
        quote.article_id = item.article_id
        quote.quote_id = quote.quote_id.replace("0" * 16, item.article_id, 1)
        resolve_speakers([quote], clusters, item.text)
        mentions += found
        quotes.append(quote)
        local += [local_entity_row(cluster, item.article_id) for cluster in clusters]
    write_rows([item.document() for item in made], Document, folder)
    write_rows([item.article() for item in made], Article, folder)
    write_rows(mentions, EntityMention, folder)
    write_rows(local, LocalEntity, folder)
    write_rows(quotes, Quote, folder)
    return folder


def test_resolve_staged_people_puts_one_person_of_three_articles_under_one_id(tmp_path):
    staged = stage(tmp_path / "staged", TEXTS)
    assert resolve_staged_people(staged) == (4, 2)
    (orlov,) = [row for row in read_rows(Entity, staged) if row.label == "PERSON"]
    assert (orlov.article_count, orlov.quote_count) == (3, 3)
    quotes = read_rows(Quote, staged)
    assert {quote.speaker_id for quote in quotes} == {orlov.entity_id}
    assert {quote.speaker_name for quote in quotes} == {orlov.name}
    assert all(mention.entity_id for mention in read_rows(EntityMention, staged))
    assert {row.entity_id for row in read_rows(EntityTitle, staged)} == {orlov.entity_id}


@pytest.mark.parametrize("first", [[0], [1], [2], [0, 1], [2, 1]], ids=str)
def test_resolve_staged_people_keeps_ids_when_more_is_read(tmp_path, first):
    before = stage(tmp_path / "before", [TEXTS[number] for number in first])
    resolve_staged_people(before)
    known = read_known_entities([before / "entities.parquet"])
    after = stage(tmp_path / "after", TEXTS)
    resolve_staged_people(after, known)
    now = {row.entity_id: row for row in read_rows(Entity, after)}
    for entity_id, entity in known.by_id.items():
        row = now[entity_id]
        assert row.label == entity.label
        assert row.merged_into is None or now[row.merged_into].merged_into is None
    assert len([row for row in now.values() if row.merged_into is None]) == 2


def test_resolve_staged_people_gives_the_same_ids_again(tmp_path):
    staged = stage(tmp_path / "staged", TEXTS)
    resolve_staged_people(staged)
    first = read_rows(Entity, staged)
    resolve_staged_people(staged, read_known_entities([staged / "entities.parquet"]))
    assert read_rows(Entity, staged) == first


def test_resolve_staged_people_follows_the_users_word(tmp_path):
    staged = stage(tmp_path / "staged", TEXTS)
    aliases = tmp_path / "aliases.toml"
    aliases.write_text('[[entity]]\nname = "Sergei Petrovich Orlov"\naliases = ["Sergei Orlov", "Orlov"]\n')
    resolve_staged_people(staged, aliases=read_aliases(aliases))
    names = {row.name for row in read_rows(Entity, staged)}
    assert "Sergei Petrovich Orlov" in names
    assert "Sergei Petrovich Orlov" in {quote.speaker_name for quote in read_rows(Quote, staged)}


def test_fill_mentions_changes_those_of_an_entity_only(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "BATCH_ROWS", 2)
    staged = stage(tmp_path / "staged", TEXTS)
    before = read_rows(EntityMention, staged)
    local_id = before[0].local_id
    before[-1].local_id = None
    before[-1].entity_id = "person-00000000000b"
    write_rows(before, EntityMention, staged)
    fill_mentions(staged, {local_id: "person-00000000000a"}, {"person-00000000000a": "GPE"})
    for old, new in zip(before, read_rows(EntityMention, staged), strict=True):
        is_filled = old.local_id == local_id
        changed = ("person-00000000000a", "GPE") if is_filled else (None, old.label)
        assert new == replace(old, entity_id=changed[0], label=changed[1])


def test_fill_mentions_of_no_mention(tmp_path):
    write_rows([], EntityMention, tmp_path)
    fill_mentions(tmp_path, {}, {})
    assert read_rows(EntityMention, tmp_path) == []


def test_read_contexts_takes_an_article_without_outlet_for_its_own(tmp_path):
    staged = stage(tmp_path / "staged", [(TEXTS[0][0], None)])
    ((article_id, context),) = read_contexts(staged).items()
    assert (context.outlet, context.story_id) == (article_id, FERRY)
