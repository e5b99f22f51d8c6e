"""The day on which a story's event happened, as its articles tell it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import takewhile

import pandas as pd

from tasks.link.day_forms import (
    CLOCKS,
    DATES,
    IN_FIGURES,
    LAST_WEEKDAY,
    MONTH,
    MONTHS,
    NUMBERED,
    PLAIN_WEEKDAY,
    RELATIVE,
    STAMP_AT_HEAD,
    WEEKDAY,
    WEEKDAYS,
    YEAR,
    drop_names,
    rules,
)
from tasks.link.planned_days import drop_planned
from tasks.link.sentences import SENTENCE_OR_LINE_END
from tasks.link.story_clusters import settings
from tasks.link.vectors import stop_words
from tasks.number_words import number_words

# What stands before a report's first words: where and when it was filed ("OLDPORT (Jan. 12) -", "Jan 12 (Reuters) -").
PLACE = r"(?:[A-Z][\w.'’-]{0,20}+[ /]?){1,4}+[,(]\s*+"
DATELINE = re.compile(
    rf"\s*+(?:\([^()\n]{{2,40}}\)\s*+)?(?:{PLACE}){{0,2}}(?P<date>{drop_names(DATES[0])}|{drop_names(DATES[1])})\)?"
    r"\s*+(?:[(/][^()/\n]{2,40}[)/]\s*+)?(?:[-–—:]++\s|\.\s(?<=/\.\s))"
)
# A sentence without any of these tells no day; most have none, and the patterns above are slow to fail.
HINT = re.compile(r"day|\d|morning|night|(?:st|nd|rd|th) of ")
DAYS_BACK_TO_TOMORROW = 6
SCORE_BEFORE = re.compile(r"(\d{1,2})[-–]$")
SCORE_BEHIND = re.compile(r"[-–](\d{1,2})\b")
# Up to four words, up to the first sign.
WORDS_TO_STOP = re.compile(r"(?:\s[^\W\d_]+){1,4}")
# "10.01.22"
CENTURY, CENTURY_YEARS = 2000, 100
MONTHS_OF_YEAR = 12
# "Last Friday" is the one that was, unless that is so near that one would say "on Friday": it may be the one before.
LEAST_DAYS_TO_LAST = 3


@dataclass(frozen=True)
class Told:
    """A day that an article tells: a date with or without its year, or a weekday before its publication.

    `weekday` is a number from 0 for Monday; of a date it is what is printed beside it. `days_back` counts from the
    day of publication. `is_last` tells of "last Friday". Where `is_turned` the day may be the month and the month the
    day. `is_stamp` tells of a day on which the article was published, which is no word on the event.
    """

    month: int | None = None
    day: int | None = None
    year: int | None = None
    weekday: int | None = None
    days_back: int | None = None
    is_last: bool = False
    is_turned: bool = False
    is_stamp: bool = False


def find_told_days(text: str) -> list[Told]:
    """The days that the start of an article's text tells, each once; not those of sentences on what is to come."""
    lead = text[: rules()["limits"]["lead_characters"]]
    day_first = _tells_day_first(text)
    found: list[Told] = []
    if stamp := STAMP_AT_HEAD.match(lead):
        found += [replace(told, is_stamp=True) for told in _tell_days(stamp[0], day_first)]
        lead = lead[stamp.end() :]
    if dateline := DATELINE.match(lead):
        found += [replace(told, is_stamp=True) for told in _tell_days(dateline["date"], day_first)]
        lead = lead[dateline.end() :]
    for sentence, line in _split_lines(lead):
        if not HINT.search(sentence):
            continue
        words = _words_of_stamp(sentence, line)
        if words is None:
            found.extend(_tell_days(drop_planned(sentence), day_first))
        elif words & set(rules()["stamps"]["published"]):
            found += [replace(told, is_stamp=True) for told in _tell_days(sentence, day_first) if told.year]
    return list(dict.fromkeys(found))


