"""The figures an article gives: value, unit, what it counts and how exact it is said to be."""

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

from spacy.tokens import Doc

from schemas import Figure
from tasks.annotate.attribution import Offsets, text_of
from tasks.annotate.joined_measures import join_measures
from tasks.annotate.noun_phrases import is_plural, words_after, words_before
from tasks.annotate.numbers import DOT_GROUPS, MONTH, Number
from tasks.annotate.qualifiers import find_qualifier
from tasks.annotate.quantities import find_counted, find_quantity
from tasks.annotate.ranges import find_numbers
from tasks.annotate.units import SHARES, Unit, find_unit, unit_lists
from tasks.number_words import number_words

# What models call a number that stands in no name.
NUMBER_ENTITIES = {"CARDINAL", "DATE", "MONEY", "ORDINAL", "PERCENT", "QUANTITY", "TIME"}
DATE_BEFORE = re.compile(rf"\b{MONTH}\s+(?:the\s+)?$", re.IGNORECASE)
DATE_AFTER = re.compile(rf"^\s+(?:of\s+)?{MONTH}(?!\w)", re.IGNORECASE)
CLOCK_AFTER = re.compile(
    r"^\s?(?:[ap]\.?m\b|o['’]clock|(?:\d{2} )?(?:GMT|UTC|CET|hours GMT)\b|hrs\b(?= GMT)"
    r"|(?:in the (?:morning|afternoon|evening)|at night)\b)",
    re.IGNORECASE,
)
NUMBER_SIGN = re.compile(r"\b(?:nos?\.|№|S&P)\s?$", re.IGNORECASE)
# "iOS 8 backups", "iPhone 6 cases"
VERSION_BEFORE = re.compile(r"(?<![^\W_])[a-z]{1,3}[A-Z][A-Za-z]+\s$")
# "emergency 911 dispatchers"
EMERGENCY = re.compile(r"(?:911\s(?:dispatcher|operator|caller)|(?:911|999|112)\s(?:call|emergenc)(?!er))")
HIGHEST_VERSION = 20
# "The numbers drawn were 08 27 34"
LED_BY_NOUGHT = re.compile(r"0\d")
LIST_NUMBER = re.compile(r"^\(?\d{1,3}[.)](?:\s|$)")
YEAR = re.compile(r"(?:19|20)\d{2}(?:\s?[-–—]\s?(?:(?:19|20)\d{2}|\d{2}))?")
# Years of any age: from 1000 to 2100.
ANY_YEAR = r"(?:1\d{3}|20\d{2}|2100)"
YEARS = re.compile(rf"({ANY_YEAR})\s?(?:[-–—]|to|until|till|and)\s?({ANY_YEAR})")
# "In Velm, from 1850 to 1865 farmers left": where a clause begins so it tells no change of a number.
CLAUSE_OF_YEARS = re.compile(rf"[,;:(—–]\s*from\s+({ANY_YEAR})\s+(?:to|until|till)\s+({ANY_YEAR})(?![\w,.]\d)")
# "the floods of '98", where "the murder of '12 people'" quotes.
SHORT_YEAR = re.compile(r"\b(?:of|in|since|from|by|until|till|the|spring|summer|autumn|winter)\s+['’]$", re.IGNORECASE)
QUOTED = re.compile(r"\d\d\s[^'’\n]{1,60}['’](?!\w)")
FIRST_YEAR_OF_NEWS = 1900
BEFORE_YEARS = re.compile(r"\b(from|between)\s+$", re.IGNORECASE)
SECOND_OF_PAIR = re.compile(r"[ \u00a0](?:to|or|and)[ \u00a0](?:(?:about|around|nearly|almost|over)[ \u00a0])?")
# A tenth of an hour is a length of time, a tenth of the voters a share.
FRACTION_OF_UNIT = re.compile(r"[ \u00a0]of an?[ \u00a0]")
# Money of one sentence says nothing of a number in the next.
CLAUSES_APART = re.compile(r"[.!?]['\"’”)]*\s|\n")
POINTING = {"the", "these", "those", "both", "all", "its", "their", "his", "her", "our", "your", "my", "other", "any"}
TIME_UNITS = ("second", "minute", "hour", "day", "week", "fortnight", "month", "year", "decade", "century")
# "The works are to last 36 months", where "the last 36 months" are a time before now.
LAST_AS_VERB = re.compile(r"\b(?:to|will|would|may|might|can|could|must|should|shall)\s+last\s+$", re.IGNORECASE)
# "Seven hours later" tells how long something took; "two years later" when.
SHORT_TIMES = ("second", "minute", "hour")
DOT_GROUPS_OF_TEXT = re.compile(rf"(?<![\w.,]){DOT_GROUPS.pattern}(?![\w,]|\.\d)")
# Things are counted in thousandths only on an average: "1.125 goals per match".
AVERAGE = re.compile(r"[^.!?\n]{1,40}\b(?:per|a|an|each|every|on average)\b")
# "from 9 to 17 hours", "from 20h to 23h" and "at 1700 hours" tell the time of day, "from 8 to 9 hours of talks" not.
HOUR = r"(?:[01]?\d|2[0-4])"
CLOCK_SPAN = re.compile(
    rf"\b(?:from|between)\s+{HOUR}(?:\d\d|\s?h)?\s+(?:to|until|till|and)\s+{HOUR}(?:(?:\d\d)?\s+h(?:ou)?rs|\s?h)\b"
    r"(?!\s+of\b)"
)
CLOCK_TIME = re.compile(r"\b(?:at|by|until|till|around|from|before|after)\s+(?:[01]\d|2[0-4])[0-5]\d\s+h(?:ou)?rs\b")
# What takes hours rather than being on at them.
LASTING = re.compile(r"\b(?:last|tak|took|rang|var[yi]|wait|delay|sleep|slept)\w*\s+\w*\s*$", re.IGNORECASE)
# How far before a clause of two numbers a verb tells that something changed, in characters.
CHANGE_REACH = 60
QUANTITY_LENGTH = 200
TEXT_LENGTH = 300


