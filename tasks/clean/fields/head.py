"""What stands above an article's text: headline, standfirst, byline, dates."""

import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from tasks.clean.draft import Span
from tasks.clean.fields.dates import (
    DateLine,
    is_ambiguous_date_line,
    is_partial_date_line,
    read_date_line,
    read_stamp_line,
)
from tasks.clean.fields.headline import (
    Headline,
    is_outlet_name,
    is_section_name,
    read_section_row,
    split_headline,
)
from tasks.clean.lines import Line, fold
from tasks.clean.tables import load_table

HEAD_LINES = 14
MAXIMUM_TITLE_WORDS = 25
# A paragraph of forty words is never taken for its position.
MAXIMUM_SUBTITLE_WORDS = 39
MAXIMUM_OUTLET_WORDS = 5
MAXIMUM_PLACE_WORDS = 3
NAME = r"[A-Z][\w.'’-]*(?:[ ](?:[A-Z][\w.'’-]*|de|da|van|von|der|den|el|al|bin|di|la|le)){1,4}"
# A name alone is two or three words, each in small letters behind its capital.
NAME_WORD = r"[A-Z][a-zà-ÿ'’-]++(?:[A-Z][a-zà-ÿ]++)?"
BARE_NAME = re.compile(rf"{NAME_WORD}(?: [A-Z]\.)?(?: (?:de|da|van|von|der|al|bin|di|la))?(?: {NAME_WORD}){{1,2}}")
MAXIMUM_NAME_CHARS = 80
ROLE = (
    r"(?:[A-Z][\w&.'’-]*|staff|senior|chief|political|foreign|special|guest|"
    r"correspondent|reporter|writer|editor|in|for|of|the|to|and)"
)
BYLINE = re.compile(
    rf"(?:(?:written |reported |story |report |words |text )?by:?\s+|author:?\s+|(?P<bare>))"
    rf"(?P<name>(?:{NAME}|[A-Z]{{2,5}}|[A-Z]\w+ (?:Desk|Staff|Bureau|Reporter|Correspondent|Agencies|Agency))"
    rf"(?:(?:,| and| &|,? with)\s+{NAME}){{0,4}})"
    rf"(?P<role>\s*(?:,|\||[–—-]|\bfor\b|\bin\b|•|·)\s*{ROLE}(?:\s+{ROLE}){{0,6}})?\.?"
)
# "By Ada Cole | Harbour News January 27 at 11:15 PM": the time stamp that is printed on the author's line.
TIME_STAMP = re.compile(
    r"(?<![\s|/•·–—-])[\s|/•·–—-]++(?:AP\s++|on\s++|(?:updated|published|posted)\s*+:?\s*+)?(?:\d{1,2}:\d\d\s*[ap]\.?m\.?\s*(?:[A-Z]{2,4}\s+)?)?"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:\d{1,2}/\d{1,2}/\d{2,4}|"
    r"\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?,? \d{4}|"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}(?:,? \d{4})?)"
    r"(?:,?\s*(?:at )?\d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?)?(?:\s+[A-Z]{2,4})?)?$",
    re.IGNORECASE,
)
# "Jo Ford, HERALD TODAY 2:03 p.m. EDT March 22, 2016", "WBUL 5:58 AM. CDT April 22, 2016"
STAMPED_BYLINE = re.compile(rf"(?P<name>{NAME})?[\s,|]*(?:[A-Z][\w.&-]*(?:\s+|$)){{0,5}}")
# "Posted on March 3, 2024 by newsdesk": blogs print the account that posted.
POSTED_BYLINE = re.compile(
    r"(?:posted|published|submitted|written)(?: on| at)?:? [^\n]{6,40}? by "
    r"(?P<name>[\w.'’-]{2,30}(?: [\w.'’-]{1,30}){0,3})",
    re.IGNORECASE,
)
# "May 3, 2022 by Ada Cole"
DATED_BYLINE = re.compile(rf"(?P<date>[^\n]{{6,40}}?),? (?i:by) (?P<name>{NAME})")
# "Ada Cole | Harbour Gazette"
BYLINE_AND_OUTLET = re.compile(rf"(?:by:?\s+)?(?P<name>{NAME})\s*[|•·]\s*(?P<outlet>[^|•·\n]{{3,60}})", re.IGNORECASE)
CLOCK_TIME = re.compile(r"\d[:.]\d\d")
BYLINE_START = re.compile(r"(?:written |reported |story |report |words |text )?by:?\s|author:?\s", re.IGNORECASE)
NEWS_DAY = re.compile(r"\bon (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
STAFF = re.compile(r"\b(?:staff|writer|reporter|correspondent|editor|desk|bureau|agencies|columnist)\b", re.IGNORECASE)
INITIALISM_END = re.compile(r"\b(?:[A-Z]\.){2}$")


@dataclass(slots=True)
class Head:
    """What the head of a text says, and the spans of the draft it was read from."""

    headline: Headline | None = None
    subtitle: str | None = None
    byline: str | None = None
    section: str | None = None
    clock: DateLine | None = None
    date_line: DateLine | None = None
    spans: list[Span] = field(default_factory=list)
    lines_used: int = 0

    def take(self, line: Line, category: str, rule_name: str) -> None:
        """Takes the line out of the text, for the reason given."""
        self.spans.append(Span(line.start, line.end, category, rule_name))
        self.lines_used += 1


def read_head(lines: list[Line], *, declared_title: str | None, known_outlet: str | None) -> Head:
    """The head of the text, whose first `lines_used` lines are then no longer part of it.

    With a `declared_title` only a line that repeats it is taken for the headline.
    """
    head = Head()
    for index, line in enumerate(lines[:HEAD_LINES]):
        following = lines[index + 1 : index + 1 + HEAD_LINES]
        if not _read_head_line(head, line, following, declared_title=declared_title, known_outlet=known_outlet):
            break
    return head


def _read_head_line(
    head: Head, line: Line, following: list[Line], *, declared_title: str | None, known_outlet: str | None
) -> bool:
    """Whether the line belongs to the head; it is then taken."""
    if date_line := read_date_line(line.text):
        _take_date_line(head, line, date_line, is_above_title=head.headline is None)
    elif is_ambiguous_date_line(line.text):
        head.take(line, "date", "ambiguous_date")
    elif head.headline and is_partial_date_line(line.text) and not _is_dated_in_parts(following):
        head.take(line, "date", "partial_date")
    elif not any(later.is_prose for later in following):
        return False
    elif head.headline and fold(line.text) in (fold(head.headline.title), fold(declared_title or "")):
        head.take(line, "title", "title_repeated")
    elif head.headline and (signed := read_byline_and_outlet(line.text)):
        head.headline = replace(head.headline, outlet_name=head.headline.outlet_name or signed["outlet"].strip())
        _take_byline(head, line, signed["name"], "byline_and_outlet")
    elif byline := read_byline(line.text, is_below_title=head.headline is not None):
        _take_byline(head, line, byline, "byline")
    elif head.headline and (name := _read_bare_name(line.text, following)):
        _take_byline(head, line, name, "bare_name")
    elif stamped := read_stamped_byline(line.text):
        _take_byline(head, line, None if _is_place(stamped["name"] or "") else stamped["name"], "stamped_byline")
    elif head.headline and line.word_count <= MAXIMUM_OUTLET_WORDS and is_outlet_name(line.text):
        head.headline = replace(head.headline, outlet_name=head.headline.outlet_name or line.text)
        head.take(line, "outlet", "outlet_below_title")
    elif head.headline is None and _is_headline(line, following[0], declared_title):
        head.headline = split_headline(line.text, known_outlet=known_outlet)
        head.take(line, "title", "first_line")
    elif is_section_name(line.text) and line.word_count <= 2:
        head.section = head.section or line.text
        head.take(line, "section", "section_line")
    elif head.headline and (sections := read_section_row(line.text)):
        head.section = head.section or sections[0]
        head.take(line, "section", "section_row")
    elif (
        head.headline is None
        and line.word_count <= 3
        and not line.ends_sentence
        and (_is_byline(following[0]) or _is_headline(following[0], following[-1], declared_title))
    ):
        head.take(line, "furniture", "head_label")
    elif not head.subtitle and (
        (head.headline and _is_subtitle(line))
        or (line.word_count <= MAXIMUM_SUBTITLE_WORDS and _opens_report(following))
    ):
        head.subtitle = " ".join(line.text.split())
        head.take(line, "subtitle", "standfirst")
    else:
        return False
    return True


def _is_dated_in_parts(following: list[Line]) -> bool:
    """Whether more such lines follow: then each heads a part of the text."""
    return any(is_partial_date_line(later.text) for later in following)


def _read_bare_name(text: str, following: list[Line]) -> str | None:
    """The name of a line that is a name and a date, or a name above a date or an outlet's name; else None.

    Above a paragraph it is the author's if the text names nobody and no place so.
    """
    name = TIME_STAMP.sub("", text).rstrip(" |/•·–—-,") if len(text) <= MAXIMUM_NAME_CHARS else ""
    if not (matched := BARE_NAME.fullmatch(name)) or is_outlet_name(name) or is_section_name(name) or _is_place(name):
        return None
    is_signed = (
        name != text
        or read_date_line(following[0].text) is not None
        or is_outlet_name(following[0].text)
        or (following[0].is_prose and not any(name in later.text for later in following))
    )
    return matched.group() if is_signed else None


def _is_place(text: str) -> bool:
    return text.upper() in load_table("fields/places.toml")["cities"]


def _is_byline(line: Line) -> bool:
    return read_byline(line.text, is_below_title=False) is not None or read_stamped_byline(line.text) is not None


def _opens_report(following: list[Line]) -> bool:
    """Whether the next line is the byline: what stands above it presents the report."""
    return _is_byline(following[0])


def _take_byline(head: Head, line: Line, name: str | None, rule_name: str) -> None:
    head.byline = head.byline or name
    stamp = read_stamp_line(line.text)
    # Above the headline a time without an author may be the page's clock.
    if stamp and stamp.label != "updated" and (name or head.headline):
        head.date_line = head.date_line or stamp
    head.take(line, "byline", rule_name)


def _take_date_line(head: Head, line: Line, date_line: DateLine, *, is_above_title: bool) -> None:
    if is_above_title and date_line.label is None:
        # Above the headline a bare date is the page's clock on the day of the crawl; only with
        # its weekday is it surely that, and without it is nothing sure.
        if date_line.has_weekday:
            head.clock = head.clock or date_line
        head.take(line, "page_clock" if date_line.has_weekday else "date", "date_above_title")
        return
    if date_line.label != "updated":
        head.date_line = head.date_line or date_line
    head.take(line, "date", "date_line")


def _is_headline(line: Line, following: Line, declared_title: str | None) -> bool:
    if declared_title:
        return repeats_title(line.text, declared_title)
    # A report may open with a question: one is a headline by its capitals or by what stands below it.
    if line.text.endswith("?") and not (
        capitalises_words(line.text) or find_dateline(following) or not following.is_prose
    ):
        return False
    if BYLINE_START.match(line.text) or line.text.endswith((")", "]")) or _is_dateline(line):
        return False
    first = line.text.lstrip("“‘\"'«([")[:1]
    ends_like_one = not line.text.rstrip("\"'”’").endswith((".", ",", ":", ";", "…")) or bool(
        INITIALISM_END.search(line.text)
    )
    return 4 <= line.word_count <= MAXIMUM_TITLE_WORDS and ends_like_one and (first.isdigit() or not first.islower())


def _is_dateline(line: Line) -> bool:
    """Whether the whole line is a dateline, with its region or wire."""
    found = find_dateline(line) if line.text.endswith(("—", "–", "-")) else None
    return found is not None and found[1] == len(line.text) and not {",", "("}.isdisjoint(found[0])


def capitalises_words(text: str) -> bool:
    """Whether more than half of the longer words behind the first have a capital."""
    words = [word for word in text.split()[1:] if len(word) > 3 and word[0].isalpha()]
    return sum(word[0].isupper() for word in words) * 2 > len(words)


def repeats_title(text: str, title: str) -> bool:
    """Whether the line is the title again, a suffix or a word or two apart."""
    # Six words more are some sixty letters; a paragraph is no title's repetition.
    if len(text) > 2 * len(title) + 90:
        return False
    line_words, title_words = fold(text).split(), _title_words(title)
    if not line_words or len(line_words) > 2 * MAXIMUM_TITLE_WORDS:
        return False
    if line_words[: len(title_words)] == title_words and len(line_words) - len(title_words) <= 6:
        return True
    shared = len(set(line_words) & set(title_words))
    return shared / len(set(line_words) | set(title_words)) >= 0.7


@lru_cache(maxsize=1)
def _title_words(title: str) -> list[str]:
    # Each line of a head is compared with the same title.
    return fold(split_headline(title).title).split()


def _is_subtitle(line: Line) -> bool:
    # A lead that lost its full stop tells the day, as only leads do.
    if NEWS_DAY.search(line.text) or find_dateline(line):
        return False
    starts_well = not line.text[:1].islower() and not line.text.startswith(("-", "•", "*"))
    open_end = not line.ends_sentence and not line.text.endswith((",", ":", ";"))
    return 5 <= line.word_count <= MAXIMUM_SUBTITLE_WORDS and starts_well and open_end


def read_byline(text: str, *, is_below_title: bool) -> str | None:
    """The author's name of a line that is a byline, else None; a name without 'By' only below the title."""
    if len(text) > 160:
        return None
    text = TIME_STAMP.sub("", text).rstrip(" |•·–—-,")
    if not text:
        return None
    started = BYLINE_START.match(text)
    match = BYLINE.fullmatch(text[0].upper() + text[1:] if started is None else "by " + text[started.end() :])
    if match is None or (started is None and not (is_below_title and STAFF.search(text))):
        return None
    return match["name"]


def read_byline_and_outlet(text: str) -> re.Match[str] | None:
    """The match of a line that is an author's name, a bar and an outlet's name; None where it is none."""
    if len(text) > 120 or not any(map(text.__contains__, "|•·")):
        return None
    match = BYLINE_AND_OUTLET.fullmatch(TIME_STAMP.sub("", text))
    return match if match and is_outlet_name(match["outlet"].strip()) else None


def read_stamped_byline(text: str) -> re.Match[str] | None:
    """The match of a line that is a time stamp and an author or outlet; its group `name` may be empty.

    Without a word such as "Posted" the stamp has its hour.
    """
    if (posted := POSTED_BYLINE.fullmatch(text)) and read_stamp_line(text):
        return posted
    if len(text) <= MAXIMUM_NAME_CHARS and (dated := DATED_BYLINE.fullmatch(text)) and read_date_line(dated["date"]):
        return dated
    stamp = TIME_STAMP.search(f" {text}") if len(text) <= 120 else None
    if stamp is None or not CLOCK_TIME.search(stamp.group()):
        return None
    maker = text[: max(0, stamp.start() - 1)].strip(" |•·–—-,")
    return STAMPED_BYLINE.fullmatch(maker) if maker else None


# Two capitals of a place, or the bracket of a wire's name, not far from the start: no dateline is without.
OPENING_OF_DATELINE = re.compile(r"[A-Z][A-Z.'’-]|.{0,250}?[(\[]", re.DOTALL)


@cache
def _dateline_pattern() -> re.Pattern[str]:
    wires = "|".join(map(re.escape, load_table("fields/agencies.toml")["wires"]))
    cities = "|".join(map(re.escape, load_table("fields/places.toml")["cities"]))
    regions = "|".join(map(re.escape, sorted(load_table("fields/places.toml")["regions"], key=len, reverse=True)))
    upper = r"[A-Z][A-Z.'’-]+(?:[ ][A-Z][A-Z.'’-]+){0,3}"
    region = r"(?:,\s+[A-Z][\w.]*(?:\s[A-Z][\w.]*){0,2})?"
    day = r"(?:,\s+(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2,8})(?:,?\s+20\d\d)?|,\s+20\d\d)?"
    wire = rf"\s*[(\[](?:{wires})[)\]]"
    # Behind a place in capitals any name in brackets is a wire's.
    any_wire = r"\s*\([A-Z][\w./]*(?:[ ][A-Z][\w./]*){0,3}\)"
    # Without a dash a sentence may start with capitals, too: of a second place that is unknown as few words as can be.
    second = rf"(?:(?:{cities})(?![\w'’-])|[A-Z][A-Z.'’-]+(?:[ ][A-Z][A-Z.'’-]+){{0,3}}?)"
    # A sentence starts behind the place: "A man", "Police", "U.S.", "UK lawmakers", "CIA Director".
    sentence = r"(?=[A-Z“\"][a-z’'U.]|A\s|(?!DC\b|CITY\b|POST\b|ZOO\b)[A-Z]{2,4}\s+(?:[a-z(]|[A-Z][a-z]))"
    return re.compile(
        rf"(?P<place>{upper}(?:/{upper})?{region}{day}(?:{any_wire})?)\s*(?:—|–|--|-(?=\s|$))(?:\s*[-–—](?=\s))?\s*(?![a-z\s])"
        rf"|(?P<place2>[A-Z][\w.'’-]*(?:[ ][A-Z][\w.'’-]*){{0,3}}{region}{day}{wire})\s*(?:—|–|--|-|:)\s*"
        # "Port Ellery, May 3 (PTI) The council": the wires of India set no dash.
        rf"|(?P<place7>[A-Z][\w.'’-]*(?:[ ][A-Z][\w.'’-]*){{0,3}}(?:\s\[[A-Z][\w ]{{2,20}}\])?{region}"
        rf",\s+(?:[A-Z][a-z]{{2,8}}\.?\s+\d{{1,2}}|\d{{1,2}}\s+[A-Z][a-z]{{2,8}})(?:,?\s+20\d\d)?{wire})\s*:?\s+(?=[A-Z“\"])"
        # Pages print a wire's name alone without a dash, too: "(AP)More than".
        rf"|(?P<place3>\((?:{wires})\))(?:\s*(?:—|–|--|-|:)\s*|\s?(?=[A-Z“\"]))"
        # Dumps lose the dash: a region or a second place tells then that the capitals are a place.
        rf"|(?P<place5>{upper}(?:/{upper}){{0,3}}, (?:{regions})(?:/{upper}(?:, (?:{regions}))?){{0,2}}"
        rf"{day}(?:{wire})?)\s+(?=[A-Z“\"])"
        rf"|(?P<place6>(?:{cities})(?:/{second}){{1,3}}{day}(?:{wire})?)\s+{sentence}"
        # "WASHINGTONFormer": the space went with the dash.
        rf"|(?P<place4>(?:{cities}){day}(?:{wire})?)(?:[:,]?\s+{sentence}|(?=[A-Z][a-z]+ ))"
    )


def find_dateline(line: Line) -> tuple[str, int] | None:
    """The dateline that opens the line, or is all of it, and its length with the dash; None where there is none."""
    if line.word_count <= MAXIMUM_PLACE_WORDS and _is_place(line.text):
        return line.text, len(line.text)
    match = _dateline_pattern().match(line.text) if OPENING_OF_DATELINE.match(line.text) else None
    if match is None:
        return None
    place = next(text for text in match.groups() if text)
    return None if place in load_table("fields/places.toml")["not_places"] else (place, match.end())
