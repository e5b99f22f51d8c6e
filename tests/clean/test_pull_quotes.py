import pytest

from tasks.clean.lines import split_lines
from tasks.clean.pull_quotes import find_pull_quotes
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
    ],
)
def test_find_pull_quotes_takes_what_only_repeats(line):
    text = f"{BODY}\n\n{line}\n\n{SAID}"
    assert [text[span.start : span.end] for span in find_pull_quotes(split_lines(text))] == [line]


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
    ],
    ids=["reported speech", "said nowhere else", "short", "no quotation"],
)
def test_find_pull_quotes_leaves_what_says_more(line):
    text = f"{BODY}\n\n{line}\n\nIt was late.\n\n{SAID}"
    assert find_pull_quotes(split_lines(text)) == []
