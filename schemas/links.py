"""Tables across articles: stories, utterances and quantities told by several."""

from dataclasses import dataclass
from datetime import date, datetime

from schemas.columns import Row, column, declare_table


@declare_table("stories", key=("story_id",))
@dataclass(kw_only=True, slots=True)
class Story(Row):
    """One event as told by one or more articles."""

    story_id: str = column("Identifier.", pattern="^story-[0-9a-f]{12}$")
    headline: str = column("Title of the article nearest to the story's middle.", max_length=1000)
    article_count: int = column("Articles that tell it.", minimum=1)
    outlet_count: int = column("Outlets that tell it; an article that names none counts as one.", minimum=1)
    original_count: int = column("Articles that copy no other.", minimum=1)
    copy_count: int = column("Articles that copy another.", minimum=0)
    event_date: date | None = column("Day of the event, where its articles agree on one.")
    first_published_at: datetime | None = column("Earliest publication known.", unit="UTC")


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
    quote_count: int = column("Quotations in the group.", minimum=2)
    variant_count: int = column("Different wordings.", minimum=1)
    article_count: int = column("Articles that print it.", minimum=1)
    outlet_count: int = column("Outlets that print it.", minimum=1)
    speaker_disagrees: bool = column("Its quotations name different speakers.")


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
    outlet_count: int = column("Outlets that give it.", minimum=1)
    disagrees: bool = column("Its values cannot all be true together.")
