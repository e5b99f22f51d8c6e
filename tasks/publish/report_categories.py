"""How removed text is shown: one colour for each family of categories, the same on the page and on a terminal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Categories of removed text that are shown alike.

    `light` and `dark` are the colours of the text on a light and on a dark page, `style` is the terminal's.
    """

    name: str
    meaning: str
    light: str
    dark: str
    style: str
    categories: tuple[str, ...]


FAMILIES = (
    Family(
        name="field",
        meaning="split off into a field",
        light="#1f5a99",
        dark="#8fbdf0",
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
        name="link",
        meaning="links to other pages",
        light="#7a3b8f",
        dark="#d9a5ea",
        style="magenta",
        categories=("source_link", "related", "share"),
    ),
    Family(
        name="pitch",
        meaning="asks the reader for something",
        light="#8a5300",
        dark="#e8b96a",
        style="yellow",
        categories=("subscription", "advertisement", "comment_form", "consent"),
    ),
    Family(
        name="foreign",
        meaning="text that is not the article's",
        light="#1b6a3a",
        dark="#86d6a3",
        style="green",
        categories=("author_box", "copyright", "embedded_post", "pull_quote", "enciphered", "recurring", "furniture"),
    ),
    Family(
        name="leftover",
        meaning="left by a program",
        light="#5b6066",
        dark="#a3a8ad",
        style="bright_black",
        categories=("shortcode", "markup", "whitespace"),
    ),
)
FAMILY_OF = {category: family for family in FAMILIES for category in family.categories}


def family_of(category: str) -> Family:
    """The family a category of removed text belongs to; that of foreign text where none names it."""
    return FAMILY_OF.get(category, FAMILY_OF["furniture"])


def write_family_styles() -> str:
    """Style rules of the page: each family's colour on light and on dark pages."""
    return "".join(
        f".removed.{family.name} {{ color: light-dark({family.light}, {family.dark}); }}\n" for family in FAMILIES
    )
