"""Units and currencies beside a number, under their normal names."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

UNITS_FILE = Path(__file__).with_name("units.toml")
SINGLE = ("1", "one", "a", "an", "half", "half a", "half an")


@dataclass(frozen=True)
class Unit:
    """A unit found beside a number: its normal name and the half-open offsets of number and unit together.

    `is_compound` tells that it stands as an adjective ("seven-hour", "two year").
    """

    name: str
    start: int
    end: int
    is_compound: bool = False

    @property
    def is_currency(self) -> bool:
        """Whether it is money; currencies go by their three letters."""
        return self.name.isupper()


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str], dict[str, str]]:
    lists = tomllib.loads(UNITS_FILE.read_text("utf-8"))
    after = {
        form: name for part in ("measures", "currencies_after") for name, forms in lists[part].items() for form in forms
    }
    before = {form: name for name, forms in lists["currencies_before"].items() for form in forms}

    def alternatives(forms: dict[str, str]) -> str:
        return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))

    tails = "|".join(lists["tails"]["words"])
    after_pattern = re.compile(
        rf"(?P<join>[ \u00a0\u202f]|-|)(?P<unit>{alternatives(after)})(?!\w)(?P<tail>-(?:{tails})(?!\w))?",
        re.IGNORECASE,
    )
    before_pattern = re.compile(rf"(?<![A-Za-z])(?P<unit>{alternatives(before)})[ \u00a0]?$", re.IGNORECASE)
    return after_pattern, before_pattern, after, before


def find_unit(text: str, start: int, end: int) -> Unit | None:
    """The unit of the number at text[start:end]; None where it has none."""
    after_pattern, before_pattern, after, before = _patterns()
    if match := before_pattern.search(text[max(0, start - 5) : start]):
        return Unit(before[match["unit"].lower()], start - len(match[0]), end)
    match = after_pattern.match(text, end)
    if not match or (len(match["unit"]) == 1 and match["unit"].isalpha()):
        return None
    name = after[match["unit"].lower()]
    stop = match.end("unit") if not match["tail"] else match.end("tail")
    # "a two year sentence": a unit in the singular after two of them describes what follows.
    is_singular = match["unit"].lower() == name != "percent" and text[start:end].lower() not in SINGLE
    return Unit(name, start, stop, is_compound=match["join"] == "-" or bool(match["tail"]) or is_singular)
