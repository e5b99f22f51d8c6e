import re

import pytest

from tasks.annotate.whole_words import find_names, find_whole

# text, name, marks not before, marks not behind: where it stands
PLACES = {
    "whole": ("Lind met Lindqvist, Lind’s aunt.", "Lind", "", "", [0, 20]),
    "inside a word": ("McLind, Lind_1, Lind2", "Lind", "", "", []),
    "a mark before": ("Berg-Lind met Lind", "Lind", "-", "", [14]),
    "a mark behind": ("Lind-Berg met Lind", "Lind", "", "-", [14]),
    "again at once": ("Lind Lind", "Lind", "", "", [0, 5]),
    "with a stop": ("U.S. and U.S.A.", "U.S.", "", "", [0]),
}


@pytest.mark.parametrize(("text", "name", "before", "behind", "expected"), PLACES.values(), ids=PLACES.keys())
def test_find_whole_finds_the_name_and_no_part_of_a_word(text, name, before, behind, expected):
    assert list(find_whole(text, name, not_before=before, not_behind=behind)) == expected


# text, names: what is found
NAMES = {
    "the longer of two": ("Fox News and Fox", ["Fox", "Fox News"], ["Fox News", "Fox"]),
    "none inside another": ("Bank of Kelm Harbour", ["Bank of Kelm", "Kelm Harbour"], ["Bank of Kelm"]),
    "before a hyphen": ("Kelm-backed, Kelm-Ashby, Kelm-", ["Kelm"], ["Kelm", "Kelm"]),
    "behind an apostrophe": ("O’Kelm and Kelm’s", ["Kelm"], ["Kelm"]),
    "no names": ("Kelm", [], []),
}


@pytest.mark.parametrize(("text", "names", "expected"), NAMES.values(), ids=NAMES.keys())
def test_find_names_finds_whole_names_left_to_right(text, names, expected):
    assert [text[start:end] for start, end in find_names(text, names)] == expected


def test_find_names_agrees_with_a_pattern_of_all_names():
    names = ["Kelm", "Kelm Harbour", "Harbour Kelm", "U.S.", "El", "Elm"]
    pattern = re.compile(
        rf"(?<![\w’'-])(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w|-[^a-z])"
    )
    joins = (" ", "-", "’", "_", ".", "", "a", "\n")
    for one in names:
        for other in names:
            for join in joins:
                text = f"{join}{one}{join}{other}{join}x {other} {one}-X{join}"
                assert find_names(text, names) == [match.span() for match in pattern.finditer(text)]
