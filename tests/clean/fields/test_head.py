from datetime import UTC, date, datetime

import pytest

from tasks.clean.fields.head import Head, find_dateline, read_byline, read_head
from tasks.clean.lines import Line, split_lines
from tests.clean.made_up_documents import BODY, PROSE


def head_of(text: str, *, declared_title: str | None = None) -> Head:
    return read_head(split_lines(text), declared_title=declared_title, known_outlet=None)


def test_read_head_takes_a_headline_and_its_section():
    head = head_of(f"Council votes to rebuild pier | Island news\n\n{BODY}")
    assert head.headline is not None
    assert (head.headline.title, head.headline.section) == ("Council votes to rebuild pier", "Island news")
    assert head.lines_used == 1


def test_read_head_leaves_a_text_that_starts_with_prose():
    head = head_of(BODY)
    assert head.headline is None
    assert head.spans == []


def test_read_head_tells_the_page_clock_from_the_date_of_publication():
    head = head_of(f"Thursday, February 2, 2023\n\nCouncil votes to rebuild pier\n\nMay 3, 2022\n\n{BODY}")
    assert head.clock is not None
    assert head.date_line is not None
    assert (head.clock.day, head.date_line.day) == (date(2023, 2, 2), date(2022, 5, 3))
    assert [span.category for span in head.spans] == ["page_clock", "title", "date"]


@pytest.mark.parametrize(
    ("line", "clock", "dated"),
    [
        ("May 3, 2022", None, None),
        ("Published: May 3, 2022", None, date(2022, 5, 3)),
        ("Updated May 3, 2022", None, None),
    ],
)
def test_read_head_makes_no_date_of_what_stands_above_the_title(line, clock, dated):
    head = head_of(f"{line}\n\nCouncil votes to rebuild pier\n\n{BODY}")
    assert (head.clock, head.date_line and head.date_line.day) == (clock, dated)
    assert head.headline is not None


def test_read_head_reads_subtitle_and_byline():
    head = head_of(
        f"Council votes to rebuild pier\n\nNine years of waiting end for the fishermen\n\nBy Jo Ford\n\n{BODY}"
    )
    assert (head.subtitle, head.byline) == ("Nine years of waiting end for the fishermen", "Jo Ford")
    assert head.lines_used == 3


@pytest.mark.parametrize(
    ("head_text", "categories", "byline"),
    [
        ("Jo Ford, HERALD TODAY 2:03 p.m. EDT March 22, 2016", ["byline"], "Jo Ford"),
        ("WBUL 5:58 AM. CDT April 22, 2016", ["byline"], None),
        ("Posted on January 19, 2024 by newsdesk", ["byline"], "newsdesk"),
        ("Published: 3 May 2021 at 10:15 by Ada Cole", ["byline"], "Ada Cole"),
        ("Posted by the gate in 2016, he waited for the men sent by Cole.", [], None),
        ("‘We will not leave the pier,’ the mayor says.\nBy Jo Ford", ["subtitle", "byline"], "Jo Ford"),
        ("Ada Cole\nBy Jo Ford", ["furniture", "byline"], "Jo Ford"),
        ("Council votes to rebuild pier\nEllery Times\nBy Jo Ford", ["title", "outlet", "byline"], "Jo Ford"),
        ("Will the council rebuild the pier?\nBy Jo Ford", ["title", "byline"], "Jo Ford"),
        ("Who wants a pier that the sea has already taken?", [], None),
        ("Jo Ford and the pier of 2016", ["title"], None),
    ],
)
def test_read_head_takes_what_stands_around_the_byline(head_text, categories, byline):
    head = head_of(f"{head_text}\n\n{BODY}")
    assert [span.category for span in head.spans] == categories
    assert head.byline == byline


@pytest.mark.parametrize(
    "lead",
    ["The town council of Ellery chose a mason for the pier on Monday", "ELLERY (AP) — The town has chosen a mason"],
    ids=["day", "dateline"],
)
def test_read_head_leaves_a_lead_that_lost_its_full_stop(lead):
    assert head_of(f"Council votes to rebuild pier\n\n{lead}\n\n{BODY}").subtitle is None


def test_read_head_takes_a_repeated_title_twice():
    head = head_of(f"Council votes to rebuild pier\nCouncil votes to rebuild pier\n{BODY}")
    assert [span.rule_name for span in head.spans] == ["first_line", "title_repeated"]


@pytest.mark.parametrize(
    ("declared", "taken"),
    [("Council votes to rebuild pier - The Ellery Herald", True), ("Storm hits the island", False)],
)
def test_read_head_takes_only_the_declared_title(declared, taken):
    head = head_of(f"Council votes to rebuild pier\n\n{BODY}", declared_title=declared)
    assert (head.headline is not None) is taken


