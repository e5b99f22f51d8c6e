"""A document in, its article out, with all that was taken from it on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

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
from tasks.clean.edits import apply_edits, drop_spaces_beside, edits_to_rows, keep_outside
from tasks.clean.furniture.captions import FoundCaption, split_credit
from tasks.clean.furniture.rules import LineRules, choose_line_rules
from tasks.clean.lines import Line, count_words, is_hard_wrapped, split_lines
from tasks.clean.mending.mendings import find_mendings
from tasks.clean.mending.whitespace import make_whitespace_regular
from tasks.clean.pages.body import SetApart
from tasks.clean.pages.page import Page, read_page
from tasks.clean.reading import Findings, read_draft
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
class Prepared:
    """A document at the start: its broken characters are mended, and `lines` are those of its draft.

    `text` is the draft's with plain spaces; `join_lines` tells that its lines are broken at a fixed width; `title` is
    the one that the input or the markup names, mended, and which of them names it.
    """

    document: Document
    page: Page
    draft: Draft
    text: str
    lines: list[Line]
    join_lines: bool
    title: tuple[str | None, str | None]


@dataclass(slots=True)
class Read:
    """A document of which it is known what of its draft is no article."""

    prepared: Prepared
    findings: Findings


def clean_document(document: Document, recurring: frozenset[int] = frozenset()) -> CleanResult:
    """The document's article, or why it is refused; the rows rebuild its source text byte for byte.

    The source text is raw_text for plain text, and for HTML what the extractor keeps of it. `recurring` are hashes of
    its lines that are furniture of its outlet.
    """
    prepared = prepare_document(document)
    if isinstance(prepared, CleanResult):
        return prepared
    return finish_document(read_document(prepared, choose_line_rules(prepared.lines), recurring))


def prepare_document(document: Document) -> Prepared | CleanResult:
    """The first third of cleaning: what is broken mended, and lines told apart; a refusal where there is no body."""
    page = Page()
    source_text = document.raw_text
    if document.media_type == "text/html":
        page = read_page(document.raw_text)
        if page.text is None:
            seen = page.notice or "no body found in the page"
            missing = Refusal("html_has_article", seen, "a page with an article's paragraphs")
            return CleanResult(None, refusal=refuse_document(document, missing))
        source_text = page.text
    draft = Draft(source_text, find_mendings(source_text))
    # Rules write plain spaces; offsets stay as they are.
    text = draft.text.replace("\u00a0", " ")
    join_lines = is_hard_wrapped(text)
    lines = split_lines(text, join_lines=join_lines)
    return Prepared(document, page, draft, text, lines, join_lines, find_named_title(document, page.facts))


def read_document(prepared: Prepared, line_rules: Sequence[LineRules], recurring: frozenset[int] = frozenset()) -> Read:
    """The second third of cleaning: furniture and fields found. `line_rules` are what each line may be taken by."""
    document, page, draft = prepared.document, prepared.page, prepared.draft
    findings = read_draft(
        prepared.lines,
        prepared.text,
        line_rules=line_rules,
        is_extracted=page.text is not None and page.is_extracted,
        declared_title=document.declared_title or page.facts.title,
        known_outlet=document.declared_outlet or page.facts.outlet_name,
        headings=page.facts.headings,
        subheads=page.subheads,
        set_apart=[_find_set_apart(draft, item) for item in page.set_apart],
        recurring=recurring,
    )
    return Read(prepared, findings)


def finish_document(read: Read) -> CleanResult:
    """The last third of cleaning: furniture and fields taken out, and the article made; or a refusal."""
    prepared, findings = read.prepared, read.findings
    document, draft, source_text = prepared.document, prepared.draft, prepared.draft.source_text
    removals = draft.removals(findings.spans)
    mendings = drop_spaces_beside(keep_outside(draft.edits, removals), removals, source_text)
    edits = mendings + removals
    edits = make_whitespace_regular(source_text, edits, join_lines=prepared.join_lines)
    text = apply_edits(source_text, edits)
    word_count = count_words(text)
    if refusal := find_refusal(text, source_text, word_count=word_count):
        return CleanResult(None, refusal=refuse_document(document, refusal))
    removed_spans, repairs = edits_to_rows(source_text, edits, document.document_id)
    captions = _caption_rows(document, draft, findings)
    article = _make_article(prepared, text, word_count, findings)
    return CleanResult(article, removed_spans, repairs, captions)


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


def _make_article(prepared: Prepared, text: str, word_count: int, findings: Findings) -> Article:
    document, page, facts = prepared.document, prepared.page, prepared.page.facts
    source_text, known_outlet = prepared.draft.source_text, document.declared_outlet or facts.outlet_name
    title, title_method, head_section, title_outlet = choose_title(prepared.title, text, findings, known_outlet)
    byline, byline_method = choose_byline(document, findings, facts)
    outlet_name, outlet_method = choose_outlet(document, findings, facts, title_outlet)
    published = choose_publication(document, findings, facts, text=text, source_text=source_text)
    clock = choose_page_clock(document, findings, facts)
    language, confidence = choose_language(text, facts)
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
        word_count=word_count,
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


def refuse_document(document: Document, refusal: Refusal) -> Quarantine:
    """The quarantine row of a document that cleaning refuses."""
    return refuse(
        stage="clean",
        check=refusal.check,
        observed=refusal.observed,
        expected=refusal.expected,
        refused_at=datetime.now(UTC),
        document_id=document.document_id,
        source_uri=document.source_uri,
    )