def _split_lines(text: str) -> Iterator[tuple[str, str]]:
    """Each sentence of a text, with its line up to the sentence's end."""
    start = 0
    for end, following in [(cut.start(), cut.end()) for cut in SENTENCE_OR_LINE_END.finditer(text)] + [(len(text), 0)]:
        yield text[start:end], text[text.rfind("\n", 0, start) + 1 : end]
        start = following


def _words_of_stamp(sentence: str, line: str) -> set[str] | None:
    """The words of a line's beginning that is nothing but a stamp of a page, its last sentence a date; else None.

    What other words stand before makes it a sentence cut behind an abbreviation ("fell at 5 p.m. January 10").
    A weekday alone is no stamp: it may be all that a headline leaves of a date.
    """
    if not any(pattern.search(sentence) for pattern in (*DATES, NUMBERED, IN_FIGURES)):
        return None
    rest = line
    for pattern in (*DATES, NUMBERED, IN_FIGURES, CLOCKS):
        rest = pattern.sub(" ", rest)
    printed = re.findall(r"[^\W\d_]+", rest)
    words, stamps = {word.lower() for word in printed}, rules()["stamps"]
    if printed[:1] == ["By"] and all(word[0].isupper() or word in stamps["clock"] for word in printed):
        # "By Ann Lee | January 12, 2022"
        return set(stamps["published"])
    return words if words <= {*stamps["published"], *stamps["clock"], *stamps["weekdays"], *WEEKDAYS} else None


def _tells_day_first(text: str) -> bool | None:
    """Whether dates in figures have the day first, by those of the text that fit one way only; None where none does."""
    ways = {
        int(match["first"]) > MONTHS_OF_YEAR
        for match in IN_FIGURES.finditer(text)
        if match["sign"] == "/" and max(int(match["first"]), int(match["second"])) > MONTHS_OF_YEAR
    }
    return ways.pop() if len(ways) == 1 else None


def _tell_days(sentence: str, day_first: bool | None) -> Iterator[Told]:
    for pattern in (*DATES, _ordinal_dates()):
        for match in pattern.finditer(sentence):
            if _is_score(sentence, *match.span("day")):
                continue
            weekday = WEEKDAYS.index(match["weekday"].lower()) if match["weekday"] else None
            month = MONTHS.index(match["month"][:3].lower()) + 1
            printed = match["day"]
            day = int(printed) if printed.isdigit() else rules()["ordinals"]["words"].index(printed.lower()) + 1
            yield Told(month=month, day=day, year=_number(match["year"]), weekday=weekday)
    for match in NUMBERED.finditer(sentence):
        yield Told(month=int(match["month"]), day=int(match["day"]), year=int(match["year"]))
    for match in IN_FIGURES.finditer(sentence):
        if sentence[: match.start()].lower().split()[-1:] in [[word] for word in rules()["versions"]["words"]]:
            continue
        first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
        year += CENTURY if year < CENTURY_YEARS else 0
        fits_one_way = max(first, second) > MONTHS_OF_YEAR or first == second
        is_sure = match["sign"] != "/" or day_first is not None or fits_one_way
        is_month_first = second > MONTHS_OF_YEAR or (day_first is False and first <= MONTHS_OF_YEAR)
        is_month_first = is_month_first and match["sign"] == "/"
        month, day = (first, second) if is_month_first else (second, first)
        yield Told(month=month, day=day, year=year, is_turned=not is_sure)
    for match in LAST_WEEKDAY.finditer(sentence):
        yield Told(weekday=WEEKDAYS.index(match["weekday"].lower()), is_last=True)
    for match in PLAIN_WEEKDAY.finditer(sentence):
        if not _names_a_thing(sentence, match):
            yield Told(weekday=WEEKDAYS.index(match["weekday"].lower()))
    for match in RELATIVE.finditer(sentence):
        yield Told(days_back=_count_days_back(match["word"].lower()))


