"""Numbers in running text, in digits and in words, with what says how exact they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from string import ascii_lowercase

from tasks.annotate.units import find_unit, glued_unit, unit_forms, unit_words
from tasks.number_words import number_words, parse_number_words

MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)|apr(?:il|\.)|may|june?|july?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}

# What makes of "7 1/2" one number, and of "3,5" one with a comma for its decimals: what follows.
PRINTED_FRACTION = r"(?:1/[2-9]|2/[35]|3/[458]|4/5|5/[68]|7/8)(?![\w/])"
DECIMAL_COMMA = r"\d{1,4},\d{1,2}(?=[ \u00a0-]?(?:FOLLOWING)(?!\w))|(?<=[$€£])\d{1,4},\d{2}(?![\d,])"
DIGITS = (
    r"(?:\d{1,2}(?:,\d{2})+,\d{3}"  # 1,00,000
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?"  # 1,000.5
    r"|\d{1,3}(?:['’]\d{3})+"  # 1'000
    r"|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d,.]\d|\d)"  # 100 000
    r"|[1-9]\d{0,2}(?:\.\d{3}){2,}"  # 1.000.000
    rf"|\d{{1,3}}[ \u00a0-]{PRINTED_FRACTION}"
    r"|\d+(?:\.\d+)?)[½¼¾⅓⅔]?|[½¼¾⅓⅔]"
)
# "100.000 soldiers": nobody prints three zeros behind a decimal point.
DOT_GROUPS = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+\.\d{3}|\.000)")
ONE_DOT_GROUP = re.compile(r"[1-9]\d{0,2}\.\d{3}")
# Letters and signs that make a number part of a name, an address, a time or a date.
NOT_BEFORE = r"(?<![\w#/@&.:_])(?<!\d,)(?<![A-Za-z][-–])"
NOT_AFTER = r"(?![\w/@_]|[:.,]\d|['’]\d)"
ORDINAL = r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
# Chains of groups: a date, a telephone number, a serial number.
# "1.5-2 lakh" is none, nor is "1.500.000".
NO_CODE = re.compile(r"\d{1,3}(?:\.\d{1,2})?[-–]\d{1,3}(?:\.\d{1,2})?|[1-9]\d{0,2}(?:\.\d{3})+")
CODE = re.compile(r"(?<!\w)(?:\+\d[\d ().-]{6,}\d|\(?\d+\)?(?:[-–.]\d+){2,}|\(\d{2,5}\) ?\d[\d -]{4,})(?!\w)")
# Beyond this no newspaper counts; it is a number of a thing, or garbage.
LARGEST = 1e16
# "a few thousand" is no thousand.
VAGUE_BEFORE = re.compile(r"\b(?:few|several|many|couple of)[ \u00a0]$", re.IGNORECASE)
WORD_JOIN = r"(?:[ \u00a0-]|[ \u00a0]and[ \u00a0](?!three[ \u00a0-]quarters))"
# "two and a half", "three-and-three-quarters"
# "... of the voters" is a share of its own, "an hour and a half of talks" is not.
OF_THE = r"[ \u00a0]of[ \u00a0](?:the|all|its|their|his|her|our|these|those)\b"
PART_MORE = rf"[ \u00a0-]and[ \u00a0-](?:(?P<more>an?[ \u00a0-](?:half|quarter)|three[ \u00a0-]quarters)\b)(?!{OF_THE})"
BETWEEN = re.compile(r"\bbetween\s+\W?$", re.IGNORECASE)
# "the second half of the year" is no share.
BEFORE_HALF = re.compile(
    r"(?:^|[.,:;!?(\n\"“'‘—–]\s*|\b(?:about|nearly|almost|over|under|than|least|roughly|around|approximately|some|only|just|to|by|that|for)\s+)$",
    re.IGNORECASE,
)
# "half a million"
ARTICLE_BEHIND = re.compile(r"[ \u00a0-]an?(?=[ \u00a0-])")
AND = re.compile(r"[ \u00a0]and[ \u00a0]", re.IGNORECASE)
LINE = re.compile(r"[^\n]+")
WORD = re.compile(r"[a-z]+")
DIGIT = re.compile(r"[\d½¼¾⅓⅔]")
ANY_DIGIT = "0"


@dataclass(frozen=True)
class Number:
    """One number, or one range, at half-open offsets of the text.

    `low` equals `high` unless it is a range. `is_word` tells that no digit is in it, `is_fraction` that it is a part of
    one ("a tenth", "two-thirds", "one in four"). `is_dotted` tells of one dot with three digits behind it, which may
    part thousands as well as decimals ("1.500").
    """

    start: int
    end: int
    low: float
    high: float
    is_range: bool = False
    is_word: bool = False
    is_fraction: bool = False
    is_dotted: bool = False


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = number_words()
    small, scales = "|".join(words["small"]), "|".join(words["scales"])
    short = "|".join(words["short_scales"])
    number_word = rf"(?:{small}|{scales})"
    parts = "|".join(words["parts"])
    small_number = rf"(?:{small}|\d{{1,3}})"
    following = "|".join((scales, short, unit_forms()))
    digits = DECIMAL_COMMA.replace("FOLLOWING", following) + "|" + DIGITS
    return {
        "code": CODE,
        "digits": re.compile(
            rf"{NOT_BEFORE}(?P<digits>{digits})(?:(?:{PART_MORE})?(?:[ \u00a0-]?(?P<scale>(?:{scales})\b"
            rf"(?:[ \u00a0](?:{scales})\b)*)|[ \u00a0]?(?P<short>(?:{short})\b))?)(?:{NOT_AFTER}|{glued_unit()})",
            re.IGNORECASE,
        ),
        "words": re.compile(
            rf"(?<![\w'’])(?<![A-Za-z]-)(?P<words>(?:half[ \u00a0-]a[ \u00a0-]|(?:a|an)[ \u00a0](?=(?:{scales})\b))?"
            rf"{number_word}(?:{WORD_JOIN}(?:(?<!dozen[ \u00a0-])(?:{small})|(?:{scales})))*)"
            rf"(?:{PART_MORE}(?:[ \u00a0-](?P<scale>{scales})\b)?)?(?![\w'’]|-(?:{ORDINAL})\b)",
            re.IGNORECASE,
        ),
        "fraction": re.compile(
            rf"(?<![\w'’-])(?P<count>an?|{small})[ \u00a0-](?P<part>{parts})s?(?=[ \u00a0]of\b|[ \u00a0]the\b"
            r"|[.,;:!?)”\"]|$|[ \u00a0](?:in|by|this|last|on|from|since|majority|more|less|fewer|lower|higher|to)\b)",
            re.IGNORECASE,
        ),
        "part_of_scale": re.compile(
            rf"(?<![\w'’-])(?<!and[ \u00a0-])(?<!and[ \u00a0-]a[ \u00a0-])(?<!and[ \u00a0-]three[ \u00a0-])"
            rf"(?:(?:(?P<count>an?|{small})[ \u00a0-])?(?P<part>half|quarters?)[ \u00a0-]"
            rf"(?:of[ \u00a0])?(?:an?[ \u00a0-])?|(?P<other_count>an?|{small})[ \u00a0-](?P<other>{parts})s?"
            rf"[ \u00a0]of[ \u00a0]an?[ \u00a0])(?P<scale>{scales})(?![\w'’])",
            re.IGNORECASE,
        ),
        "share": re.compile(
            rf"(?<![\w'’.,:/-])(?P<count>{small_number})[ \u00a0](?:in|out[ \u00a0]of)[ \u00a0](?:every[ \u00a0])?"
            rf"(?P<whole>{small_number}|an?[ \u00a0]hundred|\d{{1,3}}(?:,\d{{3}})+)"
            rf"(?![\w'’/-]|[.,:]\d|[ \u00a0](?:{scales})\b)",
            re.IGNORECASE,
        ),
        "half_of": re.compile(rf"(?<![\w-])half(?={OF_THE}|[ \u00a0]the\b)", re.IGNORECASE),
        "half": re.compile(
            rf"(?<![\w-])(?<!and a )half(?=[ \u00a0-]an?[ \u00a0-](?:{unit_words()})\b|[ \u00a0-]hour)", re.IGNORECASE
        ),
        "unit_and": re.compile(rf"\b(?:{unit_forms()})[ \u00a0-]and[ \u00a0-]$", re.IGNORECASE),
        "one": re.compile(rf"(?<![\w'’-])an?(?=[ \u00a0][a-z]+{PART_MORE})", re.IGNORECASE),
        "one_length": re.compile(
            rf"(?<!\w)(?:{'|'.join(words['lengths']['before'])})[ \u00a0](?P<one>an?)"
            rf"(?=[ \u00a0](?:{'|'.join(words['lengths']['units'])})\b"
            rf"(?![ \u00a0](?:{'|'.join(words['lengths']['not_before'])})\b|['’-]))",
            re.IGNORECASE,
        ),
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text: half-open offsets, and its words in lower case, with ANY_DIGIT where there is one."""

    start: int
    end: int
    words: frozenset[str]


