"""Small staged tables of invented articles, for tests of what reads tables.

Three outlets tell of one ferry contract in different words; one tells of a library on its own.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import schemas
from schemas import (
    Article,
    Document,
    Entity,
    EntityMention,
    EntityTitle,
    Figure,
    FigureGroup,
    Quarantine,
    Quote,
    QuoteGroup,
    QuoteVariant,
    RemovedSpan,
    Row,
    Run,
    Story,
)
from schemas.parquet import write_rows
from schemas.warehouse import Warehouse
from tasks.publish.snapshot import publish_snapshot

FERRY = "story-0123456789ab"
LIBRARY = "story-ba9876543210"
OLSEN = "person-00000000000a"
QUILL = "person-00000000000b"
PROMISE = "utterance-00000000000c"
LENGTH = "quantity-00000000000d"
DAY = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def id_of(raw: str) -> str:
    """Document id of a text."""
    return hashlib.sha256(raw.encode()).hexdigest()[:16]


@dataclass
class MadeUp:
    """An invented input: `removed` are (text, category) found in `raw`; quotes and figures in what is left."""

    name: str
    raw: str
    title: str
    outlet: str | None
    story: str
    removed: list[tuple[str, str]] = field(default_factory=list)
    quotes: list[dict] = field(default_factory=list)
    figures: list[dict] = field(default_factory=list)
    titles: list[tuple[str, str, bool]] = field(default_factory=list)
    url: str | None = None
    copy_of: str | None = None

    @property
    def article_id(self) -> str:
        return id_of(self.raw)

    @property
    def text(self) -> str:
        text = self.raw
        for removed, _ in self.removed:
            text = text.replace(removed, "", 1)
        return text

    def document(self) -> Document:
        return Document(
            document_id=self.article_id, source_uri=f"inbox/{self.name}", media_type="text/plain", encoding="utf-8",
            byte_count=len(self.raw.encode()), raw_text=self.raw, fetched_at=DAY, declared_title=None,
            declared_outlet=None, declared_author=None, declared_url=None, declared_published_at=None,
        )  # fmt: skip

    def article(self) -> Article:
        return Article(
            article_id=self.article_id, document_id=self.article_id, title=self.title, title_method="printed",
            subtitle=None, byline=None, byline_method=None,
            outlet_name=self.outlet, outlet_method="declared" if self.outlet else None, section=None,
            dateline=None, published_at=DAY, published_at_method="date_line", published_at_precision="day",
            page_clock_at=None, url=self.url, text=self.text, extracted_text=None,
            language="en", language_confidence=1.0, word_count=len(self.text.split()),
            copy_of_article_id=self.copy_of, copy_kind="near" if self.copy_of else None, story_id=self.story,
        )  # fmt: skip

    def removed_rows(self) -> list[RemovedSpan]:
        rows = []
        for text, category in self.removed:
            start = self.raw.index(text)
            rows.append(
                RemovedSpan(
                    document_id=self.article_id, start_char=start, end_char=start + len(text), category=category,
                    rule_name=f"made_up_{category}", text=text,
                )
            )  # fmt: skip
        return rows

    def quote_rows(self) -> list[Quote]:
        return [self._quote(**quote) for quote in self.quotes]

    def _quote(
        self, content: str, speaker: str | None, cue: str | None, *, kind: str = "direct",
        who: tuple[str, str] | None = None, title: str | None = None, group: str | None = None, confidence: float = 0.9,
    ) -> Quote:  # fmt: skip
        start = self.text.index(content)
        cue_start = self.text.index(cue) if cue else None
        speaker_start = self.text.index(speaker) if speaker else None
        return Quote(
            quote_id=f"{self.article_id}:{start}:{start + len(content)}", article_id=self.article_id,
            start_char=start, end_char=start + len(content), content=content,
            content_segments=f"{start}:{start + len(content)}", kind=kind, cue=cue, cue_start_char=cue_start,
            cue_end_char=cue_start + len(cue) if cue and cue_start is not None else None, speaker_text=speaker,
            speaker_start_char=speaker_start,
            speaker_end_char=speaker_start + len(speaker) if speaker and speaker_start is not None else None,
            speaker_local_id=None, speaker_id=who[0] if who else None, speaker_name=who[1] if who else None,
            speaker_title=title, speaker_method="full_name" if who else "unknown", confidence=confidence, flags="",
            quote_group_id=group,
        )  # fmt: skip

    def figure_rows(self) -> list[Figure]:
        rows = []
        for figure in self.figures:
            start = self.text.index(figure["text"])
            end = start + len(figure["text"])
            rows.append(
                Figure(
                    figure_id=f"{self.article_id}:{start}:{end}", article_id=self.article_id, start_char=start,
                    end_char=end, text=figure["text"], value=figure["value"], low=figure["value"],
                    high=figure["value"], unit="hour", quantity="meeting", qualifier=None, figure_group_id=LENGTH,
                )
            )  # fmt: skip
        return rows

    def mention_rows(self) -> list[EntityMention]:
        return [
            EntityMention(
                article_id=quote.article_id, start_char=quote.speaker_start_char, end_char=quote.speaker_end_char,
                text=quote.speaker_text, label="PERSON", local_id=None, entity_id=quote.speaker_id,
            )
            for quote in self.quote_rows()
            if quote.speaker_start_char is not None and quote.speaker_end_char is not None and quote.speaker_text
        ]  # fmt: skip


WHO_OLSEN = (OLSEN, "Bjørk Olsen")
WHO_QUILL = (QUILL, "Hana Quill")

MADE_UP = [
    MadeUp(
        "harbour.txt",
        "[box]Ferry talks end without a deal - Harbour Herald\n\n"
        "Ferry operators and crews met for seven hours on Tuesday.\n\n"
        "“The boats will run on Friday, whatever happens,” harbour minister Bjørk Olsen said. [advert] "
        "She would not name a price.\n\nShare this story",
        "Ferry talks end without a deal",
        "Harbour Herald",
        FERRY,
        removed=[
            ("[box]", "shortcode"),
            ("Ferry talks end without a deal - Harbour Herald\n\n", "title"),
            ("[advert] ", "advertisement"),
            ("\n\nShare this story", "share"),
        ],
        quotes=[
            {
                "content": "The boats will run on Friday, whatever happens,", "speaker": "Bjørk Olsen", "cue": "said",
                "who": WHO_OLSEN, "title": "harbour minister", "group": PROMISE,
            }
        ],
        figures=[{"text": "seven hours", "value": 7.0}],
        titles=[(OLSEN, "harbour minister", True)],
        url="https://harbour-herald.example/ferry",
    ),
    MadeUp(
        "tide.txt",
        "Crews and owners talked for 7.5 hours.\n\n"
        "“The boats will sail on Friday,” said Bjork Olsen, the fisheries minister. "
        "Hana Quill, who speaks for the crews, said nobody had asked them.",
        "No deal on ferries",
        "The Tide",
        FERRY,
        quotes=[
            {
                "content": "The boats will sail on Friday,", "speaker": "Bjork Olsen", "cue": "said",
                "who": WHO_OLSEN, "title": "fisheries minister", "group": PROMISE,
            },
            {
                "content": "nobody had asked them", "speaker": "Hana Quill", "cue": "said", "kind": "indirect",
                "who": WHO_QUILL,
            },
        ],
        figures=[{"text": "7.5 hours", "value": 7.5}],
        titles=[(OLSEN, "fisheries minister", True)],
    ),
    MadeUp(
        "coast.txt",
        "An eight-hour meeting brought nothing.\n\n"
        "“The boats will run on Friday, whatever happens,” Olsen said. One sailor called it “a bad joke”.",
        "Eight hours, no ferry deal",
        "Coast Wire",
        FERRY,
        quotes=[
            {
                "content": "The boats will run on Friday, whatever happens,", "speaker": "Olsen", "cue": "said",
                "who": WHO_OLSEN, "group": PROMISE,
            },
            {
                "content": "a bad joke", "speaker": "One sailor", "cue": "called", "kind": "mixed", "confidence": 0.4,
            },
        ],
        figures=[{"text": "eight-hour", "value": 8.0}],
    ),
    MadeUp(
        "library.txt",
        "The library will open on Sundays.",
        "Library to open on Sundays",
        None,
        LIBRARY,
    ),
]  # fmt: skip


def _entity(entity_id: str, name: str, aliases: str, quote_count: int, title: str | None) -> Entity:
    return Entity(
        entity_id=entity_id, name=name, label="PERSON", aliases=aliases, alias_count=1 if aliases else 0,
        mention_count=quote_count, article_count=quote_count, quote_count=quote_count, usual_title=title,
        first_seen_at=DAY, last_seen_at=DAY,
    )  # fmt: skip


def _story(story_id: str, inputs: list[MadeUp]) -> Story:
    return Story(
        story_id=story_id, headline=inputs[0].title, article_count=len(inputs), outlet_count=len(inputs),
        original_count=len(inputs), copy_count=0, event_date=DAY.date(), first_published_at=DAY,
        event_date_method="text", merged_story_ids=None,
    )  # fmt: skip


def _run(inputs: list[MadeUp]) -> Run:
    names = ("clean_out", "annotate_in", "annotate_out", "resolve_in", "resolve_out", "link_in")
    return Run(
        run_id="20260304T093000Z-abcdef", started_at=DAY, finished_at=DAY, status="published", snapshot_number=1,
        inputs="inbox", input_count=len(inputs) + 1, article_count=len(inputs), duplicate_count=0,
        quarantined_count=1, new_document_count=len(inputs), batch_count=1, reused_batch_count=0,
        clean_in_count=len(inputs) + 1, link_out_count=2, validate_in_count=40, validate_out_count=40,
        **{f"{name}_count": len(inputs) for name in names},
        code_version="0.1.0", rules_version="abcdef012345", model_versions="made-up-1.0", config_hash="0" * 12,
        attribution="rules", passed_over_count=3,
        options='{"allow_private": true, "attribution": "rules", "columns": null, "replace": false}',
    )  # fmt: skip


def made_up_rows(inputs: list[MadeUp] | None = None) -> dict[str, list[Row]]:
    """Rows of every published table; those not filled are empty."""
    inputs = MADE_UP if inputs is None else inputs
    quotes = [row for item in inputs for row in item.quote_rows()]
    figures = [row for item in inputs for row in item.figure_rows()]
    promises = [row for row in quotes if row.quote_group_id]
    values = [row.value for row in figures]
    stories = {item.story: [other for other in inputs if other.story == item.story] for item in inputs}
    rows: dict[str, list] = {name: [] for name in schemas.PUBLISHED_TABLES}
    rows |= {
        "runs": [_run(inputs)],
        "documents": [item.document() for item in inputs],
        "articles": [item.article() for item in inputs],
        "removed_spans": [row for item in inputs for row in item.removed_rows()],
        "entity_mentions": [row for item in inputs for row in item.mention_rows()],
        "entities": [
            _entity(OLSEN, "Bjørk Olsen", "Bjork Olsen; Olsen", 3, "harbour minister"),
            _entity(QUILL, "Hana Quill", "", 1, None),
        ],
        "entity_titles": [
            EntityTitle(
                entity_id=entity_id, article_id=item.article_id, title=title, normalized_title=title,
                conflicts=conflict, is_usual=title != "fisheries minister",
            )
            for item in inputs
            for entity_id, title, conflict in item.titles
        ],
        "quotes": quotes,
        "figures": figures,
        "stories": [_story(story_id, members) for story_id, members in stories.items()],
        "quarantine": [
            Quarantine(
                quarantine_id="f" * 16, document_id=None, source_uri="inbox/empty.txt", stage="ingest", table_name=None,
                row_key=None, check_name="has_text", observed="0 bytes", expected="some text", refused_at=DAY,
            )
        ],
    }  # fmt: skip
    if len(promises) > 1:
        rows["quote_groups"] = [
            QuoteGroup(
                quote_group_id=PROMISE, story_id=FERRY, speaker_id=OLSEN, speaker_name="Bjørk Olsen",
                canonical_text=promises[0].content, canonical_quote_id=promises[0].quote_id,
                quote_count=len(promises), variant_count=2, article_count=len(promises), copy_count=0,
                outlet_count=len(promises),
                speaker_disagrees=False, canonical_reason="most_direct", polarity_disagrees=False,
            )
        ]  # fmt: skip
        outlets = {item.article_id: item.article().outlet_name for item in inputs}
        rows["quote_variants"] = [
            QuoteVariant(
                quote_id=row.quote_id, quote_group_id=PROMISE, article_id=row.article_id,
                outlet_name=outlets[row.article_id], wording_number=number, shared_text=row.content, missing_words="",
                added_words="", is_canonical=number == 1,
            )
            for number, row in enumerate(promises, start=1)
        ]  # fmt: skip
    if len(figures) > 1:
        rows["figure_groups"] = [
            FigureGroup(
                figure_group_id=LENGTH, story_id=FERRY, quantity="meeting", unit="hour", minimum_value=min(values),
                maximum_value=max(values), figure_count=len(figures), value_count=len(set(values)),
                article_count=len(figures), copy_count=0, outlet_count=len(figures),
                disagrees=True,
            )
        ]  # fmt: skip
    return rows


def write_staged(folder: Path, rows: dict[str, list[Row]] | None = None) -> Path:
    """Writes `folder/<table>.parquet` for every published table; the folder comes back."""
    for name, table_rows in (made_up_rows() if rows is None else rows).items():
        write_rows(table_rows, schemas.TABLES[name].row, folder)
    return folder


def publish_made_up(warehouse: Path, rows: dict[str, list[Row]] | None = None) -> Path:
    """Publishes made-up tables as the next snapshot of `warehouse`; the snapshot's folder comes back."""
    staged = write_staged(warehouse / "work" / "made_up", rows)
    return publish_snapshot(staged, Warehouse(warehouse)).folder
