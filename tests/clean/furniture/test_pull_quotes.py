import pytest

from tasks.clean.furniture.pull_quotes import find_pull_quotes
from tasks.clean.lines import split_lines
from tests.clean.made_up_documents import BODY, PROSE

SAID = "“We have waited nine years for this pier and for the boats,” said Ada Cole after the vote."
LONG = (
    "The harbour council agreed to rebuild the old stone pier before the winter storms and to pay for it "
    "with the money that the province had promised in the spring."
)


@pytest.mark.parametrize(
    "line",
    [
        "'We have waited nine years for this pier and for the boats.' Ada Cole, council leader",
        "“We have waited nine years for this pier and for the boats.”",
        '"We have waited nine years for this pier and for the boats" — Ada Cole',
        "“We have waited nine years for this pier and for the boats.” poet Ada Cole",
        "We have waited nine years for this pier and for the boats.",
        "We have waited nine years for this pier and for the boats. Ada Cole, council leader",
        "We have waited nine years for this pier, and for the boats. Ada Cole of the E.U. council",
    ],
)
def test_find_pull_quotes_takes_what_only_repeats(line):
    text = f"{BODY}\n\n{line}\n\n{SAID}"
    assert [text[span.start : span.end] for span in find_pull_quotes(split_lines(text))] == [line]


@pytest.mark.parametrize(
    ("line", "is_taken"),
    [
        ("'We have waited nine years now for this pier and for the boats.' Ada Cole", True),
        ("'We have waited nine years now for this pier and for the boats.'", True),
        ("“We have waited nine years now for this pier and for the boats.”", False),
        ("'We have waited a month for a letter and for the money of the province.' Ada Cole", False),
    ],
    ids=["named", "in single marks", "in double marks as paragraphs are", "another sentence"],
)
def test_find_pull_quotes_takes_what_an_editor_shortened(line, is_taken):
    text = f"{BODY}\n\n{line}\n\n{SAID}"
    assert [text[span.start : span.end] for span in find_pull_quotes(split_lines(text))] == [line] * is_taken


@pytest.mark.parametrize(
    ("line", "is_taken"),
    [
        ("The council must pay for the stone pier. But it's not asking the town.", True),
        ("But it's not asking the town. The council must pay for the stone pier.", False),
        ("The council must pay for the stone pier. It is late.", False),
        ("The council must pay for the stone pier. But it's not asking the king.", False),
    ],
    ids=["two sentences with words left out between", "exchanged", "too short", "another sentence"],
)
def test_find_pull_quotes_takes_sentences_between_which_words_are_left_out(line, is_taken):
    holder = (
        "Before it builds, Cole says, the council must pay for the stone pier (which fell in March and cost a life). "
        "But it’s not asking the town. It is late."
    )
    text = f"{BODY}\n\n{line}\n\n{holder}"
    assert [text[span.start : span.end] for span in find_pull_quotes(split_lines(text))] == [line] * is_taken


@pytest.mark.parametrize("long", [LONG, LONG + " It is “done”."], ids=["plain", "with quotation marks"])
def test_find_pull_quotes_keeps_the_first_of_two_paragraphs(long):
    copy = long.replace("“", '"').replace("”", '"')
    text = f"{long}\n{PROSE[1]}\n{copy}"
    assert [(span.start, span.end) for span in find_pull_quotes(split_lines(text))] == [
        (len(text) - len(copy), len(text))
    ]


@pytest.mark.parametrize(
    "line",
    [
        "“We have waited nine years for this pier and for the boats,” she said again.",
        "“We have never waited for a pier or for boats in all my life.”",
        "'nine years for this'",
        "It was late.",
        "We have waited nine years for this pier and for nothing else.",
        "“We have waited nine years for this pier,” Cole said. “And for the boats, said Ada Cole.”",
        "We have waited nine years for a new mayor of the town. Ada Cole, council leader",
    ],
    ids=[
        "reported speech",
        "said nowhere else",
        "short",
        "no quotation",
        "says more",
        "two parts",
        "named, said nowhere else",
    ],
)
def test_find_pull_quotes_leaves_what_says_more(line):
    text = f"{BODY}\n\n{line}\n\nIt was late.\n\n{SAID}"
    assert find_pull_quotes(split_lines(text)) == []


