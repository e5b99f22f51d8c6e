import codecs

import pytest

from tasks.clean.furniture.enciphered import find_enciphered, is_enciphered
from tasks.clean.lines import Line, split_lines
from tests.clean.made_up_documents import PROSE


def line_of(text: str) -> Line:
    return Line(0, len(text), text)


@pytest.mark.parametrize(
    "text",
    [
        "kAm%96 4@F?4:= 28C665 E@ C63F:=5 E96 A:6C]k^Am",
        codecs.encode(PROSE[0], "rot13"),
        codecs.encode(PROSE[2], "rot13"),
    ],
    ids=["tags", "rot13", "rot13 of another"],
)
def test_is_enciphered_knows_a_cipher(text):
    assert is_enciphered(line_of(text))


@pytest.mark.parametrize(
    "text",
    [
        *PROSE,
        "Cole, Ford, Lind, Haug, Vang, Brandt, Maas, Orme, Pell, Marsh",
        "Der Hafenrat hat am Dienstag beschlossen, die alte Mole neu zu bauen.",
        "Rada postanowiła we wtorek odbudować stare kamienne molo przed zimowymi sztormami.",
        "Dewan pelabuhan sepakat membangun kembali dermaga batu tua sebelum badai musim dingin tiba.",
        "The crowd sang kAm kAm kAm all night.",
    ],
)
def test_is_enciphered_leaves_what_can_be_read(text):
    assert not is_enciphered(line_of(text))


def test_find_enciphered_gives_the_lines():
    hidden = codecs.encode(PROSE[1], "rot13").replace("“", "").replace("”", "")
    text = f"{PROSE[0]}\n{hidden}\n{PROSE[2]}"
    assert [text[span.start : span.end] for span in find_enciphered(split_lines(text))] == [hidden]
