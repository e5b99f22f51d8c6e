"""What the report shows: stories, people, articles, refusals."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlsplit

from schemas import (
    Article,
    Copy,
    Document,
    Entity,
    Figure,
    FigureGroup,
    Quarantine,
    Quote,
    QuoteGroup,
    RemovedSpan,
    Repair,
    Run,
    Story,
)
from tasks.publish.marked_text import Edit, Mark, Paragraph, Role, Stretch, mark_article, walk_source
from tasks.publish.wording import WordRun

K = TypeVar("K")
V = TypeVar("V")


def group_by(values: Iterable[V], keys: Iterable[K]) -> dict[K, list[V]]:
    """Values by key, both in their first order."""
    groups: dict[K, list[V]] = defaultdict(list)
    for value, key in zip(values, keys, strict=True):
        groups[key].append(value)
    return dict(groups)


@dataclass(frozen=True, kw_only=True)
class ArticleView:
    """One article with what stands in it; `outlet` names where it was printed as well as is known."""

    article: Article
    document: Document
    outlet: str
    quotes: list[Quote]
    figures: list[Figure]
    removed: list[RemovedSpan]
    repairs: list[Repair]
    copy: Copy | None = None

    @property
    def url(self) -> str | None:
        """The article's address, if a browser may be sent there."""
        return web_address(self.article.url)

    @property
    def title(self) -> str:
        """The headline, or the file's name where there is none."""
        return self.article.title or source_name(self.document.source_uri)

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """The text with quotations, speakers and cues marked and removed text in its place.

        Where the edits do not rebuild the text, the text alone, and the removed text after it.
        """
        try:
            return mark_article(self.article.text, walk_source(self._source, self._edits), self._marks)
        except ValueError:
            kept = mark_article(self.article.text, [Stretch(self.article.text, self.article.text, 0)], self._marks)
            return kept + [
                paragraph
                for edit in self._edits
                for paragraph in mark_article("", _removed_alone(self._source, edit), [])
            ]

    @property
    def _source(self) -> str:
        if self.document.media_type == "text/html":
            return self.article.extracted_text or ""
        return self.document.raw_text

    @property
    def _edits(self) -> list[Edit]:
        removed = [
            Edit(start=span.start_char, end=span.end_char, category=span.category, rule_name=span.rule_name)
            for span in self.removed
        ]
        mended = [
            Edit(
                start=repair.start_char,
                end=repair.end_char,
                category=repair.category,
                rule_name=repair.rule_name,
                after=repair.after if repair.is_applied else repair.before,
                removed=False,
                proposal=None if repair.is_applied else repair.after,
            )
            for repair in self.repairs
        ]
        return removed + mended

    @property
    def _marks(self) -> list[Mark]:
        marks = []
        for quote in self.quotes:
            role: Role = "reported" if quote.kind == "indirect" else "quote"
            owner = name_place(quote)
            for segment in quote.content_segments.split():
                start, end = map(int, segment.split(":"))
                marks.append(Mark(start=start, end=end, role=role, owner=owner))
            if quote.speaker_start_char is not None and quote.speaker_end_char is not None:
                marks.append(
                    Mark(start=quote.speaker_start_char, end=quote.speaker_end_char, role="speaker", owner=owner)
                )
            if quote.cue_start_char is not None and quote.cue_end_char is not None:
                marks.append(Mark(start=quote.cue_start_char, end=quote.cue_end_char, role="cue", owner=owner))
        for figure in self.figures:
            owner = name_place(figure)
            marks.append(Mark(start=figure.start_char, end=figure.end_char, role="figure", owner=owner))
        return marks


def _removed_alone(source: str, edit: Edit) -> list[Stretch]:
    return [Stretch(source[edit.start : edit.end], "", 0, edit)] if edit.removed else []


@dataclass(frozen=True, kw_only=True)
class QuoteView:
    """One quotation and the article it stands in."""

    quote: Quote
    article: ArticleView


@dataclass(frozen=True, kw_only=True)
class WordingView:
    """One wording of an utterance, the quotations that print it, and how it differs from the chosen one.

    `before` and `after` are what the first of the quotations holds around the words that others print too.
    `is_cut`: its words are those of another wording, cut short.
    """

    quotes: list[QuoteView]
    runs: list[WordRun]
    is_canonical: bool
    before: str = ""
    after: str = ""
    is_cut: bool = False