def _is_score(sentence: str, start: int, end: int) -> bool:
    """Whether the number of a day is part of a score ("won 3-2 March 5", "lost in May 3-2"), and not of "March 2-3"."""
    before, behind = SCORE_BEFORE.search(sentence[max(0, start - 3) : start]), SCORE_BEHIND.match(sentence, end)
    day = int(sentence[start:end]) if (before or behind) else 0
    return bool(before and int(before[1]) >= day) or bool(behind and int(behind[1]) <= day)


def _count_days_back(word: str) -> int:
    count, _, ago = word.partition(" ")
    if ago == "days ago":
        return int(count) if count.isdigit() else int(number_words()["small"][count])
    return 2 if word.endswith("before yesterday") else 1 if word in ("yesterday", "last night") else 0


def _names_a_thing(sentence: str, match: re.Match[str]) -> bool:
    """Whether a weekday is part of a name ("The Monday Club"), or of what is no event ("Monday's paper")."""
    names, before = rules()["weekdays"], sentence[: match.start()].lower().split()[-2:]
    following = match["next"] or ""
    if before and before[-1] in names["named_by"]:
        is_feast = before[0] == "on" and before[-1] in names["feasts"]
        return not is_feast or following[:1].isupper() or bool(match["possessive"])
    if match["possessive"]:
        is_ahead = any(word in names["ahead"] for word in before)
        is_ahead = is_ahead and not _is_unannounced(sentence[match.end("possessive") :])
        return is_ahead or not following.islower() or following in names["no_events"]
    return bool(before) and before[-1] in ("the", "a") and following[:1].isupper()


def _is_unannounced(following: str) -> bool:
    """Whether what follows "Monday's" begins with something that nobody announces, such as an attack."""
    phrase = WORDS_TO_STOP.match(following)
    run = list(takewhile(lambda word: word not in stop_words("en"), phrase[0].lower().split() if phrase else []))
    return bool(run) and run[-1] in rules()["weekdays"]["unannounced"]


@cache
def _ordinal_dates() -> re.Pattern[str]:
    """Matches "the tenth of January"."""
    days = "|".join(sorted(rules()["ordinals"]["words"], key=len, reverse=True))
    return re.compile(rf"\b(?:{WEEKDAY},?\s+)?[Tt]he\s+(?P<day>{days})\s+of\s+{MONTH}{YEAR}")


def _number(printed: str | None) -> int | None:
    return int(printed) if printed else None


def resolve_told(told: Told, published: date | None, near: date | None) -> date | None:
    """The day that is meant; None where it cannot be known or the weekday beside a date does not fit.

    `near` is a day of the story for what an article without date of publication leaves open.
    """
    reference = published or near
    if told.month is not None and told.day is not None:
        return _resolve_date(told, reference)
    if told.days_back is not None:
        return published - timedelta(days=told.days_back) if published else None
    if told.weekday is None or reference is None:
        return None
    days_back = (reference.weekday() - told.weekday) % 7
    if told.is_last:
        return reference - timedelta(days=days_back) if days_back >= LEAST_DAYS_TO_LAST else None
    # The weekday that follows may be tomorrow's, where the news comes from, as well as last week's.
    return None if days_back == DAYS_BACK_TO_TOMORROW else reference - timedelta(days=days_back)


def _resolve_date(told: Told, reference: date | None) -> date | None:
    if told.is_turned:
        return _resolve_turned(told, reference)
    years = [told.year] if told.year else [reference.year, reference.year - 1] if reference else []
    for year in years:
        try:
            day = date(year, told.month or 0, told.day or 0)
        except ValueError:
            continue
        is_weekday_right = told.weekday is None or day.weekday() == told.weekday
        if is_weekday_right and (told.year or reference is None or day <= reference):
            return day
    return None


def _resolve_turned(told: Told, reference: date | None) -> date | None:
    """The day of a date in figures that may be read two ways, where only one lies shortly before the reference."""
    if reference is None:
        return None
    turned = replace(told, month=told.day, day=told.month)
    days = {_resolve_date(replace(way, is_turned=False), reference) for way in (told, turned)} - {None}
    near = [day for day in days if day and 0 <= (reference - day).days <= settings()["event_days"]]
    return near[0] if len(near) == 1 else None


