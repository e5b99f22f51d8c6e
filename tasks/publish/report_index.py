"""The index of the report: what its lists of stories, people, articles and refusals show, and the run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from schemas import Quarantine, Run
from tasks.publish.plain_text import shorten_text
from tasks.publish.report_views import (
    ArticleView,
    PersonView,
    QuantityView,
    ReportView,
    StoryView,
    TitleView,
    UtteranceView,
)
from tasks.publish.report_words import count_things, describe_values, name_words

Record = dict[str, Any]
SHARED_CHARACTERS = 200
SUMMARY_DISAGREEMENTS = 3
SUMMARY_SHARED = 3
SUMMARY_SPEAKERS = 5
SUMMARY_TITLES = 3
STAGE_COUNTS = (
    ("clean", "document", "article"),
    ("annotate", "article", "quotation"),
    ("resolve", "quotation", "quotation with a named speaker"),
    ("link", "article", "story"),
    ("validate", "row", "row that passed"),
)
PLURALS = {
    "story": "stories",
    "quotation with a named speaker": "quotations with a named speaker",
    "row that passed": "rows that passed",
}


@dataclass(frozen=True)
class Outlets:
    """Numbers of the outlets, in the order of the index."""

    names: list[str]
    numbers: dict[str, int]

    @classmethod
    def of(cls, report: ReportView) -> "Outlets":
        """The outlets of all articles."""
        names = report.outlets
        return cls(names, {name: number for number, name in enumerate(names)})

    def number(self, names: Iterable[str]) -> list[int]:
        """Their numbers."""
        return [self.numbers[name] for name in names]


def make_index(report: ReportView, outlets: Outlets, snapshot_number: int | None) -> Record:
    """The index, as plain values for JSON."""
    left_out = report.left_out
    return {
        "outlets": outlets.names,
        "quotes": report.quote_count,
        "named": report.named_count,
        "stories": [_story_line(view, outlets) for view in report.stories],
        "people": [_person_line(view, outlets, named=True) for view in report.people]
        + [_person_line(view, outlets, named=False) for view in report.unnamed],
        "articles": [_article_line(view, outlets) for view in report.articles],
        "refusals": [_refusal(row) for row in report.refusals],
        "left_out": {"stories": left_out.stories, "articles": left_out.articles, "refusals": left_out.refusals},
        "run": _run(report.run, snapshot_number) if report.run else None,
    }


def _story_line(view: StoryView, outlets: Outlets) -> Record:
    """What the list of stories shows of one: it is told in full by the story's own record."""
    story = view.story
    shared = view.shared
    return {
        "id": story.story_id,
        "headline": story.headline,
        "outlets": outlets.number(view.outlets),
        "articles": story.article_count,
        "copies": story.copy_count,
        "day": _day(story.event_date or story.first_published_at),
        "speakers": view.speakers[:SUMMARY_SPEAKERS],
        "shared": [_shared_line(item) for item in shared[:SUMMARY_SHARED]],
        "shared_count": len(shared),
        "disagree": [_disagreement_line(item) for item in view.disagreements[:SUMMARY_DISAGREEMENTS]],
        "disagree_count": len(view.disagreements),
        "titles": [_conflict_line(name, titles) for name, titles in list(view.titles.items())[:SUMMARY_TITLES]],
        "title_count": len(view.titles),
    }


def _disagreement_line(view: QuantityView) -> list:
    """The quantity, its values in words, and where they lie; nowhere if they share no scale."""
    values = [[value.low, value.high] for value in view.values] if len(view.units) == 1 else []
    return [view.group.quantity, describe_values(view), values]


def _conflict_line(name: str, titles: Sequence[TitleView]) -> list:
    """The person, the usual title if it is known, and those that cannot be the same office."""
    usual = next((view.title for view in titles if view.is_usual), None)
    return [name, usual, [view.title for view in titles if not view.is_usual]]


def _shared_line(view: UtteranceView) -> Record:
    return {
        "text": shorten_text(view.group.canonical_text, SHARED_CHARACTERS).rstrip(" ,;:"),
        "direct": view.is_direct,
        "speaker": view.group.speaker_name,
        "outlets": view.group.outlet_count,
        "wordings": view.group.variant_count,
    }


def _person_line(view: PersonView, outlets: Outlets, *, named: bool) -> Record:
    return {
        "id": view.key,
        "name": view.name,
        "title": view.entity.usual_title if view.entity else None,
        "label": view.entity.label if view.entity else None,
        "quotes": len(view.quotes),
        "outlets": outlets.number(view.outlets),
        "named": named,
    }


def _article_line(view: ArticleView, outlets: Outlets) -> list:
    return [
        view.article.article_id,
        view.title,
        outlets.numbers[view.outlet],
        _day(view.article.published_at),
        view.article.story_id,
        len(view.quotes),
        1 if view.article.copy_of_article_id else 0,
    ]


def _refusal(row: Quarantine) -> list:
    what = row.source_uri or row.document_id or ""
    row_name = f"{row.table_name} {row.row_key or ''}".strip() if row.table_name else ""
    return [what, row_name, row.stage, name_words(row.check_name), row.observed, row.expected]


def _run(run: Run, snapshot_number: int | None) -> Record:
    stages = []
    for stage, taken, made in STAGE_COUNTS:
        counts = [getattr(run, f"{stage}_{way}_count") for way in ("in", "out")]
        words = [count_things(n, noun, PLURALS.get(noun)) for n, noun in zip(counts, (taken, made), strict=True)]
        stages.append([stage, *words])
    seconds = round((run.finished_at - run.started_at).total_seconds())
    return {
        "inputs": run.input_count,
        "sum": f"{count_things(run.input_count, 'input')} = {count_things(run.article_count, 'article')} + "
        f"{count_things(run.duplicate_count, 'exact duplicate')} + {run.quarantined_count} refused.",
        "batches": f"{run.reused_batch_count} of {count_things(run.batch_count, 'batch', 'batches')} "
        "had been processed before.",
        "stages": stages,
        "fields": [
            ["Run", run.run_id],
            ["Snapshot", str(snapshot_number) if snapshot_number else None],
            ["Started", f"{run.started_at:%Y-%m-%d %H:%M UTC}"],
            ["Took", count_things(seconds, "second")],
            ["Inputs", run.inputs],
            ["onrecord", run.code_version],
            ["Rules", run.rules_version],
            ["Models", run.model_versions],
        ],
    }


def describe_report(report: ReportView) -> str:
    """The page in a sentence or two."""
    refused = count_things(len(report.refusals) + report.left_out.refusals, "refusal") if report.refusals else ""
    return (
        f"{count_things(len(report.articles), 'article')} from {count_things(len(report.outlets), 'outlet')} tell "
        f"{count_things(len(report.stories), 'story', 'stories')}. {count_things(report.quote_count, 'quotation')}, "
        f"{report.named_count:,} with a named speaker. {refused or 'Nothing was refused'}."
    )


def _day(moment: date | datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d}" if moment else None