def test_read_head_finds_no_title_where_no_prose_follows():
    assert head_of("Council votes to rebuild pier\nStorm hits island\nFerry returns").spans == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Jo Ford", "Jo Ford"),
        ("BY JO FORD AND ADA LIND", "JO FORD AND ADA LIND"),
        ("By Jo Ford and Ada Lind | AP January 27 at 11:15 PM", "Jo Ford and Ada Lind"),
        ("By Ellery Desk", "Ellery Desk"),
        ("Jo Ford | Harbour Correspondent", "Jo Ford"),
        ("By Monday the town was gone", None),
        ("By the sea", None),
        ("Jo Ford Street", None),
    ],
)
def test_read_byline(text, expected):
    assert read_byline(text, is_below_title=True) == expected


def test_read_byline_needs_the_word_by_above_the_title():
    assert read_byline("Jo Ford | Harbour Correspondent", is_below_title=False) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GENEVA (AP) — The talks", "GENEVA (AP)"),
        ("Port Ellery (Reuters) - The talks", "Port Ellery (Reuters)"),
        ("ELLERY, W.Va. - The coal", "ELLERY, W.Va."),
        ("WASHINGTON, Jan 10, 2022 (AFP) - A man", "WASHINGTON, Jan 10, 2022 (AFP)"),
        ("MOSCOW Russia will", "MOSCOW"),
        ("(Reuters) - More than", "(Reuters)"),
        ("(CNN)More than forty boats", "(CNN)"),
        ("(CNN) The talks", "(CNN)"),
        ("(CNN) has called it so", None),
        ("ELLERY (Coast Wire) — The talks", "ELLERY (Coast Wire)"),
        ("NATO Secretary General said", None),
        ("NATO — The alliance", None),
        ("EXCLUSIVE – The council", None),
        ("U.S. Senate — a body", None),
        ("GENEVA (AP) —", "GENEVA (AP)"),
        ("London", "London"),
        ("London calling", None),
        ("LONDON UK lawmakers met", "LONDON"),
        ("WASHINGTON CIA Director Jo Ford spoke", "WASHINGTON"),
        ("WASHINGTON DC police met", None),
        ("LONDON POLICE met", None),
        ("LONDON/OSLO U.S. envoy Jo Ford left", "LONDON/OSLO"),
        ("LONDON/OSLO NATO said on Monday", "LONDON/OSLO"),
        ("LONDON/NEW YORK Police met", "LONDON/NEW YORK"),
        ("LONDON/PORT ELLERY Police met", "LONDON/PORT ELLERY"),
        ("LONDON (CoastWire/AP) — The talks", "LONDON (CoastWire/AP)"),
        ("ELLERY, 2016 - A clerk", "ELLERY, 2016"),
    ],
)
def test_find_dateline(text, expected):
    found = find_dateline(Line(0, len(text), text))
    assert (found and found[0]) == expected


def test_find_dateline_gives_the_length_with_its_dash():
    text = f"GENEVA (AP) — {PROSE[0]}"
    found = find_dateline(Line(0, len(text), text))
    assert found is not None
    assert text[found[1] :] == PROSE[0]


@pytest.mark.parametrize(
    ("line", "name", "at"),
    [
        ("Jo Ford, HERALD TODAY 2:03 p.m. EDT March 22, 2022", "Jo Ford", datetime(2022, 3, 22, 18, 3, tzinfo=UTC)),
        (
            "By Jo Ford | Coast Herald March 22, 2022 at 11:15 PM GMT",
            "Jo Ford",
            datetime(2022, 3, 22, 23, 15, tzinfo=UTC),
        ),
        ("WELL 5:58 AM. CDT April 22, 2022", None, None),
    ],
    ids=["a stamp", "behind the name", "a zone that is not known"],
)
def test_read_head_reads_the_date_on_the_authors_line(line, name, at):
    head = head_of(f"Council votes to rebuild pier\n\n{line}\n\n{BODY}")
    assert head.byline == name
    assert head.date_line is not None
    assert head.date_line.at == at
    assert head.date_line.day.year == 2022


@pytest.mark.parametrize(
    "text",
    [
        "WELL 5:58 AM. CDT April 22, 2022\n\nCouncil votes to rebuild pier",
        "Council votes to rebuild pier\n\nJo Ford Updated 2:03 p.m. EDT March 22, 2022",
    ],
    ids=["a clock above the title", "of an update"],
)
def test_read_head_reads_no_date_of_publication(text):
    assert head_of(f"{text}\n\n{BODY}").date_line is None


@pytest.mark.parametrize("line", ["03/04/2024", "Published: 3/4/24", "3-4-2024 10:15 GMT"])
def test_read_head_takes_a_date_that_may_be_two_days(line):
    head = head_of(f"Council votes to rebuild pier\n\n{line}\n\n{BODY}")
    assert [span.category for span in head.spans] == ["title", "date"]
    assert head.date_line is None


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("Jo Ford Tuesday 3 May 2022 07.00 BST", "Jo Ford", date(2022, 5, 3)),
        ("Jo Ford | Wednesday, May 4, 2022 8:10 AM", "Jo Ford", date(2022, 5, 4)),
    ],
    ids=["day first", "month first"],
)
def test_read_head_reads_the_author_and_the_day_of_one_line(text, name, day):
    head = head_of("\n".join(["Council votes to rebuild pier", text, *PROSE]))
    assert (head.byline, head.date_line and head.date_line.day) == (name, day)