def _read_lines(text: str) -> list[_Line]:
    lines = []
    for line in LINE.finditer(text):
        words = frozenset(WORD.findall(line[0].lower()))
        lines.append(_Line(line.start(), line.end(), words | {ANY_DIGIT} if DIGIT.search(line[0]) else words))
    return lines


@cache
def _needed_words() -> dict[str, tuple[frozenset[str], ...]]:
    """For each pattern sets of words; a line that lacks all of one holds nothing that the pattern matches."""
    words = number_words()
    small, scales = frozenset(words["small"]), frozenset(words["scales"])
    parts = frozenset(part + ending for part in words["parts"] for ending in ("", "s"))
    halves = frozenset(("half", "quarter", "quarters"))
    return {
        "code": (frozenset((ANY_DIGIT,)),),
        "digits": (frozenset((ANY_DIGIT,)),),
        "words": (small | scales,),
        "fraction": (parts,),
        "part_of_scale": (scales, parts),
        "share": (small | {ANY_DIGIT}, frozenset(("in", "out"))),
        "half_of": (halves,),
        "half": (halves,),
        "one": (halves,),
        "one_length": (frozenset(words["lengths"]["units"]), frozenset(words["lengths"]["before"])),
    }


def _find_in(lines: list[_Line], text: str, name: str) -> Iterator[re.Match[str]]:
    """Matches of a pattern, none of which reaches over a line's end, in the lines that may hold one."""
    pattern, needed = _patterns()[name], _needed_words()[name]
    for line in lines:
        if not any(map(line.words.isdisjoint, needed)):
            # What stands behind the line tells its end from the text's.
            for match in pattern.finditer(text, line.start, min(line.end + 2, len(text))):
                if match.start() < line.end:
                    yield match


