"""Numbers in running text, in digits and in words, with what says how exact they are."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_lowercase

WORDS_FILE = Path(__file__).with_name("number_words.toml")
MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)|apr(?:il|\.)|may|june?|july?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}

DIGITS = (
    r"(?:\d{1,2}(?:,\d{2})+,\d{3}"  # 1,00,000
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?"  # 1,000.5
    r"|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d,.]\d|\d)"  # 100 000
    r"|\d+(?:\.\d+)?)[½¼¾⅓⅔]?|[½¼¾⅓⅔]"
)
# Letters and signs that make a number part of a name, an address, a time or a date.
NOT_BEFORE = r"(?<![\w#/@&.:_])(?<!\d,)(?<![A-Za-z][-–])"
NOT_AFTER = r"(?![\w/@_]|[:.,]\d|['’]\d)"
ORDINAL = r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
# Chains of groups: a date, a telephone number, a serial number.
CODE = re.compile(r"(?<!\w)(?:\+\d[\d ().-]{6,}\d|\(?\d+\)?(?:[-–.]\d+){2,}|\(\d{2,5}\) ?\d[\d -]{4,})(?!\w)")
# Beyond this no newspaper counts; it is a number of a thing, or garbage.
LARGEST = 1e16
MAX_NUMBER_WORDS = 12
# "a few thousand" is no thousand.
VAGUE_BEFORE = re.compile(r"\b(?:few|several|many|couple of)[ \u00a0]$", re.IGNORECASE)
WORD_JOIN = r"(?:[ \u00a0-]|[ \u00a0]and[ \u00a0])"


@dataclass(frozen=True)
class Number:
    """One number, or one range, at half-open offsets of the text.

    `low` equals `high` unless it is a range. `is_word` tells that no digit is in it, `is_fraction` that it is a part of
    one in words ("a tenth", "two-thirds").
    """

    start: int
    end: int
    low: float
    high: float
    is_range: bool = False
    is_word: bool = False
    is_fraction: bool = False


@cache
def number_words() -> dict:
    """The word lists of number_words.toml, by section."""
    return tomllib.loads(WORDS_FILE.read_text("utf-8"))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = number_words()
    small, scales = "|".join(words["small"]), "|".join(words["scales"])
    short = "|".join(words["short_scales"])
    number_word = rf"(?:{small}|{scales})"
    parts = "|".join(words["parts"])
    return {
        "digits": re.compile(
            rf"{NOT_BEFORE}(?P<digits>{DIGITS})(?:[ \u00a0-]?(?P<scale>(?:{scales})\b(?:[ \u00a0](?:{scales})\b)*)"
            rf"|[ \u00a0]?(?P<short>(?:{short})\b))?{NOT_AFTER}",
            re.IGNORECASE,
        ),
        "words": re.compile(
            rf"(?<![\w'’])(?<![A-Za-z]-)(?P<words>(?:half[ \u00a0-]a[ \u00a0-]|(?:a|an)[ \u00a0](?=(?:{scales})\b))?"
            rf"{number_word}(?:{WORD_JOIN}(?:(?<!dozen[ \u00a0-])(?:{small})|(?:{scales})))*)"
            rf"(?P<half>[ \u00a0]and[ \u00a0]a[ \u00a0]half)?(?![\w'’]|-(?:{ORDINAL})\b)",
            re.IGNORECASE,
        ),
        "fraction": re.compile(
            rf"(?<![\w'’-])(?P<count>an?|{small})[ \u00a0-](?P<part>{parts})s?(?=[ \u00a0]of\b|[ \u00a0]the\b"
            r"|[.,;:!?)”\"]|$|[ \u00a0](?:in|by|this|last|on|from|since|majority|more|less|fewer|lower|higher|to)\b)",
            re.IGNORECASE,
        ),
        "half": re.compile(
            r"(?<![\w-])(?<!and a )half(?=[ \u00a0-]an?[ \u00a0-](?:hour|day|mile|kilomet)|[ \u00a0-]hour)",
            re.IGNORECASE,
        ),
    }


def find_numbers(text: str) -> list[Number]:
    """All numbers of a text, left to right, none inside another; a range is one number.

    Numbers inside dates, clock times, scores, codes and names ("G7") are left out as far as
    their shape shows it.
    """
    taken = bytearray(len(text))
    for code in CODE.finditer(text):
        taken[code.start() : code.end()] = b"\1" * (code.end() - code.start())
    found: list[Number] = []
    for finder in (_find_fractions, _find_digits, _find_words, _find_halves):
        for number in finder(text):
            if number.high < LARGEST and not any(taken[number.start : number.end]):
                found.append(number)
                taken[number.start : number.end] = b"\1" * (number.end - number.start)
    joined = list(_join_ranges(text, sorted(found, key=lambda number: number.start)))
    return [number for number in joined if not _is_part_of_pair(text, number)]


def _is_part_of_pair(text: str, number: Number) -> bool:
    """Whether a dash ties the number to another one without making a range ("3-2")."""
    return bool(
        re.search(r"\d[-–]$", text[max(0, number.start - 2) : number.start])
        or re.match(r"[-–]\d", text[number.end : number.end + 2])
    )


def _find_digits(text: str) -> Iterator[Number]:
    words = number_words()
    for match in _patterns()["digits"].finditer(text):
        digits = match["digits"]
        fraction = FRACTIONS.get(digits[-1], 0.0)
        plain = re.sub(r"[^\d.]", "", digits.rstrip("".join(FRACTIONS)))
        value = (float(plain) if plain else 0.0) + fraction
        for scale in (match["scale"] or "").lower().replace("\u00a0", " ").split():
            value *= words["scales"][scale]
        if match["short"]:
            value *= words["short_scales"][match["short"].lower()]
        yield Number(match.start(), match.end(), round(value, 6), round(value, 6))


def _find_fractions(text: str) -> Iterator[Number]:
    """Parts of one in words: "a tenth of the voters", "fell by two-thirds"; "a third time" is none."""
    words = number_words()
    for match in _patterns()["fraction"].finditer(text):
        count, part = match["count"].lower(), match["part"].lower()
        number = words["small"].get(count, 1)
        # "a second" and "a quarter," are more often a time than a share.
        is_share = text[match.end() : match.end() + 3].strip() == "of" or number > 1
        if number < words["parts"][part] and (is_share or _is_measured(text, match.start())):
            value = number / words["parts"][part]
            yield Number(match.start(), match.end(), value, value, is_word=True, is_fraction=True)


def _is_measured(text: str, start: int) -> bool:
    """Whether the words before tell that an amount follows ("by a third", "nearly a quarter", "a rise of a tenth")."""
    return bool(
        re.search(
            r"\b(?:by|of|than|to|from|about|nearly|almost|over|under|least|roughly)\s+$",
            text[max(0, start - 12) : start],
        )
    )


def _find_words(text: str) -> Iterator[Number]:
    words = number_words()
    for match in _patterns()["words"].finditer(text):
        value = parse_number_words(match["words"])
        if value is not None and not VAGUE_BEFORE.search(text[max(0, match.start() - 12) : match.start()]):
            if match["half"]:
                # "a million and a half" means half a million more.
                value += 0.5 * words["scales"].get(match["words"].split()[-1].lower(), 1)
            yield Number(match.start(), match.end(), value, value, is_word=True)


def _find_halves(text: str) -> Iterator[Number]:
    for match in _patterns()["half"].finditer(text):
        end = match.end() + len(re.match(r"(?:[ \u00a0-]an?(?=[ \u00a0-]))?", text[match.end() :])[0])  # type: ignore[index]
        yield Number(match.start(), end, 0.5, 0.5, is_word=True)


def parse_number_words(phrase: str) -> float | None:
    """Value of a number in words ("two hundred and fifty thousand"); None where the words make none."""
    words = number_words()
    tokens = re.findall("[a-z]+", phrase.lower())
    if len(tokens) > MAX_NUMBER_WORDS:
        return None
    total, factor = 0.0, 1.0
    group: float | None = None
    last_small: float | None = None
    for word in tokens:
        if word == "half":
            factor = 0.5
        elif word in ("and", "a", "an"):
            continue
        elif word in words["small"]:
            value = words["small"][word]
            # "twenty five" adds up, "two three" does not.
            if last_small is not None and not (last_small >= 20 and value < 10):
                return None
            group = (group or 0) + value
            last_small = value
        else:
            scale = words["scales"][word]
            if scale <= 100:
                group = (1 if group is None else group) * scale
            elif 0 < total < scale:
                # "five hundred thousand million": the larger scale multiplies all before it.
                total = (total + (group or 0)) * scale
                group = None
            else:
                total += (1 if group is None else group) * scale
                group = None
            last_small = None
    return (total + (group or 0)) * factor


RANGE_JOIN = re.compile(
    r"(?P<dash>[ \u00a0]?[-–—][ \u00a0]?)|[ \u00a0]to[ \u00a0]|[ \u00a0]or[ \u00a0]|(?P<and>[ \u00a0]and[ \u00a0])"
)
CURRENCY_SIGN = r"(?:US|C|A)?[$€£¥₹]"


def _join_ranges(text: str, numbers: list[Number]) -> Iterator[Number]:
    position = 0
    while position < len(numbers):
        number = numbers[position]
        following = numbers[position + 1] if position + 1 < len(numbers) else None
        joined = _join_range(text, number, following) if following else None
        yield joined or number
        position += 2 if joined else 1


def _join_range(text: str, first: Number, second: Number) -> Number | None:
    """The range that two neighbouring numbers make, or None."""
    between = re.sub(rf"{CURRENCY_SIGN}$", "", text[first.end : second.start])
    # "5% to 7%" prints the unit twice.
    between = re.sub(r"^ ?(?:%|percent|per cent|hours?)(?= |[-–])", "", between)
    match = RANGE_JOIN.fullmatch(between)
    before = text[max(0, first.start - 10) : first.start].lower()
    if not match or re.search(r"\bfrom\s+\W?$", before):
        return None
    if match["and"] and not re.search(r"\bbetween\s+\W?$", before):
        return None
    low, high = first.low, second.high
    if low >= 1 and high >= 1000 and low < 1000 and low * _scale_of(text, second) < high:
        low *= _scale_of(text, second)
    if low >= high:
        return None
    return Number(first.start, second.end, low, high, is_range=True, is_word=first.is_word and second.is_word)


def _scale_of(text: str, number: Number) -> float:
    """What a scale word after the number multiplies it with; it holds for both ends of a range."""
    words = number_words()
    printed = text[number.start : number.end].lower()
    tail = printed[len(printed.rstrip(ascii_lowercase)) :]
    return words["scales"].get(tail) or words["short_scales"].get(tail) or 1


@cache
def _qualifier_patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str], dict[str, str]]:
    words = number_words()
    before = {phrase: name for name, phrases in words["qualifiers"].items() for phrase in phrases}
    after = {phrase: name for name, phrases in words["trailing_qualifiers"].items() for phrase in phrases}

    def alternatives(phrases: dict[str, str]) -> str:
        return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in sorted(phrases, key=len, reverse=True))

    return (
        re.compile(rf"(?:(?<=\W)|^)({alternatives(before)})\s*(?:the\s+|a\s+)?\W?$", re.IGNORECASE),
        re.compile(rf"^\s+({alternatives(after)})\b", re.IGNORECASE),
        before,
        after,
    )


def find_qualifier_start(text: str, start: int) -> int:
    """Where the words that say how exact the figure at text[start] is begin; `start` where there are none."""
    reach = max(0, start - 30)
    match = _qualifier_patterns()[0].search(text[reach:start])
    return reach + match.start(1) if match else start


def find_qualifier(text: str, start: int, end: int) -> str | None:
    """How exact the figure at text[start:end] is said to be, by the words before it or after it."""
    before_pattern, after_pattern, before, after = _qualifier_patterns()
    head = text[max(0, start - 30) : start]
    if match := before_pattern.search(head):
        return before[" ".join(match[1].lower().split())]
    if text[end : end + 1] == "+":
        return "at least"
    if match := after_pattern.match(text[end : end + 20]):
        return after[" ".join(match[1].lower().split())]
    return None
