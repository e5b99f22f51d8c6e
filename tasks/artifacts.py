"""Text for the pages of Prefect's UI, which renders Markdown: what came from outside is escaped first."""

import html
import re
from collections.abc import Sequence

from tasks.quarantine import shorten

# Characters that begin markup in Markdown, and those that make an address into a link by themselves.
MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~:/@-])")
CELL_CHARACTERS = 200


def escape_markdown(text: str, *, length: int = CELL_CHARACTERS) -> str:
    """`text` as Markdown that shows it letter by letter: no markup, no link, no image, on one line."""
    plain = html.escape(shorten(text, length=length), quote=True)
    return MARKUP.sub(lambda found: f"&#{ord(found[0])};", plain).replace("www.", "www&#46;")


def markdown_table(header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    """A Markdown table, every cell escaped; empty for no rows."""
    if not rows:
        return ""
    lines = [header, tuple("---" for _ in header)]
    text = ["| " + " | ".join(line) + " |" for line in lines]
    text.extend("| " + " | ".join(escape_markdown(str(cell)) for cell in row) + " |" for row in rows)
    return "\n".join(text)