@dataclass(frozen=True, kw_only=True)
class UtteranceView:
    """One utterance as printed by several articles."""

    group: QuoteGroup
    wordings: list[WordingView]

    @property
    def is_direct(self) -> bool:
        """Whether an outlet prints its chosen wording as the speaker's own words."""
        return any(view.quote.kind == "direct" for item in self.wordings if item.is_canonical for view in item.quotes)

    @property
    def outlets(self) -> list[str]:
        """Outlets that print it, once each."""
        return unique(view.article.outlet for wording in self.wordings for view in wording.quotes)


@dataclass(frozen=True, kw_only=True)
class ValueView:
    """One value of a quantity, and the figures that give it."""

    low: float
    high: float
    unit: str
    figures: list[tuple[Figure, ArticleView]]

    @property
    def outlets(self) -> list[str]:
        """Outlets that give it, once each."""
        return unique(article.outlet for _, article in self.figures)


@dataclass(frozen=True, kw_only=True)
class QuantityView:
    """One quantity of a story with the values its articles give."""

    group: FigureGroup
    values: list[ValueView]

    @property
    def units(self) -> list[str]:
        """Units its values are given in; values in several have no common scale."""
        return unique(view.unit for view in self.values)


@dataclass(frozen=True, kw_only=True)
class TitleView:
    """One title printed for a person, and where. `is_usual`: it can be the person's usual office."""

    title: str
    articles: list[ArticleView]
    is_usual: bool

    @property
    def outlets(self) -> list[str]:
        """Outlets that print it, once each."""
        return unique(view.outlet for view in self.articles)


@dataclass(frozen=True, kw_only=True)
class StoryView:
    """One story with everything its articles can be compared by; `titles` holds those in conflict, by entity."""

    story: Story
    articles: list[ArticleView]
    utterances: list[UtteranceView]
    quantities: list[QuantityView]
    titles: dict[str, list[TitleView]]
    speakers: list[tuple[str, int]]

    @property
    def shared(self) -> list[UtteranceView]:
        """Utterances that more than one outlet prints, the most widely printed first."""
        return [view for view in self.utterances if view.group.outlet_count > 1]

    @property
    def disagreements(self) -> list[QuantityView]:
        """Quantities whose values cannot all be true."""
        return [view for view in self.quantities if view.group.disagrees]

    @property
    def outlets(self) -> list[str]:
        """Outlets that tell it, once each."""
        return unique(view.outlet for view in self.articles)


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """One speaker, and what each outlet prints of what was said. `entity` is None where no name is known."""

    name: str
    entity: Entity | None
    quotes: list[QuoteView]

    @property
    def outlets(self) -> list[str]:
        """Outlets that quote the speaker, once each."""
        return unique(view.article.outlet for view in self.quotes)

    @property
    def key(self) -> str:
        """What the page calls the speaker: the entity's id, else made of the name."""
        digest = hashlib.sha256(self.name.encode()).hexdigest()[:12]
        return self.entity.entity_id if self.entity else f"speaker-{digest}"


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """How much of the tables is not on the page."""

    stories: int = 0
    articles: int = 0
    refusals: int = 0


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """Everything on the page. `left_out` counts articles and stories that the tables hold beyond those shown."""

    run: Run | None
    stories: list[StoryView]
    people: list[PersonView]
    unnamed: list[PersonView]
    articles: list[ArticleView]
    refusals: list[Quarantine] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)

    @property
    def outlets(self) -> list[str]:
        """Outlets of all articles, once each."""
        return unique(view.outlet for view in self.articles)

    @property
    def quote_count(self) -> int:
        """Quotations in all articles."""
        return sum(len(view.quotes) for view in self.articles)

    @property
    def named_count(self) -> int:
        """Quotations whose speaker has a name."""
        return sum(quote.speaker_name is not None for view in self.articles for quote in view.quotes)


def unique(values: Iterable[V]) -> list[V]:
    """The values once each, in their first order."""
    return list(dict.fromkeys(values))


def name_place(row: Quote | Figure) -> str:
    """What a quotation or figure is called within its article's page: 'q120-164', by its offsets."""
    return f"{'q' if isinstance(row, Quote) else 'f'}{row.start_char}-{row.end_char}"


def web_address(url: str | None) -> str | None:
    """The address if its scheme is http or https and it names a host; else None."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def source_name(source_uri: str) -> str:
    """The last part of a source's path, a record's line included."""
    return source_uri.rstrip("/").rpartition("/")[2] or source_uri


def name_outlet(article: Article, document: Document) -> str:
    """The outlet as named, else the address's host, else the name of the source."""
    if article.outlet_name:
        return article.outlet_name
    if url := web_address(article.url):
        return urlsplit(url).netloc.removeprefix("www.")
    return source_name(document.source_uri)
