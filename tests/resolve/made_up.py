"""Texts with the names that stand in them, as the resolver's parts read them."""

import re

from schemas import EntityMention, LocalEntity, Quote
from tasks.annotate.quotes import make_quote as make_quote_row
from tasks.resolve.clusters import Cluster
from tasks.resolve.discourse import Discourse
from tasks.resolve.entities_in_article import cluster_mentions

ARTICLE = "0" * 16


def find_names(text: str, names: dict[str, str]) -> list[EntityMention]:
    """A mention wherever one of the names stands, longer ones first; `names` gives their labels."""
    pattern = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return [
        EntityMention(
            article_id=ARTICLE,
            start_char=match.start(),
            end_char=match.end(),
            text=match.group(),
            label=names[match.group()],
            local_id=None,
            entity_id=None,
        )
        for match in re.finditer(rf"\b(?:{pattern})(?!\w)", text)
    ]


def make_clusters(text: str, names: dict[str, str]) -> list[Cluster]:
    """Clusters of the names in the text."""
    return cluster_mentions(find_names(text, names), text, ARTICLE)


def make_discourse(text: str, names: dict[str, str], *, quotes: tuple[Quote, ...] = ()) -> Discourse:
    """The text read with its names."""
    return Discourse.of_article(text, make_clusters(text, names), quotes)


def make_quote(text: str, source: str, content: str, *, cue: str | None = None, kind: str = "indirect") -> Quote:
    """A quote of the content, by the last source of those words before it, else the first behind it."""
    start = text.index(content)
    speaker = text.rfind(source, 0, start)
    speaker = speaker if speaker >= 0 else text.index(source, start + len(content))
    return make_quote_row(
        text,
        ARTICLE,
        [(start, start + len(content))],
        kind=kind,
        cue=(text.index(cue), text.index(cue) + len(cue)) if cue else None,
        speaker=(speaker, speaker + len(source)),
    )


def make_local(
    article: str,
    number: int,
    name: str,
    *,
    label: str = "PERSON",
    aliases: str = "",
    titles: str = "",
    gender: str | None = None,
    mentions: int = 2,
) -> LocalEntity:
    """What an article names, as the resolver of one article gives it."""
    return LocalEntity(
        local_id=f"{article}:{number}",
        article_id=article,
        name=name,
        label=label,
        aliases=aliases,
        titles=titles,
        gender=gender,
        mention_count=mentions,
    )
