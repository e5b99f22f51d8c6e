"""Tables of annotation: who is named, who said what, which figures are given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.columns import Repeats, Row, column, declare_table

# How attributions and entities are found: by the trained tagger, or by cue list and dependency parse.
AttributionMethod = Literal["tagger", "rules"]
ENTITY_LABELS = ("PERSON", "ORG", "PLACE", "GROUP", "OTHER")
SPEAKER_METHODS = (
    "full_name",
    "surname",
    "first_name",
    "pronoun",
    "role",
    "organisation",
    "place",
    "continuation",
    "unnamed",
    "unknown",
)
NO_SPEAKER_REASONS = ("unnamed", "document", "several", "writer", "not_found", "not_printed")
QUOTE_FLAGS = {
    "unclosed_mark": "the opening quotation mark has no partner",
    "unopened_mark": "the closing one has none",
    "no_marks": "a quotation by its layout",
    "continued": "goes over several paragraphs",
    "split": "content in several pieces",
    "speaker_inferred": "nobody is named with it, the last speaker goes on",
    "unnamed_source": "people without a name",
    "thought": "believed or hoped, not said",
    "nested": "within what another says",
}


@declare_table(
    "entity_mentions",
    key=("article_id", "start_char", "end_char"),
    repeats=(Repeats(text="text", of="articles.text", start="start_char", end="end_char"),),
    spans=(("start_char", "end_char"),),
    partitioned=True,
)
@dataclass(kw_only=True, slots=True)
class EntityMention(Row):
    """One mention of a person, organisation, place or group in an article."""

    article_id: str = column("Article it stands in.", references="articles.article_id")
    start_char: int = column("First character, in articles.text.", unit="characters", minimum=0)
    end_char: int = column("One past the last character.", unit="characters", minimum=0)
    text: str = column("The mention as printed, without title or possessive.", max_length=300)
    label: str = column("What it names.", values=ENTITY_LABELS)
    local_id: str | None = column("Entity within the article, before articles are joined.")
    entity_id: str | None = column("Entity it names.", references="entities.entity_id")


@declare_table("entities", key=("entity_id",))
@dataclass(kw_only=True, slots=True)
class Entity(Row):
    """One person, organisation, place or group, under one id in all articles and runs."""

    entity_id: str = column("Identifier, stable across runs.", pattern="^[a-z]+-[0-9a-f]{12}$")
    name: str = column("Its usual full name.", max_length=300)
    label: str = column("What it is.", values=ENTITY_LABELS)
    aliases: str = column("Other names printed for it, joined by '; '.")
    alias_count: int = column("How many other names.", minimum=0)
    mention_count: int = column("Mentions, in all articles.", minimum=0)
    article_count: int = column("Articles that mention it.", minimum=0)
    quote_count: int = column("Quotations it is the speaker of.", minimum=0)
    usual_title: str | None = column("Title printed most often.", max_length=300)
    first_seen_at: datetime = column("Earliest document that mentions it.", unit="UTC")
    last_seen_at: datetime = column("Latest document that mentions it.", unit="UTC")
    merged_into: str | None = column(
        "Entity that this one proved to be: its mentions and quotations are that one's, and this id stays for what was "
        "stored with it before. Null for all others.",
        references="entities.entity_id",
        default=None,
    )


@declare_table("entity_titles", key=("entity_id", "article_id", "title"))
@dataclass(kw_only=True, slots=True)
class EntityTitle(Row):
    """One title printed for one entity in one article."""

    entity_id: str = column("Entity titled.", references="entities.entity_id")
    article_id: str = column("Article that prints the title.", references="articles.article_id")
    title: str = column("Title as printed.", max_length=300)
    normalized_title: str = column("Title in lower case, country forms made one, small words dropped.")
    office: str | None = column(
        "The title in full words, without its country ('Deputy Secretary of State').", max_length=400, default=None
    )
    country: str | None = column("Country of the office ('US').", max_length=100, default=None)
    is_usual: bool = column("It can be the same office as the person's usual title.", default=True)
    conflicts: bool = column(
        "Another outlet prints, in the same story or within a year, a title that cannot be the same office."
    )


@declare_table(
    "quotes",
    key=("quote_id",),
    repeats=(
        Repeats(text="content", of="articles.text", start="start_char", end="end_char", segments="content_segments"),
        Repeats(text="cue", of="articles.text", start="cue_start_char", end="cue_end_char"),
        Repeats(text="speaker_text", of="articles.text", start="speaker_start_char", end="speaker_end_char"),
    ),
    spans=(
        ("start_char", "end_char"),
        ("cue_start_char", "cue_end_char"),
        ("speaker_start_char", "speaker_end_char"),
    ),
    partitioned=True,
)
@dataclass(kw_only=True, slots=True)
class Quote(Row):
    """One attribution: what somebody is reported to have said or thought, and who."""

    quote_id: str = column("article_id:start_char:end_char.")
    article_id: str = column("Article it stands in.", references="articles.article_id")
    start_char: int = column("First character of the content, in articles.text.", unit="characters", minimum=0)
    end_char: int = column("One past the content's last character.", unit="characters", minimum=0)
    content: str = column("What was said; pieces parted by a cue are joined by a space.")
    content_segments: str = column(
        "Offsets of the content's pieces, 'start:end' parted by spaces.", pattern="^[0-9]+:[0-9]+(?: [0-9]+:[0-9]+)*$"
    )
    kind: str = column(
        "direct: all in quotation marks; mixed: in part; indirect: none.", values=("direct", "mixed", "indirect")
    )
    cue: str | None = column("The word or phrase that attributes ('said', 'according to').", max_length=200)
    cue_start_char: int | None = column("First character of the cue.", unit="characters", minimum=0)
    cue_end_char: int | None = column("One past the cue's last character.", unit="characters", minimum=0)
    speaker_text: str | None = column("The speaker as printed.", max_length=500)
    speaker_start_char: int | None = column("First character of the speaker.", unit="characters", minimum=0)
    speaker_end_char: int | None = column("One past the speaker's last character.", unit="characters", minimum=0)
    speaker_local_id: str | None = column("Speaker within the article, before articles are joined.")
    speaker_id: str | None = column("Entity that speaks; null where not known.", references="entities.entity_id")
    speaker_name: str | None = column("The speaker's usual full name.", max_length=300)
    speaker_title: str | None = column("Title this article prints for the speaker.", max_length=300)
    speaker_method: str = column(
        "How the printed speaker led to speaker_name: full_name, surname, first_name (so much of the name is printed), "
        "pronoun, role (an office or a description), organisation, place (a country or its capital), continuation "
        "(whoever spoke before goes on), unnamed (people without a name), unknown.",
        values=SPEAKER_METHODS,
    )
    no_speaker_reason: str | None = column(
        "Why speaker_id is null: unnamed (people without a name), document (a text speaks), several (more than one "
        "person), writer (the article itself), not_found (a name was looked for in vain), not_printed.",
        values=NO_SPEAKER_REASONS,
        default=None,
    )
    confidence: float = column("How sure content and speaker are.", minimum=0, maximum=1)
    flags: str = column(
        "What a reader should know, joined by a comma: "
        + ", ".join(f"{flag} ({meaning})" for flag, meaning in QUOTE_FLAGS.items())
        + "."
    )
    quote_group_id: str | None = column(
        "Utterance it is a version of, of several the one that most articles print; null where it stands alone.",
        references="quote_groups.quote_group_id",
    )


@declare_table(
    "figures",
    key=("figure_id",),
    repeats=(Repeats(text="text", of="articles.text", start="start_char", end="end_char"),),
    spans=(("start_char", "end_char"),),
    partitioned=True,
)
@dataclass(kw_only=True, slots=True)
class Figure(Row):
    """One number that an article gives, with its unit and what it counts."""

    figure_id: str = column("article_id:start_char:end_char.")
    article_id: str = column("Article it stands in.", references="articles.article_id")
    start_char: int = column("First character, in articles.text.", unit="characters", minimum=0)
    end_char: int = column("One past the last character.", unit="characters", minimum=0)
    text: str = column("The figure as printed, with its unit.", max_length=300)
    value: float = column("The number, in `unit`; the middle of a range.")
    low: float = column("Lower end; equals value where no range is given.")
    high: float = column("Upper end.")
    unit: str = column("Unit, normalised: 'count', 'hour', 'percent', 'USD', 'kilometre'.", max_length=40)
    quantity: str = column("What is measured or counted, in lower case ('striking docker', 'talk').", max_length=200)
    qualifier: str | None = column(
        "How exact it is said to be.", values=("about", "more than", "less than", "at least", "up to", "between")
    )
    figure_group_id: str | None = column(
        "Quantity of the story it belongs to.", references="figure_groups.figure_group_id"
    )


@declare_table("local_entities", key=("local_id",), published=False)
@dataclass(kw_only=True, slots=True)
class LocalEntity(Row):
    """One entity within one article, before articles are joined. Passed between stages only."""

    local_id: str = column("article_id and a number.")
    article_id: str = column("Article it is named in.", references="articles.article_id")
    name: str = column("Fullest name printed in the article.", max_length=300)
    label: str = column("What it is.", values=ENTITY_LABELS)
    aliases: str = column("Other names printed in the article, joined by '; '.")
    titles: str = column("Titles printed in the article, joined by '; '.")
    gender: str | None = column("Gender, where a title, pronoun or first name tells.", values=("female", "male"))
    mention_count: int = column("Mentions by name.", minimum=0)