@dataclass(frozen=True)
class Report:
    """What one article of a story tells of its day: when it was published, and the days of its text.

    `is_picture` says that `published` is the day on which its pictures were taken.
    """

    published: date | None
    is_picture: bool
    is_original: bool
    told: Sequence[Told]


def list_reports(articles: pd.DataFrame) -> list[Report]:
    """The report of each article; `told_days` are those of `find_told_days`."""
    published = pd.to_datetime(articles["published_at"], utc=True)
    methods = articles["published_at_method"] if "published_at_method" in articles else [None] * len(articles)
    return [
        Report(None if day is pd.NaT else day, method == "caption", is_original, told)
        for day, method, is_original, told in zip(
            published.dt.date, methods, articles["copy_of_article_id"].isna(), articles["told_days"], strict=True
        )
    ]


def agree_on_event_date(reports: Sequence[Report]) -> tuple[date | None, str | None]:
    """The day of the event and what tells it, "text" or "pictures"; None for both where the articles do not agree.

    Each original article has one vote for each day its text tells; the day needs two, more than any other, and half of
    those that vote. Days after the first publication, or more than `event_days` before it, are not the event's.
    Pictures speak where no text does; where both speak they must agree.
    """
    originals = [report for report in reports if report.is_original]
    if len(originals) < 2:
        return None, None
    pictures = _agree_on_pictures(originals)
    texts = _agree_on_texts(originals)
    if texts and pictures and texts != pictures:
        return None, None
    if texts:
        return texts, "text"
    return (pictures, "pictures") if pictures else (None, None)


def _agree_on_texts(reports: list[Report]) -> date | None:
    told = [report.told for report in reports]
    known = [day for report in reports if (day := _published_by_page(report))]
    days = [report.published for report in reports if report.published]
    near = min(known) if known else _dated_by_year(told) or min(days, default=None)
    if near is None:
        return None
    ballots = [
        {
            day
            for item in report.told
            if not item.is_stamp and (day := resolve_told(item, report.published or _stamp_of(report), near))
        }
        for report in reports
    ]
    earliest = near - timedelta(days=settings()["event_days"])
    votes = Counter(day for ballot in ballots for day in ballot if earliest <= day <= near)
    ranked = votes.most_common(2)
    limits = rules()["limits"]
    if not ranked or ranked[0][1] < limits["votes"] or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return None
    voters = sum(any(earliest <= day <= near for day in ballot) for ballot in ballots)
    return ranked[0][0] if ranked[0][1] >= limits["share"] * voters else None


def _published_by_page(report: Report) -> date | None:
    """The day of publication that is known, or that a stamp in the text tells; never that of pictures."""
    return report.published if report.published and not report.is_picture else _stamp_of(report)


def _stamp_of(report: Report) -> date | None:
    """The day of the stamp that stands in an article's text; None where there are several or none."""
    days = {resolve_told(told, None, None) for told in report.told if told.is_stamp} - {None}
    return days.pop() if len(days) == 1 else None


def _dated_by_year(told: Sequence[Sequence[Told]]) -> date | None:
    """The latest day that texts print in full, for a story of which no publication is known."""
    full = [resolve_told(item, None, None) for items in told for item in items if item.year and not item.is_stamp]
    return max((day for day in full if day), default=None)


def _agree_on_pictures(reports: list[Report]) -> date | None:
    """The day on which the pictures of two or more articles were taken, unless they are from the archive."""
    taken = Counter(report.published for report in reports if report.is_picture and report.published)
    ranked = taken.most_common(2)
    if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return None
    day = ranked[0][0]
    first = min((report.published for report in reports if report.published and not report.is_picture), default=None)
    is_fresh = first is None or 0 <= (first - day).days <= settings()["picture_days"]
    return day if is_fresh else None
