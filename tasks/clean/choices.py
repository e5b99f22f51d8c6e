"""Where an article's title, byline, outlet and publication time are taken from, and how each is known."""

import re
from datetime import UTC
from urllib.parse import urlsplit

from schemas.runs import Document
from tasks.clean.edits import apply_edits
from tasks.clean.fields.dates import (
    MAXIMUM_LINE_CHARS,
    Publication,
    day_start,
    find_dates,
    is_plausible,
    read_date_line,
)
from tasks.clean.fields.headline import split_headline, title_from_lead
from tasks.clean.fields.language import identify_language
from tasks.clean.furniture.captions import FoundCaption
from tasks.clean.mending.mendings import find_mendings
from tasks.clean.pages.facts import Facts
from tasks.clean.reading import Findings

# Pictures of one event are taken within days; further apart, one of them is from the files.
MAXIMUM_CAPTION_DAYS_APART = 7
# Where a report says on which day it happened.
LEAD_CHARS = 2000
WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
# Below this probability a short text's language is a guess, and the page's word for it a better one.
SURE_OF_LANGUAGE = 0.6
# Published lines stand around the text, not in it.
EDGE_LINES = 10
# Before an author's name; "Von" begins names, too, in every language but German.
BY = {"": r"(?:written |reported )?by", "de": "von", "fr": "par", "es": "por", "it": "di", "nl": "door"}
# What stands before a site's own name in its host's.
HOST_PREFIX = re.compile(r"^(?:www\d?|m|amp|mobile|edition|news)\.(?=[^.]+\.)")
Chosen = tuple[str | None, str | None]


def find_named_title(document: Document, facts: Facts) -> Chosen:
    """The title that the input or the page's markup names, mended, and which of them names it."""
    title, method = _first(("declared", document.declared_title), ("markup", facts.title))
    return apply_edits(title, find_mendings(title)) if title else None, method


def choose_title(
    named: Chosen, text: str, findings: Findings, known_outlet: str | None
) -> tuple[str | None, str | None, str | None, str | None]:
    """Title and how it is known; the section and outlet printed behind it. `named` is what `find_named_title` gives."""
    title, method = named
    if title:
        headline = split_headline(title, known_outlet=known_outlet)
        return headline.title, method, headline.section, headline.outlet_name
    if printed := findings.head.headline:
        return printed.title, "printed", printed.section, printed.outlet_name
    return title_from_lead(text.split("\n\n", 1)[0]), "lead", None, None


def choose_byline(document: Document, findings: Findings, facts: Facts) -> Chosen:
    """Author line without 'By', and how it is known."""
    return _first(
        ("declared", document.declared_author),
        ("markup", _without_by(facts.author, facts.language)),
        ("printed", findings.head.byline),
        ("signature", findings.author),
    )


def _without_by(author: str | None, language: str | None) -> str | None:
    words = "|".join({BY[""], BY.get(language or "", BY[""])})
    return re.sub(rf"^(?:{words}):?\s+(?=\S)", "", author, flags=re.IGNORECASE) if author else None


def choose_outlet(document: Document, findings: Findings, facts: Facts, title_outlet: str | None) -> Chosen:
    """Outlet and how it is known; the address's host only where nothing names the outlet."""
    return _first(
        ("declared", document.declared_outlet),
        ("markup", facts.outlet_name),
        ("title", title_outlet),
        ("printed", findings.outlet_name),
        ("address", _host_name(document.declared_url or facts.url)),
    )


def _first(*candidates: tuple[str, str | None]) -> Chosen:
    return next(((value, method) for method, value in candidates if value and value.strip()), (None, None))


def _host_name(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return HOST_PREFIX.sub("", host) if host and "." in host and not host.replace(".", "").isdigit() else None


def choose_publication(
    document: Document, findings: Findings, facts: Facts, *, text: str, source_text: str
) -> Publication | None:
    """When the article was published; None where nothing says so, or only what lies after the fetch.

    `text` is the clean text, `source_text` what it was made of.
    """
    candidates = [_declared_publication(document), *facts.published]
    if facts.seen_time and not _is_clock(facts.seen_time, document):
        candidates.append(facts.seen_time)
    if dateline_dates := find_dates(findings.dateline or ""):
        candidates.append(Publication(day_start(dateline_dates[0].day), "dateline", "day"))
    line = findings.head.date_line or findings.stamp
    if line and line.label != "updated":
        at = line.at or day_start(line.day)
        candidates.append(Publication(at, "date_line", "minute" if line.at else "day"))
    candidates.append(_caption_publication(findings.captions, text))
    chosen = next((item for item in candidates if item and is_plausible(item, document.fetched_at)), None)
    if chosen:
        return chosen
    printed = _printed_publication(source_text)
    return printed if printed and is_plausible(printed, document.fetched_at) else None


def choose_page_clock(document: Document, findings: Findings, facts: Facts) -> Publication | None:
    """The time of the page's clock on the day of the crawl; None where none was seen."""
    if clock := findings.head.clock or findings.clock:
        return Publication(day_start(clock.day), "printed", "day")
    return facts.seen_time if facts.seen_time and _is_clock(facts.seen_time, document) else None


def _is_clock(seen: Publication, document: Document) -> bool:
    """Whether a time of which the page does not say what it is equals the day of the crawl."""
    return seen.at.date() == document.fetched_at.date()


def _declared_publication(document: Document) -> Publication | None:
    declared = document.declared_published_at
    if declared is None:
        return None
    moment = declared.replace(tzinfo=UTC) if declared.tzinfo is None else declared.astimezone(UTC)
    has_time = (moment.hour, moment.minute, moment.second) != (0, 0, 0)
    return Publication(moment, "declared", "minute" if has_time else "day")


def _caption_publication(captions: list[FoundCaption], text: str) -> Publication | None:
    """The last day in the captions, if they agree and the text names the weekday of one of them.

    Most dated captions are of the day before; those of old pictures agree with the text's weekdays by chance only.
    """
    days = [found.day for caption in captions if caption.is_dated for found in find_dates(caption.text or "")]
    if not days or (max(days) - min(days)).days > MAXIMUM_CAPTION_DAYS_APART:
        return None
    named = {name.lower() for name in WEEKDAY.findall(text[:LEAD_CHARS])}
    return (
        Publication(day_start(max(days)), "caption", "day") if named & {f"{day:%A}".lower() for day in days} else None
    )


def _printed_publication(source_text: str) -> Publication | None:
    """The date of a line near either end that says it is that of publication."""
    lines = list(filter(None, map(str.strip, source_text.splitlines())))
    for line in lines[:EDGE_LINES] + lines[EDGE_LINES:][-EDGE_LINES:]:
        found = read_date_line(line) if len(line) <= MAXIMUM_LINE_CHARS else None
        if found and found.label == "published":
            return Publication(found.at or day_start(found.day), "text", "minute" if found.at else "day")
    return None


def choose_language(text: str, facts: Facts) -> tuple[str, float]:
    """Language of the text (ISO 639-1) and its probability; that which the page declares where the text is unsure."""
    language, probability = identify_language(text)
    if facts.language and probability < SURE_OF_LANGUAGE:
        return facts.language, probability
    return language, probability
