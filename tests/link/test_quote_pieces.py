import pytest

from tasks.link.quote_pieces import cut_pieces, find_marked, is_name, split_quote


@pytest.mark.parametrize(
    ("content", "segments", "expected"),
    [
        pytest.param("One ends. Two begins.", "", ["One ends.", "Two begins."], id="two sentences"),
        pytest.param("Never again, We go.", "5:17 30:36", ["Never again,", "We go."], id="parted by a cue"),
        pytest.param("It rose 3.5 percent", "", ["It rose 3.5 percent"], id="no stop within a number"),
        pytest.param("", "", [""], id="empty"),
    ],
)
def test_split_quote_gives_sentences_and_pieces(content, segments, expected):
    assert split_quote(content, segments) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("the talks were “frank and candid”, as ever", ["frank and candid"]),
        ("he named it a “farce” of old", []),
        ("no marks here", []),
        (
            'the roof was "past hope of repair" and "a danger to children"',
            ["past hope of repair", "a danger to children"],
        ),
    ],
)
def test_find_marked_gives_what_is_more_than_a_word(sentence, expected):
    assert find_marked(sentence) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("House of Nights", True),
        ("the Orange Harbour", True),
        ("Orange harbour", False),
        ("of the", False),
        ("", False),
    ],
)
def test_is_name_tells_titles_from_words(text, expected):
    assert is_name(text) == expected


def test_cut_pieces_adds_clauses_of_several_ideas():
    sentence = "The harbour gate stays open until winter, and the fishing boats return from the northern islands"
    pieces = cut_pieces([sentence, "Short one"])
    assert pieces.texts[0] == sentence
    assert pieces.owners.tolist() == [0] * (len(pieces.texts) - 1) + [1]
    assert pieces.is_clause.tolist() == [text not in (sentence, "Short one") for text in pieces.texts]
    assert pieces.is_clause.sum() == 2