def find_single_numbers(text: str) -> list[Number]:
    """All numbers of a text, left to right, none inside another; the two of a range are two.

    Numbers inside dates, clock times, scores, codes and names ("G7") are left out as far as
    their shape shows it.
    """
    taken = bytearray(len(text))
    lines = _read_lines(text)
    for code in _find_in(lines, text, "code"):
        if not NO_CODE.fullmatch(code[0]):
            taken[code.start() : code.end()] = b"\1" * (code.end() - code.start())
    found: list[Number] = []
    for finder in (_find_parts_of_scales, _find_shares, _find_fractions, _find_digits, _find_words, _find_halves):
        for number in finder(text, lines):
            if number.high < LARGEST and not any(taken[number.start : number.end]):
                found.append(number)
                taken[number.start : number.end] = b"\1" * (number.end - number.start)
    return _join_scales(text, sorted(found, key=lambda number: number.start))


def _join_scales(text: str, numbers: list[Number]) -> list[Number]:
    """The numbers, those one whose scales go down from one to the next ("2 lakh 50 thousand")."""
    joined: list[Number] = []
    for number in numbers:
        before = joined[-1] if joined else None
        if before and text[before.end : number.start] in (" ", "\u00a0"):
            is_less = number.high < scale_of(text, before)
            if is_less and scale_of(text, number) > 1 and not (before.is_fraction or number.is_fraction):
                value = before.low + number.low
                is_word = before.is_word and number.is_word
                joined[-1] = Number(before.start, number.end, value, value, is_word=is_word)
                continue
        joined.append(number)
    return joined


