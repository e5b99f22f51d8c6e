"""Units and currencies beside a number, under their normal names."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

UNITS_FILE = Path(__file__).with_name("units.toml")
# What tells a part of something, or how far one moved.
SHARES = ("percent", "percentage_point", "basis_point")
SINGLE = ("1", "one", "a", "an", "half", "half a", "half an")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“'‘])|\n")
LARGE_SUM = re.compile(r"(?:m|mn|bn|million|billion|trillion)[ \u00a0-]pounds?")


@dataclass(frozen=True)
class Unit:
    """A unit found beside a number: its normal name and the half-open offsets of number and unit together.

    `is_compound` tells that it stands as an adjective ("seven-hour", "two year"), `is_glued` that it
    stands right behind the digits ("20kg").
    """

    name: str
    start: int
    end: int
    is_compound: bool = False
    is_glued: bool = False

    @property
    def is_currency(self) -> bool:
        """Whether it is money; currencies go by their three letters."""
        return self.name.isupper()


@cache
def unit_lists() -> dict:
    """The sections of units.toml."""
    return tomllib.loads(UNITS_FILE.read_text("utf-8"))


def unit_forms() -> str:
    """A pattern for what stands behind a number as its unit, without flags and groups."""
    lists = unit_lists()
    forms = {form for part in ("measures", "currencies_after") for names in lists[part].values() for form in names}
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))


def unit_words() -> str:
    """A pattern for the names of units that are words ("year", "percentage point"), without flags and groups."""
    lists = unit_lists()["measures"]
    words = {form for forms in lists.values() for form in forms if len(form) > 2 and form.replace(" ", "").isalpha()}
    return "|".join(re.escape(form) for form in sorted(words, key=len, reverse=True))


def glued_unit() -> str:
    """A pattern that sees right behind a number one of the short forms that are printed without a space ("7hrs")."""
    return rf"(?=(?:{'|'.join(unit_lists()['glued']['forms'])})(?![\w’']))"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str], dict[str, str]]:
    lists = unit_lists()
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
    # "40+ hours"
    end += text.startswith("+", end)
    if match := before_pattern.search(text[max(0, start - 5) : start]):
        return Unit(before[match["unit"].lower()], start - len(match[0]), end)
    match = after_pattern.match(text, end)
    if not match:
        return None
    is_letter = len(match["unit"]) == 1 and match["unit"].isalpha()
    if is_letter and (match["join"] or match["unit"] not in unit_lists()["glued"]["forms"]):
        return None
    # "2 PC games"
    if match["unit"] == "PC":
        return None
    name = after[match["unit"].lower()]
    stop = match.end("unit") if not match["tail"] else match.end("tail")
    # "a two year sentence": a unit in the singular after two of them describes what follows.
    is_singular = match["unit"].lower() == name.replace("_", " ") != "percent" and text[start:end].lower() not in SINGLE
    is_compound = match["join"] == "-" or bool(match["tail"]) or is_singular
    named = _name_pounds(text, start, stop) if name == "pound" else name
    return Unit(named, start, stop, is_compound, is_glued=not match["join"]) if named else None


@cache
def _pound_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lists = unit_lists()["pounds"]
    return (
        re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, lists['money']))})(?!\w)|[£$€]", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, lists['weight']))})(?!\w)", re.IGNORECASE),
        re.compile(r"[ \u00a0]of[ \u00a0]([a-z-]+)", re.IGNORECASE),
    )


def _name_pounds(text: str, start: int, stop: int) -> str | None:
    """Whether pounds are money (GBP) or a weight (pound), by what they are of, else by the words of the sentence.

    None where nothing tells, or both do.
    """
    money, weight, of = _pound_patterns()
    if what := of.match(text, stop):
        return "GBP" if money.fullmatch(what[1]) else "pound"
    reach = unit_lists()["pounds"]["reach"]
    before = SENTENCE_END.split(text[max(0, start - reach) : start])[-1]
    after = SENTENCE_END.split(text[stop : stop + reach])[0]
    around = f"{before} . {after}"
    is_money, is_weight = bool(money.search(around)), bool(weight.search(around))
    if not is_money and not is_weight:
        return _guess_pounds(text[start:stop].lower(), before)
    if is_money and is_weight:
        return None
    return "GBP" if is_money else "pound"


def _guess_pounds(printed: str, before: str) -> str | None:
    """Millions of pounds are money and what somebody lost a weight, where no other word tells."""
    if LARGE_SUM.search(printed):
        return "GBP"
    changes = "|".join(unit_lists()["pounds"]["weight_changes"])
    return "pound" if re.search(rf"\b(?:{changes})\s+(?:[a-z]+\s+){{0,2}}$", before[-40:], re.IGNORECASE) else None