def find_figures(doc: Doc, article_id: str) -> list[Figure]:
    """Figures of an article in the order of its text; none overlap.

    Only the text and the names in `doc.ents` are read, so that any pipeline will do. Offsets count characters of
    `doc.text`. Years, dates, clock times, distances from now ("two weeks ago"), ordinals, labels ("Article 5") and
    numbers in names are no figures, nor is a number of which nothing tells what it counts.
    """
    text = text_of(doc)
    names = [(span.start_char, span.end_char) for span in doc.ents if span.label_ not in NUMBER_ENTITIES]
    numbers = find_numbers(text)
    numbers, units = join_measures(text, numbers, find_units(text, numbers))
    groups_by_dots = DOT_GROUPS_OF_TEXT.search(text) is not None
    figures: list[Figure] = []
    for printed, unit in zip(numbers, units, strict=True):
        number = _read_dot(text, printed, unit, groups_by_dots=groups_by_dots)
        if is_date_or_time(text, number, unit) or (not unit and is_label_or_name(text, number, names)):
            continue
        figure = _make_figure(text, number, unit, article_id)
        if figure and (not figures or figure.start_char >= figures[-1].end_char):
            figures.append(figure)
    return figures


def _read_dot(text: str, number: Number, unit: Unit | None, *, groups_by_dots: bool) -> Number:
    """The number, its one dot read as what parts thousands where it counts things ("1.500 soldiers").

    Measures have decimals; of them it is read so only in a text that parts other thousands by dots, and shares never.
    """
    if not number.is_dotted:
        return number
    is_count = unit is None and find_counted(text, number) is not None and not AVERAGE.match(text, number.end)
    if not is_count and not (groups_by_dots and unit and unit.name not in SHARES):
        return number
    return replace(number, low=number.low * 1000, high=number.high * 1000)


def find_units(text: str, numbers: list[Number]) -> list[Unit | None]:
    """The unit of each number; the first of a pair has that of the second ("from 3 to 5 percent")."""
    units = [_unit_of_fraction(text, number) or find_unit(text, number.start, number.end) for number in numbers]
    pairs = list(enumerate(pairwise(numbers)))
    for position, (first, _) in reversed(pairs):
        unit = units[position + 1]
        # "for 2005 to 2015 to around 200 million pounds"
        if (
            unit
            and not units[position]
            and not first.is_range
            and SECOND_OF_PAIR.fullmatch(text[first.end : unit.start])
        ):
            units[position] = Unit(unit.name, first.start, first.end)
    money: tuple[str, int] | None = None
    for position, (number, unit) in enumerate(zip(numbers, units, strict=True)):
        if unit and unit.is_currency:
            money = unit.name, number.end
        elif money and not unit and not CLAUSES_APART.search(text[money[1] : number.start]) and _is_sum(text, number):
            # "84 million euros, not the 91 million"
            units[position] = Unit(money[0], number.start, number.end)
    return units


