"""A document in, its article out, with all that was taken from it on the way."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from schemas.articles import Article, Caption, RemovedSpan, Repair
from schemas.runs import Document, Quarantine
from tasks.clean.captions import FoundCaption
from tasks.clean.dates import Publication, day_start, find_dates, is_plausible
from tasks.clean.draft import Draft
from tasks.clean.edits import apply_edits, edits_to_rows, keep_outside
from tasks.clean.headline import split_headline, title_from_lead
from tasks.clean.language import identify_language
from tasks.clean.lines import count_words, is_hard_wrapped, split_lines
from tasks.clean.mending import find_mendings
from tasks.clean.page import Page, read_page
from tasks.clean.reading import Findings, read_draft
from tasks.clean.refusal import Refusal, find_refusal
from tasks.clean.whitespace import make_whitespace_regular

# Pictures of one event are taken within days; further apart, one of them is from the files.
MAXIMUM_CAPTION_DAYS_APART = 7
CLOSED_LENGTHS = {
    "title": 1000,
    "subtitle": 2000,
    "byline": 500,
    "outlet_name": 300,
    "section": 300,
    "dateline": 300,
    "url": 4000,
}


@dataclass(slots=True)
class CleanResult:
    """What cleaning made of a document: an article or a refusal, never both."""

    article: Article | None
    removed_spans: list[RemovedSpan] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    refusal: Quarantine | None = None


def clean_document(document: Document) -> CleanResult:
    """The document's article, or why it is refused; the rows rebuild its source text byte for byte.

    The source text is raw_text for plain text, and for HTML what the extractor keeps of it.
    """
    page = None
    source_text = document.raw_text
    if document.media_type == "text/html":
        page = read_page(document.raw_text)
        if page.text is None:
            missing = Refusal("html_has_article", "no body found in the page", "a page with an article's paragraphs")
            return CleanResult(None, refusal=refuse_document(document, missing))
        source_text = page.text
    return _clean_text(document, source_text, page)


def _clean_text(document: Document, source_text: str, page: Page | None) -> CleanResult:
    draft = Draft(source_text, find_mendings(source_text))
    # Rules write plain spaces; offsets stay as they are.
    plain_text = draft.text.replace("\u00a0", " ")
    join_lines = is_hard_wrapped(plain_text)
    findings = read_draft(
        split_lines(plain_text, join_lines=join_lines),
        plain_text,
        is_page=page is not None,
        declared_title=document.declared_title or (page.title if page else None),
        known_outlet=document.declared_outlet or (page.outlet_name if page else None),
    )
    removals = draft.removals(findings.spans)
    edits = keep_outside(draft.edits, removals) + removals
    edits = make_whitespace_regular(source_text, edits, join_lines=join_lines)
    text = apply_edits(source_text, edits)
    word_count = count_words(text)
    if refusal := find_refusal(text, source_text, word_count=word_count):
        return CleanResult(None, refusal=refuse_document(document, refusal))
    removed_spans, repairs = edits_to_rows(source_text, edits, document.document_id)
    captions = _caption_rows(document, draft, findings)
    article = _make_article(document, text, word_count, findings, page)
    return CleanResult(article, removed_spans, repairs, captions)


def _make_article(document: Document, text: str, word_count: int, findings: Findings, page: Page | None) -> Article:
    title, title_method, head_section, head_outlet = _choose_title(document, text, findings, page)
    published = _choose_publication(document, findings, page)
    clock = findings.head.clock
    language, confidence = identify_language(text)
    page = page or Page()
    return Article(
        article_id=document.document_id,
        document_id=document.document_id,
        title=_limit("title", title),
        title_method=title_method if title else None,
        subtitle=_limit("subtitle", findings.head.subtitle),
        byline=_limit("byline", document.declared_author or page.author or findings.head.byline or findings.author),
        outlet_name=_limit(
            "outlet_name", document.declared_outlet or page.outlet_name or head_outlet or findings.outlet_name
        ),
        section=_limit("section", page.section or head_section or findings.head.section),
        dateline=_limit("dateline", findings.dateline),
        published_at=published.at if published else None,
        published_at_method=published.method if published else None,
        published_at_precision=published.precision if published else None,
        page_clock_at=day_start(clock.day) if clock else None,
        url=_limit("url", document.declared_url or page.url),
        text=text,
        extracted_text=page.text,
        language=language,
        language_confidence=confidence,
        word_count=word_count,
        copy_of_article_id=None,
        copy_kind=None,
        story_id=None,
    )


def _limit(column: str, value: str | None) -> str | None:
    # What a page declares is not ours to trust: a title of a megabyte is cut, not refused.
    value = " ".join(value.split()) if value else ""
    return value[: CLOSED_LENGTHS[column]] or None


def _choose_title(
    document: Document, text: str, findings: Findings, page: Page | None
) -> tuple[str | None, str | None, str | None, str | None]:
    """Title and how it is known; the section and outlet printed behind it."""
    printed = findings.head.headline
    known_outlet = document.declared_outlet or (page.outlet_name if page else None)
    candidates = (("declared", document.declared_title), ("markup", page.title if page else None))
    for method, value in candidates:
        if value and value.strip():
            headline = split_headline(apply_edits(value, find_mendings(value)), known_outlet=known_outlet)
            return headline.title, method, headline.section, headline.outlet_name
    if printed:
        return printed.title, "printed", printed.section, printed.outlet_name
    return title_from_lead(text.split("\n\n", 1)[0]), "lead", None, None


def _choose_publication(document: Document, findings: Findings, page: Page | None) -> Publication | None:
    candidates = [_declared_publication(document), page.published if page else None]
    dateline_dates = find_dates(findings.dateline or "")
    if dateline_dates:
        candidates.append(Publication(day_start(dateline_dates[0].day), "dateline", "day"))
    if findings.head.date_line:
        candidates.append(Publication(day_start(findings.head.date_line.day), "date_line", "day"))
    candidates.append(_caption_publication(findings.captions))
    return next((item for item in candidates if item and is_plausible(item, document.fetched_at)), None)


def _declared_publication(document: Document) -> Publication | None:
    declared = document.declared_published_at
    if declared is None:
        return None
    moment = declared.replace(tzinfo=UTC) if declared.tzinfo is None else declared.astimezone(UTC)
    has_time = (moment.hour, moment.minute, moment.second) != (0, 0, 0)
    return Publication(moment, "declared", "minute" if has_time else "day")


def _caption_publication(captions: list[FoundCaption]) -> Publication | None:
    days = [found.day for caption in captions if caption.is_dated for found in find_dates(caption.text or "")]
    if not days or (max(days) - min(days)).days > MAXIMUM_CAPTION_DAYS_APART:
        return None
    return Publication(day_start(max(days)), "caption", "day")


def _caption_rows(document: Document, draft: Draft, findings: Findings) -> list[Caption]:
    rows = []
    for found in sorted(findings.captions, key=lambda item: item.start):
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


def refuse_document(document: Document, refusal: Refusal) -> Quarantine:
    """The quarantine row of a document that cleaning refuses."""
    fingerprint = hashlib.sha256(f"clean:{document.document_id}:{refusal.check}".encode()).hexdigest()[:16]
    return Quarantine(
        quarantine_id=fingerprint,
        document_id=document.document_id,
        source_uri=document.source_uri,
        stage="clean",
        table_name=None,
        row_key=None,
        check=refusal.check,
        observed=refusal.observed[:500],
        expected=refusal.expected,
        refused_at=datetime.now(UTC),
    )
