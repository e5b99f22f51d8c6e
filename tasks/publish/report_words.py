"""Numbers, days and values of the report as people write them."""

from collections.abc import Sequence
from datetime import date, datetime

from tasks.publish.report_views import QuantityView, ValueView

UNITS = {"percent": "%", "count": "", "degree_celsius": "°C", "degree_fahrenheit": "°F"}
PLURALS = {
    "foot": "feet",
    "inch": "inches",
    "kilometre_per_hour": "kilometres per hour",
    "mile_per_hour": "miles per hour",
}
NAMED_OUTLETS = 3


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
    return f"{format_range(view)} {name_unit(view.unit, view.low if view.low == view.high else 0)}".rstrip()


def format_range(view: ValueView) -> str:
    """A value or range without its unit: '7.5', '10 to 12'."""
    low, high = format_number(view.low), format_number(view.high)
    return low if low == high else f"{low} to {high}"


def describe_values(quantity: QuantityView) -> str:
    """All values of a quantity in words, a unit they share named once: '7, 7.5 or 8 hours'."""
    if len(quantity.units) > 1 or len(quantity.values) == 1:
        return join_words([format_value(view) for view in quantity.values], "or")
    numbers = join_words([format_range(view) for view in quantity.values], "or")
    return f"{numbers} {name_unit(quantity.units[0])}".rstrip()


def describe_disagreement(quantity: QuantityView) -> str:
    """Who gives which value, and how far they lie apart; empty where all values can be true together.

    'Herald gives 7 hours, The Tide 7.5 hours. The largest is 7 % above the smallest.'
    """
    if not quantity.group.disagrees or len(quantity.values) < 2:
        return ""
    given = [
        f"{name_outlets(view.outlets)} {'gives ' if not number and len(view.outlets) == 1 else ''}"
        f"{'give ' if not number and len(view.outlets) > 1 else ''}{format_value(view)}"
        for number, view in enumerate(quantity.values)
    ]
    sentence = f"{'; '.join(given)}."
    lowest = min(view.low for view in quantity.values)
    highest = max(view.high for view in quantity.values)
    if len(quantity.units) > 1 or lowest <= 0 or highest == lowest:
        return sentence
    if highest >= 2 * lowest:
        return f"{sentence} The largest is {format_number(round(highest / lowest, 1))} times the smallest."
    return f"{sentence} The largest is {max(1, round(100 * (highest / lowest - 1)))} % above the smallest."


def name_outlets(outlets: Sequence[str]) -> str:
    """Outlets in a sentence, of many the first and how many more."""
    if len(outlets) <= NAMED_OUTLETS:
        return join_words(outlets)
    return f"{', '.join(outlets[:NAMED_OUTLETS])} and {len(outlets) - NAMED_OUTLETS} more"


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


def name_words(name: str | None) -> str | None:
    """A name of the code as words: 'date line' for 'date_line'; None for None."""
    return name.replace("_", " ") if name else None
