"""Texts with the names that stand in them, as the resolver's parts read them."""

import re

from schemas import EntityMention, Quote
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
    cue_start = text.index(cue) if cue else None
    end = start + len(content)
    return Quote(
        quote_id=f"{ARTICLE}:{start}:{end}",
        article_id=ARTICLE,
        start_char=start,
        end_char=end,
        content=content,
        content_segments=f"{start}:{end}",
        kind=kind,
        cue=cue,
        cue_start_char=cue_start,
        cue_end_char=cue_start + len(cue) if cue and cue_start is not None else None,
        speaker_text=source,
        speaker_start_char=speaker,
        speaker_end_char=speaker + len(source),
        speaker_local_id=None,
        speaker_id=None,
        speaker_name=None,
        speaker_title=None,
        speaker_method="unknown",
        confidence=1.0,
        flags="",
        quote_group_id=None,
    )
