from datetime import UTC, datetime

import pytest

from schemas import LocalEntity
from tasks.resolve.groups import ArticleContext, Group
from tasks.resolve.offices_elsewhere import name_officeholders
from tests.resolve.made_up import make_quote

HERE, OTHER, ELSEWHERE = "a" * 16, "b" * 16, "c" * 16
TEXT = "Ida Sol won her vote. The mayor of Ashby said the tram would come."
STORIES = {HERE: "tram", OTHER: "tram", ELSEWHERE: "ferry"}
CONTEXTS = {
    article: ArticleContext(story, f"outlet {article[0]}", datetime(2026, 1, 2, tzinfo=UTC))
    for article, story in STORIES.items()
}


def person(name, *articles_and_titles):
    group = Group()
    for number, (article, titles) in enumerate(articles_and_titles):
        item = LocalEntity(
            local_id=f"{article}:{name}:{number}",
            article_id=article,
            name=name,
            label="PERSON",
            aliases="",
            mention_count=1,
            titles=titles,
            gender=None,
        )
        group.add(item, STORIES[article])
    return group


def unnamed_quote(source="The mayor of Ashby", text=TEXT):
    quote = make_quote(text, source, "the tram would come")
    quote.article_id, quote.no_speaker_reason, quote.speaker_method = HERE, "unnamed", "unnamed"
    quote.flags, quote.confidence = "unnamed_source", 0.44
    return quote


SOL = person("Ida Sol", (HERE, ""), (OTHER, "Mayor"))


def test_name_officeholders_names_whom_another_article_of_the_story_gives_the_office():
    quote = unnamed_quote()
    assert name_officeholders([quote], {"sol": SOL}, CONTEXTS) == 1
    assert quote.speaker_local_id == SOL.members[0].local_id
    assert (quote.speaker_method, quote.no_speaker_reason, quote.flags) == ("role", None, "")
    assert quote.confidence == pytest.approx(0.42)


@pytest.mark.parametrize(
    "people",
    [
        [person("Ida Sol", (OTHER, "Mayor"))],
        [person("Ida Sol", (HERE, ""), (ELSEWHERE, "Mayor"))],
        [person("Ida Sol", (HERE, ""), (OTHER, "Senator"), (ELSEWHERE, "Mayor"))],
        [person("Ida Sol", (HERE, ""), (OTHER, "Deputy Mayor"))],
        [SOL, person("Ola Berg", (OTHER, "mayor of Kelm"))],
    ],
    ids=["not_named_here", "office_in_another_story", "another_office_in_this_story", "another_rank", "two_hold_it"],
)
def test_name_officeholders_leaves_unnamed_who_is_not_sure(people):
    quote = unnamed_quote()
    assert name_officeholders([quote], {group.name: group for group in people}, CONTEXTS) == 0
    assert (quote.speaker_local_id, quote.no_speaker_reason, quote.confidence) == (None, "unnamed", 0.44)


@pytest.mark.parametrize("source", ["A mayor", "Mayors", "The official", "The critics"])
def test_name_officeholders_leaves_what_is_no_office_of_one(source):
    quote = unnamed_quote(source, TEXT.replace("The mayor of Ashby", source))
    assert name_officeholders([quote], {"sol": SOL}, CONTEXTS) == 0