def _find_digits(text: str, lines: list[_Line]) -> Iterator[Number]:
    words = number_words()
    for match in _find_in(lines, text, "digits"):
        value = _read_digits(match["digits"]) + read_part(match["more"])
        scales = (match["scale"] or "").lower().replace("\u00a0", " ").split()
        for scale in scales:
            value *= words["scales"][scale]
        if match["short"]:
            value *= words["short_scales"][match["short"].lower()]
        is_dotted = ONE_DOT_GROUP.fullmatch(match[0]) is not None and not DOT_GROUPS.fullmatch(match[0])
        yield Number(match.start(), match.end(), round(value, 6), round(value, 6), is_dotted=is_dotted)


def _read_digits(digits: str) -> float:
    """The value of a number in digits, whatever parts its thousands and its decimals."""
    value = FRACTIONS.get(digits[-1], 0.0)
    plain = digits.rstrip("".join(FRACTIONS))
    if "/" in plain:
        plain, _, printed = re.split(r"([ \u00a0-])", plain)
        above, below = printed.split("/")
        value += int(above) / int(below)
    if DOT_GROUPS.fullmatch(plain):
        plain = plain.replace(".", "")
    elif re.fullmatch(r"\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    plain = re.sub(r"[^\d.]", "", plain)
    return value + (float(plain) if plain else 0.0)


def read_part(printed: str | None) -> float:
    """What "a half", "a quarter" or "three quarters" adds to a number; 0 for None."""
    if not printed:
        return 0.0
    return 0.5 if "half" in printed.lower() else 0.75 if printed.lower().startswith("three") else 0.25


def _find_parts_of_scales(text: str, lines: list[_Line]) -> Iterator[Number]:
    """Parts of a scale: "a quarter of a million", "half a dozen", "three quarters of a billion"."""
    words = number_words()
    for match in _find_in(lines, text, "part_of_scale"):
        count = words["small"].get((match["count"] or match["other_count"] or "a").lower(), 1)
        part = words["parts"][(match["part"] or match["other"]).lower().removesuffix("s")]
        value = count / part * words["scales"][match["scale"].lower()]
        yield Number(match.start(), match.end(), value, value, is_word=True)


def _find_shares(text: str, lines: list[_Line]) -> Iterator[Number]:
    """Shares as "one in four" and "three out of ten" name them, as parts of one; "three in ten days" is none."""
    refused = number_words()["shares"]
    for match in _find_in(lines, text, "share"):
        count, whole = (_read_whole(match[name]) for name in ("count", "whole"))
        before = re.search(r"([A-Za-z]+)\s+$", text[max(0, match.start() - 20) : match.start()])
        after = re.match(r"[ \u00a0]([A-Za-z]+)", text[match.end() : match.end() + 20])
        is_refused = (before and before[1].lower() in refused["not_after"]) or (
            after and after[1].lower() in refused["not_before"]
        )
        if 0 < count < whole and not is_refused and find_unit(text, match.end(), match.end()) is None:
            yield Number(match.start(), match.end(), count / whole, count / whole, is_word=True, is_fraction=True)


def _read_whole(printed: str) -> float:
    if printed[0].isdigit():
        return float(printed.replace(",", ""))
    return parse_number_words(printed) or 0.0


def _find_fractions(text: str, lines: list[_Line]) -> Iterator[Number]:
    """Parts of one in words: "a tenth of the voters", "fell by two-thirds"; "a third time" is none."""
    words = number_words()
    for match in _find_in(lines, text, "fraction"):
        count, part = match["count"].lower(), match["part"].lower()
        number = words["small"].get(count, 1)
        # "a second" and "a quarter," are more often a time than a share.
        is_share = text[match.end() : match.end() + 3].strip() == "of" or number > 1
        # "a century and a half of war"
        is_more = count in ("a", "an") and _patterns()["unit_and"].search(
            text[max(0, match.start() - 30) : match.start()]
        )
        if is_more and not re.match(OF_THE, text[match.end() : match.end() + 12]):
            continue
        if number < words["parts"][part] and (is_share or _is_measured(text, match.start())):
            value = number / words["parts"][part]
            yield Number(match.start(), match.end(), value, value, is_word=True, is_fraction=True)
    for match in _find_in(lines, text, "half_of"):
        if BEFORE_HALF.search(text[max(0, match.start() - 14) : match.start()]):
            yield Number(match.start(), match.end(), 0.5, 0.5, is_word=True, is_fraction=True)


def _is_measured(text: str, start: int) -> bool:
    """Whether the words before tell that an amount follows ("by a third", "nearly a quarter", "a rise of a tenth")."""
    return bool(
        re.search(
            r"\b(?:by|of|than|to|from|about|nearly|almost|over|under|least|roughly)\s+$",
            text[max(0, start - 12) : start],
        )
    )


def _find_words(text: str, lines: list[_Line]) -> Iterator[Number]:
    words = number_words()
    for match in _find_in(lines, text, "words"):
        if split := _split_between(text, match.start(), match["words"]):
            yield from split
            continue
        value = parse_number_words(match["words"])
        if value is not None and not VAGUE_BEFORE.search(text[max(0, match.start() - 12) : match.start()]):
            part = read_part(match["more"])
            if match["scale"]:
                # "two and a half million"
                value = (value + part) * words["scales"][match["scale"].lower()]
            else:
                # "a million and a half" means half a million more.
                value += part * words["scales"].get(match["words"].split()[-1].lower(), 1)
            yield Number(match.start(), match.end(), value, value, is_word=True)


def _split_between(text: str, start: int, phrase: str) -> list[Number]:
    """The two numbers of "between five and ten thousand"; none where the phrase is one number."""
    if not BETWEEN.search(text[max(0, start - 10) : start]):
        return []
    for link in reversed(list(AND.finditer(phrase))):
        low, high = parse_number_words(phrase[: link.start()]), parse_number_words(phrase[link.end() :])
        if low is not None and high is not None and low < high:
            middle, end = start + link.start(), start + len(phrase)
            return [
                Number(start, middle, low, low, is_word=True),
                Number(start + link.end(), end, high, high, is_word=True),
            ]
    return []


def _find_halves(text: str, lines: list[_Line]) -> Iterator[Number]:
    for match in _find_in(lines, text, "half"):
        article = ARTICLE_BEHIND.match(text, match.end())
        yield Number(match.start(), article.end() if article else match.end(), 0.5, 0.5, is_word=True)
    # "an hour and a half": what is added stands behind the unit.
    for match in _find_in(lines, text, "one"):
        yield Number(match.start(), match.end(), 1, 1, is_word=True)
    for match in _find_in(lines, text, "one_length"):
        yield Number(match.start("one"), match.end("one"), 1, 1, is_word=True)


def scale_of(text: str, number: Number) -> float:
    """What a scale word after the number multiplies it with; it holds for both ends of a range."""
    words = number_words()
    printed = text[number.start : number.end].lower()
    tail = printed[len(printed.rstrip(ascii_lowercase)) :]
    return words["scales"].get(tail) or words["short_scales"].get(tail) or 1