def _is_sum(text: str, number: Number) -> bool:
    """Whether it is a large round number that counts no things, as an amount of money may be that names no currency."""
    return number.low >= 1_000_000 and text[number.end - 1].isalpha() and find_counted(text, number) is None


def _unit_of_fraction(text: str, number: Number) -> Unit | None:
    """The unit of a fraction in words: what it is a fraction of ("of an hour"), else percent."""
    if not number.is_fraction:
        return None
    link = FRACTION_OF_UNIT.match(text, number.end)
    unit = find_unit(text, link.end() - 1, link.end() - 1) if link else None
    return Unit(unit.name, number.start, unit.end) if unit else Unit("percent", number.start, number.end)


def _make_figure(text: str, number: Number, unit: Unit | None, article_id: str) -> Figure | None:
    start, end = (unit.start, unit.end) if unit else (number.start, number.end)
    qualifier = find_qualifier(text, start, end)
    if end - start > TEXT_LENGTH or (not unit and _is_bare_reference(text, number, qualifier)):
        return None
    quantity = find_quantity(text, number, unit)
    is_year = not unit and ((_looks_like_year(text, number) and not qualifier) or _is_span_of_years(text, number))
    if not quantity or is_year:
        return None
    share = 100 if number.is_fraction and unit and unit.name == "percent" else 1
    return Figure(
        figure_id=f"{article_id}:{start}:{end}",
        article_id=article_id,
        start_char=start,
        end_char=end,
        text=text[start:end],
        value=round((number.low + number.high) / 2 * share, 6),
        low=round(number.low * share, 6),
        high=round(number.high * share, 6),
        unit=unit.name if unit else "count",
        quantity=quantity[:QUANTITY_LENGTH],
        qualifier="between" if number.is_range else qualifier,
        figure_group_id=None,
    )


@cache
def _relative_dates() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = number_words()["relative_dates"]
    return (
        re.compile(rf"\b(?:{'|'.join(words['before'])})\s+(?:few\s+)?$", re.IGNORECASE),
        re.compile(rf"^\s+(?:{'|'.join(words['after'])})\b", re.IGNORECASE),
    )


def is_date_or_time(text: str, number: Number, unit: Unit | None) -> bool:
    """Whether the number tells when, not how much: a date, a clock time, a distance from now."""
    before, after = text[max(0, number.start - 20) : number.start], text[number.end : number.end + 20]
    if DATE_BEFORE.search(before) or DATE_AFTER.match(after) or (not unit and CLOCK_AFTER.match(after)):
        return True
    if unit is None or unit.name not in TIME_UNITS or unit.is_compound:
        return False
    if unit.name == "hour" and _is_clock(text, number):
        return True
    before_pattern, after_pattern = _relative_dates()
    follows = after_pattern.match(text[unit.end : unit.end + 20])
    if follows and unit.name in SHORT_TIMES and follows[0].strip().lower() in ("later", "after"):
        return False
    return bool((before_pattern.search(before) and not LAST_AS_VERB.search(before)) or follows)


@cache
def _short_clock() -> re.Pattern[str]:
    """Matches "at 20h" and "until 20 hours"; "after 8h of talks" is a length."""
    words = unit_lists()["clock"]
    return re.compile(
        rf"\b(?:(?:{'|'.join(words['before_h'])})\s+{HOUR}\s?h|(?:{'|'.join(words['before_hours'])})\s+{HOUR}\s+h(?:ou)?rs)\b"
        r"(?!\s+of\b)",
        re.IGNORECASE,
    )


def _is_clock(text: str, number: Number) -> bool:
    """Whether hours are those of a day ("ran from 9 to 17 hours"), not their number ("took from 2 to 3 hours")."""
    begin = max(0, number.start - 24)
    for pattern in (CLOCK_SPAN, CLOCK_TIME, _short_clock()):
        for match in pattern.finditer(text, begin, number.end + 30):
            if match.start() < number.start < match.end():
                # "The talks lasted until 20h."
                is_point = match[0].split()[0].lower() in unit_lists()["clock"]["before_hours"]
                return is_point or not LASTING.search(text[max(0, match.start() - 20) : match.start()])
    return False


