"""Tables of clean text, and of all that was taken out of it or mended."""

from dataclasses import dataclass
from datetime import datetime

from schemas.columns import Repeats, Row, column, declare_table

REMOVAL_CATEGORIES = (
    "title",
    "subtitle",
    "byline",
    "dateline",
    "date",
    "page_clock",
    "caption",
    "credit",
    "outlet",
    "section",
    "shortcode",
    "source_link",
    "comment_form",
    "share",
    "related",
    "subscription",
    "advertisement",
    "consent",
    "copyright",
    "author_box",
    "embedded_post",
    "pull_quote",
    "enciphered",
    "furniture",
    "recurring",
    "markup",
    "whitespace",
)
REPAIR_CATEGORIES = (
    "whitespace",
    "punctuation",
    "entity",
    "mojibake",
    "compatibility",
    "glued",
    "spaced",
    "cut",
)
PUBLISHED_AT_METHODS = ("declared", "markup", "address", "dateline", "date_line", "caption", "text")
TITLE_METHODS = ("declared", "markup", "printed", "lead")
BYLINE_METHODS = ("declared", "markup", "printed", "signature")
OUTLET_METHODS = ("declared", "markup", "title", "printed", "address")
COPY_KINDS = ("exact", "near", "translated")


@declare_table("articles", key=("article_id",), partitioned=True)
@dataclass(kw_only=True, slots=True)
class Article(Row):
    """One clean article."""

    article_id: str = column("Identifier; equals document_id.", pattern="^[0-9a-f]{16}$")
    document_id: str = column("Document it was cleaned from.", references="documents.document_id")
    title: str | None = column("Headline, without outlet or section suffix.", max_length=1000)
    title_method: str | None = column(
        "How the title is known: declared with the input, in the page's markup, printed above the text, "
        "or made of the lead.",
        values=TITLE_METHODS,
    )
    subtitle: str | None = column("Standfirst below the headline.", max_length=2000)
    byline: str | None = column("Author line as printed, without 'By'.", max_length=500)
    byline_method: str | None = column(
        "How the byline is known: declared with the input, in the page's markup, printed above the text, "
        "or signed below it.",
        values=BYLINE_METHODS,
    )
    outlet_name: str | None = column("Outlet as far as the input names it.", max_length=300)
    outlet_method: str | None = column(
        "How the outlet is known: declared with the input, in the page's markup, behind the title, printed with the "
        "text, or only as the host of the address.",
        values=OUTLET_METHODS,
    )
    section: str | None = column("Section as the title or markup names it.", max_length=300)
    dateline: str | None = column("Place line that opens the text ('GENEVA (AP)').", max_length=300)
    published_at: datetime | None = column("Publication time; null rather than a guess.", unit="UTC")
    published_at_method: str | None = column(
        "How published_at is known: declared with the input, in the page's markup, the day in the address, the text's "
        "dateline, a line of its head that holds only a date, the pictures' captions, or a line of the text that says "
        "when it was published.",
        values=PUBLISHED_AT_METHODS,
    )
    published_at_precision: str | None = column("Finest part that is known.", values=("day", "minute"))
    page_clock_at: datetime | None = column(
        "Time of the page's clock on the day of the crawl; never the publication date.", unit="UTC"
    )
    url: str | None = column("Canonical address, where the input gives one.", max_length=4000)
    text: str = column("The article's text, residue removed; paragraphs parted by an empty line.")
    extracted_text: str | None = column(
        "What the HTML extractor kept of the page; null for plain text. "
        "removed_spans and repairs of this article then point into it."
    )
    language: str = column("Language of text, ISO 639-1.", pattern="^[a-z]{2}$")
    language_confidence: float = column("Probability of the language.", minimum=0, maximum=1)
    word_count: int = column("Words in text.", unit="words", minimum=1)
    copy_of_article_id: str | None = column(
        "Article this one is a copy of; null for an original.", references="articles.article_id"
    )
    copy_kind: str | None = column(
        "How it was copied, exact: the same words; near: passages in common; translated: the same words in the same "
        "order throughout.",
        values=COPY_KINDS,
    )
    story_id: str | None = column("Story it tells.", references="stories.story_id")


@declare_table(
    "removed_spans",
    key=("document_id", "start_char", "end_char"),
    repeats=(Repeats(text="text", of="source_text", start="start_char", end="end_char"),),
    spans=(("start_char", "end_char"),),
    partitioned=True,
)
@dataclass(kw_only=True, slots=True)
class RemovedSpan(Row):
    """One span taken out of a document, or split off into a field."""

    document_id: str = column("Document it was taken from.", references="documents.document_id")
    start_char: int = column("First character, in the source text.", unit="characters", minimum=0)
    end_char: int = column("One past the last character.", unit="characters", minimum=0)
    category: str = column("What it is.", values=REMOVAL_CATEGORIES)
    rule_name: str = column("Rule that took it out.", max_length=80)
    text: str = column("The characters removed.")


@declare_table(
    "repairs",
    key=("document_id", "start_char", "end_char"),
    repeats=(Repeats(text="before", of="source_text", start="start_char", end="end_char"),),
    spans=(("start_char", "end_char"),),
    partitioned=True,
)
@dataclass(kw_only=True, slots=True)
class Repair(Row):
    """One span mended, or one in doubt: the characters received and those in their place."""

    document_id: str = column("Document it stands in.", references="documents.document_id")
    start_char: int = column("First character, in the source text.", unit="characters", minimum=0)
    end_char: int = column("One past the last character.", unit="characters", minimum=0)
    category: str = column(
        "What was broken: whitespace, punctuation, entity (character references), mojibake (a misread encoding), "
        "compatibility (ligatures and the like), glued (words or sentences joined), spaced (letters set apart), cut "
        "(words and lines cut in two).",
        values=REPAIR_CATEGORIES,
    )
    rule_name: str = column("Rule that mended it.", max_length=80)
    before: str = column("Characters as received.")
    after: str = column("Characters in article text; of a repair not applied, those that would stand there.")
    is_applied: bool = column("False where it is uncertain: article text then has the characters as received.")


@declare_table("captions", key=("caption_id",), partitioned=True)
@dataclass(kw_only=True, slots=True)
class Caption(Row):
    """One picture caption or credit, split off from the text."""

    caption_id: str = column("article_id and the caption's place in the source text.")
    article_id: str = column("Article it stood in.", references="articles.article_id")
    start_char: int = column("First character, in the source text.", unit="characters", minimum=0)
    end_char: int = column("One past the last character.", unit="characters", minimum=0)
    text: str | None = column("Caption without its credit; null where only a credit stood.")
    credit: str | None = column("Photographer and agency as printed.")
