"""A document in, its article out, with all that was taken from it on the way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from schemas.articles import Article, Caption, RemovedSpan, Repair
from schemas.runs import Document, Quarantine
from tasks.clean.choices import (
    choose_byline,
    choose_language,
    choose_outlet,
    choose_page_clock,
    choose_publication,
    choose_title,
    find_named_title,
)
from tasks.clean.draft import Draft, Span
from tasks.clean.edits import Edit, apply_edits, drop_spaces_beside, edits_to_rows, keep_outside
from tasks.clean.fields.dates import Publication
from tasks.clean.furniture.captions import FoundCaption, split_credit
from tasks.clean.lines import count_words, is_hard_wrapped, split_lines
from tasks.clean.mending.mendings import find_mendings
from tasks.clean.mending.whitespace import make_whitespace_regular
from tasks.clean.pages.body import SetApart
from tasks.clean.pages.page import Page, read_page
from tasks.clean.reading import STEPS as READING_STEPS
from tasks.clean.reading import Findings, Reading
from tasks.clean.refusal import Refusal, find_refusal
from tasks.quarantine import refuse

CLOSED_LENGTHS = {
    "title": 1000,
    "subtitle": 2000,
    "byline": 500,
    "outlet_name": 300,
    "section": 300,
    "dateline": 300,
    "url": 4000,
}


CATEGORIES_SET_APART = {"post": "embedded_post", "quote": "pull_quote", "link": "related"}


@dataclass(slots=True)
class CleanResult:
    """What cleaning made of a document: an article or a refusal, never both."""

    article: Article | None
    removed_spans: list[RemovedSpan] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    refusal: Quarantine | None = None


@dataclass(slots=True)
class Cleaning:
    """A document on its way to an article. Each step adds what the next ones need; one of them gives the `result`.

    `text` is the draft's with plain spaces; `join_lines` tells that its lines are broken at a fixed width; `title` is
    the one that the input or the markup names, mended, and which of them names it. `recurring` are hashes of lines
    that are furniture of the document's outlet. `edits` are all that is done to the source text to make `clean_text`.
    """

    document: Document
    recurring: frozenset[int] = frozenset()
    page: Page = field(default_factory=Page)
    draft: Draft = field(init=False)
    text: str = field(init=False)
    join_lines: bool = field(init=False)
    title: tuple[str | None, str | None] = field(init=False)
    reading: Reading = field(init=False)
    edits: list[Edit] = field(init=False)
    clean_text: str = field(init=False)
    word_count: int = field(init=False)
    language: tuple[str, float] = field(init=False)
    published: Publication | None = field(init=False)
    result: CleanResult | None = None

    def refuse(self, refusal: Refusal) -> None:
        """Ends the cleaning without an article."""
        document = self.document
        self.result = CleanResult(
            None,
            refusal=refuse(
                stage="clean",
                check=refusal.check,
                observed=refusal.observed,
                expected=refusal.expected,
                refused_at=datetime.now(UTC),
                document_id=document.document_id,
                source_uri=document.source_uri,
            ),
        )


def _mend(cleaning: Cleaning) -> None:
    """What is broken mended, in the text or, of a page, in what the extractor keeps of it."""
    document = cleaning.document
    source_text = document.raw_text
    if document.media_type == "text/html":
        cleaning.page = read_page(document.raw_text)
        if cleaning.page.text is None:
            seen = cleaning.page.notice or "no body found in the page"
            cleaning.refuse(Refusal("html_has_article", seen, "a page with an article's paragraphs"))
            return
        source_text = cleaning.page.text
    cleaning.draft = Draft(source_text, find_mendings(source_text))
    # Rules write plain spaces; offsets stay as they are.
    cleaning.text = cleaning.draft.text.replace("\u00a0", " ")


def _start_reading(cleaning: Cleaning) -> None:
    document, page, draft = cleaning.document, cleaning.page, cleaning.draft
    cleaning.join_lines = is_hard_wrapped(cleaning.text)
    cleaning.reading = Reading(
        split_lines(cleaning.text, join_lines=cleaning.join_lines),
        cleaning.text,
        is_extracted=page.text is not None and page.is_extracted,
        declared_title=document.declared_title or page.facts.title,
        known_outlet=document.declared_outlet or page.facts.outlet_name,
        headings=page.facts.headings,
        subheads=page.subheads,
        set_apart=[_find_set_apart(draft, item) for item in page.set_apart],
        recurring=cleaning.recurring,
    )


def _mend_title(cleaning: Cleaning) -> None:
    cleaning.title = find_named_title(cleaning.document, cleaning.page.facts)


def _read(cleaning: Cleaning, step: Callable[[Reading], None]) -> None:
    step(cleaning.reading)


def _choose_edits(cleaning: Cleaning) -> None:
    draft = cleaning.draft
    removals = draft.removals(cleaning.reading.findings.spans)
    mendings = drop_spaces_beside(keep_outside(draft.edits, removals), removals, draft.source_text)
    edits = mendings + removals
    cleaning.edits = make_whitespace_regular(draft.source_text, edits, join_lines=cleaning.join_lines)


def _make_text(cleaning: Cleaning) -> None:
    """The clean text, if it is an article's."""
    source_text = cleaning.draft.source_text
    cleaning.clean_text = apply_edits(source_text, cleaning.edits)
    cleaning.word_count = count_words(cleaning.clean_text)
    if refusal := find_refusal(cleaning.clean_text, source_text, word_count=cleaning.word_count):
        cleaning.refuse(refusal)


