import re

import pytest

from tasks.clean.lines import Line, count_words, fold, is_hard_wrapped, split_lines

WRAPPED = (
    "The harbour council of Port Ellery agreed on Tuesday to\nrebuild the old stone pier before the winter storms\n"
    "arrive, and two boats that were lost there in the spring\nwill be paid for.\n\n"
    "Ada Cole, who leads the council, said that the town had\nwaited nine years for this and that it would not wait\n"
    "any longer, whatever the province had to say about the\ncosts of it."
)


def make_line(text: str) -> Line:
    return Line(0, len(text), text)


def test_split_lines_gives_offsets_of_stripped_lines():
    text = "  One.\n\n\u00a0Two. \n"
    assert [(text[line.start : line.end], line.text) for line in split_lines(text)] == [
        ("One.", "One."),
        ("Two.", "Two."),
    ]


def test_split_lines_joins_lines_of_a_block():
    assert [line.text for line in split_lines("One\ntwo.\n\nThree.", join_lines=True)] == ["One\ntwo.", "Three."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [(WRAPPED, True), (WRAPPED.replace("\n\n", "\n"), False), ("One.\nTwo.\n\nThree.", False)],
    ids=["wrapped", "no empty line", "paragraphs"],
)
def test_is_hard_wrapped(text, expected):
    assert is_hard_wrapped(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("He left.", True), ("He left.”", True), ("He left", False), ("Why?", True), ("", False)]
)
def test_ends_sentence_looks_behind_closing_marks(text, expected):
    assert make_line(text).ends_sentence is expected


@pytest.mark.parametrize(("text", "expected"), [("don't stop-gap U.S. 4,000", 5), ("", 0), ("— …", 0), ("日本語", 3)])
def test_count_words(text, expected):
    assert count_words(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a.b.c-d’e'f g-- -h i-",
        "x-y-z. -x--y 1.000,5 _a_ ...",
        "“Café”—naïve, £4.50 … ½ ª",
        "\x81\x85\x00a\u0307 b",
        "Ужин в порту, ’tis",
        "Straße\n\nEnd.\tOne-\ntwo",
        "-a-",
        "a",
    ],
)
def test_count_words_counts_as_its_pattern_does(text):
    assert count_words(text) == len(re.findall(r"\w+(?:['’.\-]\w+)*", text))


@pytest.mark.parametrize(
    "text",
    [
        "One\r\nTwo\rThree\n",
        "\n\n One\x0bTwo\x0cThree\x1c\x1d\x1eFour",
        "One\x85Two\u2028Three\u2029\u3000Four\u00a0",
        "\u2003",
    ],
    ids=["returns", "separators", "unicode", "nothing"],
)
def test_split_lines_ends_lines_at_every_break(text):
    expected = re.split(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]", text)
    lines = split_lines(text)
    assert [line.text for line in lines] == [line.strip() for line in expected if line.strip()]
    assert [text[line.start : line.end] for line in lines] == [line.text for line in lines]


def test_fold_makes_case_and_punctuation_equal():
    assert fold("The  “Pier”, again!") == fold("the pier again")