def test_find_pull_quotes_leaves_the_sentences_of_a_report_filed_in_parts():
    sentence = "The harbour council agreed to rebuild the old stone pier before winter."
    text = f"9:40 a.m.\n\n{sentence}\n\n8:15 a.m.\n\n{PROSE[1]} {sentence}"
    assert find_pull_quotes(split_lines(text)) == []


def test_find_pull_quotes_takes_what_the_report_breaks_with_its_speaker():
    line = "“It may be late for the boats of the north, but it also brings the masons home.” mason Ada Cole"
    said = "“It may be late for the boats of the north,” she says, “but it also brings the masons home.”"
    text = f"{BODY}\n\n{line}\n\n{said}"
    assert [text[span.start : span.end] for span in find_pull_quotes(split_lines(text))] == [line]


@pytest.mark.parametrize("words", ["We have waited nine years for", "this pier and for the"], ids=["six", "five"])
def test_find_pull_quotes_takes_a_short_quotation_that_a_paragraph_holds(words):
    text = f"{BODY}\n\n“{words}”\n\n{SAID}"
    assert [text[span.start : span.end] for span in find_pull_quotes(split_lines(text))] == [f"“{words}”"]


@pytest.mark.parametrize(
    "text",
    [
        f"“We have waited nine years for”\n\n{BODY}\n\n{SAID}",
        f"{BODY}\n\n'We have waited nine years for'\n\n{SAID}",
        f"{BODY}\n\n“waited nine years for”\n\n{SAID}",
        f"{BODY}\n\n“We have waited ten years for”\n\n{SAID}",
        f"{BODY}\n\n“We have waited nine years for” it\n\n{SAID}",
    ],
    ids=["headline", "single marks", "four words", "said nowhere else", "more than the quotation"],
)
def test_find_pull_quotes_leaves_a_short_quotation_that_may_be_a_heading(text):
    assert find_pull_quotes(split_lines(text)) == []


@pytest.mark.parametrize("name", ["— Ada Cole", "Ada Cole, council leader", "–Ada Cole, who leads the council"])
def test_find_pull_quotes_takes_the_line_that_says_who_spoke(name):
    quoted = "“We have waited nine years for this pier and for the boats,”"
    text = f"{BODY}\n\n{quoted}\n\n{name}\n\n{SAID}"
    assert [text[span.start : span.end] for span in find_pull_quotes(split_lines(text))] == [quoted, name]


@pytest.mark.parametrize("line", ["Ada Cole", "— Jo Ford", "Port Ellery, after the vote", "Ada Cole, who leads, left."])
def test_find_pull_quotes_leaves_a_line_below_that_names_nobody_of_the_text(line):
    quoted = "“We have waited nine years for this pier and for the boats,”"
    text = f"{BODY.replace('Port Ellery', 'the town')}\n\n{quoted}\n\n{line}\n\n{SAID}"
    assert [text[span.start : span.end] for span in find_pull_quotes(split_lines(text))] == [quoted]


def test_find_pull_quotes_takes_a_paragraph_that_stands_twice_with_other_dashes():
    paragraph = (
        "The work---if it's done by then---will cost the town’s masons " + "a summer of long days " * 5 + "or more."
    )
    other = paragraph.replace("---", "—").replace("’", "'")
    assert [span.rule_name for span in find_pull_quotes(split_lines(f"{paragraph}\n{PROSE[0]}\n{other}"))] == [
        "paragraph_repeated"
    ]
    changed = other.replace("summer", "winter")
    assert find_pull_quotes(split_lines(f"{paragraph}\n{PROSE[0]}\n{changed}")) == []
