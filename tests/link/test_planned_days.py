import pytest

from tasks.link.planned_days import drop_planned


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("The dam broke on Friday.", "The dam broke on Friday."),
        ("The dam will be closed on Friday.", ""),
        ("The dam may break on Friday.", ""),
        ("The dam broke on Friday, and more may break.", "The dam broke on Friday, "),
        ("She said on Friday that it would break.", "said on Friday"),
        (
            "She told the council in Velm on Friday, March 5, that it will break.",
            "told the council in Velm on Friday, March 5",
        ),
        ("The dam will be closed, the mayor said yesterday.", "said yesterday"),
        ("It will be closed, the mayor said late on Friday and again last Monday.", "said late on Friday"),
        ("On Friday the council of Velm decided that it will close.", "On Friday the council of Velm decided"),
        ("The council on Friday ordered that it be closed and will pay.", "on Friday ordered"),
        ("She said talks on Friday could fail.", ""),
        ("She said Friday may be a day of rain.", ""),
        ("She said Friday's talks will fail.", ""),
        ("It will be announced on Friday.", ""),
        ("She is to have said on Friday whether it broke.", ""),
        ("On Friday it will break, she said.", ""),
    ],
)
def test_drop_planned_keeps_what_was(sentence, kept):
    assert drop_planned(sentence) == kept
