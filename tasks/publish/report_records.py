"""What the report's script reads: an index of all, and one record for each story, person and article.

Records are plain values for JSON. Outlets are numbers in the index's list; a quotation or figure is named by
its article and its place in it ('q120-164').
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from schemas import Copy, Quote
from tasks.publish.marked_text import Paragraph, Piece
from tasks.publish.plain_text import CONTROLS, shorten_text, strip_controls
from tasks.publish.report_index import Outlets, Record, make_index
from tasks.publish.report_views import (
    ArticleView,
    PersonView,
    QuantityView,
    QuoteView,
    ReportView,
    StoryView,
    UtteranceView,
    WordingView,
    name_place,
)
from tasks.publish.report_words import (
    describe_disagreement,
    describe_values,
    format_day,
    format_value,
    name_words,
)

UNCERTAIN = 0.5
JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# How JSON writes control characters, those that it does not leave as they are.
ESCAPED = re.compile(r"\\(?:u00|[bfr])")
ORIGINAL_REASONS = {
    "published_first": "the original was published first",
    "only_dated": "only the original gives a date",
    "credited": "a copy credits the original's outlet",
    "fewer_artefacts": "the original has fewer traces of machine translation",
    "fetched_first": "the original was fetched first",
    "fuller": "the original is longer",
    "smaller_id": "nothing tells which is the original",
}


def make_records(report: ReportView, *, snapshot_number: int | None = None) -> Iterator[tuple[str, Record]]:
    """(name, record) of the index, then of each story, person and article, each named after its id."""
    outlets = Outlets.of(report)
    yield "index", make_index(report, outlets, snapshot_number)
    for story in report.stories:
        yield f"story:{story.story.story_id}", _story(story, outlets)
    for person in (*report.people, *report.unnamed):
        yield f"person:{person.key}", _person(person)
    for article in report.articles:
        yield f"article:{article.article.article_id}", _article(article, outlets)


def write_record(record: Record) -> str:
    """The record as JSON, cleaned as by `clean_record`: its strings are gone through only where one may hold such."""
    text = JSON.encode(record)
    # Whether all of a text is printable is seen ten times as fast as what of it steers, and most often enough.
    if (text.isprintable() or not CONTROLS.search(text)) and not ESCAPED.search(text):
        return text
    return JSON.encode(clean_record(record))


def clean_record(value: Any) -> Any:
    """The value with all its strings stripped of characters that steer or reorder what is shown."""
    # By the exact type, most frequent first: a page holds a million values.
    kind = type(value)
    if kind is str:
        return strip_controls(value)
    if kind is list or kind is tuple:
        return [strip_controls(item) if type(item) is str else clean_record(item) for item in value]
    if kind is dict:
        return {key: clean_record(item) for key, item in value.items()}
    return value


def _story(view: StoryView, outlets: Outlets) -> Record:
    return {
        "headline": view.story.headline,
        "articles": [_story_article(item) for item in view.articles],
        "speakers": view.speakers,
        "utterances": [_utterance(item, outlets) for item in view.utterances],
        "quantities": [_quantity(item, outlets) for item in view.quantities],
        "titles": [
            [name, [[item.title, item.is_usual, [_where(a, outlets) for a in item.articles]] for item in titles]]
            for name, titles in view.titles.items()
        ],
    }


def _story_article(view: ArticleView) -> Record:
    spoken = Counter(quote.speaker_name for quote in view.quotes if quote.speaker_name)
    return {
        "id": view.article.article_id,
        "copy_of": view.article.copy_of_article_id,
        "copy_kind": view.article.copy_kind,
        "copy_words": describe_copy(view.copy),
        "speakers": [name for name, _ in spoken.most_common(3)],
    }


def describe_copy(copy: Copy | None) -> str:
    """How much a copy has in common with its original, and what tells which of the two that is; empty for none."""
    return f"{copy.shared_share:.0%} in common; {ORIGINAL_REASONS[copy.original_reason]}" if copy else ""


def _where(view: ArticleView, outlets: Outlets) -> list:
    return [view.article.article_id, outlets.numbers[view.outlet]]


def _utterance(view: UtteranceView, outlets: Outlets) -> Record:
    return {
        "speaker": view.group.speaker_name,
        "person": view.group.speaker_id,
        "outlets": view.group.outlet_count,
        "variants": view.group.variant_count,
        "speaker_disagrees": view.group.speaker_disagrees,
        "denied": view.group.polarity_disagrees,
        "wordings": [
            {
                "base": wording.is_canonical,
                "cut": wording.is_cut,
                "runs": _runs(wording),
                "printed": [_printed(member, outlets) for member in wording.quotes],
            }
            for wording in view.wordings
        ],
    }


def _runs(view: WordingView) -> list:
    """Text alone, or [text, what it is], in the order they are read."""
    runs: list = [[view.before, "context"]] if view.before.strip() else []
    for run in view.runs:
        runs.append([run.left_out, "gap"] if run.left_out else [run.text, "differs"] if run.differs else run.text)
    return runs + ([[view.after, "context"]] if view.after.strip() else [])


def _printed(view: QuoteView, outlets: Outlets) -> list:
    quote = view.quote
    return [
        *_where(view.article, outlets),
        name_place(quote),
        quote.speaker_text,
        _title_beside(quote),
        quote.cue,
        quote.kind,
    ]


def _title_beside(quote: Quote) -> str | None:
    """The title printed for the speaker, unless the speaker as printed holds it."""
    title = quote.speaker_title
    return None if title and title in (quote.speaker_text or "") else title


def _quantity(view: QuantityView, outlets: Outlets) -> Record:
    return {
        "quantity": view.group.quantity,
        "disagrees": view.group.disagrees,
        "words": describe_values(view),
        "sentence": describe_disagreement(view),
        "one_unit": len(view.units) == 1,
        "values": [
            {
                "words": format_value(item),
                "low": item.low,
                "high": item.high,
                "printed": [
                    [*_where(article, outlets), name_place(figure), shorten_text(figure.text, 80)]
                    for figure, article in item.figures
                ],
            }
            for item in view.values
        ],
    }


def _person(view: PersonView) -> Record:
    spoken: dict[str, list] = {}
    for item in view.quotes:
        spoken.setdefault(item.article.article.article_id, []).append([name_place(item.quote), _quote(item.quote)])
    return {
        "aliases": view.entity.aliases.split("; ") if view.entity and view.entity.aliases else [],
        "quotes": list(spoken.items()),
    }


def _article(view: ArticleView, outlets: Outlets) -> Record:
    article, document = view.article, view.document
    fields: list[list[str | None]] = [
        ["Subtitle", article.subtitle],
        ["By", article.byline],
        ["Section", article.section],
        ["Dateline", article.dateline],
        ["Published", format_day(article.published_at)],
        ["Date known from", name_words(article.published_at_method)],
        ["Language", article.language if article.language != "en" else None],
        ["Received as", document.source_uri],
        ["Address", None if view.url else article.url],
    ]
    return {
        "title": view.title,
        "outlet": outlets.numbers[view.outlet],
        "story": article.story_id,
        "copy_of": article.copy_of_article_id,
        "copy_kind": article.copy_kind,
        "words": article.word_count,
        "url": view.url,
        "fields": [field for field in fields if field[1]],
        "text": [_paragraph(paragraph) for paragraph in view.paragraphs],
        "quotes": {name_place(quote): _quote(quote) for quote in view.quotes},
    }


def _paragraph(paragraph: Paragraph) -> Record | list:
    pieces = [_piece(piece) for piece in paragraph.pieces]
    return {"gone": pieces} if paragraph.is_removed else pieces


def _piece(piece: Piece) -> Any:
    """Text alone, or [text, roles, owners, edit]: the edit is [kind, category, rule, other text if any]."""
    edit = None
    if piece.edit is not None:
        words = [name_words(piece.edit.category), piece.edit.rule_name]
        if piece.is_removed:
            edit = ["removed", *words]
        elif piece.is_flagged:
            edit = ["flagged", *words, piece.edit.proposal]
        elif piece.is_mended:
            edit = ["mended", *words, piece.before]
    if not (piece.roles or edit):
        return piece.text
    return [piece.text, " ".join(piece.roles), list(piece.owners), edit]


def _quote(quote: Quote) -> list:
    return [
        quote.content,
        quote.kind,
        quote.cue,
        quote.speaker_text,
        _title_beside(quote),
        quote.speaker_name,
        quote.speaker_id,
        1 if quote.confidence < UNCERTAIN else 0,
        [name_words(flag) for flag in quote.flags.split(",") if flag],
    ]
