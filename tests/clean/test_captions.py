import pytest

from tasks.clean.captions import find_caption, split_credit
from tasks.clean.lines import Line


def read(text: str, *, is_edge: bool = False):
    found = find_caption(Line(0, len(text), text), is_edge=is_edge)
    return found and (found.text, found.credit, found.category, (found.start, found.end) == (0, len(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cover photo: The pier of Ellery in May.", ("The pier of Ellery in May.", None, "caption", True)),
        (
            "Mayor Cole, left, and Minister Lind meet in Ellery on May 3, 2021.Jo Ford/AFP/Getty Images",
            (
                "Mayor Cole, left, and Minister Lind meet in Ellery on May 3, 2021.",
                "Jo Ford/AFP/Getty Images",
                "caption",
                True,
            ),
        ),
        (
            "The pier of Ellery on May 3, 2021. MTI / Reuters / Jo Ford",
            ("The pier of Ellery on May 3, 2021.", "MTI / Reuters / Jo Ford", "caption", True),
        ),
        ("The pier stands empty. (AP Photo/Jo Ford)", ("The pier stands empty.", "AP Photo/Jo Ford", "caption", True)),
        (
            "The pier stands empty.(Photo: Jo Ford, Ellery Herald)",
            ("The pier stands empty.", "Jo Ford, Ellery Herald", "caption", True),
        ),
        (
            "The empty slip at Ellery on May 3, 2021.Jo Ford/Coast Wire",
            ("The empty slip at Ellery on May 3, 2021.", "Jo Ford/Coast Wire", "caption", True),
        ),
        ("The vote was close. Either/Or is a book.", None),
        ("Jo Ford/Getty Images", (None, "Jo Ford/Getty Images", "credit", True)),
        ("Credit: Jo Ford", (None, "Jo Ford", "credit", True)),
        ("Photo by Jo Ford/Ellery Herald", (None, "Photo by Jo Ford/Ellery Herald", "credit", True)),
        (
            "The council voted to close the pier, and the vote was close.Jo Ford/Reuters",
            (None, "Jo Ford/Reuters", "credit", False),
        ),
        ("The council voted on Monday.", None),
        ("He left the pier to the U.S. Navy.", None),
        ("She spoke to the BBC.", None),
        ("“Photo: none,” read the card that said nothing more, he said, and she said so too.", None),
    ],
)
def test_find_caption(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mayor Ada Cole, left, shakes hands with Jo Lind at the pier.", True),
        ("Mayor Ada Cole left the pier at noon on May 3, 2021.", False),
        ("“He left,” said Ada Cole, right, and looks away.", False),
    ],
)
def test_find_caption_knows_a_picture_description_at_the_edge(text, expected):
    assert (read(text, is_edge=True) is not None) is expected


def test_is_dated_leaves_file_pictures_out():
    text = "File photo: The pier of Ellery on May 3, 2011. (File, Jo Ford/Reuters)"
    found = find_caption(Line(0, len(text), text), is_edge=True)
    assert found is not None
    text = "Photo: The pier in a file picture of May 3, 2011."
    dated = find_caption(Line(0, len(text), text), is_edge=True)
    assert dated is not None
    assert not dated.is_dated


def test_split_credit_keeps_a_text_without_one():
    assert split_credit("The talks went on.") == ("The talks went on.", None)
