"""Our own cases of who is who across articles, and which of them come out otherwise."""

import tomllib
from datetime import UTC, datetime

from schemas import LocalEntity
from tasks.resolve.entities_across import join_entities
from tasks.resolve.entity_rows import title_rows
from tasks.resolve.groups import ArticleContext
from tests.resolve.speaker_gold import FOLDER

LABELS = {"people": "PERSON", "organisations": "ORG", "places": "PLACE"}


def read_cases() -> list[dict]:
    """All cases."""
    return tomllib.loads((FOLDER / "across.toml").read_text("utf-8"))["case"]


def make_local_entities(case: dict) -> tuple[list[LocalEntity], dict[str, ArticleContext]]:
    """The case's entities as its articles name them, and the articles."""
    local, contexts = [], {}
    for number, article in enumerate(case["articles"]):
        article_id = f"{number:016x}"
        contexts[article_id] = ArticleContext(
            article["story"], article["outlet"], datetime(2024, 5, 1 + number, tzinfo=UTC)
        )
        named = [(label, item) for kind, label in LABELS.items() for item in article.get(kind, ())]
        for place, (label, item) in enumerate(named):
            local.append(
                LocalEntity(
                    local_id=f"{article_id}:{place}",
                    article_id=article_id,
                    name=item["name"],
                    label=label,
                    aliases="; ".join(item.get("aliases", ())),
                    titles="; ".join(item.get("titles", ())),
                    gender=item.get("gender"),
                    mention_count=2,
                )
            )
    return local, contexts


def find_faults(case: dict) -> list[str]:
    """What comes out otherwise than the case expects, in words; empty where all is right."""
    local, contexts = make_local_entities(case)
    joined = join_entities(local, contexts)
    long_names = any("/" in name for group in case["groups"] for name in group)

    def called(item: LocalEntity) -> str:
        outlet = contexts[item.article_id].outlet
        wanted = {name for group in case["groups"] for name in group}
        return f"{outlet}/{item.name}" if long_names and f"{outlet}/{item.name}" in wanted else item.name

    found = sorted(sorted(map(called, group.members)) for group in joined.groups.values())
    faults = [] if found == sorted(map(sorted, case["groups"])) else [f"groups: {found}"]
    if "conflicts" in case:
        rows = [row for key, group in joined.groups.items() for row in title_rows(key, group, contexts)]
        odd = sorted({row.title for row in rows if row.conflicts and not row.is_usual})
        if odd != sorted(case["conflicts"]):
            faults.append(f"conflicts: {odd}")
    return faults