def _is_span_of_years(text: str, number: Number) -> bool:
    """Whether it is a range of two years ("from 2015 to 2020"), as nothing that is measured or counted.

    "Between 1500 and 1800 people" counts: round numbers with the things behind them, unless both are of our time.
    """
    if _is_in_clause_of_years(text, number):
        return True
    years = YEARS.fullmatch(text[number.start : number.end])
    before = BEFORE_YEARS.search(text[max(0, number.start - 12) : number.start])
    if not number.is_range or not years or not before:
        return False
    is_round = _are_round(number.low, number.high)
    return not (is_round and before[1].lower() == "between" and find_counted(text, number) is not None)


def _are_round(low: float, high: float) -> bool:
    return not low % 100 and not high % 100 and low < FIRST_YEAR_OF_NEWS


def _is_in_clause_of_years(text: str, number: Number) -> bool:
    """Whether it is one of two years of such a clause; what falls, and what is counted behind a change, are none."""
    begin = max(0, number.start - 24)
    for match in CLAUSE_OF_YEARS.finditer(text[begin : number.end + 16]):
        if number.start not in (begin + match.start(1), begin + match.start(2)):
            continue
        low, high = int(match[1]), int(match[2])
        second = replace(number, start=begin + match.start(2), end=begin + match.end(2))
        before = text[max(0, begin + match.start() - CHANGE_REACH) : begin + match.start()]
        changes = _changes().search(CLAUSES_APART.split(before)[-1]) is not None
        is_count = (changes or _are_round(low, high)) and find_counted(text, second) is not None
        return low < high and not is_count
    return False


@cache
def _changes() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(number_words()['changes']['verbs'])})\b", re.IGNORECASE)


def _looks_like_year(text: str, number: Number) -> bool:
    """Whether it is printed like a year; of a round number of things that follow at once it is not."""
    if re.fullmatch(r"\d\d", text[number.start : number.end]) and SHORT_YEAR.search(
        text[max(0, number.start - 9) : number.start]
    ):
        return find_counted(text, number) is None or not QUOTED.match(text, number.start)
    if not YEAR.fullmatch(text[number.start : number.end]):
        return False
    return bool(number.low % 100 or find_counted(text, number) is None)


def is_label_or_name(text: str, number: Number, names: list[Offsets]) -> bool:
    """Whether a number without unit belongs to a name or a list ("Article 5", "Boeing 737", "1. Introduction").

    `names` are the offsets of the names that are known in the text.
    """
    line_start = text.rfind("\n", 0, number.start) + 1
    if not text[line_start : number.start].strip(" (") and LIST_NUMBER.match(text[line_start : number.end + 2]):
        return True
    if LED_BY_NOUGHT.match(text, number.start):
        return True
    # "At eBay 2,400 jobs will go"
    if number.high < HIGHEST_VERSION and VERSION_BEFORE.search(text[max(0, number.start - 16) : number.start]):
        return True
    if EMERGENCY.match(text, number.start):
        return True
    if NUMBER_SIGN.search(text[max(0, number.start - 6) : number.start]):
        return True
    if any(start < number.end and number.start < end for start, end in names):
        return True
    before, after = words_before(text, number.start), words_after(text, number.end)
    counted = find_counted(text, number, plural=True)
    if before and before[-1].lower() in number_words()["labels"]["nouns"]:
        # "the unit 40 soldiers joined" is rarer than "unit 40"; a noun that follows decides.
        return counted is None or before[-1][0].isupper()
    is_capital_before = (
        len(before) > 1 and before[-1][0].isupper() and before[-1].lower() not in number_words()["no_names"]["words"]
    )
    if is_capital_before and not counted:
        return True
    is_capital = text[number.start].isupper() and bool(before) and before[-1] not in ("“", '"', "‘", "'", ":", "—")
    if not after or not after[0][0].isupper():
        return False
    return is_capital or (counted is None and not is_plural(after[0]))


def _is_bare_reference(text: str, number: Number, qualifier: str | None) -> bool:
    """Whether a small number in words points at things known ("one of them", "the two sides")."""
    if not number.is_word or number.is_range or qualifier or number.low >= 10:
        return False
    if number.low <= 1:
        return True
    before = re.search(r"([A-Za-z]+)\s+(?:other\s+|main\s+)?$", text[max(0, number.start - 20) : number.start])
    return before is not None and before[1].lower() in POINTING