def _choose_language(cleaning: Cleaning) -> None:
    cleaning.language = choose_language(cleaning.clean_text, cleaning.page.facts)


def _choose_publication(cleaning: Cleaning) -> None:
    findings, facts, source_text = cleaning.reading.findings, cleaning.page.facts, cleaning.draft.source_text
    cleaning.published = choose_publication(
        cleaning.document, findings, facts, text=cleaning.clean_text, source_text=source_text
    )


def _make_rows(cleaning: Cleaning) -> None:
    removed_spans, repairs = edits_to_rows(cleaning.draft.source_text, cleaning.edits, cleaning.document.document_id)
    captions = _caption_rows(cleaning.document, cleaning.draft, cleaning.reading.findings)
    cleaning.result = CleanResult(_make_article(cleaning), removed_spans, repairs, captions)


# In this order; between the two the rules of the lines are chosen, for many documents at once.
FIRST_STEPS: tuple[Callable[[Cleaning], None], ...] = (_mend, _start_reading, _mend_title)
LAST_STEPS: tuple[Callable[[Cleaning], None], ...] = (
    *(partial(_read, step=step) for step in READING_STEPS),
    _choose_edits,
    _make_text,
    _choose_language,
    _choose_publication,
    _make_rows,
)


def _find_set_apart(draft: Draft, item: SetApart) -> FoundCaption | Span:
    """What a page's markup sets apart, in the draft: a caption with its credit, or anything else."""
    start, end = draft.from_source(item.start, item.end)
    if item.kind != "caption":
        return Span(start, end, CATEGORIES_SET_APART[item.kind], f"markup_{item.kind}")
    content = draft.text[start:end]
    if item.credit_start is None:
        body, credit = split_credit(content)
    else:
        cut = draft.from_source(item.credit_start, item.end)[0]
        body, credit = draft.text[start:cut].rstrip(), draft.text[cut:end]
    return FoundCaption(start, end, body or None, credit or None, "markup_caption")


def _make_article(cleaning: Cleaning) -> Article:
    document, page, facts, findings = cleaning.document, cleaning.page, cleaning.page.facts, cleaning.reading.findings
    text, known_outlet = cleaning.clean_text, document.declared_outlet or facts.outlet_name
    title, title_method, head_section, title_outlet = choose_title(cleaning.title, text, findings, known_outlet)
    byline, byline_method = choose_byline(document, findings, facts)
    outlet_name, outlet_method = choose_outlet(document, findings, facts, title_outlet)
    clock = choose_page_clock(document, findings, facts)
    published, (language, confidence) = cleaning.published, cleaning.language
    return Article(
        article_id=document.document_id,
        document_id=document.document_id,
        title=_limit("title", title),
        title_method=title_method if title else None,
        subtitle=_limit("subtitle", findings.head.subtitle),
        byline=_limit("byline", byline),
        byline_method=byline_method,
        outlet_name=_limit("outlet_name", outlet_name),
        outlet_method=outlet_method,
        section=_limit("section", facts.section or head_section or findings.head.section),
        dateline=_limit("dateline", findings.dateline),
        published_at=published.at if published else None,
        published_at_method=published.method if published else None,
        published_at_precision=published.precision if published else None,
        page_clock_at=clock.at if clock else None,
        url=_limit("url", document.declared_url or facts.url),
        text=text,
        extracted_text=page.text,
        language=language,
        language_confidence=confidence,
        word_count=cleaning.word_count,
        copy_of_article_id=None,
        copy_kind=None,
        story_id=None,
    )


def _limit(column: str, value: str | None) -> str | None:
    # What a page declares is not ours to trust: a title of a megabyte is cut, not refused.
    value = " ".join(value.split()) if value else ""
    return value[: CLOSED_LENGTHS[column]] or None


def _caption_rows(document: Document, draft: Draft, findings: Findings) -> list[Caption]:
    rows = []
    for found in _drop_repeated(findings.captions):
        start, end = draft.to_source(found.start, found.end)
        rows.append(
            Caption(
                caption_id=f"{document.document_id}:{start}:{end}",
                article_id=document.document_id,
                start_char=start,
                end_char=end,
                text=found.text,
                credit=found.credit,
            )
        )
    return rows


def _drop_repeated(captions: list[FoundCaption]) -> list[FoundCaption]:
    """The captions from first to last; of those with the same text the first, or the first that names a credit."""
    chosen: dict[str, FoundCaption] = {}
    for found in sorted(captions, key=lambda item: (item.credit is None, item.start)):
        # A credit without a caption is a picture's own.
        chosen.setdefault(found.text or f"{found.start}", found)
    return sorted(chosen.values(), key=lambda item: item.start)
