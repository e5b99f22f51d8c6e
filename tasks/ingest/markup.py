"""Whether a text is a web page, or holds some of one."""

import re

# Nothing in it is tried twice ("*+", "}+"): a file of comments must not take longer than another.
PAGE_START = re.compile(
    r"\s*+(?:(?:<\?xml[^>]{0,200}+>|<!--(?:(?!-->).){0,2000}+-->)\s*+){0,5}+<(?:!doctype\s++html|html|head|body)\b",
    re.I | re.S,
)
BLOCK_MARKUP = re.compile(
    r"</(?:p|div|article|blockquote|h[1-6]|ul|ol|figure|span|a|strong|em)\s{0,5}>|<br\s{0,5}/?>", re.I
)


def is_page(text: str) -> bool:
    """Whether the text begins as a web page does."""
    return PAGE_START.match(text) is not None


def has_markup(text: str) -> bool:
    """Whether the text holds the markup of paragraphs or links, as a record's field may without being a page."""
    return BLOCK_MARKUP.search(text) is not None


def tell_media_type(text: str) -> str:
    """Media type of a text: HTML where it begins as a page does."""
    return "text/html" if is_page(text) else "text/plain"
