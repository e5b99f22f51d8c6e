import pytest

from tasks.clean.lines import split_lines
from tasks.clean.reading import Findings, read_draft
from tests.clean.made_up_documents import BODY, PROSE


def read(text: str, *, is_page: bool = False) -> Findings:
    return read_draft(split_lines(text), text, is_page=is_page, declared_title=None, known_outlet=None)


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


def test_read_draft_goes_by_words_alone_in_a_page():
    text = "\n\n".join([*PROSE, "Why the lighthouse went dark"])
    assert [span.rule_name for span in read(text).spans] == ["tail_link"]
    assert read(text, is_page=True).spans == []
