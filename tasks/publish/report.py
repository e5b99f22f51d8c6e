"""report.html: one page that opens by a double click, loads nothing and runs no script but its own."""

import hashlib
import os
from base64 import b64encode
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tasks.publish.plain_text import shorten_text, strip_controls
from tasks.publish.report_categories import FAMILIES, family_of, write_family_styles
from tasks.publish.report_reading import read_report
from tasks.publish.report_views import QuantityView, ReportView, ValueView, make_anchor

FOLDER = Path(__file__).parent
UNITS = {"percent": "%", "count": "", "degree_celsius": "°C", "degree_fahrenheit": "°F"}
PLURALS = {
    "foot": "feet",
    "inch": "inches",
    "kilometre_per_hour": "kilometres per hour",
    "mile_per_hour": "miles per hour",
}


def write_report(staged: Path, path: Path, *, snapshot_number: int | None = None) -> Path:
    """Writes the page of the tables `staged/<table>.parquet`, whole or not at all; `path` comes back.

    `snapshot_number` is shown where it is known already.
    """
    page = render_report(read_report(staged), snapshot_number=snapshot_number)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(page, "utf-8")
    os.replace(part, path)
    return path


def render_report(report: ReportView, *, snapshot_number: int | None = None) -> str:
    """The page as HTML. All text from articles is escaped; only the page's own style and script may run."""
    style = (FOLDER / "report.css").read_text("utf-8") + write_family_styles()
    script = (FOLDER / "report.js").read_text("utf-8")
    # The hashes let the browser refuse anything else, should a value ever slip through unescaped.
    policy = (
        f"default-src 'none'; style-src '{_hash_source(style)}'; script-src '{_hash_source(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    template = _environment().get_template("report.html")
    return template.render(
        report=report,
        snapshot_number=snapshot_number,
        families=FAMILIES,
        headlines={view.story.story_id: view.story.headline for view in report.stories},
        style=Markup(style),
        script=Markup(script),
        policy=policy,
    )


def _hash_source(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        finalize=_make_printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        anchor=make_anchor,
        count=count_things,
        day=format_day,
        family=family_of,
        number=format_number,
        short=shorten_text,
        listed=join_words,
        value=format_value,
        values=describe_values,
        words=lambda name: name.replace("_", " "),
    )
    return environment


def _make_printable(value: Any) -> Any:
    # A Markup is what the template itself rendered; everything else comes from the tables.
    return strip_controls(value) if type(value) is str else value


def count_things(number: int, singular: str, plural: str | None = None) -> str:
    """A number and its noun: '1 story', '2 stories'."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def format_day(moment: date | datetime | None) -> str:
    """A day as '2 January 2026'; empty for None."""
    return f"{moment.day} {moment:%B %Y}" if moment else ""


def format_number(value: float) -> str:
    """A number as people write it: '100,000', '7.5'."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def format_value(view: ValueView) -> str:
    """A value or range in its unit: '7.5 hours', '10 to 12 %', '1,200'."""
    return f"{_format_range(view)} {name_unit(view.unit, view.low if view.low == view.high else 0)}".rstrip()


def describe_values(quantity: QuantityView) -> str:
    """All values of a quantity in words, a unit they share named once: '7, 7.5 or 8 hours'."""
    if len(quantity.units) > 1 or len(quantity.values) == 1:
        return join_words([format_value(view) for view in quantity.values], "or")
    numbers = join_words([_format_range(view) for view in quantity.values], "or")
    return f"{numbers} {name_unit(quantity.units[0])}".rstrip()


def _format_range(view: ValueView) -> str:
    low, high = format_number(view.low), format_number(view.high)
    return low if low == high else f"{low} to {high}"


def name_unit(unit: str, number: float = 0) -> str:
    """The unit as it stands after a number: 'hours', 'feet', '%'; nothing for a count."""
    if unit in UNITS:
        return UNITS[unit]
    if number == 1 or not unit.islower():
        # A currency's code has no plural.
        return unit.replace("_", " ")
    return PLURALS.get(unit, f"{unit}s").replace("_", " ")


def join_words(words: Sequence[str], conjunction: str = "and") -> str:
    """Words as a list in a sentence: 'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
