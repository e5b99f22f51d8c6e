import pytest

from tasks.clean.furniture.embeds import find_posts
from tasks.clean.lines import split_lines
from tests.clean.made_up_documents import PROSE


def posts_in(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sorted(find_posts(split_lines(text)), key=lambda span: span.start)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"{PROSE[0]}\nThe pier is gone\n— Ada Cole (@acole) May 3, 2021\n{PROSE[1]}",
            ["The pier is gone", "— Ada Cole (@acole) May 3, 2021"],
        ),
        (
            "They wrote:\nWHAT A NIGHT\n#pier\n— Jo F. (@jo_f) 3 May 2021",
            ["WHAT A NIGHT", "#pier", "— Jo F. (@jo_f) 3 May 2021"],
        ),
        ("A picture came first:\n— Ada Cole (@acole) May 3, 2021", ["— Ada Cole (@acole) May 3, 2021"]),
        ("The pier is gone. — Ada Cole (@acole) May 3, 2021", ["The pier is gone. — Ada Cole (@acole) May 3, 2021"]),
        (f"{PROSE[0]}\nSo sad #pier pic.twitter.com/aB3dE5", ["So sad #pier pic.twitter.com/aB3dE5"]),
        (f"{PROSE[0]}\nLook at this https://t.co/aB3dE5fG", ["Look at this https://t.co/aB3dE5fG"]),
        ("#pierwatch\nThe tag was everywhere.", ["#pierwatch"]),
        ("A photo posted by Jo (@jo) on Jun 6, 2021 at 7:45pm PDT", None),
    ],
    ids=["one line", "tags", "picture only", "one line with all", "picture link", "short link", "tag", "photo"],
)
def test_find_posts_takes_the_post_and_its_signature(text, expected):
    assert posts_in(text) == (expected or [text])


@pytest.mark.parametrize(
    "text",
    [
        "He wrote on the service that the pier was gone. Cole (@acole) denied it on May 3, 2021, in a letter.",
        "The tag #pier was seen 2,000 times.",
        "Contact Ada Cole (@acole)",
        "The picture pic.twitter.com/aB3dE5 was false, the town said.",
    ],
)
def test_find_posts_leaves_prose_about_posts(text):
    assert posts_in(text) == []


def test_find_posts_keeps_the_paragraph_above_the_post():
    text = f"{PROSE[3]}\nThe pier is gone\n— Ada Cole (@acole) May 3, 2021"
    assert PROSE[3] not in posts_in(text)


@pytest.mark.parametrize(
    ("above", "count"),
    [
        ("The pier is gone, the mayor of the town told reporters.", 1),
        (" ".join(["The masons came and the pier was built again."] * 4), 1),
        (" ".join(["We came and the pier was built again."] * 5), 2),
        ("The pier is gone, the mayor told us!", 2),
    ],
    ids=["reports speech", "long in the third person", "long in the first person", "calls out"],
)
def test_find_posts_leaves_a_report_above_a_signature(above, count):
    assert len(posts_in(f"{PROSE[0]}\n{above}\n— Ada Cole (@acole) May 3, 2021")) == count


def test_find_posts_takes_only_the_signature_behind_a_long_paragraph():
    text = f"{' '.join(PROSE)} — Ada Cole (@acole) May 3, 2021"
    assert posts_in(text) == ["— Ada Cole (@acole) May 3, 2021"]
