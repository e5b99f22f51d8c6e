import pytest

from tasks.clean.furniture.captions import find_caption, find_captions, split_credit
from tasks.clean.lines import Line, split_lines

LAMPS = "Fishermen carry lamps to the pier"


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
        (
            "Image copyright Jo Ford Image caption The pier of Ellery in May",
            ("The pier of Ellery in May", "Jo Ford", "caption", True),
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
        (
            "Inspector Lind on the pier Credit Ada Cole for The Harbour Times",
            ("Inspector Lind on the pier", "Ada Cole for The Harbour Times", "caption", True),
        ),
        ("The mayor said so. Credit Ada Cole/Coast Wire", (None, "Ada Cole/Coast Wire", "credit", False)),
        ("He left for Credit Lind Group", None),
        ("The pier of Ellery in July, 2012. Photo: AP", ("The pier of Ellery in July, 2012.", "AP", "caption", True)),
        (
            "Wreaths lie at the “Stone Gate” in Ellery. (Jo Ford/AFP/Getty Images)",
            ("Wreaths lie at the “Stone Gate” in Ellery.", "Jo Ford/AFP/Getty Images", "caption", True),
        ),
        (
            "The minister leaves office, and one candidate is left. (Reuters)",
            ("The minister leaves office, and one candidate is left.", "Reuters", "caption", True),
        ),
        ("The mayor said the pier was safe. (Reuters)", (None, "Reuters", "credit", False)),
        ("(Jo Ford, The Ellery Post)", (None, "Jo Ford, The Ellery Post", "credit", True)),
        (
            "The pier was built in a year. It stood for ninety. Jo Ford, USA TODAY",
            (None, "Jo Ford, USA TODAY", "credit", False),
        ),
        ("Waves break. Photo: Jo Ford", ("Waves break.", "Jo Ford", "caption", True)),
        ("Waves break. Photographer: Jo Ford/Coast Wire", ("Waves break.", "Jo Ford/Coast Wire", "caption", True)),
        ("Photographer: Jo Ford/Coast Wire", (None, "Jo Ford/Coast Wire", "credit", True)),
        ("JO FORD / AFP - Getty Images", (None, "JO FORD / AFP - Getty Images", "credit", True)),
        (
            "The pier stands empty (@jford via Twitter)",
            ("The pier stands empty", "@jford via Twitter", "caption", True),
        ),
        ("(c) Jo Ford / Reuters / Reuters, file", (None, "(c) Jo Ford / Reuters / Reuters, file", "credit", True)),
        ("| AP Photo", (None, "AP Photo", "credit", True)),
        ("FILE - The pier in May", ("The pier in May", None, "caption", True)),
        ("Photo: the pier after the storm.", ("the pier after the storm.", None, "caption", True)),
        ("Photo: the last one of its kind, she said.", None),
        ("File photos of the pier burned in the fire.", None),
        ("Credit: it is what the fishermen never had.", None),
        ("The talks go on (Ellery - Bern)", None),
        ("Image copyright Coast Wire", (None, "Coast Wire", "credit", True)),
        ("Image caption The pier was lost in the storm", ("The pier was lost in the storm", None, "caption", True)),
        ("Polls favour the mayor. [Herald, ABC/Post, Arg]", None),
        ("Jo Ford/Getty Images", (None, "Jo Ford/Getty Images", "credit", True)),
        ("Credit: Jo Ford", (None, "Jo Ford", "credit", True)),
        (
            "Credit: Jo Ford/Coast Wire; Ada B. Cole/Getty Images For E/F Harbour Relief Fund and Films For the Poor",
            (
                None,
                "Jo Ford/Coast Wire; Ada B. Cole/Getty Images For E/F Harbour Relief Fund and Films For the Poor",
                "credit",
                True,
            ),
        ),
        ("Credit: the bank lent the town nine millions for a pier that it never built, and the town paid", None),
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
        ("Mayor Ada Cole walks along the pier of Ellery in this May 3, 2012 file photo.", True),
        ("Children play near the old pier, which was closed after the storm, in Ellery May 3, 2021.", True),
        ("The festival of boats begins at the pier of Ellery on May 3, 2021.", False),
        ("The mayor and her council opened the pier of Ellery on May 3, 2021.", False),
        ("A man walks along the pier of Ellery on Monday.", False),
    ],
)
def test_find_caption_knows_a_picture_description_at_the_edge(text, expected):
    assert (read(text, is_edge=True) is not None) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A May 3, 2012 photo of Ada Cole, who leads the harbour council of Port Ellery.", True),
        ("This undated picture, released on Tuesday by the council, shows the pier. It fell after nine years.", True),
        ("In this Monday, May 2, 2022 file photo, boats lie below the pier of Port Ellery.", True),
        ("This file image shows the lighthouse of Port Ellery.", True),
        ("A file photo of the pier was used by mistake.", False),
        ("A May 3, 2012 photo of the pier, which hangs in the hall, shows it whole, the clerk said.", False),
        ("This photo shows how little is left of the pier.", False),
        ("In this image of the town nobody is poor.", False),
    ],
)
def test_find_caption_knows_a_picture_that_is_named_among_the_paragraphs(text, expected):
    found = find_caption(Line(0, len(text), text), is_edge=False)
    assert (found is not None) is expected
    assert found is None or (found.text == text and found.credit is None and not found.is_dated)


