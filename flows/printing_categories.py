"""How a terminal shows removed text: one colour for each family of categories."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Categories of removed text that are shown alike, in the terminal's `style`."""

    meaning: str
    style: str
    categories: tuple[str, ...]


FAMILIES = (
    Family(
        meaning="split off into a field",
        style="blue",
        categories=(
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
        ),
    ),
    Family(
        meaning="links to other pages",
        style="magenta",
        categories=("source_link", "related", "share"),
    ),
    Family(
        meaning="asks the reader for something",
        style="yellow",
        categories=("subscription", "advertisement", "comment_form", "consent"),
    ),
    Family(
        meaning="text that is not the article's",
        style="green",
        categories=("author_box", "copyright", "embedded_post", "pull_quote", "enciphered", "recurring", "furniture"),
    ),
    Family(
        meaning="left by a program",
        style="bright_black",
        categories=("shortcode", "markup", "whitespace"),
    ),
)
FAMILY_OF = {category: family for family in FAMILIES for category in family.categories}


def family_of(category: str) -> Family:
    """The family a category of removed text belongs to; that of foreign text where none names it."""
    return FAMILY_OF.get(category, FAMILY_OF["furniture"])
