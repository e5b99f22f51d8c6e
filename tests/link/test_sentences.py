import pytest

from tasks.link.sentences import SENTENCE_END, SENTENCE_OR_LINE_END


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("One ends. Two begins.", ["One ends.", "Two begins."], id="stop"),
        pytest.param("“Never!” “We go on.”", ["“Never!", "“We go on.”"], id="marks"),
        pytest.param("It closed on Nov. 12 for good.", ["It closed on Nov. 12 for good."], id="month"),
        pytest.param("We asked Mr. Cole and Sen. Marsh.", ["We asked Mr. Cole and Sen. Marsh."], id="titles"),
        pytest.param("I know Ada W. Cole well.", ["I know Ada W. Cole well."], id="initial"),
        pytest.param("It left the U.S. They stay.", ["It left the U.S.", "They stay."], id="letters of a country"),
        pytest.param("It was sold to Kestrel Inc. They go.", ["It was sold to Kestrel Inc.", "They go."], id="firm"),
        pytest.param("It rose 3.5 percent", ["It rose 3.5 percent"], id="within a number"),
    ],
)
def test_sentence_end_parts_sentences(text, sentences):
    assert SENTENCE_END.split(text) == sentences


def test_sentence_or_line_end_parts_lines_as_well():
    assert SENTENCE_OR_LINE_END.split("a headline\n\nOne ends. Two begins") == ["a headline", "One ends.", "Two begins"]