def test_find_caption_keeps_a_last_paragraph_that_ends_with_a_date():
    text = "The crew waits for the next ship, which sails on May 3, 2021."
    assert find_caption(Line(0, len(text), text), is_edge=True, is_tail=True) is None


def test_is_dated_leaves_file_pictures_out():
    text = "File photo: The pier of Ellery on May 3, 2011. (File, Jo Ford/Reuters)"
    found = find_caption(Line(0, len(text), text), is_edge=True)
    assert found is not None
    text = "Photo: The pier in a file picture of May 3, 2011."
    dated = find_caption(Line(0, len(text), text), is_edge=True)
    assert dated is not None
    assert not dated.is_dated


def test_find_caption_keeps_the_last_paragraph_before_its_agency():
    text = "The pier fell into the sea in the night. (Reuters)"
    found = find_caption(Line(0, len(text), text), is_edge=False, is_tail=True)
    assert found is not None
    assert (found.text, found.credit) == (None, "Reuters")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["The pier stands empty at dusk. (Jo Ford/Reuters)"] * 3 + ["Ellery in May"], [None] * 3),
        (["Photo: The pier of Ellery stands empty at dusk, a year after the storm."], []),
        (
            ["The pier stands empty at dusk. (Jo Ford/Reuters)", "word " * 60 + "end."],
            ["The pier stands empty at dusk."],
        ),
        (
            ["The pier is empty at dusk. Jo Ford/AP", "The pier is empty at dusk.", "word " * 60 + "end."],
            ["The pier is empty at dusk."] * 2,
        ),
        (["Fishermen carry lamps to the pier", "Jo Ford / Coast", "word " * 60 + "end."], [LAMPS, None]),
    ],
    ids=["mostly captions", "nothing else", "beside a report", "printed twice", "above its credit"],
)
def test_find_captions_leaves_a_story_told_by_pictures(texts, expected):
    lines = split_lines("\n".join(texts))
    assert [caption.text for caption in find_captions(lines)] == expected


def test_split_credit_keeps_a_text_without_one():
    assert split_credit("The talks went on.") == ("The talks went on.", None)


@pytest.mark.parametrize(
    "line",
    [
        "Cover photo: Jo Ford",
        "File photo: Jo Ford",
        "Main image: Jo Ford",
        "Lead picture: Jo Ford",
        "Featured image: Jo Ford",
        "Top pic: Jo Ford",
        "Representative image: Jo Ford",
        "Above photo: Jo Ford",
        "Below photo: Jo Ford",
        "Archive photo: Jo Ford",
        "Photograph: Jo Ford",
        "Image: Jo Ford",
        "Picture: Jo Ford",
        "Illustration: Jo Ford",
        "Screenshot: Jo Ford",
        "Video caption Jo Ford",
        "Media caption Jo Ford",
        "Caption: Jo Ford",
        "Credit: Jo Ford",
        "Photographer: Jo Ford",
        "(Photo by Jo Ford)",
    ],
)
def test_find_caption_knows_each_word_that_opens_one(line):
    found = read(line)
    assert found is not None
    assert "Jo Ford" in f"{found[0]} {found[1]}"


@pytest.mark.parametrize("agency", ["Reuters", "AP Photo", "Getty Images", "Getty Images Europe", "Xinhua"])
def test_split_credit_knows_the_bare_name_of_an_agency(agency):
    assert split_credit(f"The pier stands in the rain. {agency}") == ("The pier stands in the rain.", agency)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The harbour council of Port Ellery agreed on Tuesday to rebuild the old stone pier before the winter "
            "storms, after a debate of nine hours in the town hall. Photo: Jo Ford",
            None,
        ),
        ("Fishermen stand on the pier that was damaged on Tuesday. Photo: Jo Ford", "caption"),
    ],
    ids=["a lead", "what is seen"],
)
def test_find_caption_leaves_a_lead_to_the_text(text, expected):
    found = find_caption(Line(0, len(text), text), is_edge=True)
    assert found is not None
    assert found.credit == "Jo Ford"
    assert (found.text and found.category) == expected
