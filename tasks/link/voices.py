"""Who speaks for himself: an article does, a copy speaks for its original."""

from collections.abc import Iterable

import pandas as pd

from tasks.link.frames import is_among, list_plain

COLUMNS = ["voice_id", "voice_outlet"]


def add_voices(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles with `voice_id`, the article whose words each prints, and `voice_outlet`, that one's outlet.

    These are of the original where an article copies one, else its own. Of an original that is not among the articles
    the outlet is not known: the copy's stands for it.
    """
    originals = articles["copy_of_article_id"]
    outlet_of = articles.set_index("article_id")["outlet_name"]
    is_known = is_among(originals, outlet_of.index)
    return articles.assign(
        voice_id=originals.where(originals.notna(), articles["article_id"]),
        voice_outlet=articles["outlet_name"].where(~is_known, originals.map(outlet_of)),
    )


def list_voices(articles: pd.DataFrame) -> list[tuple[str, str | None]]:
    """voice_id and voice_outlet of each article."""
    return list(zip(*(list_plain(articles[name]) for name in COLUMNS), strict=True))


def count_outlets(voices: Iterable[tuple[str, str | None]]) -> int:
    """Different outlets of voices (voice_id, voice_outlet) by name, case aside; each that names none counts as one."""
    return len({outlet.casefold() if outlet else voice_id for voice_id, outlet in dict(voices).items()})
