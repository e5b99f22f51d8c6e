from datetime import date

import pytest

from tasks.clean.draft import Span
from tasks.clean.furniture.captions import FoundCaption
from tasks.clean.furniture.rules import choose_line_rules
from tasks.clean.lines import split_lines
from tasks.clean.reading import STEPS, Findings, Reading
from tests.clean.made_up_documents import BODY, PROSE


def read_draft(reading: Reading) -> Findings:
    """What the draft holds besides its article, by the steps that cleaning takes."""
    reading.line_rules = choose_line_rules(reading.lines)
    for step in STEPS:
        step(reading)
    return reading.findings


def read(text: str, *, is_extracted: bool = False) -> Findings:
    return read_draft(Reading(split_lines(text), text, is_extracted=is_extracted))


def test_read_draft_finds_nothing_in_a_clean_article():
    assert read(BODY).spans == []


@pytest.mark.parametrize(
    ("line", "rule_name"),
    [
        ("Share this:", "share_buttons"),
        ("So sad #pier pic.twitter.com/aB3dE5", "post_link"),
        ("kAm%96 4@F?4:= 28C665 E@ C63F:=5 E96 A:6C]k^Am", "enciphered"),
        ("Pilots at the harbour threaten to strike over new rest rules", "link_line"),
        ("Jo Ford/Getty Images", "credit_line"),
    ],
)
def test_read_draft_takes_a_line_among_the_paragraphs(line, rule_name):
    text = "\n\n".join([*PROSE[:2], line, *PROSE[2:]])
    assert [(span.rule_name, text[span.start : span.end]) for span in read(text).spans] == [(rule_name, line)]


NOTE = "Editor’s note: The author of this report"


@pytest.mark.parametrize(
    ("note", "taken"),
    [
        ([NOTE, "sits on the council", "of the town of Ellery."], 3),
        ([NOTE, "sits on the council", "of the Port of Ellery"], 0),
        ([NOTE, *["and on and on"] * 20, "and so on."], 0),
        ([f"{NOTE} sits on the council"], 1),
    ],
    ids=["to its stop", "without its end", "too long", "in one line"],
)
def test_read_draft_takes_a_note_over_several_lines_whole_or_not_at_all(note, taken):
    findings = read("\n".join([*PROSE[:2], *note, *PROSE[2:]]))
    assert [span.rule_name for span in findings.spans].count("editors_note") == taken


def test_read_draft_goes_by_words_alone_in_a_page():
    text = "\n\n".join([*PROSE, "Why the lighthouse went dark"])
    assert [span.rule_name for span in read(text).spans] == ["tail_link"]
    assert read(text, is_extracted=True).spans == []


def test_read_draft_takes_what_the_markup_sets_apart():
    text = f"{PROSE[0]}\n\nThe pier Jo Ford\n\nIt is gone\n\n{PROSE[1]}"
    caption = FoundCaption(text.index("The pier"), text.index("\n\nIt is"), "The pier", "Jo Ford", "markup_caption")
    post = Span(text.index("It is"), text.index("It is") + 10, "embedded_post", "markup_post")
    findings = read_draft(Reading(split_lines(text), text, is_extracted=True, set_apart=[caption, post]))
    assert [span.category for span in findings.spans] == ["caption", "embedded_post"]
    assert findings.captions == [caption]


def test_read_draft_drops_a_tail_by_its_words_where_position_does_not_decide():
    text = "\n\n".join([*PROSE, "Source link"])
    assert [text[span.start : span.end] for span in read(text, is_extracted=True).spans] == ["Source link"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Council votes to rebuild pier\n\n05/16/16 10:39 AM EDT", date(2016, 5, 16)),
        ("05/16/16 10:39 AM EDT\n\nCouncil votes to rebuild pier", None),
        ("Council votes to rebuild pier\n\n05/06/16 10:39 AM EDT", None),
    ],
    ids=["below the title", "above it", "one of two days"],
)
def test_read_draft_reads_the_date_of_a_time_stamp_that_a_rule_takes(text, expected):
    stamp = read(f"{text}\n\n{BODY}").stamp
    assert (stamp and stamp.day) == expected


MENU = ["Home", "World", "Politics", "Business", "Sport", "Weather", "Opinion", "Sign in", "My account", "Jobs"]


@pytest.mark.parametrize(
    ("line", "clock"),
    [
        ("Wednesday, June 1, 2016", date(2016, 6, 1)),
        ("June 1, 2016", None),
        ("Updated: Wednesday, June 1, 2016", None),
    ],
    ids=["with its weekday", "bare", "of an update"],
)
def test_read_draft_tells_the_clock_among_the_menus_of_a_page(line, clock):
    head = ["Council votes to rebuild pier", "By Jo Ford", "May 30, 2016"]
    findings = read("\n".join([*MENU, line, *head, *PROSE, *MENU]))
    assert (findings.clock.day if findings.clock else None) == clock
    assert [span.rule_name for span in findings.spans].count("date_among_menus") == (clock is not None)
    assert findings.head.date_line is not None
    assert findings.head.date_line.day == date(2016, 5, 30)


@pytest.mark.parametrize(
    ("line", "taken", "stamp"),
    [
        ("Published On: May 6, 2022, 09:30 AM IST", True, date(2022, 5, 6)),
        ("First Published: May 06, 2022 09:31 IST", True, date(2022, 5, 6)),
        ("Last updated on May 7, 2022", True, None),
        ("May 6, 2022", False, None),
        ("Published on May 6, 2022, the report names nobody", False, None),
    ],
)
def test_read_draft_takes_a_line_that_says_when_the_article_was_published(line, taken, stamp):
    findings = read("\n\n".join([*PROSE, line]))
    assert ("labelled_date" in [span.rule_name for span in findings.spans]) is taken
    assert (findings.stamp.day if findings.stamp else None) == stamp


def test_read_draft_reads_the_day_in_the_record_of_a_post():
    record = "Posted by: admin in Coast May 6, 2022 0 2,341 Views"
    findings = read("\n\n".join(["Council votes to rebuild pier", record, *PROSE]))
    assert findings.stamp is not None
    assert findings.stamp.day == date(2022, 5, 6)