def test_read_head_reads_a_row_of_sections_below_the_headline():
    head = head_of("\n".join(["Council votes to rebuild pier", "News | Coast | Weather", "By Jo Ford", *PROSE]))
    assert (head.section, head.subtitle, head.byline) == ("News", None, "Jo Ford")


@pytest.mark.parametrize(
    ("line", "byline", "outlet"),
    [
        ("Ada Cole | Harbour Gazette", "Ada Cole", "Harbour Gazette"),
        ("By Ada Cole • The Ellery Herald", "Ada Cole", "The Ellery Herald"),
        ("Harbour Gazette", None, "Harbour Gazette"),
    ],
)
def test_read_head_parts_an_author_from_the_outlet(line, byline, outlet):
    head = head_of("\n".join(["Harbour pier to be rebuilt in spring", line, *PROSE]))
    assert (head.byline, head.headline.outlet_name) == (byline, outlet)
    assert head.lines_used == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Port Ellery, May 3 (PTI) The council agreed.", "Port Ellery, May 3 (PTI)"),
        ("Port Ellery [Island], May 3 (ANI): The council agreed.", "Port Ellery [Island], May 3 (ANI)"),
        ("Port Ellery, May 3 The council agreed.", None),
        ("Port Ellery (PTI) The council agreed.", None),
    ],
    ids=["no dash", "country in brackets", "no wire", "no day"],
)
def test_find_dateline_needs_day_and_wire_where_no_dash_stands(text, expected):
    found = find_dateline(Line(0, len(text), text))
    assert (found and found[0]) == expected


@pytest.mark.parametrize(
    ("lines", "name", "day"),
    [
        (["Jo Ford", "May 3, 2022 10:15 AM"], "Jo Ford", date(2022, 5, 3)),
        (["Jo M. Ford", "Harbour Gazette"], "Jo M. Ford", None),
        (["Jo Ford"], "Jo Ford", None),
        (["May 3, 2022 by Jo Ford"], "Jo Ford", date(2022, 5, 3)),
        (["Jo Ford May 3, 2022"], "Jo Ford", date(2022, 5, 3)),
        (["By Jo Ford On May 3, 2022"], "Jo Ford", date(2022, 5, 3)),
        (["Jo Ford | Harbour Gazette | May 3, 2022"], "Jo Ford", date(2022, 5, 3)),
        (["CWA / May 3, 2022, 10:15 IST"], None, date(2022, 5, 3)),
        (["CWA | Updated: May 3, 2022 10:15 IST"], None, None),
        (["New Delhi, May 3, 2022 10:15 IST"], None, date(2022, 5, 3)),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_read_head_reads_a_name_by_the_date_or_outlet_beside_it(lines, name, day):
    head = head_of("\n".join(["Council votes to rebuild pier", *lines, *PROSE]))
    assert (head.byline, head.date_line and head.date_line.day) == (name, day)
    assert head.lines_used == 1 + len(lines)


@pytest.mark.parametrize("lines", [["Port Ellery"], ["Port Ellery", "The sea"], ["Coast News Today", "May 3, 2022"]])
def test_read_head_takes_no_bare_name_by_itself(lines):
    assert head_of("\n".join(["Council votes to rebuild pier", *lines, *PROSE])).byline is None


@pytest.mark.parametrize("line", ["PORT ELLERY, Valdoria (Coast Wire) -", "ELLERY, Valdoria —"])
def test_read_head_takes_no_dateline_for_a_headline(line):
    assert head_of("\n".join([line, *PROSE])).headline is None
    found = find_dateline(Line(0, len(line), line))
    assert found is not None
    assert found[1] == len(line)


def test_read_head_takes_a_headline_in_capitals_that_ends_in_a_dash():
    assert head_of("\n".join(["SEA TAKES OLD PIER—", *PROSE])).headline is not None


@pytest.mark.parametrize("line", ["May 2022", "3 May", "Tuesday, May 3"])
def test_read_head_takes_half_a_date_unless_more_of_them_head_the_parts(line):
    head = head_of("\n".join(["Council votes to rebuild pier", line, *PROSE]))
    assert [span.rule_name for span in head.spans] == ["first_line", "partial_date"]
    assert head.date_line is None
    diary = head_of("\n".join(["Council votes to rebuild pier", line, PROSE[0], "June 2022", PROSE[1]]))
    assert [span.rule_name for span in diary.spans] == ["first_line"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WASHINGTONFormer mayor Jo Ford left", "WASHINGTON"),
        ("NEW YORKThe talks ended", "NEW YORK"),
        ("LIMASSOL keeps its pier", None),
        ("ROMEo is a play", None),
        ("WASHINGTONian of the year", None),
    ],
)
def test_find_dateline_parts_a_place_from_the_word_glued_to_it(text, expected):
    found = find_dateline(Line(0, len(text), text))
    assert (found and found[0]) == expected
