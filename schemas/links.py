"""Tables across articles: stories, utterances and quantities told by several."""

from dataclasses import dataclass
from datetime import date, datetime

from schemas.articles import COPY_KINDS
from schemas.columns import Row, column, declare_table

ORIGINAL_REASONS = (
    "published_first",
    "only_dated",
    "credited",
    "fewer_artefacts",
    "fetched_first",
    "fuller",
    "smaller_id",
)
CANONICAL_REASONS = (
    "most_direct",
    "original",
    "original_language",
    "most_outlets",
    "most_alike",
    "most_complete",
    "smallest_id",
)
EVENT_DATE_METHODS = ("text", "pictures")


@declare_table("stories", key=("story_id",))
@dataclass(kw_only=True, slots=True)
class Story(Row):
    """One event as told by one or more articles."""

    story_id: str = column("Identifier.", pattern="^story-[0-9a-f]{12}$")
    headline: str = column("Title of the article nearest to the story's middle.", max_length=1000)
    article_count: int = column("Articles that tell it.", minimum=1)
    outlet_count: int = column(
        "Outlets that tell it; a copy counts for the outlet of its original, an article that names none as one.",
        minimum=1,
    )
    original_count: int = column(
        "Articles that copy no other; 0 where all of them repeat articles of an earlier story.", minimum=0
    )
    copy_count: int = column("Articles that copy another.", minimum=0)
    event_date: date | None = column("Day of the event, where its articles agree on one.")
    event_date_method: str | None = column(
        "What tells the day: what the texts print of dates and weekdays, or the day on which the pictures were taken.",
        values=EVENT_DATE_METHODS,
    )
    merged_story_ids: str | None = column(
        "Stories of earlier runs that proved to be this one, joined by a space; null where there are none."
    )
    first_published_at: datetime | None = column("Earliest publication known.", unit="UTC")


@declare_table("copies", key=("article_id",))
@dataclass(kw_only=True, slots=True)
class Copy(Row):
    """One article that copies another, and what tells that the other is the original."""

    article_id: str = column("The copy.", references="articles.article_id")
    copy_of_article_id: str = column("The original.", references="articles.article_id")
    copy_kind: str = column(
        "exact: the same words; near: passages in common; translated: the same words in the same order throughout.",
        values=COPY_KINDS,
    )
    shared_share: float = column(
        "Part that is common: of the copy's passages, or of both articles' words where it is translated.",
        minimum=0,
        maximum=1,
    )
    original_reason: str = column(
        "What tells the original: a copy credits its outlet, it was published first, only it has a date, it has fewer "
        "traces of machine translation, it was fetched first, it is longer, or only its id is smaller.",
        values=ORIGINAL_REASONS,
    )


@declare_table("quote_groups", key=("quote_group_id",))
@dataclass(kw_only=True, slots=True)
class QuoteGroup(Row):
    """One utterance as printed by two or more articles."""

    quote_group_id: str = column("Identifier.", pattern="^utterance-[0-9a-f]{12}$")
    story_id: str | None = column("Story it was uttered in.", references="stories.story_id")
    speaker_id: str | None = column("Speaker most articles name.", references="entities.entity_id")
    speaker_name: str | None = column("That speaker's name.", max_length=300)
    canonical_text: str = column("The version chosen to stand for all.")
    canonical_quote_id: str = column("Quotation the version was taken from.", references="quotes.quote_id")
    canonical_reason: str = column(
        "What singled that version out: it is quoted more directly than the others, its article is no copy, or shows "
        "fewer traces of translation, most outlets print it, it is most like all others, it is the most complete, or "
        "only its id is smaller.",
        values=CANONICAL_REASONS,
    )
    quote_count: int = column("Quotations in the group.", minimum=2)
    variant_count: int = column("Different wordings.", minimum=1)
    article_count: int = column("Articles that print it.", minimum=1)
    copy_count: int = column("Articles of these that copy another.", minimum=0)
    outlet_count: int = column(
        "Outlets that print it; a copy counts for the outlet of its original, an article that names none as one.",
        minimum=1,
    )
    speaker_disagrees: bool = column("Its quotations name different speakers.")
    polarity_disagrees: bool = column("One of its wordings denies what another says ('plans', 'no plans').")


@declare_table("quote_variants", key=("quote_group_id", "quote_id"))
@dataclass(kw_only=True, slots=True)
class QuoteVariant(Row):
    """One quotation of an utterance: who printed which wording, and how it differs from the canonical one.

    A quotation that tells several utterances has a row for each.
    """

    quote_id: str = column("The quotation.", references="quotes.quote_id")
    quote_group_id: str = column("Utterance it is a version of.", references="quote_groups.quote_group_id")
    article_id: str = column("Article that prints it.", references="articles.article_id")
    outlet_name: str | None = column("That article's outlet.", max_length=300)
    wording_number: int = column("Number of its wording within the utterance; equal for equal wordings.", minimum=1)
    shared_text: str = column("The part of the quotation that the other versions have too.")
    missing_words: str = column("Words of the canonical version that it has not, in lower case.")
    added_words: str = column("Words that the canonical version has not, in lower case.")
    is_canonical: bool = column("It is the version that stands for all.")


@declare_table("figure_groups", key=("figure_group_id",))
@dataclass(kw_only=True, slots=True)
class FigureGroup(Row):
    """One quantity of a story, as given by two or more articles."""

    figure_group_id: str = column("Identifier.", pattern="^quantity-[0-9a-f]{12}$")
    story_id: str = column("Story it belongs to.", references="stories.story_id")
    quantity: str = column("What is measured or counted.", max_length=200)
    unit: str = column("Unit of the values.", max_length=40)
    minimum_value: float = column("Smallest value given.")
    maximum_value: float = column("Largest value given.")
    figure_count: int = column("Figures in the group.", minimum=2)
    value_count: int = column("Different values.", minimum=1)
    article_count: int = column("Articles that give it.", minimum=2)
    copy_count: int = column("Articles of these that copy another.", minimum=0)
    outlet_count: int = column(
        "Outlets that give it; a copy counts for the outlet of its original, an article that names none as one.",
        minimum=1,
    )
    disagrees: bool = column("Its values cannot all be true together.")
