"""DICTIONARY.html: what each column of the tables means, for readers without a Markdown viewer."""

from pathlib import Path

from markupsafe import Markup

from schemas import PUBLISHED_TABLES, TABLES
from schemas.dictionary import describe_limits, describe_type
from tasks.publish.report import FOLDER, load_template, write_policy


def write_dictionary(path: Path) -> Path:
    """Writes the page; `path` comes back."""
    style = (FOLDER / "report.css").read_text("utf-8")
    tables = [
        (
            table,
            [(column, describe_type(column), describe_limits(column).replace("\\|", "|")) for column in table.columns],
        )
        for table in (TABLES[name] for name in PUBLISHED_TABLES)
    ]
    page = load_template("dictionary.html").render(tables=tables, style=Markup(style), policy=write_policy(style))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, "utf-8")
    return path
